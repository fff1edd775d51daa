// What a record file gives for bytes that no edge wrote.
#include "clients/lib/index/record_file.h"

#include <gtest/gtest.h>

#include "clients/lib/private_files.h"
#include "lib/base/byte_io.h"
#include "lib/base/file.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::edge::testing {
namespace {

using ::sluis::testing::HasReason;

class RecordFileTest : public ::testing::Test {
 protected:
  RecordFileTest() : folder_(SealedFolder::Open(dir_.path() / "k", dir_.path(), "index").value()) {}
  static Bytes KeyOfNumber(std::uint64_t n) { return ByteWriter().U64(n).U64(0).bytes(); }
  void WriteFile(std::uint64_t records) {
    auto writer = RecordWriter::Create(folder_, id_, dir_.path() / "f").value();
    for (std::uint64_t n = 1; n <= records; ++n) {
      Bytes record(kIndexRecordSize, '\0');
      WriteRecord(KeyOfNumber(2 * n), SubjectKind::kKvk, "12345678",
                  {reinterpret_cast<std::uint8_t*>(record.data()), record.size()});
      ASSERT_OK(writer.Add(record));
    }
    ASSERT_OK(writer.Finish());
  }
  auto Open() { return RecordFile::Open(folder_, id_, dir_.path() / "f"); }

  ::sluis::testing::TempDir dir_;
  SealedFolder folder_;
  RecordFileId id_{"register", 1, Bytes(16, 'g'), 0};
};

TEST_F(RecordFileTest, FindsEveryKeyAndNoOther) {
  for (const std::uint64_t count : {0, 1, 255, 256, 257, 1000}) {
    WriteFile(count);
    const auto file = Open();
    ASSERT_OK(file);
    EXPECT_EQ(file->records(), count);
    for (std::uint64_t n = 1; n <= count; ++n) {
      EXPECT_TRUE(file->Find(KeyOfNumber(2 * n))->has_value()) << n << " of " << count;
    }
    for (std::uint64_t n = 0; n <= count; ++n) {
      EXPECT_FALSE(file->Find(KeyOfNumber(2 * n + 1))->has_value());
    }
  }
}

TEST_F(RecordFileTest, AnotherRegisterEpochOrGenerationDoesNotOpen) {
  WriteFile(3);
  const RecordFileId right = id_;
  for (RecordFileId wrong : {RecordFileId{"other", 1, right.generation, 0},
                             RecordFileId{"register", 2, right.generation, 0},
                             RecordFileId{"register", 1, Bytes(16, 'h'), 0},
                             RecordFileId{"register", 1, right.generation, 1}}) {
    id_ = std::move(wrong);
    EXPECT_THAT(Open(), HasReason("STORE_DAMAGED"));
  }
}

TEST_F(RecordFileTest, AShortFileDoesNotOpen) {
  WriteFile(300);
  const Bytes whole = ReadFile(dir_.path() / "f").value();
  for (const std::size_t size :
       {std::size_t{0}, std::size_t{3}, whole.size() - 1, whole.size() / 2}) {
    ASSERT_OK(WriteFileAtomic(dir_.path() / "f", BytesView(whole).substr(0, size)));
    EXPECT_THAT(Open(), HasReason("STORE_DAMAGED")) << size;
  }
}

TEST_F(RecordFileTest, ADirectoryHasOneEntryPerBlock) {
  const auto parse = [](const Bytes& bytes) {
    return RecordDirectory::Parse(SecretBytes::CopyOf(bytes)).status();
  };
  EXPECT_OK(parse(ByteWriter().U64(256).U64(1).bytes()));
  EXPECT_THAT(parse(ByteWriter().U64(257).U64(1).bytes()), HasReason("E_LENGTH"));
  EXPECT_THAT(parse(ByteWriter().U64(1).U64(1).U8(0).bytes()), HasReason("E_LENGTH"));
  EXPECT_THAT(parse(ByteWriter().U64(~std::uint64_t{0}).bytes()), HasReason("E_LENGTH"));
  EXPECT_THAT(parse(ByteWriter().U32(1).bytes()), HasReason("E_TRUNCATED"));
}

}  // namespace
}  // namespace sluis::edge::testing

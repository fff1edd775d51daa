#include "lib/sealing/document_stream.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>

#include <map>

#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/file_descriptor.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/random.h"
#include "lib/sealing/document_stream_testonly.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"
#include "tests/support/vectors.h"

namespace sluis {
namespace {

using testing::HasReason;
using testing::LoadVectors;
using testing::Unhex;

template <std::size_t N>
std::array<std::uint8_t, N> ArrayOf(const Json& hex) {
  const Bytes bytes = Unhex(hex);
  EXPECT_EQ(bytes.size(), N);
  std::array<std::uint8_t, N> out{};
  std::copy_n(bytes.begin(), N, out.begin());
  return out;
}

Bytes Plaintext(std::size_t length) {
  Bytes out(length, '\0');
  for (std::size_t i = 0; i < length; ++i) out[i] = static_cast<char>((31 * i + 7) % 251);
  return out;
}

ByteSink Into(Bytes& out) {
  return [&out](BytesView bytes) {
    out.append(bytes);
    return absl::OkStatus();
  };
}

class DocumentStreamTest : public ::testing::Test {
 protected:
  std::filesystem::path Target() const { return folder_.path() / "document"; }

  // The decrypted document, with the check that a failure leaves nothing behind, hidden files
  // included.
  absl::StatusOr<Bytes> Decrypt(const StreamDescriptor& descriptor, const SealId& seal_id,
                                BytesView ciphertext) {
    std::filesystem::remove(Target());
    const absl::Status status =
        DecryptDocumentToFile(descriptor, seal_id, SourceOf(ciphertext), Target());
    const auto files = std::distance(std::filesystem::directory_iterator(folder_.path()), {});
    EXPECT_EQ(files, status.ok() ? 1 : 0);
    if (!status.ok()) return status;
    return ReadFile(Target(), kMaxDocument);
  }

  void RunVector(const Json& v) {
    const Bytes plain = Plaintext(v.at("length"));
    const auto seal_id = ArrayOf<16>(v.at("seal_id"));
    Bytes sealed;
    ASSERT_OK_AND_ASSIGN(const StreamDescriptor made,
                         EncryptDocumentWithKeyForTest(SecretBytes::Take(Unhex(v.at("key"))),
                                                       ArrayOf<7>(v.at("prefix")), seal_id,
                                                       SourceOf(plain), Into(sealed)));
    EXPECT_EQ(sealed.size(), v.at("ciphertext_bytes"));
    EXPECT_EQ(StreamCiphertextSize(v.at("length")), v.at("ciphertext_bytes"));
    EXPECT_EQ(StreamChunkCount(v.at("length")), v.at("chunk_count"));
    if (v.at("ciphertext").is_string()) {
      EXPECT_EQ(sealed, Unhex(v.at("ciphertext")));
    }
    for (std::size_t i = 0; i < v.at("tags").size(); ++i) {
      const std::size_t end = std::min(sealed.size(), (i + 1) * kSealedStreamChunk);
      EXPECT_EQ(sealed.substr(end - kAeadTagSize, kAeadTagSize), Unhex(v.at("tags")[i]));
    }
    EXPECT_EQ(AsView(Sha256(sealed)), Unhex(v.at("ciphertext_sha256")));
    EXPECT_TRUE(EncodeStreamDescriptor(made).Equals(SecretBytes::Take(Unhex(v.at("descriptor")))));
    ASSERT_OK_AND_ASSIGN(const StreamDescriptor descriptor,
                         ParseStreamDescriptor(SecretBytes::Take(Unhex(v.at("descriptor")))));
    ASSERT_OK_AND_ASSIGN(const Bytes back, Decrypt(descriptor, seal_id, sealed));
    EXPECT_TRUE(back == plain);
  }

  absl::Status RunRefused(const Json& r, const Json& original) {
    Bytes good;
    const auto seal_id = ArrayOf<16>(original.at("seal_id"));
    const Bytes plain = Plaintext(original.at("length"));
    EXPECT_OK(EncryptDocumentWithKeyForTest(SecretBytes::Take(Unhex(original.at("key"))),
                                            ArrayOf<7>(original.at("prefix")), seal_id,
                                            SourceOf(plain), Into(good)));
    const Bytes sealed = Altered(r, good);
    Bytes descriptor =
        Unhex(r.contains("descriptor") ? r.at("descriptor") : original.at("descriptor"));
    if (r.value("rehash", false)) descriptor.replace(48, 32, ToBytes(Sha256(sealed)));
    auto parsed = ParseStreamDescriptor(SecretBytes::Take(std::move(descriptor)));
    if (!parsed.ok()) return parsed.status();
    return Decrypt(*parsed, r.contains("seal_id") ? ArrayOf<16>(r.at("seal_id")) : seal_id, sealed)
        .status();
  }

 private:
  // The named chunks of a good stream, cut, then extended.
  static Bytes Altered(const Json& r, const Bytes& good) {
    Bytes sealed = good;
    if (r.contains("chunks")) {
      sealed.clear();
      for (const Json& i : r.at("chunks")) {
        sealed += good.substr(i.get<std::size_t>() * kSealedStreamChunk, kSealedStreamChunk);
      }
    }
    if (r.contains("cut")) sealed.resize(sealed.size() - r.at("cut").get<std::size_t>());
    if (r.contains("append")) sealed += Unhex(r.at("append"));
    return sealed;
  }

  testing::TempDir folder_;
};

TEST_F(DocumentStreamTest, EveryVector) {
  std::map<std::string, Json> by_id;
  const auto files = LoadVectors("streams");
  for (const auto& file : files) {
    for (const Json& v : file.content.value("vectors", Json::array())) by_id[v.at("id")] = v;
  }
  for (const auto& file : files) {
    int run = 0;
    for (const Json& v : file.content.value("vectors", Json::array())) {
      SCOPED_TRACE(v.at("id").dump());
      RunVector(v);
      ++run;
    }
    for (const Json& r : file.content.value("refused", Json::array())) {
      SCOPED_TRACE(r.at("id").dump());
      ASSERT_TRUE(by_id.contains(r.at("of")));
      EXPECT_THAT(RunRefused(r, by_id.at(r.at("of"))),
                  HasReason(r.at("expect").get<std::string>()));
      ++run;
    }
    EXPECT_GT(run, 0) << file.path;
  }
}

TEST_F(DocumentStreamTest, AnyLengthComesBackFromASourceOfAnyStep) {
  const SealId seal_id = RandomArray<16>();
  for (const std::size_t length : {std::size_t{0}, std::size_t{1}, kStreamChunk - 1, kStreamChunk,
                                   kStreamChunk + 1, 3 * kStreamChunk, 3 * kStreamChunk + 5}) {
    const Bytes plain = RandomBytes(length);
    ByteSource whole = SourceOf(plain);
    const ByteSource small_steps = [&whole](std::span<std::uint8_t> out) {
      return whole(out.first(std::min<std::size_t>(out.size(), 1000)));
    };
    Bytes sealed;
    ASSERT_OK_AND_ASSIGN(const StreamDescriptor descriptor,
                         EncryptDocument(seal_id, small_steps, Into(sealed)));
    EXPECT_EQ(descriptor.length, length);
    EXPECT_EQ(sealed.size(), StreamCiphertextSize(length));
    ASSERT_OK_AND_ASSIGN(const Bytes back, Decrypt(descriptor, seal_id, sealed));
    EXPECT_TRUE(back == plain) << length;
  }
}

TEST_F(DocumentStreamTest, FreshKeyAndPrefixEachTime) {
  const SealId seal_id = RandomArray<16>();
  Bytes first;
  Bytes second;
  ASSERT_OK_AND_ASSIGN(const StreamDescriptor a,
                       EncryptDocument(seal_id, SourceOf("same"), Into(first)));
  ASSERT_OK_AND_ASSIGN(const StreamDescriptor b,
                       EncryptDocument(seal_id, SourceOf("same"), Into(second)));
  EXPECT_FALSE(a.key.Equals(b.key));
  EXPECT_NE(a.prefix, b.prefix);
  EXPECT_NE(first, second);
}

TEST_F(DocumentStreamTest, EveryChangedByteIsRefusedAndLeavesNoFile) {
  const SealId seal_id = RandomArray<16>();
  Bytes sealed;
  ASSERT_OK_AND_ASSIGN(const StreamDescriptor descriptor,
                       EncryptDocument(seal_id, SourceOf("a letter"), Into(sealed)));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    Bytes altered = sealed;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_THAT(Decrypt(descriptor, seal_id, altered), HasReason("E_STREAM")) << i;
  }
}

TEST_F(DocumentStreamTest, AppearsWholeAndPrivate) {
  const SealId seal_id = RandomArray<16>();
  Bytes sealed;
  const Bytes plain = RandomBytes(2 * kStreamChunk);
  ASSERT_OK_AND_ASSIGN(const StreamDescriptor descriptor,
                       EncryptDocument(seal_id, SourceOf(plain), Into(sealed)));
  ByteSource whole = SourceOf(sealed);
  const ByteSource watching = [&](std::span<std::uint8_t> out) {
    EXPECT_FALSE(std::filesystem::exists(Target())) << "seen before it was proved right";
    return whole(out);
  };
  ASSERT_OK(DecryptDocumentToFile(descriptor, seal_id, watching, Target()));
  struct stat info = {};
  ASSERT_EQ(::stat(Target().c_str(), &info), 0);
  EXPECT_EQ(info.st_mode & 07777, 0600U);
}

TEST_F(DocumentStreamTest, ErrorsOfSourceAndSinkPassThrough) {
  const absl::Status broken = Error(ErrorCode::kUnavailable, "BROKEN", "broken");
  const ByteSource no_source = [&](std::span<std::uint8_t>) -> absl::StatusOr<std::size_t> {
    return broken;
  };
  const ByteSink no_sink = [&](BytesView) { return broken; };
  Bytes sealed;
  EXPECT_THAT(EncryptDocument({}, no_source, Into(sealed)), HasReason("BROKEN"));
  EXPECT_THAT(EncryptDocument({}, SourceOf("x"), no_sink), HasReason("BROKEN"));
  ASSERT_OK_AND_ASSIGN(const StreamDescriptor descriptor,
                       EncryptDocument({}, SourceOf("x"), Into(sealed)));
  EXPECT_THAT(DecryptDocumentToFile(descriptor, {}, no_source, Target()), HasReason("BROKEN"));
  EXPECT_THAT(DecryptDocumentToFile(descriptor, {}, SourceOf(sealed), Target() / "no" / "folder"),
              HasReason("FILE_NOT_USABLE"));
}

TEST_F(DocumentStreamTest, TooLargeADocumentIsRefusedWhileItIsRead) {
  const ByteSource endless = [](std::span<std::uint8_t> out) -> absl::StatusOr<std::size_t> {
    return out.size();
  };
  std::uint64_t passed = 0;
  EXPECT_THAT(EncryptDocument({}, endless,
                              [&passed](BytesView bytes) {
                                passed += bytes.size();
                                return absl::OkStatus();
                              }),
              HasReason("E_STREAM"));
  EXPECT_LE(passed, StreamCiphertextSize(kMaxDocument));
}

TEST_F(DocumentStreamTest, ReadsAnOpenFile) {
  ASSERT_OK(WriteFileAtomic(Target(), "in a file"));
  const FileDescriptor file(::open(Target().c_str(), O_RDONLY | O_CLOEXEC));
  Bytes sealed;
  ASSERT_OK_AND_ASSIGN(const StreamDescriptor descriptor,
                       EncryptDocument({}, SourceOfFile(file.get()), Into(sealed)));
  ASSERT_OK_AND_ASSIGN(const Bytes back, Decrypt(descriptor, {}, sealed));
  EXPECT_EQ(back, "in a file");
  EXPECT_THAT(EncryptDocument({}, SourceOfFile(-1), Into(sealed)), HasReason("FILE_NOT_USABLE"));
}

}  // namespace
}  // namespace sluis

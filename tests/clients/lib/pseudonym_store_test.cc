// What an edge keeps about pseudonyms and people, and what a damaged or foreign file gives.
#include <gtest/gtest.h>

#include "clients/lib/commitment_book.h"
#include "clients/lib/private_files.h"
#include "clients/lib/pseudonym_table.h"
#include "clients/lib/session_store.h"
#include "lib/base/file.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::edge::testing {
namespace {

using ::sluis::testing::HasReason;
using ::testing::SizeIs;

class PseudonymStoreTest : public ::testing::Test {
 protected:
  PseudonymStoreTest() { EXPECT_OK(EnsurePrivateFolder(dir_.path() / "f")); }
  SealedFolder Folder(std::string_view label = "test") {
    auto folder = SealedFolder::Open(dir_.path() / "edge.key", dir_.path() / "f", label);
    EXPECT_OK(folder);
    return *std::move(folder);
  }
  absl::Status Put(SealedFolder& folder, const std::string& name, const Bytes& content) {
    return folder.Update(name, [&](const auto&) -> absl::StatusOr<Bytes> { return content; });
  }
  ::sluis::testing::TempDir dir_;
};

TEST_F(PseudonymStoreTest, ASealedFileOpensUnderItsOwnNameLabelAndKeyAlone) {
  SealedFolder folder = Folder();
  ASSERT_OK(Put(folder, "one", "content"));
  EXPECT_EQ((**Folder().Read("one")).Reveal(SecretAccess::ForTest()), "content");
  std::filesystem::copy_file(dir_.path() / "f/one.sealed", dir_.path() / "f/two.sealed");
  EXPECT_THAT(folder.Read("two"), HasReason("STORE_DAMAGED"));
  EXPECT_THAT(Folder("other").Read("one"), HasReason("STORE_DAMAGED"));
  std::filesystem::remove(dir_.path() / "edge.key");
  EXPECT_THAT(Folder().Read("one"), HasReason("STORE_DAMAGED"));
}

TEST_F(PseudonymStoreTest, AnEmptyContentRemovesTheFile) {
  SealedFolder folder = Folder();
  ASSERT_OK(Put(folder, "one", "content"));
  ASSERT_OK(Put(folder, "one", ""));
  EXPECT_FALSE(folder.Read("one")->has_value());
  EXPECT_THAT(*folder.Names(), SizeIs(0));
}

TEST_F(PseudonymStoreTest, NamesDifferPerLabelAndTellNothing) {
  EXPECT_EQ(Folder().NameOf("999990019"), Folder().NameOf("999990019"));
  EXPECT_NE(Folder().NameOf("999990019"), Folder().NameOf("999990020"));
  EXPECT_NE(Folder().NameOf("999990019"), Folder("other").NameOf("999990019"));
}

TEST_F(PseudonymStoreTest, TheFirstCommitmentStays) {
  CommitmentBook book(dir_.path() / "f");
  const GroupElement one = MultiplyBase(SecretScalar::Random()),
                     two = MultiplyBase(SecretScalar::Random());
  EXPECT_EQ(*book.KeepFirst(pseudonym::Hop::kFirst, "d", one), one);
  EXPECT_EQ(*book.KeepFirst(pseudonym::Hop::kFirst, "d", two), one);
  EXPECT_EQ(*book.KeepFirst(pseudonym::Hop::kSecond, "d", two), two);
  CommitmentBook again(dir_.path() / "f");
  EXPECT_EQ(**again.Find(pseudonym::Hop::kFirst, "d"), one);
  EXPECT_FALSE(again.Find(pseudonym::Hop::kFirst, "e")->has_value());
  for (const auto& file : std::filesystem::directory_iterator(dir_.path() / "f")) {
    if (file.path().filename() == ".lock") continue;
    ASSERT_OK(WriteFileAtomic(file.path(), Bytes(32, '\xff')));
  }
  EXPECT_THAT(again.Find(pseudonym::Hop::kFirst, "d"), HasReason("STORE_DAMAGED"));
}

TEST_F(PseudonymStoreTest, ADamagedSessionIsNamedAndOneThatOthersMayReadIsNoKey) {
  SessionStore store(dir_.path() / "f");
  const absl::Time now = absl::FromUnixSeconds(1'800'000'000);
  SecretScalar sk = SecretScalar::Random();
  const GroupElement y = MultiplyBase(sk);
  const auto context = pseudonym::Context::Draw({"00000099100000001000", "gemeente/oov"}).value();
  ASSERT_OK(store.Write({context, now, now + absl::Hours(24), y, std::move(sk)}));
  EXPECT_THAT(*store.List(now), SizeIs(1));
  const auto file = dir_.path() / "f" / (context.session() + ".session");
  const Bytes content = ReadFile(file).value();
  ASSERT_OK(WriteFileAtomic(file, content, 0644));
  EXPECT_THAT(store.List(now), HasReason("KEY_FILE_PERMISSIONS"));
  for (std::size_t size = 0; size < content.size(); size += 7) {
    ASSERT_OK(WriteFileAtomic(file, content.substr(0, size)));
    EXPECT_FALSE(store.List(now).ok()) << size;
  }
  ASSERT_OK(WriteFileAtomic(file, content + "x"));
  EXPECT_THAT(store.List(now), HasReason("STORE_DAMAGED"));
}

TEST_F(PseudonymStoreTest, CountsAreGivenInClasses) {
  EXPECT_EQ(CountClass(1), "1");
  EXPECT_EQ(CountClass(2), "2");
  EXPECT_EQ(CountClass(3), "3-5");
  EXPECT_EQ(CountClass(5), "3-5");
  EXPECT_EQ(CountClass(6), "more");
}

}  // namespace
}  // namespace sluis::edge::testing

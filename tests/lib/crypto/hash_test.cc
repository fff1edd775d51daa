#include "lib/crypto/hash.h"

#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "lib/base/encoding.h"

namespace sluis {
namespace {

std::string Hex(const Digest& digest) { return HexEncode(AsView(digest)); }

// FIPS 180-4 examples.
TEST(Sha256Test, KnownAnswers) {
  EXPECT_EQ(Hex(Sha256("")), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(Hex(Sha256("abc")), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(Hex(Sha256(Bytes(1000000, 'a'))),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Sha256Test, PartsAndStreamEqualTheWhole) {
  const Bytes whole = "sluis/sealed/v1 and some more bytes than one block of sixty-four holds";
  for (std::size_t cut = 0; cut <= whole.size(); ++cut) {
    const BytesView head = BytesView(whole).substr(0, cut);
    const BytesView tail = BytesView(whole).substr(cut);
    EXPECT_EQ(Sha256({head, tail}), Sha256(whole));
    EXPECT_EQ(Sha256Stream().Update(head).Update(tail).Finish(), Sha256(whole));
  }
}

TEST(Sha256Test, StreamStartsAgainAfterFinish) {
  Sha256Stream stream;
  stream.Update("first").Finish();
  EXPECT_EQ(stream.Update("abc").Finish(), Sha256("abc"));
}

TEST(Sha256Test, ThreadsDoNotDisturbEachOther) {
  std::vector<std::thread> threads;
  std::vector<int> wrong(4, 0);
  for (std::size_t t = 0; t < wrong.size(); ++t) {
    threads.emplace_back([t, &wrong] {
      for (int i = 0; i < 1000; ++i) {
        const Bytes message = std::to_string(t) + "/" + std::to_string(i);
        wrong[t] += Sha256(message) != Sha256Stream().Update(message).Finish();
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(wrong, std::vector<int>(4, 0));
}

// RFC 4231, cases 1, 2 and 6.
TEST(HmacSha256Test, KnownAnswers) {
  EXPECT_EQ(Hex(HmacSha256(Bytes(20, '\x0b'), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(Hex(HmacSha256("Jefe", {"what do ya want ", "for nothing?"})),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(
      Hex(HmacSha256(Bytes(131, '\xaa'), "Test Using Larger Than Block-Size Key - Hash Key First")),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(HmacSha256Test, TheEmptyKeyIsAKeyOfItsOwn) {
  HmacSha256("another key", "data");
  EXPECT_EQ(Hex(HmacSha256("", "")),
            "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
  EXPECT_EQ(Hex(HmacSha256(BytesView(), BytesView())), Hex(HmacSha256("", "")));
}

TEST(ConstantTimeEqualTest, ComparesSizesAndBytes) {
  EXPECT_TRUE(ConstantTimeEqual("", ""));
  EXPECT_TRUE(ConstantTimeEqual("abc", "abc"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "abd"));
  EXPECT_FALSE(ConstantTimeEqual("abc", "abcd"));
}

}  // namespace
}  // namespace sluis

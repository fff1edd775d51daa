#include "lib/tlog/receipt.h"

#include <gtest/gtest.h>

#include <random>

#include "lib/base/encoding.h"
#include "tests/lib/tlog/memory_log.h"
#include "tests/support/status_matchers.h"

namespace sluis::tlog {
namespace {

using testing::HasReason;
using testing::MemoryLog;
using testing::StrictPolicy;

const absl::Time kReceiptNow = absl::FromUnixSeconds(1795446060);

std::vector<Bytes> RandomLeaves(std::size_t count) {
  std::mt19937_64 random(count);
  std::vector<Bytes> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(testing::RandomLeaf(i, random));
  return leaves;
}

std::string ReceiptFor(MemoryLog& log, std::uint64_t index) {
  TileHashSource source(log, log.checkpoint.size);
  return FormatReceipt({log.entries[index], index,
                        InclusionProof(source, index, log.checkpoint.size).value(),
                        log.files.at("checkpoint")});
}

TEST(ReceiptTest, EveryLeafHasOne) {
  MemoryLog log(RandomLeaves(300));
  for (std::uint64_t index = 0; index < 300; index += 7) {
    ASSERT_OK_AND_ASSIGN(const VerifiedReceipt receipt,
                         VerifyReceipt(ReceiptFor(log, index), StrictPolicy(), kReceiptNow));
    EXPECT_EQ(receipt.index, index);
    EXPECT_EQ(receipt.leaf_bytes, log.entries[index]);
    EXPECT_EQ(receipt.checkpoint.checkpoint, log.checkpoint);
  }
}

TEST(ReceiptTest, EveryChangedBitIsFound) {
  MemoryLog log(RandomLeaves(5));
  const std::string text = ReceiptFor(log, 3);
  const TrustPolicy policy = StrictPolicy();
  ASSERT_OK(VerifyReceipt(text, policy, kReceiptNow));
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string altered = text;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(VerifyReceipt(altered, policy, kReceiptNow).ok()) << bit;
  }
}

// A checkpoint that is trusted already vouches for nothing but itself.
TEST(ReceiptTest, AVerifierThatKnowsTheCheckpointFindsEveryChangedBit) {
  MemoryLog log(RandomLeaves(5));
  const std::string text = ReceiptFor(log, 3);
  const TrustPolicy policy = StrictPolicy();
  ReceiptVerifier verifier(policy, kReceiptNow);
  ASSERT_OK(verifier.Verify(text));
  ASSERT_OK(verifier.Verify(ReceiptFor(log, 2)));
  for (std::size_t bit = 0; bit < text.size() * 8; ++bit) {
    std::string altered = text;
    altered[bit / 8] = static_cast<char>(altered[bit / 8] ^ (1 << (bit % 8)));
    EXPECT_FALSE(verifier.Verify(altered).ok()) << bit;
  }
  MemoryLog later(RandomLeaves(6));
  ASSERT_OK_AND_ASSIGN(const VerifiedReceipt receipt, verifier.Verify(ReceiptFor(later, 3)));
  EXPECT_EQ(receipt.checkpoint.checkpoint, later.checkpoint);
}

TEST(ReceiptTest, ReadsStrictlyAndNamesTheLine) {
  MemoryLog log(RandomLeaves(2));
  const std::string note = log.files.at("checkpoint");
  const std::string hash = Base64Encode(AsView(LeafHash("x"))) + "\n";
  const std::string head = "c2sp.org/tlog-proof@v1\n";
  EXPECT_OK(ParseReceipt(head + "index 0\n" + hash + "\n" + note));
  EXPECT_OK(ParseReceipt(head + "extra \nindex 0\n\n" + note));
  std::string hashes;
  for (int i = 0; i < 64; ++i) hashes += hash;
  for (const auto& [text, line] : std::initializer_list<std::pair<std::string, const char*>>{
           {"", "line 1:"},
           {"c2sp.org/tlog-proof@v2\nindex 0\n\n" + note, "line 1:"},
           {head, "line 2:"},
           {head + "index 00\n\n" + note, "line 2:"},
           {head + "index -1\n\n" + note, "line 2:"},
           {head + "index 9223372036854775808\n\n" + note, "line 2:"},
           {head + "extra x\nindex 0\n\n" + note, "line 2:"},
           {head + "extra \nextra \nindex 0\n\n" + note, "line 3:"},
           {head + "index 0\nAAAA\n\n" + note, "line 3:"},
           {head + "index 0\n" + hashes + "\n" + note, "line 66:"},
           {head + "index 0\n" + hash + note, "line 4:"},
           {head + "index 0\n\n", "line 4:"},
           {head + "index 0\n\n" + note.substr(0, note.size() - 1), "line 4:"},
           {std::string(kMaxReceiptSize + 1, 'x'), "line 1:"}}) {
    const auto receipt = ParseReceipt(text);
    EXPECT_THAT(receipt, HasReason("E_RECEIPT")) << text.substr(0, 200);
    EXPECT_NE(MessageOf(receipt.status()).find(line), std::string::npos)
        << MessageOf(receipt.status());
  }
}

TEST(ReceiptTest, WhatIsInTheTreeButNoLeafIsRefused) {
  MemoryLog log({"not a leaf"});
  EXPECT_THAT(VerifyReceipt(ReceiptFor(log, 0), StrictPolicy(), kReceiptNow), HasReason("E_LEAF"));
  const Receipt without{std::nullopt, 0, {}, log.files.at("checkpoint")};
  EXPECT_THAT(VerifyReceipt(FormatReceipt(without), StrictPolicy(), kReceiptNow),
              HasReason("E_RECEIPT"));
}

}  // namespace
}  // namespace sluis::tlog

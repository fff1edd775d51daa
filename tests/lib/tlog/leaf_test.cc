#include "lib/tlog/leaf.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/lib/tlog/memory_log.h"
#include "tests/support/status_matchers.h"

namespace sluis::tlog {
namespace {

using testing::HasReason;

Leaf FullLeaf() {
  Leaf leaf;
  leaf.kind = LeafKind::kErase;
  leaf.outcome = LeafOutcome::kDone;
  leaf.retention = RetentionClass::kStructural;
  leaf.hour = 1795442400;
  leaf.exchange = ExchangeId::FromBytes({1, 2, 3});
  leaf.acting = "00000099000000001000";
  leaf.other = "00000099000000002000";
  leaf.purpose = PurposeReferenceOf("gebiedsaanpak");
  leaf.policy_digest.fill(7);
  leaf.reference = LeafReference{0, 3, 9, true};
  leaf.commitment = leaf.policy_digest;
  return leaf;
}

TEST(LeafTest, RoundTrip) {
  Leaf bare;
  bare.hour = 3600;
  bare.acting = "0000009900000000900A";
  for (const Leaf& leaf : {FullLeaf(), bare}) {
    ASSERT_OK_AND_ASSIGN(const Bytes bytes, EncodeLeaf(leaf));
    EXPECT_EQ(bytes.size(), kLeafSize);
    ASSERT_OK_AND_ASSIGN(const Leaf decoded, DecodeLeaf(bytes, 9));
    EXPECT_EQ(decoded, leaf);
  }
}

TEST(LeafTest, ReferencesWithinTheLogLieBeforeTheLeaf) {
  const Bytes bytes = EncodeLeaf(FullLeaf()).value();
  EXPECT_OK(DecodeLeaf(bytes, 9));
  EXPECT_THAT(DecodeLeaf(bytes, 8), HasReason("E_LEAF"));
  Leaf later = FullLeaf();
  later.reference->year = 2025;
  EXPECT_OK(DecodeLeaf(EncodeLeaf(later).value(), 0));
}

TEST(LeafTest, UnknownCodesAreKept) {
  Bytes bytes = EncodeLeaf(FullLeaf()).value();
  bytes[5] = '\x7f';
  bytes[6] = '\x7e';
  bytes[7] = '\x7d';
  ASSERT_OK_AND_ASSIGN(const Leaf leaf, DecodeLeaf(bytes, 9));
  EXPECT_EQ(KindName(leaf.kind), "0x7f");
  EXPECT_EQ(OutcomeName(leaf.outcome), "0x7e");
  EXPECT_EQ(EncodeLeaf(leaf).value(), bytes);
}

TEST(LeafTest, NamesAreThoseOfTheDocument) {
  EXPECT_EQ(KindName(LeafKind::kVocabularyChange), "VOCABULARY_CHANGE");
  EXPECT_EQ(OutcomeName(LeafOutcome::kPermittedEmergency), "PERMITTED_EMERGENCY");
  EXPECT_EQ(KindFromName("DRY_RUN"), LeafKind::kDryRun);
  EXPECT_EQ(KindFromName("0x7f"), std::nullopt);
}

// Each byte that may not be anything else, set to something else.
TEST(LeafTest, RefusesEveryUnusedByte) {
  struct Case {
    std::size_t offset;
    const char* field;
  };
  const Bytes full = EncodeLeaf(FullLeaf()).value();
  for (const auto& [offset, field] : std::initializer_list<Case>{{0, "magic"},
                                                                 {3, "magic"},
                                                                 {4, "version"},
                                                                 {8, "flags"},
                                                                 {9, "flags"},
                                                                 {10, "record format"},
                                                                 {12, "hour"},
                                                                 {19, "hour"},
                                                                 {36, "acting organisation"},
                                                                 {75, "other organisation"},
                                                                 {126, "reserved"},
                                                                 {127, "reserved"},
                                                                 {176, "reserved"},
                                                                 {191, "reserved"}}) {
    Bytes altered = full;
    altered[offset] = static_cast<char>(altered[offset] ^ 0x80);
    const auto leaf = DecodeLeaf(altered, 9);
    EXPECT_THAT(leaf, HasReason("E_LEAF")) << offset;
    EXPECT_NE(MessageOf(leaf.status()).find(field), std::string::npos) << MessageOf(leaf.status());
  }
  for (const std::size_t size : {0, 191, 193}) {
    Bytes other = full;
    other.resize(size, '\0');
    EXPECT_THAT(DecodeLeaf(other, 9), HasReason("E_LEAF"));
  }
}

TEST(LeafTest, FieldsWithoutTheirFlagMustBeZero) {
  Leaf bare = FullLeaf();
  bare.reference.reset();
  bare.commitment.reset();
  const Bytes bytes = EncodeLeaf(bare).value();
  for (const std::size_t offset : {11U, 124U, 135U, 143U, 144U, 175U}) {
    Bytes altered = bytes;
    altered[offset] = 1;
    EXPECT_THAT(DecodeLeaf(altered, 9), HasReason("E_LEAF")) << offset;
  }
  Bytes range_only = bytes;
  range_only[9] = 4;
  EXPECT_THAT(DecodeLeaf(range_only, 9), HasReason("E_LEAF"));
}

TEST(LeafTest, EncodesOnlyWhatCanBeRead) {
  Leaf leaf = FullLeaf();
  leaf.hour = 1795442401;
  EXPECT_THAT(EncodeLeaf(leaf), HasReason("E_LEAF"));
  leaf = FullLeaf();
  leaf.acting = "";
  EXPECT_THAT(EncodeLeaf(leaf), HasReason("E_LEAF"));
  leaf = FullLeaf();
  leaf.other = "0000009900000000200a";
  EXPECT_THAT(EncodeLeaf(leaf), HasReason("E_LEAF"));
  leaf = FullLeaf();
  leaf.reference = LeafReference{0, 3, 3, true};
  EXPECT_THAT(EncodeLeaf(leaf), HasReason("E_LEAF"));
  leaf.reference = LeafReference{0, 3, 5, false};
  EXPECT_THAT(EncodeLeaf(leaf), HasReason("E_LEAF"));
}

// Whatever decodes is the one encoding of what it says.
TEST(LeafTest, DecodedBytesAreCanonical) {
  std::mt19937_64 random(5);
  int decoded = 0;
  for (int round = 0; round < 20000; ++round) {
    Bytes bytes = testing::RandomLeaf(9, random);
    bytes[random() % bytes.size()] = static_cast<char>(random());
    const auto leaf = DecodeLeaf(bytes, 9);
    if (!leaf.ok()) continue;
    ++decoded;
    EXPECT_EQ(EncodeLeaf(*leaf).value(), bytes);
  }
  EXPECT_GT(decoded, 1000);
}

}  // namespace
}  // namespace sluis::tlog

#include "lib/pseudonym/inquiry.h"

#include <gtest/gtest.h>

#include <set>

#include "tests/support/status_matchers.h"

namespace sluis::pseudonym {
namespace {

using sluis::testing::HasReason;

TEST(InquiryTest, SizesHideTheNumber) {
  const std::pair<std::size_t, std::size_t> sizes[] = {{1, 1},   {2, 4},   {4, 4},    {5, 16},
                                                       {16, 16}, {17, 64}, {65, 256}, {256, 256}};
  for (const auto& [real, size] : sizes) EXPECT_EQ(InquirySize(real).value(), size);
  EXPECT_THAT(InquirySize(0), HasReason("E_EMPTY_BATCH"));
  EXPECT_THAT(InquirySize(257), HasReason("E_BATCH_SIZE"));
}

TEST(InquiryTest, PositionsAreDistinctAndInside) {
  for (const std::size_t real : {1U, 3U, 5U, 256U}) {
    const auto positions = MixPositions(real);
    const std::set<std::uint32_t> distinct(positions.begin(), positions.end());
    EXPECT_EQ(distinct.size(), real);
    EXPECT_LT(*distinct.rbegin(), InquirySize(real).value());
  }
  std::set<std::uint32_t> first;
  for (int run = 0; run < 200; ++run) first.insert(MixPositions(2)[0]);
  EXPECT_EQ(first.size(), 4U);
}

TEST(InquiryTest, FillersDiffer) {
  std::set<GroupElement> seen;
  for (int run = 0; run < 50; ++run) seen.insert(FillerElement());
  EXPECT_EQ(seen.size(), 50U);
}

TEST(InquiryTest, HitIsOfItsExchangeOwnerAndPosition) {
  const Ed25519PrivateKey owner = Ed25519PrivateKey::Generate();
  const auto exchange = ExchangeId::FromBytes({1, 2, 3}), other = ExchangeId::FromBytes({1, 2, 4});
  constexpr bool kHits[] = {true};
  const SecretBytes content = EncodeHits(exchange, kHits, owner);
  ASSERT_OK_AND_ASSIGN(const auto hits, DecodeHits(content, exchange, 1, owner.public_key()));
  EXPECT_OK(VerifyHit(exchange, 0, true, hits[0].signature, owner.public_key()));
  EXPECT_THAT(VerifyHit(other, 0, true, hits[0].signature, owner.public_key()),
              HasReason("E_SIGNATURE"));
  EXPECT_THAT(VerifyHit(exchange, 1, true, hits[0].signature, owner.public_key()),
              HasReason("E_SIGNATURE"));
  EXPECT_THAT(
      VerifyHit(exchange, 0, true, hits[0].signature, Ed25519PrivateKey::Generate().public_key()),
      HasReason("E_SIGNATURE"));
}

}  // namespace
}  // namespace sluis::pseudonym

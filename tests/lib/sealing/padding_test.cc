#include "lib/sealing/padding.h"

#include <gtest/gtest.h>

#include "lib/base/byte_io.h"
#include "lib/crypto/random.h"
#include "tests/support/status_matchers.h"

namespace sluis {
namespace {

using testing::HasReason;

TEST(PaddingTest, SmallestBucketThatHoldsLengthAndContent) {
  const std::pair<std::size_t, std::size_t> cases[] = {
      {0, 256},        {252, 256},       {253, 1024},      {1020, 1024},
      {1021, 4096},    {4093, 16384},    {16381, 65536},   {65532, 65536},
      {65533, 131072}, {131068, 131072}, {131069, 196608}, {kMaxSealedContent, kMaxBucket}};
  for (const auto& [size, bucket] : cases) {
    EXPECT_EQ(BucketFor(size), bucket) << size;
    EXPECT_TRUE(IsBucket(bucket)) << bucket;
  }
  for (std::size_t size : {std::size_t{0}, std::size_t{100}, std::size_t{255}, std::size_t{257},
                           std::size_t{32768}, std::size_t{65537}, kMaxBucket + 65536}) {
    EXPECT_FALSE(IsBucket(size)) << size;
  }
}

TEST(PaddingTest, ContentComesBack) {
  for (std::size_t size : {std::size_t{0}, std::size_t{1}, std::size_t{252}, std::size_t{253},
                           std::size_t{65532}, std::size_t{65533}, kMaxSealedContent}) {
    const Bytes content = RandomBytes(size);
    ASSERT_OK_AND_ASSIGN(const SecretBytes padded, PadContent(content));
    EXPECT_EQ(padded.size(), BucketFor(size));
    ASSERT_OK_AND_ASSIGN(const SecretBytes back, UnpadContent(padded, padded.size()));
    EXPECT_TRUE(back.Equals(SecretBytes::CopyOf(content)));
  }
  EXPECT_THAT(PadContent(Bytes(kMaxSealedContent + 1, 'x')), HasReason("E_LENGTH"));
}

TEST(PaddingTest, EveryOtherFormOfTheSameContentIsRefused) {
  const Bytes good(ByteWriter().U32(1).Raw("a").Zeros(251).bytes());
  EXPECT_OK(UnpadContent(SecretBytes::CopyOf(good), 256));
  for (std::size_t i = 5; i < good.size(); ++i) {
    Bytes altered = good;
    altered[i] = '\x01';
    EXPECT_THAT(UnpadContent(SecretBytes::CopyOf(altered), 256), HasReason("E_PADDING")) << i;
  }
  const Bytes large = good + Bytes(1024 - 256, '\0');
  EXPECT_THAT(UnpadContent(SecretBytes::CopyOf(large), 1024), HasReason("E_PADDING"))
      << "not the smallest bucket";
  EXPECT_THAT(UnpadContent(SecretBytes::CopyOf(good), 1024), HasReason("E_PADDING"))
      << "another bucket in the label";
  const Bytes endless = ByteWriter().U32(0xFFFFFFFF).Zeros(252).bytes();
  EXPECT_THAT(UnpadContent(SecretBytes::CopyOf(endless), 256), HasReason("E_PADDING"));
  EXPECT_THAT(UnpadContent(SecretBytes(), 0), HasReason("E_PADDING"));
}

}  // namespace
}  // namespace sluis

#include "lib/base/byte_io.h"

#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace sluis {
namespace {

using testing::HasReason;

TEST(ByteWriterTest, BigEndian) {
  EXPECT_EQ(ByteWriter().U8(1).U16(0x0203).U32(0x04050607).U64(0x08090a0b0c0d0e0f).bytes(),
            "\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f");
  EXPECT_EQ(ByteWriter().Lp2("ab").Zeros(2).Raw("c").bytes(), BytesView("\0\x02"
                                                                        "ab\0\0c",
                                                                        7));
}

TEST(ByteWriterTest, LongestPrefixedField) {
  const Bytes longest(65535, 'x');
  const Bytes written = ByteWriter().Lp2(longest).bytes();
  EXPECT_EQ(written.substr(0, 2), "\xff\xff");
  ByteReader reader(written);
  EXPECT_EQ(reader.Lp2().value(), longest);
  EXPECT_OK(reader.Finish());
}

TEST(ByteReaderTest, ReadsWhatWasWritten) {
  const Bytes bytes = ByteWriter()
                          .U8(0xfe)
                          .U16(0xfffe)
                          .U32(0xfffffffe)
                          .U64(~std::uint64_t{1})
                          .Lp2("")
                          .Raw("rest")
                          .bytes();
  ByteReader reader(bytes);
  EXPECT_EQ(reader.U8().value(), 0xfe);
  EXPECT_EQ(reader.U16().value(), 0xfffe);
  EXPECT_EQ(reader.U32().value(), 0xfffffffe);
  EXPECT_EQ(reader.U64().value(), ~std::uint64_t{1});
  EXPECT_EQ(reader.Lp2().value(), "");
  EXPECT_EQ(reader.remaining(), 4U);
  EXPECT_THAT(reader.Finish(), HasReason("E_TRAILING"));
  EXPECT_EQ(reader.Raw(4).value(), "rest");
  EXPECT_OK(reader.Finish());
}

TEST(ByteReaderTest, NeverReadsBeyondItsEnd) {
  EXPECT_THAT(ByteReader("").U8(), HasReason("E_TRUNCATED"));
  EXPECT_THAT(ByteReader("a").U16(), HasReason("E_TRUNCATED"));
  EXPECT_THAT(ByteReader("abc").U32(), HasReason("E_TRUNCATED"));
  EXPECT_THAT(ByteReader("abcdefg").U64(), HasReason("E_TRUNCATED"));
  EXPECT_THAT(ByteReader("abc").Raw(4), HasReason("E_TRUNCATED"));
  EXPECT_THAT(ByteReader("abc").Raw(~std::size_t{0}), HasReason("E_TRUNCATED"));
  EXPECT_THAT(ByteReader("\xff\xff short").Lp2(), HasReason("E_TRUNCATED"));
}

TEST(ByteReaderTest, AFieldThatFailsTakesNothing) {
  ByteReader reader("abc");
  EXPECT_THAT(reader.Raw(4), HasReason("E_TRUNCATED"));
  EXPECT_EQ(reader.Raw(3).value(), "abc");
}

}  // namespace
}  // namespace sluis

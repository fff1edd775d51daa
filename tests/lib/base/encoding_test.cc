#include "lib/base/encoding.h"

#include <gtest/gtest.h>

#include <vector>

#include "tests/support/status_matchers.h"

namespace sluis {
namespace {

using testing::HasReason;

// RFC 4648 §10.
TEST(Base64Test, KnownAnswers) {
  const std::pair<std::string_view, std::string_view> cases[] = {{"", ""},
                                                                 {"f", "Zg=="},
                                                                 {"fo", "Zm8="},
                                                                 {"foo", "Zm9v"},
                                                                 {"foob", "Zm9vYg=="},
                                                                 {"fooba", "Zm9vYmE="},
                                                                 {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, text] : cases) {
    EXPECT_EQ(Base64Encode(plain), text);
    EXPECT_EQ(Base64Decode(text).value(), plain);
  }
}

TEST(Base64Test, EveryByteComesBackInBothAlphabets) {
  Bytes all;
  for (int i = 0; i < 256; ++i) all.push_back(static_cast<char>(i));
  for (std::size_t size = 0; size <= all.size(); ++size) {
    const Bytes bytes = all.substr(0, size);
    EXPECT_EQ(Base64Decode(Base64Encode(bytes)).value(), bytes);
    EXPECT_EQ(Base64UrlDecode(Base64UrlEncode(bytes)).value(), bytes);
  }
  EXPECT_EQ(Base64Encode("\xfb\xff"), "+/8=");
  EXPECT_EQ(Base64UrlEncode("\xfb\xff"), "-_8");
}

TEST(Base64Test, OneSpellingOnly) {
  for (const char* text : {"Zg", "Zg=", "Zg===", "Zm8", "Z", "=", "====", "Zg==Zg==", "Zm9v\n",
                           " Zm9v", "Zm 9v", "-_8=", "Zh==", "Zm9=", "Z=g=", "Zm9v===="}) {
    EXPECT_THAT(Base64Decode(text), HasReason("FIELD_INVALID")) << text;
  }
  for (const char* text : {"Zg==", "Z", "Zh", "Zm9", "+/8", "Zm9v\n", "Zm9vY"}) {
    EXPECT_THAT(Base64UrlDecode(text), HasReason("FIELD_INVALID")) << text;
  }
}

TEST(HexTest, LowerCaseOnly) {
  EXPECT_EQ(HexEncode(BytesView("\0\x7f\xff", 3)), "007fff");
  EXPECT_EQ(HexDecode("007fff").value(), Bytes("\0\x7f\xff", 3));
  EXPECT_EQ(HexDecode("").value(), "");
  for (const char* text : {"0", "0g", "FF", "0x00", " 00", "00 "}) {
    EXPECT_THAT(HexDecode(text), HasReason("FIELD_INVALID")) << text;
  }
}

TEST(Utf8Test, ShortestFormOfRealCharacters) {
  for (std::string_view text : {"", "abc", "\xc3\xa9", "\xe2\x82\xac", "\xf0\x9f\x98\x80",
                                "\xf4\x8f\xbf\xbf", "\xed\x9f\xbf"}) {
    EXPECT_TRUE(IsValidUtf8(text)) << HexEncode(text);
  }
  const std::pair<std::string_view, std::string_view> bad[] = {
      {"\x80", "continuation alone"},
      {"\xc3", "cut off"},
      {"\xc0\xaf", "overlong slash"},
      {"\xe0\x80\xaf", "overlong"},
      {"\xf0\x80\x80\xaf", "overlong"},
      {"\xed\xa0\x80", "surrogate"},
      {"\xf4\x90\x80\x80", "beyond"},
      {"\xff", "no lead byte"},
      {"\xe2\x82", "cut off"},
      {"\xe2\x28\xa1", "no continuation"},
      {"\xf8\x88\x80\x80\x80", "five bytes"}};
  for (const auto& [text, why] : bad) EXPECT_FALSE(IsValidUtf8(text)) << why;
}

TEST(DecimalTest, NoSignNoLeadingZeroNoOverflow) {
  EXPECT_EQ(ParseDecimal("0", 10).value(), 0U);
  EXPECT_EQ(ParseDecimal("10", 10).value(), 10U);
  EXPECT_EQ(ParseDecimal("18446744073709551615", ~std::uint64_t{0}).value(), ~std::uint64_t{0});
  for (const char* text :
       {"", "-1", "+1", "01", "00", " 1", "1 ", "1e3", "0x1", "11", "18446744073709551616",
        "99999999999999999999", "100000000000000000000"}) {
    EXPECT_THAT(ParseDecimal(text, 10), HasReason("FIELD_INVALID")) << text;
  }
  EXPECT_THAT(ParseDecimal("18446744073709551616", ~std::uint64_t{0}), HasReason("FIELD_INVALID"));
  EXPECT_THAT(ParseDecimal("5", 4), HasReason("FIELD_INVALID"));
}

TEST(NearestTest, SuggestsTheLikelyWordOrNothing) {
  const std::vector<std::string> words = {"openbare-orde", "riec-casus", "riec-signaalweging"};
  EXPECT_EQ(Nearest("openbareorde", words), "openbare-orde");
  EXPECT_EQ(Nearest("riec-casu", words), "riec-casus");
  EXPECT_EQ(Nearest("xyz", words), "");
  EXPECT_EQ(Nearest("riec-casus", std::vector<std::string>{}), "");
  EXPECT_EQ(EditDistance("kitten", "sitting"), 3U);
  EXPECT_EQ(EditDistance("", "abc"), 3U);
  EXPECT_EQ(EditDistance("abc", "abc"), 0U);
}

}  // namespace
}  // namespace sluis

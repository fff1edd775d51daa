#include "lib/base/json.h"

#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace sluis {
namespace {

using testing::HasReason;

std::string Nested(int depth) {
  return std::string(static_cast<std::size_t>(depth), '[') +
         std::string(static_cast<std::size_t>(depth), ']');
}

TEST(StrictJsonTest, ReadsEveryKindOfValue) {
  ASSERT_OK_AND_ASSIGN(const Json value,
                       ParseJsonStrict(R"( {"a": [1, -2.5, true, null, "\u00e9"], "b": {}} )"));
  EXPECT_EQ(value.at("a").size(), 5U);
  EXPECT_EQ(value.at("a")[4], "\xc3\xa9");
}

TEST(StrictJsonTest, AMemberStandsOnceInEachObject) {
  EXPECT_THAT(ParseJsonStrict(R"({"a":1,"a":1})"), HasReason("FIELD_INVALID"));
  EXPECT_THAT(ParseJsonStrict(R"({"a":1,"b":{"c":1,"d":2,"c":3}})"), HasReason("FIELD_INVALID"));
  EXPECT_THAT(ParseJsonStrict("{\"a\":1,\"\\u0061\":2}"), HasReason("FIELD_INVALID"))
      << "the same name, escaped";
  EXPECT_OK(ParseJsonStrict(R"({"a":{"a":1},"b":{"a":[{"a":1},{"a":2}]}})"));
}

TEST(StrictJsonTest, NothingButOneValue) {
  for (std::string_view text : {"",           " ",
                                "{",          "{}{}",
                                "{} x",       "[1,]",
                                "{\"a\":1,}", "{a:1}",
                                "{'a':1}",    "// c\n{}",
                                "/* c */ {}", "NaN",
                                "Infinity",   "01",
                                "+1",         ".5",
                                "1.",         "\"\t\"",
                                "\"\\x\"",    "\"\\ud800\"",
                                "tru",        "\xef\xbb\xbf{}",
                                "\"\xff\"",   "1e999"}) {
    EXPECT_THAT(ParseJsonStrict(text), HasReason("FIELD_INVALID")) << text;
  }
  EXPECT_THAT(ParseJsonStrict(std::string_view("{}\0", 3)), HasReason("FIELD_INVALID"));
}

TEST(StrictJsonTest, ErrorsNameThePlaceAndNotTheContent) {
  const absl::Status status =
      ParseJsonStrict("{\n  \"name\": \"secret\",\n  \"x\": oops\n}").status();
  EXPECT_NE(MessageOf(status).find("line 3"), std::string::npos) << status;
  EXPECT_EQ(MessageOf(status).find("secret"), std::string::npos) << status;
  EXPECT_EQ(MessageOf(status).find("oops"), std::string::npos) << status;
}

TEST(StrictJsonTest, DepthAndSizeAreBounded) {
  EXPECT_OK(ParseJsonStrict(Nested(32)));
  EXPECT_THAT(ParseJsonStrict(Nested(33)), HasReason("FIELD_INVALID"));
  EXPECT_THAT(ParseJsonStrict(std::string(500000, '[')), HasReason("FIELD_INVALID"));
  EXPECT_OK(ParseJsonStrict(Nested(2), {.max_bytes = 4, .max_depth = 2}));
  EXPECT_THAT(ParseJsonStrict(Nested(3), {.max_bytes = 100, .max_depth = 2}),
              HasReason("FIELD_INVALID"));
  EXPECT_THAT(ParseJsonStrict("[    ]", {.max_bytes = 5}), HasReason("FIELD_INVALID"));
}

TEST(CanonicalJsonTest, NoSpacesAndSortedMembers) {
  EXPECT_EQ(
      CanonicalJson(Json::parse(R"({"b": [1, true, "x"], "a": {"z": -1, "y": ""}, "": false})"))
          .value(),
      R"({"":false,"a":{"y":"","z":-1},"b":[1,true,"x"]})");
}

// RFC 8785 §3.2.3: by UTF-16 code unit, so an emoji (D83D...) stands before U+FB33, unlike in UTF-8
// order.
TEST(CanonicalJsonTest, MembersInUtf16Order) {
  const Json value = {{"\xe2\x82\xac", 1},     {"\r", 2},       {"\xef\xac\xb3", 3}, {"1", 4},
                      {"\xf0\x9f\x98\x80", 5}, {"\xc2\x80", 6}, {"\xc3\xb6", 7}};
  EXPECT_EQ(CanonicalJson(value).value(),
            "{\"\\r\":2,\"1\":4,\"\xc2\x80\":6,\"\xc3\xb6\":7,\"\xe2\x82\xac\":1,"
            "\"\xf0\x9f\x98\x80\":5,\"\xef\xac\xb3\":3}");
}

// RFC 8785 §3.2.2.2.
TEST(CanonicalJsonTest, EscapesOnlyWhatMustBe) {
  const std::string text("\"\\\b\f\n\r\t\x01\x1f\x7f/\xe2\x82\xac<", 15);
  EXPECT_EQ(CanonicalJson(Json(text)).value(),
            "\"\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7f/\xe2\x82\xac<\"");
}

TEST(CanonicalJsonTest, RefusesWhatWeDoNotSign) {
  for (const Json& value :
       {Json(), Json(1.5), Json(1.0), Json(std::int64_t{1} << 53), Json(-(std::int64_t{1} << 53)),
        Json(~std::uint64_t{0}), Json({{"a", nullptr}}), Json({1, 0.5}), Json("\xff"),
        Json({{"\xff", 1}})}) {
    EXPECT_THAT(CanonicalJson(value), HasReason("E_STATEMENT"));
  }
  EXPECT_EQ(CanonicalJson(Json((std::int64_t{1} << 53) - 1)).value(), "9007199254740991");
  EXPECT_EQ(CanonicalJson(Json(1 - (std::int64_t{1} << 53))).value(), "-9007199254740991");
}

TEST(CanonicalJsonTest, ReadingTakesTheCanonicalBytesAlone) {
  EXPECT_OK(ParseCanonicalJson(R"({"a":1,"b":"\n"})"));
  for (std::string_view text :
       {R"({"b":1,"a":1})", R"({"a": 1})", R"({"a":1} )", R"({"a":-0})", R"({"a":1.0})",
        R"({"a":1e2})", R"({"a":null})", R"({"a":"\u000a"})", R"({"a":"\/"})", R"({"a":"\u0061"})",
        R"({"a":1,"a":1})", R"({"a":9007199254740992})", "\xef\xbb\xbf{}"}) {
    EXPECT_THAT(ParseCanonicalJson(text), HasReason("E_STATEMENT")) << text;
  }
  EXPECT_THAT(ParseCanonicalJson("{\"\xef\xac\xb3\":1,\"\xf0\x9f\x98\x80\":1}"),
              HasReason("E_STATEMENT"))
      << "UTF-8 order";
}

}  // namespace
}  // namespace sluis

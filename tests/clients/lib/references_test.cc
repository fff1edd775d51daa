#include "clients/lib/references.h"

#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge::testing {
namespace {

using ::sluis::testing::HasReason;

absl::StatusOr<Json> Named(const std::string& text) {
  return ReplaceReferences(Json::parse(text), [](std::size_t j) -> absl::StatusOr<Json> {
    return Json("P" + std::to_string(j));
  });
}

TEST(ReferencesTest, AreReplacedWhereverTheyStand) {
  EXPECT_EQ(*Named(R"({"ref":3})"), Json("P3"));
  EXPECT_EQ(*Named(R"([{"ref":0},"x",{"a":{"ref":1}}])"), Json::parse(R"(["P0","x",{"a":"P1"}])"));
  EXPECT_EQ(*Named(R"({"ref":1,"more":2})"), Json::parse(R"({"ref":1,"more":2})"));
}

TEST(ReferencesTest, ANumberThatIsNoneIsRefused) {
  for (const char* text :
       {R"({"ref":-1})", R"({"ref":"0"})", R"({"ref":1.5})", R"([{"ref":null}])"}) {
    EXPECT_THAT(Named(text), HasReason("E_PAYLOAD")) << text;
  }
}

TEST(ReferencesTest, LeftOutTheyLeaveTheRest) {
  EXPECT_TRUE(WithoutReferences(Json::parse(R"([{"ref":0},{"a":{"ref":1}}])")).is_null());
  EXPECT_EQ(WithoutReferences(Json::parse(R"([{"ref":0},{"a":{"ref":1},"b":2}])")),
            Json::parse(R"([{"b":2}])"));
}

TEST(ReferencesTest, ReadAsText) {
  EXPECT_EQ(ReadableText(Json("P-1")), "P-1");
  EXPECT_EQ(ReadableText(Json::parse(R"(["P-1","P-2"])")), "P-1; P-2");
  EXPECT_EQ(ReadableText(Json::parse(R"({"a":"P-1"})")), R"({"a":"P-1"})");
  EXPECT_EQ(ReferencesTo(1), Json::parse(R"({"ref":0})"));
  EXPECT_EQ(ReferencesTo(2), Json::parse(R"([{"ref":0},{"ref":1}])"));
}

}  // namespace
}  // namespace sluis::edge::testing

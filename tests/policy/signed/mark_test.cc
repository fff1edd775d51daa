#include "policy/signed/mark.h"

#include <gmock/gmock.h>

#include "tests/support/status_matchers.h"

namespace sluis::policy {
namespace {

using ::sluis::testing::HasReason;
using ::testing::ElementsAre;

PackMark Mark(const std::string& version, std::uint8_t content, int issued) {
  PackMark mark{"regels", version, {}, absl::FromUnixSeconds(issued)};
  mark.digest.fill(content);
  return mark;
}

TEST(PackVersionTest, NumbersAreComparedAsNumbers) {
  EXPECT_THAT(*ParsePackVersion("2026.11.2"), ElementsAre(2026u, 11u, 2u));
  EXPECT_LT(*ParsePackVersion("2026.9"), *ParsePackVersion("2026.10"));
  EXPECT_LT(*ParsePackVersion("2026.11"), *ParsePackVersion("2026.11.0"));
  for (const char* wrong : {"", ".", "1.", ".1", "1..2", "01", "1.a", "-1", "1000000000", "v1",
                            "1.2.3.4.5.6.7.8.9", "2026.11.2 "}) {
    EXPECT_THAT(ParsePackVersion(wrong), HasReason("PACK_VERSION_INVALID")) << wrong;
  }
}

TEST(PackMarkTest, AVersionGoesForwardAndNeverBack) {
  const PackMark last = Mark("2026.11.2", 1, 100);
  EXPECT_OK(CheckFollows(last, last));
  EXPECT_OK(CheckFollows(last, Mark("2026.11.3", 2, 50)));
  EXPECT_OK(CheckFollows(last, Mark("2026.11.10", 2, 200)));
  EXPECT_OK(CheckFollows(last, Mark("2026.11.2", 1, 101))) << "issued anew";
  EXPECT_THAT(CheckFollows(last, Mark("2026.11.2", 1, 99)), HasReason("PACK_ROLLBACK"));
  EXPECT_THAT(CheckFollows(last, Mark("2026.11.1", 1, 200)), HasReason("PACK_ROLLBACK"));
  EXPECT_THAT(CheckFollows(last, Mark("2026.11", 1, 200)), HasReason("PACK_ROLLBACK"));
  EXPECT_THAT(CheckFollows(last, Mark("2026.11.2", 2, 200)), HasReason("PACK_CONFLICT"));
  PackMark other = Mark("2026.12", 2, 200);
  other.bundle = "andere-regels";
  EXPECT_THAT(CheckFollows(last, other), HasReason("PACK_CONFLICT"));
}

TEST(PackMarkTest, IsReadBackAsItWasWrittenAndNotOtherwise) {
  const PackMark mark = Mark("2026.11.2", 7, 1'790'000'000);
  const std::string text = WriteMark(mark);
  EXPECT_EQ(*ReadMark(text), mark);
  for (const std::string& wrong :
       {std::string(), std::string("\n"), text + "\n", text.substr(1), std::string("{}\n"),
        text.substr(0, text.size() - 1), std::string("null\n"), std::string("[1,2,3,4]\n"),
        std::string("{\"bundle\":1,\"digest\":2,\"issued\":\"3\",\"version\":4}\n")}) {
    EXPECT_THAT(ReadMark(wrong), HasReason("PACK_MARK_INVALID")) << wrong;
  }
}

}  // namespace
}  // namespace sluis::policy

#include "broker/authzen/search_tokens.h"

#include <gmock/gmock.h>

#include "tests/support/status_matchers.h"

namespace sluis::authzen {
namespace {

using ::sluis::testing::HasReason;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

TEST(SearchTokens, ComeBackAsTheyWereMade) {
  const SearchTokens tokens;
  const auto cursor = tokens.Read(tokens.Make({7, 3}, "bound", kNow), "bound", kNow);
  ASSERT_OK(cursor);
  EXPECT_EQ(cursor->offset, 7u);
  EXPECT_EQ(cursor->limit, 3u);
}

TEST(SearchTokens, BelongToOneRequestAndEndAfterAnHour) {
  const SearchTokens tokens, others;
  const std::string token = tokens.Make({7, 3}, "bound", kNow);
  EXPECT_OK(tokens.Read(token, "bound", kNow + absl::Hours(1)));
  for (const absl::Status& status :
       {tokens.Read(token, "other", kNow).status(), others.Read(token, "bound", kNow).status(),
        tokens.Read(token, "bound", kNow + absl::Hours(1) + absl::Seconds(1)).status(),
        tokens.Read(token + "A", "bound", kNow).status(), tokens.Read("x", "bound", kNow).status(),
        tokens.Read("!", "bound", kNow).status(),
        tokens.Read(std::string(5000, 'A'), "bound", kNow).status()}) {
    EXPECT_THAT(status, HasReason("PAGE_TOKEN_MISMATCH"));
  }
}

TEST(SearchTokens, EveryChangedCharacterIsSeen) {
  const SearchTokens tokens;
  const std::string token = tokens.Make({7, 3}, "bound", kNow);
  for (std::size_t i = 0; i < token.size(); ++i) {
    std::string changed = token;
    changed[i] = changed[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(tokens.Read(changed, "bound", kNow).ok()) << i;
  }
}

}  // namespace
}  // namespace sluis::authzen

#include "broker/storage/engine_rules.h"

#include <gmock/gmock.h>

#include "tests/broker/storage/samples.h"
#include "tests/support/status_matchers.h"

namespace sluis::storage::testing {
namespace {

TEST(EngineRulesTest, AnswerNamesItsExchangeBareOrAsResourceName) {
  const ExchangeId id = ExchangeNumber(7);
  EXPECT_EQ(ExchangeNamedBy(id.hex()), id);
  EXPECT_EQ(ExchangeNamedBy("organisations/1/units/2/exchanges/" + id.hex()), id);
  for (const std::string& other : {std::string(), std::string("arrangements/convenant"), id.hex() + "/",
                                   id.hex().substr(1), std::string(32, '0'), std::string("/")}) {
    EXPECT_EQ(ExchangeNamedBy(other), std::nullopt) << other;
  }
}

TEST(EngineRulesTest, OnlyStatesThatWaitForSomebodyKeepRequestIds) {
  int keeping = 0;
  for (int state = 1; state <= 10; ++state) keeping += KeepsRequestIds(static_cast<ExchangeState>(state)) ? 1 : 0;
  EXPECT_EQ(keeping, 3);
  EXPECT_TRUE(KeepsRequestIds(ExchangeState::kAwaitingApproval));
  EXPECT_TRUE(KeepsRequestIds(ExchangeState::kForwarded));
  EXPECT_TRUE(KeepsRequestIds(ExchangeState::kAnswered));
}

TEST(EngineRulesTest, ErrorsCarryTheirCodes) {
  EXPECT_EQ(StoreUnavailable("x").code(), absl::StatusCode::kUnavailable);
  EXPECT_EQ(StoreInconsistent("x").code(), absl::StatusCode::kDataLoss);
  EXPECT_EQ(StoreMisuse("x").code(), absl::StatusCode::kInternal);
  EXPECT_EQ(HeadMoved().code(), absl::StatusCode::kAborted);
}

}  // namespace
}  // namespace sluis::storage::testing

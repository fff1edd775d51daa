#include "clients/cli/wire_json.h"

#include <gtest/gtest.h>

#include "sluis/v1/exchange.pb.h"

namespace sluis::cli {
namespace {

TEST(WireJsonTest, NamesAndFormsAreThoseThatScriptsRelyOn) {
  v1::Exchange exchange;
  exchange.set_name("partners/1/units/a/b/exchanges/2");
  exchange.set_state(v1::EXCHANGE_STATE_AWAITING_APPROVAL);
  exchange.mutable_provider()->set_unit("politie/informatie");
  exchange.add_fields("sig-feiten");
  exchange.mutable_time_to_live()->set_seconds(86400);
  exchange.mutable_create_time()->set_seconds(1795510800);
  exchange.mutable_create_time()->set_nanos(5000000);
  exchange.mutable_subject()->set_sealed(std::string("\x00\xff", 2));
  exchange.mutable_decision()->set_outcome(v1::OUTCOME_NEEDS_APPROVAL);
  auto* need = exchange.mutable_decision()->add_approvals_needed();
  need->set_count(2);
  need->add_roles("burgemeester");
  const Json json = WireJson(exchange);
  EXPECT_EQ(json.at("state"), "AWAITING_APPROVAL");
  EXPECT_EQ(json.at("provider").at("unit"), "politie/informatie");
  EXPECT_EQ(json.at("fields"), Json::array({"sig-feiten"}));
  EXPECT_EQ(json.at("time_to_live"), "86400s");
  EXPECT_EQ(json.at("create_time"), "2026-11-24T09:00:00.005Z");
  EXPECT_EQ(json.at("subject").at("sealed"), "AP8=");
  EXPECT_EQ(json.at("decision").at("outcome"), "NEEDS_APPROVAL");
  EXPECT_EQ(json.at("decision").at("approvals_needed").at(0).at("count"), 2);
  EXPECT_FALSE(json.contains("recipient")) << "absent stays absent";
  EXPECT_EQ(json.at("emergency"), false) << "a switch is always there";
}

TEST(WireJsonTest, EveryEnumLosesItsPrefix) {
  v1::Exchange exchange;
  exchange.set_refusal_reason(v1::REFUSAL_REASON_TOO_BROAD);
  exchange.set_recall_kind(v1::RECALL_KIND_CORRECT);
  exchange.set_mode(v1::RELEASE_MODE_ALL_OR_NOTHING);
  const Json json = WireJson(exchange);
  EXPECT_EQ(json.at("refusal_reason"), "TOO_BROAD");
  EXPECT_EQ(json.at("recall_kind"), "CORRECT");
  EXPECT_EQ(json.at("mode"), "ALL_OR_NOTHING");
}

}  // namespace
}  // namespace sluis::cli

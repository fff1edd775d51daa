// Questions to the exchange's own decision point, in the core's small region.
#pragma once

#include <string>

#include "broker/authzen/exchange_point.h"
#include "broker/authzen/protocol.h"
#include "tests/broker/exchange/world.h"

namespace sluis::authzen::testing {

using exchange::testing::Desk;

class ExchangeDesk : public exchange::testing::World {
 protected:
  static Json SubjectOf(const Desk& desk) {
    return {
        {"type", "functionary"},
        {"id", desk.person},
        {"properties", {{"organisation", desk.party.oin.str()}, {"unit", desk.party.unit.str()}}}};
  }
  // The police question of the core's world: waits for an approval.
  Json PoliceQuestionIn(const CaseId& id) const;
  // A report of the social domain to public order of the same town: permitted.
  Json SignalIn(const CaseId& id) const;

  Json Ask(const Desk& desk, const Json& question) {
    return protocol.Evaluation(As(desk), question.dump()).value();
  }
  std::string ReasonOfAnswer(const Desk& desk, const Json& question) {
    return Ask(desk, question).at("context").at("reason").get<std::string>();
  }
  // Obligation of this name; null when there is none.
  static Json ObligationOf(const Json& answer, const std::string& name) {
    for (const Json& one : answer.at("context").at("obligations")) {
      if (one.at("properties").at("name") == name) return one.at("properties");
    }
    return nullptr;
  }

  ExchangePoint point{*service};
  SearchTokens tokens;
  Protocol protocol{"", point, tokens, clock};
};

}  // namespace sluis::authzen::testing

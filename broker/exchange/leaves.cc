#include "broker/exchange/leaves.h"

#include <set>

#include "broker/exchange/authzen_request.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

// The organisation that the acting one deals with.
const Oin& OtherSide(const Oin& acting, const storage::ExchangeRecord& exchange) {
  return acting == exchange.provider_desk.oin ? exchange.recipient_desk.oin
                                              : exchange.provider_desk.oin;
}

Json Orgs(const Oin& acting, const Oin& other, const storage::ExchangeRecord& exchange) {
  Json orgs = {
      {"acting", acting.str()},
      {"units",
       {{"provider", exchange.provider.ToString()}, {"recipient", exchange.recipient.ToString()}}}};
  if (!other.empty()) orgs["other"] = other.str();
  return orgs;
}

Json Actor(const Caller& caller) {
  Json actor = {{"unit", caller.party.ToString()}};
  if (!caller.person.empty()) actor["id"] = caller.ActorId();
  if (!caller.mandate.empty()) actor["mandate"] = caller.mandate;
  return actor;
}

std::vector<PartyId> PartiesOf(const storage::ExchangeRecord& exchange) {
  const std::set<PartyId> parties = {exchange.owner, exchange.provider, exchange.recipient,
                                     exchange.provider_desk, exchange.recipient_desk};
  return {parties.begin(), parties.end()};
}

Json Obligations(const policy::Decision& decision) {
  Json json = Json::object();
  const auto put = [&json](const char* name, const std::string& value) {
    if (!value.empty()) json[name] = value;
  };
  put("retention", decision.retention);
  put("onward", decision.onward);
  put("handling", decision.handling);
  put("feedback_due", decision.feedback_due);
  if (!decision.notify.empty()) json["notify"] = decision.notify;
  if (!decision.marks.empty()) json["marks"] = decision.marks;
  return json;
}

}  // namespace

journal::LeafDraft ExchangeLeaf(const Turn& turn, const storage::ExchangeRecord& exchange,
                                tlog::LeafKind kind, tlog::LeafOutcome outcome, Json members) {
  journal::LeafDraft draft;
  draft.kind = kind;
  draft.outcome = outcome;
  draft.retention = RetentionOf(exchange);
  draft.exchange = exchange.id;
  draft.acting = turn.caller.party.oin;
  draft.other = OtherSide(draft.acting, exchange);
  draft.purpose = exchange.purpose;
  draft.policy_digest = turn.policy.digest;
  draft.parties = PartiesOf(exchange);
  draft.record = std::move(members);
  draft.record["orgs"] = Orgs(draft.acting, draft.other, exchange);
  draft.record["actor"] = Actor(turn.caller);
  draft.record["case"] = exchange.case_id.hex();
  draft.record["ground"] = {{"code", exchange.basis}};
  draft.record["regime"] = exchange.regime;
  draft.record["category"] = exchange.subject_category;
  if (!exchange.retain_until.empty()) draft.record["retain_until"] = exchange.retain_until;
  return draft;
}

journal::LeafDraft StructuralLeaf(const Turn& turn, tlog::LeafKind kind, Json members) {
  journal::LeafDraft draft;
  draft.kind = kind;
  draft.retention = tlog::RetentionClass::kStructural;
  draft.acting = turn.caller.party.oin;
  draft.policy_digest = turn.policy.digest;
  draft.parties = {turn.caller.party};
  draft.record = std::move(members);
  draft.record["actor"] = Actor(turn.caller);
  return draft;
}

Json DecisionMembers(const Decided& decided) {
  const policy::Decision& decision = decided.decision;
  Json outcomes = Json::object();
  for (const auto& [field, outcome] : decision.field_outcomes) {
    outcomes[field] = std::string(policy::OutcomeName(outcome));
  }
  Json needed = Json::array();
  for (const auto& [condition, need] : decision.approvals_needed) needed.push_back(condition);
  Json members = {{"fields", decision.fields},
                  {"reasons", outcomes},
                  {"rules", decision.deciding_rules},
                  {"approvals_needed", needed},
                  {"obligations", Obligations(decision)}};
  if (!decided.request.action.empty()) members["request"] = ToAuthzen(decided.request);
  return members;
}

tlog::LeafOutcome OutcomeOf(const policy::Decision& decision) {
  switch (decision.outcome) {
    case policy::Outcome::kPermitted:
      if (decision.emergency) return tlog::LeafOutcome::kPermittedEmergency;
      return decision.fields.size() < decision.field_outcomes.size()
                 ? tlog::LeafOutcome::kPermittedPartly
                 : tlog::LeafOutcome::kPermitted;
    case policy::Outcome::kNeedsApproval:
      return tlog::LeafOutcome::kNeedsApproval;
    case policy::Outcome::kDeniedNoBasis:
      return tlog::LeafOutcome::kDeniedNoBasis;
    case policy::Outcome::kDeniedProhibited:
      return tlog::LeafOutcome::kDeniedProhibited;
    case policy::Outcome::kInvalid:
      return tlog::LeafOutcome::kInvalid;
  }
  return tlog::LeafOutcome::kInvalid;
}

tlog::RetentionClass RetentionOf(const storage::ExchangeRecord& exchange) {
  if (exchange.state == storage::ExchangeState::kDenied) return tlog::RetentionClass::kShort;
  if (exchange.regime.starts_with("wpg")) return tlog::RetentionClass::kWpg;
  if (exchange.regime.starts_with("wjsg")) return tlog::RetentionClass::kWjsg;
  if (exchange.purpose.starts_with("riec")) return tlog::RetentionClass::kWgs;
  return tlog::RetentionClass::kAvg;
}

absl::StatusOr<std::uint64_t> Log(Turn& turn, storage::ExchangeRecord& exchange,
                                  journal::LeafDraft draft) {
  SLUIS_ASSIGN_OR_RETURN(const std::uint64_t index, turn.log.Append(std::move(draft)));
  exchange.leaves.push_back(index);
  return index;
}

}  // namespace sluis::exchange

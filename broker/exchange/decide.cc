#include "broker/exchange/decide.h"

#include <algorithm>
#include <optional>

#include "absl/strings/str_format.h"
#include "broker/exchange/weighing_table.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "policy/engine/approvals.h"

namespace sluis::exchange {
namespace {

constexpr char kStale[] = "POLICY_PACK_STALE";

// The side that acts: the provider for disclose and recall, else the recipient (rulebook §2.2).
bool ProviderActs(const storage::ExchangeRecord& exchange) {
  return exchange.action == "disclose" || exchange.action == "recall";
}

// One label per exchange and person: enough to tell persons apart, and all that a transcryptor,
// which reads the request, needs to know about them.
std::string PersonLabel(const storage::ExchangeRecord& exchange, const Oin& organisation,
                        const std::string& person) {
  const Digest digest = Sha256(Bytes("sluis/person/v1\n") + exchange.id.hex() + "\n" +
                               organisation.str() + "/" + person);
  return "f-" + HexEncode(AsView(digest).substr(0, 16));
}

// As it is written down: a request that is read back is the same question.
absl::Time WholeMillis(absl::Time time) { return absl::FromUnixMillis(absl::ToUnixMillis(time)); }

policy::EvaluationRequest ToRequest(const View& view, const storage::ExchangeRecord& exchange,
                                    const Facts& facts, const DecisionInput& input) {
  policy::EvaluationRequest request;
  request.subject_id = PersonLabel(exchange, exchange.owner.oin, exchange.requester);
  request.subject_organisation = exchange.owner.oin.str();
  request.subject_unit = exchange.owner.unit.str();
  request.action = exchange.action;
  request.purpose = exchange.purpose;
  request.basis = exchange.basis;
  request.emergency = exchange.emergency;
  request.resource_id = (exchange.domain.empty() ? exchange.case_id : exchange.domain).hex();
  request.provider_organisation = exchange.provider.oin.str();
  request.provider_unit = exchange.provider.unit.str();
  request.recipient_organisation = exchange.recipient.oin.str();
  request.recipient_unit = exchange.recipient.unit.str();
  request.regime = exchange.regime;
  request.subject_category = exchange.subject_category;
  request.case_phase = exchange.case_phase;
  request.fields = exchange.fields;
  request.subset = exchange.subset;
  request.time = WholeMillis(view.now);
  request.facts = facts.values;
  request.artikel_20_velden = facts.article20_fields;
  for (const storage::ApprovalRecord& approval : input.approvals) {
    if (!approval.granted) continue;
    request.approvals.push_back({approval.role,
                                 PersonLabel(exchange, approval.organisation, approval.person),
                                 WholeMillis(approval.time)});
  }
  return request;
}

// Nothing for an organisation that is no partner.
std::optional<policy::Giver> GiverOf(const View& view, const storage::ExchangeRecord& exchange,
                                     const storage::CaseRecord& the_case, const Oin& organisation) {
  const identity::Partner* partner = view.directory.FindPartner(organisation);
  if (partner == nullptr) return std::nullopt;
  return policy::Giver{.kind = partner->kind,
                       .holds_case = organisation == the_case.holder.oin,
                       .provides = organisation == exchange.provider.oin,
                       .asks = organisation == exchange.owner.oin};
}

// Members of the AuthZEN request in the words of our own messages.
std::string ProtoField(const std::string& member) {
  const std::size_t dot = member.rfind('.');
  const std::string last = dot == std::string::npos ? member : member.substr(dot + 1);
  if (last == "basis") return "exchange.legal_basis";
  if (last == "unit") return "parent";
  return "exchange." + last;
}

}  // namespace

absl::StatusOr<Decided> DecideOn(const View& view, const storage::ExchangeRecord& exchange,
                                 const storage::CaseRecord& the_case, const DecisionInput& input) {
  if (view.now >= view.policy.stale_after) {
    return Error(ErrorCode::kPrecondition, kStale,
                 "the rules of this broker are older than they may be; call the operator");
  }
  SLUIS_ASSIGN_OR_RETURN(const bool weighing, IsAtWeighingTable(view, exchange));
  SLUIS_ASSIGN_OR_RETURN(Facts facts, GatherFacts(view, the_case,
                                                  {.provider = exchange.provider,
                                                   .recipient = exchange.recipient,
                                                   .acting = exchange.owner,
                                                   .provider_acts = ProviderActs(exchange),
                                                   .purpose = exchange.purpose,
                                                   .subject_verified = input.subject_verified,
                                                   .weighing_table = weighing}));
  Decided decided{ToRequest(view, exchange, facts, input), {}};
  decided.decision = view.policy.decider->Evaluate(decided.request);
  const policy::Decision& decision = decided.decision;
  if (decision.outcome == policy::Outcome::kInvalid) {
    return InvalidField("FIELD_INVALID", ProtoField(decision.invalid.member),
                        decision.invalid.message);
  }
  return decided;
}

bool IsStale(const absl::Status& status) { return ReasonOf(status) == kStale; }

std::vector<storage::ApprovalRecord> WithApprovals(
    std::vector<storage::ApprovalRecord> approvals,
    const std::vector<storage::ApprovalRecord>& given) {
  for (const storage::ApprovalRecord& fresh : given) {
    std::erase_if(approvals, [&](const storage::ApprovalRecord& old) {
      return old.granted && old.role == fresh.role && old.organisation == fresh.organisation &&
             old.person == fresh.person;
    });
    approvals.push_back(fresh);
  }
  return approvals;
}

bool CanGiveRole(const View& view, const storage::ExchangeRecord& exchange,
                 const storage::CaseRecord& the_case, const Oin& organisation,
                 std::string_view role) {
  const std::optional<policy::Giver> giver = GiverOf(view, exchange, the_case, organisation);
  return giver && policy::CanGive(*view.policy.pack, role, *giver);
}

std::vector<storage::ApprovalRecord> ApprovalsOfAct(const View& view,
                                                    const storage::ExchangeRecord& exchange,
                                                    const storage::CaseRecord& the_case) {
  std::vector<storage::ApprovalRecord> approvals;
  const Caller& caller = view.caller;
  if (caller.party.oin == exchange.owner.oin && caller.person == exchange.requester)
    return approvals;
  for (const std::string& role : caller.roles) {
    if (!CanGiveRole(view, exchange, the_case, caller.party.oin, role)) continue;
    approvals.push_back({role, caller.party.oin, caller.person, true, view.now});
  }
  return approvals;
}

bool OnlyProviderRolesMissing(const View& view, const storage::ExchangeRecord& exchange,
                              const storage::CaseRecord& the_case,
                              const policy::Decision& decision) {
  // For disclose, recall and promote the provider is the requester himself, and his own act never
  // counts.
  if (ProviderActs(exchange) || exchange.action == "promote") return false;
  const std::optional<policy::Giver> provider =
      GiverOf(view, exchange, the_case, exchange.provider.oin);
  return provider && policy::CanGiveAll(*view.policy.pack, decision.approvals_needed, *provider);
}

}  // namespace sluis::exchange

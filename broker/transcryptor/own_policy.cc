#include "broker/transcryptor/own_policy.h"

#include <algorithm>
#include <optional>

#include "lib/pseudonym/refusal.h"
#include "policy/engine/approvals.h"
#include "policy/engine/evaluate.h"

namespace sluis::transcryptor {
namespace {

constexpr absl::Duration kTolerance = absl::Seconds(60);
constexpr absl::Duration kOldestDecision = absl::Hours(72);
constexpr char kSameRegion[] = "zelfde-regio";
constexpr char kValid[] = "valid";

struct Sides {
  PartyId provider, recipient, acting;
};

std::optional<PartyId> PartyOf(const std::string& oin, const std::string& unit) {
  const absl::StatusOr<Oin> parsed_oin = Oin::Parse(oin);
  const absl::StatusOr<UnitPath> parsed_unit = UnitPath::Parse(unit);
  if (!parsed_oin.ok() || !parsed_unit.ok()) return std::nullopt;
  return PartyId{*parsed_oin, *parsed_unit};
}

std::optional<Sides> SidesOf(const policy::EvaluationRequest& request) {
  const auto provider = PartyOf(request.provider_organisation, request.provider_unit);
  const auto acting = PartyOf(request.subject_organisation, request.subject_unit);
  // Where the recipient is left out it is the requester.
  const auto recipient = request.recipient_organisation.empty()
                             ? acting
                             : PartyOf(request.recipient_organisation, request.recipient_unit);
  if (!provider || !acting || !recipient) return std::nullopt;
  return Sides{*provider, *recipient, *acting};
}

identity::ArrangementQuery QueryFor(std::string_view fact, const Sides& sides,
                                    const policy::EvaluationRequest& request, absl::Time now) {
  identity::ArrangementQuery query{.provider = sides.provider,
                                   .recipient = sides.recipient,
                                   .purpose = request.purpose,
                                   .case_id = std::nullopt,
                                   .now = now};
  if (absl::StatusOr<CaseId> id = CaseId::Parse(request.resource_id); id.ok()) query.case_id = *id;
  if (fact != identity::kFactMandate) return query;
  const bool provider_acts = request.action == "disclose" || request.action == "recall";
  query.provider = sides.acting;
  query.recipient = provider_acts ? sides.provider : sides.recipient;
  return query;
}

// The fields that both the broker and a decision held here name.
void KeepProvenFields(const std::set<std::string>& proven, policy::EvaluationRequest& request) {
  if (!request.artikel_20_velden) return;
  std::erase_if(*request.artikel_20_velden,
                [&](const std::string& field) { return !proven.contains(field); });
}

void ProveArrangements(const Sides& sides, const OwnKnowledge& knowledge,
                       policy::EvaluationRequest& request) {
  for (const char* fact :
       {identity::kFactCovenant, identity::kFactMandate, identity::kFactArticle20,
        identity::kFactAuthority, identity::kFactByLaw}) {
    const auto claimed = request.facts.find(fact);
    const identity::ArrangementFact own = identity::FactFrom(
        knowledge.arrangements, fact, QueryFor(fact, sides, request, knowledge.now));
    if (std::string_view(fact) == identity::kFactArticle20) KeepProvenFields(own.fields, request);
    if (claimed == request.facts.end()) continue;
    const bool proven = claimed->second == kValid && own.value == identity::FactValue::kValid;
    if (!proven) request.facts.erase(claimed);
  }
}

void LookUpRegion(const Sides& sides, const OwnKnowledge& knowledge,
                  policy::EvaluationRequest& request) {
  request.facts.erase(kSameRegion);
  switch (knowledge.directory.Compare(sides.provider.oin, sides.recipient.oin)) {
    case identity::SameRegion::kYes:
      request.facts[kSameRegion] = "yes";
      break;
    case identity::SameRegion::kNo:
      request.facts[kSameRegion] = "no";
      break;
    case identity::SameRegion::kUnknown:
      break;
  }
}

// Who holds the case is not known here, so what only its holder can give counts as missing.
bool OnlyProviderMissing(const policy::Decision& own, const policy::EvaluationRequest& request,
                         const OwnKnowledge& knowledge) {
  const absl::StatusOr<Oin> provider = Oin::Parse(request.provider_organisation);
  if (own.outcome != policy::Outcome::kNeedsApproval || !provider.ok()) return false;
  const identity::Partner* partner = knowledge.directory.FindPartner(*provider);
  if (partner == nullptr) return false;
  return policy::CanGiveAll(
      knowledge.pack, own.approvals_needed,
      {.kind = partner->kind,
       .holds_case = false,
       .provides = true,
       .asks = request.provider_organisation == request.subject_organisation});
}

absl::Status RefusedByPolicy(std::string_view why) { return pseudonym::Refuse("E_MANDATE", why); }

}  // namespace

policy::EvaluationRequest WithOwnFacts(const policy::EvaluationRequest& given,
                                       const OwnKnowledge& knowledge) {
  policy::EvaluationRequest request = given;
  const std::optional<Sides> sides = SidesOf(request);
  if (!sides) {
    request.facts.clear();  // the engine will say what is wrong with the parties
    return request;
  }
  ProveArrangements(*sides, knowledge, request);
  LookUpRegion(*sides, knowledge, request);
  return request;
}

absl::Status CheckOwnPolicy(const StatedDecision& stated, const OwnKnowledge& knowledge) {
  const absl::Time time = stated.request.time;
  if (time > knowledge.now + kTolerance || time < knowledge.now - kOldestDecision) {
    return RefusedByPolicy("the decision was taken at another time");
  }
  const policy::Decision own =
      policy::Evaluate(knowledge.pack, WithOwnFacts(stated.request, knowledge));
  const bool waits = stated.awaits_provider && OnlyProviderMissing(own, stated.request, knowledge);
  if (own.outcome != policy::Outcome::kPermitted && !waits) {
    return RefusedByPolicy("this transcryptor's policy does not permit it");
  }
  for (const auto& [field, form] : stated.fields) {
    const auto permitted = own.fields.find(field);
    const int rank = knowledge.pack.FormRank(form);
    if (permitted == own.fields.end() || rank < 0 ||
        knowledge.pack.FormRank(permitted->second) < rank) {
      return RefusedByPolicy("this transcryptor's policy does not permit a field in that form");
    }
  }
  return absl::OkStatus();
}

}  // namespace sluis::transcryptor

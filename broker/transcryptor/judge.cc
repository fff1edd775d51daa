#include "broker/transcryptor/judge.h"

#include <set>

#include "broker/transcryptor/own_policy.h"
#include "lib/base/json.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/enrolment.h"
#include "lib/pseudonym/refusal.h"
#include "policy/engine/authzen.h"

namespace sluis::transcryptor {
namespace {

using pseudonym::DecisionStatement;
using pseudonym::RequestKind;

// More than a region has with one organisation; beyond it nothing is found, so nothing is proven.
constexpr int kMostArrangements = 10'000;

absl::Status Refused(std::string_view why) { return pseudonym::Refuse("E_MANDATE", why); }

const Json* At(const Json& json, std::initializer_list<const char*> path) {
  const Json* at = &json;
  for (const char* step : path) {
    if (!at->is_object() || !at->contains(step)) return nullptr;
    at = &at->at(step);
  }
  return at;
}

std::string TextAt(const Json& json, std::initializer_list<const char*> path) {
  const Json* at = At(json, path);
  return at != nullptr && at->is_string() ? at->get<std::string>() : std::string();
}

// A pseudonym that stays with its party and its case, under another epoch, gives nothing to
// anybody: no rule of the pack is about it.
bool IsEpochMove(const Json& request) {
  return TextAt(request, {"resource", "id"}) ==
             TextAt(request, {"resource", "properties", "from_case"}) &&
         TextAt(request, {"action", "properties", "purpose"}) ==
             TextAt(request, {"resource", "properties", "from_purpose"});
}

// The rulebook calls a move to another case a promotion.
Json InWordsOfThePack(const Json& request, RequestKind kind) {
  Json words = request;
  if (kind == RequestKind::kMove) words["action"]["name"] = "promote";
  return words;
}

}  // namespace

absl::StatusOr<std::vector<identity::Arrangement>> ArrangementsOf(
    storage::StateStore& store, const std::vector<std::string>& organisations) {
  std::vector<identity::Arrangement> found;
  std::set<std::string> seen;
  for (const std::string& text : organisations) {
    const absl::StatusOr<Oin> oin = Oin::Parse(text);
    if (!oin.ok()) continue;
    SLUIS_ASSIGN_OR_RETURN(const std::vector<storage::ArrangementRecord> records,
                           store.ListArrangements(*oin, kMostArrangements));
    for (const storage::ArrangementRecord& record : records) {
      if (!seen.insert(record.id).second) continue;
      // Signatures were checked when it came in.
      SLUIS_ASSIGN_OR_RETURN(identity::Arrangement arrangement,
                             identity::Arrangement::Parse(record.statement));
      found.push_back(std::move(arrangement));
    }
  }
  return found;
}

PolicyInForce PolicyAt(PolicyInForce policy, absl::Time now) {
  policy.is_stale = now >= policy.stale_after;
  if (now < policy.previous_until && !policy.is_stale) return policy;
  policy.previous.reset();
  policy.previous_digest = {};
  return policy;
}

std::vector<Digest> Judge::Packs() const {
  if (case_.policy.is_stale) return {};
  std::vector<Digest> packs = {case_.policy.digest};
  if (case_.policy.previous != nullptr) packs.push_back(case_.policy.previous_digest);
  return packs;
}

absl::Status Judge::PackPermits(const DecisionStatement& statement, RequestKind kind,
                                absl::Time now) {
  const auto& terms = statement.terms();
  const absl::StatusOr<policy::EvaluationRequest> request =
      policy::ParseAuthzenRequest(InWordsOfThePack(terms.request, kind).dump());
  if (!request.ok()) return Refused("the request of the statement cannot be read");
  SLUIS_ASSIGN_OR_RETURN(
      const std::vector<identity::Arrangement> arrangements,
      ArrangementsOf(store_, {request->provider_organisation, request->recipient_organisation,
                              request->subject_organisation}));
  const bool previous =
      case_.policy.previous != nullptr && terms.pack == case_.policy.previous_digest;
  const policy::Pack& pack = previous ? *case_.policy.previous : *case_.policy.pack;
  // Of an inquiry alone: no other kind is covered by such a statement (CheckCovers).
  const bool may_wait = terms.outcome == pseudonym::kNeedsApproval;
  return CheckOwnPolicy({*request, terms.fields, may_wait},
                        {pack, *case_.directory, arrangements, now});
}

// The register that the statement names, as the own directory has it at the provider, in the epoch
// of the index that is asked for.
absl::StatusOr<const identity::Register*> Judge::RegisterOf(
    const DecisionStatement& statement) const {
  const Json& request = statement.terms().request;
  const absl::StatusOr<PartyId> owner =
      pseudonym::Party{TextAt(request, {"resource", "properties", "provider_organisation"}),
                       TextAt(request, {"resource", "properties", "provider_unit"})}
          .ToPartyId();
  if (!owner.ok()) return Refused("the owner of the register is no party");
  const identity::UnitEntry* unit = case_.directory->FindParty(*owner);
  if (unit == nullptr) return Refused("the owner of the register is not in the directory");
  const std::string name = TextAt(request, {"resource", "properties", "register"});
  for (const identity::Register& entry : unit->registers) {
    if (entry.id != name) continue;
    if (!case_.index || case_.index->epoch() != entry.epoch) {
      return Refused("the directory has the register under another epoch");
    }
    return &entry;
  }
  return Refused("the directory knows no such register");
}

// No exchange: its rule is the signed directory entry of the register.
absl::Status Judge::EnrolmentPermits(const DecisionStatement& statement) const {
  SLUIS_ASSIGN_OR_RETURN(const identity::Register* entry, RegisterOf(statement));
  if (!entry->kinds.contains(case_.origin)) {
    return Refused("the register holds no such subjects");
  }
  return statement.terms().bulk.value_or(0) <= pseudonym::MostEnrolled(entry->size)
             ? absl::OkStatus()
             : Refused("the statement allows more items than the register has");
}

// What was decided about the regime of a question is about the register of that regime alone.
absl::Status Judge::InquiryPermits(const DecisionStatement& statement) const {
  SLUIS_ASSIGN_OR_RETURN(const identity::Register* entry, RegisterOf(statement));
  const Json& request = statement.terms().request;
  return entry->regime == TextAt(request, {"resource", "properties", "regime"})
             ? absl::OkStatus()
             : Refused("the register is kept under another regime than the decision is about");
}

absl::Status Judge::Permits(const DecisionStatement& statement, RequestKind kind,
                            const Digest& request_digest, absl::Time now) {
  if (kind == RequestKind::kEnrol) return EnrolmentPermits(statement);
  if (kind == RequestKind::kInquire) SLUIS_RETURN_IF_ERROR(InquiryPermits(statement));
  if (kind == RequestKind::kReverse) {
    SLUIS_RETURN_IF_ERROR(
        pseudonym::VerifyApprovals(request_digest, case_.approvals, case_.officers));
  }
  if (kind == RequestKind::kMove && IsEpochMove(statement.terms().request)) {
    return absl::OkStatus();
  }
  return PackPermits(statement, kind, now);
}

}  // namespace sluis::transcryptor

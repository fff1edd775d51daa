#include "broker/exchange/read_records.h"

#include <array>

#include "broker/exchange/access.h"
#include "broker/exchange/decide.h"
#include "broker/exchange/decision_json.h"
#include "broker/exchange/leaves.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

constexpr std::array<const char*, 5> kUses = {"", "LAWFULNESS_CHECK", "INTERNAL_CONTROL",
                                              "INTEGRITY_SECURITY", "CRIMINAL_PROCEEDINGS"};

// The look in the words of the policy: the unit provides its provision log to who looks, outside
// any case.
storage::ExchangeRecord AsExchange(const Turn& turn, const ListRecords& list) {
  storage::ExchangeRecord look;
  look.owner = turn.caller.party;
  look.action = "request";
  look.purpose = list.purpose;
  look.basis = list.basis;
  look.provider = look.provider_desk = list.provider;
  look.recipient = look.recipient_desk = turn.caller.party;
  look.case_phase = "geen";
  look.regime = list.regime;
  look.subject_category = "geen";
  look.fields = {"res-provisielog"};
  look.requester = turn.caller.person;
  return look;
}

Json Members(const ListRecords& list, const Decided& decided, const RecordsFound& found) {
  Json members = DecisionMembers(decided);
  members["use"] = UseName(list.use);
  members["unit"] = list.provider.ToString();
  members["records"] = found.indices.size();
  if (!found.indices.empty()) {
    members["first"] = found.indices.front();
    members["last"] = found.indices.back();
  }
  return members;
}

absl::Status Collect(Turn& turn, const ListRecords& list, RecordsFound& found) {
  SLUIS_ASSIGN_OR_RETURN(
      found.indices, turn.store.ListRecordIndices(list.provider, list.start, list.end, list.after,
                                                  list.limit + 1));
  found.more = found.indices.size() > static_cast<std::size_t>(list.limit);
  if (found.more) found.indices.pop_back();
  return absl::OkStatus();
}

}  // namespace

std::string UseName(int use) {
  const bool known = use > 0 && use < static_cast<int>(kUses.size());
  return known ? kUses[static_cast<std::size_t>(use)] : "";
}

absl::StatusOr<RecordsFound> FindRecordsIn(Turn& turn, const ListRecords& list) {
  SLUIS_RETURN_IF_ERROR(OwnParty(turn.caller, list.parent));
  if (UseName(list.use).empty()) {
    return Error(ErrorCode::kDenied, "USE_NOT_ALLOWED",
                 "the log serves only the uses that the law names; give one");
  }
  const storage::ExchangeRecord look = AsExchange(turn, list);
  storage::CaseRecord outside;
  outside.phase = look.case_phase;
  SLUIS_ASSIGN_OR_RETURN(const Decided decided, DecideOn(turn, look, outside, {}));
  const policy::Decision& decision = decided.decision;
  RecordsFound found;
  found.decision = DecisionToJson(decided, turn.policy, turn.now);
  if (decision.outcome == policy::Outcome::kPermitted)
    SLUIS_RETURN_IF_ERROR(Collect(turn, list, found));

  journal::LeafDraft draft = ExchangeLeaf(turn, look, tlog::LeafKind::kLogRead, OutcomeOf(decision),
                                          Members(list, decided, found));
  draft.retention = tlog::RetentionClass::kAccess;
  draft.record.erase("case");
  SLUIS_RETURN_IF_ERROR(turn.log.Append(std::move(draft)).status());
  return found;
}

std::string RecordsFound::ToJson() const {
  return Json{{"decision", decision}, {"indices", indices}, {"more", more}}.dump();
}

absl::StatusOr<RecordsFound> RecordsFound::FromJson(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    return RecordsFound{json.at("decision").get<std::string>(),
                        json.at("indices").get<std::vector<std::uint64_t>>(),
                        json.at("more").get<bool>()};
  } catch (const Json::exception&) {
    return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
                 "a stored answer cannot be read; call the operator");
  }
}

}  // namespace sluis::exchange

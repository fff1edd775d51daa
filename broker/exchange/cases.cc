#include "broker/exchange/cases.h"

#include "absl/strings/str_format.h"
#include "broker/exchange/access.h"
#include "broker/exchange/leaves.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

absl::Status LogCase(Turn& turn, const storage::CaseRecord& record, std::string_view change) {
  Json participants = Json::array();
  for (const PartyId& party : record.participants) participants.push_back(party.ToString());
  journal::LeafDraft draft = StructuralLeaf(turn, tlog::LeafKind::kCaseChange,
                                            {{"case", record.id.hex()},
                                             {"change", std::string(change)},
                                             {"phase", record.phase},
                                             {"open", record.open},
                                             {"participants", participants}});
  draft.parties.assign(record.participants.begin(), record.participants.end());
  return turn.log.Append(std::move(draft)).status();
}

absl::Status CheckEtag(const storage::CaseRecord& record, const std::string& etag) {
  if (etag.empty() || etag == absl::StrFormat("%d", record.version)) return absl::OkStatus();
  return Error(ErrorCode::kAborted, "ETAG_MISMATCH",
               "the case was changed since you read it; read it again");
}

}  // namespace

absl::StatusOr<storage::CaseRecord> OpenCaseIn(Turn& turn, const CaseId& id,
                                               const std::string& phase) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::CaseRecord> existing, turn.store.FindCase(id));
  if (existing) {
    return Error(ErrorCode::kExists, "ID_TAKEN", "this case id is in use; draw a new random one");
  }
  storage::CaseRecord record{.id = id,
                             .holder = turn.caller.party,
                             .phase = phase,
                             .open = true,
                             .participants = {turn.caller.party},
                             .create_time = turn.now,
                             .version = 1,
                             .hits = {}};
  SLUIS_RETURN_IF_ERROR(turn.store.PutCase(record));
  SLUIS_RETURN_IF_ERROR(LogCase(turn, record, "created"));
  return record;
}

absl::Status ChangeCaseIn(Turn& turn, const ChangeCase& change) {
  SLUIS_ASSIGN_OR_RETURN(storage::CaseRecord record, AsHolder(turn.store, turn.caller, change.id));
  SLUIS_RETURN_IF_ERROR(CheckEtag(record, change.etag));
  if (!record.open) {
    return Error(ErrorCode::kPrecondition, "EXCHANGE_CLOSED", "the case is closed; open a new one");
  }
  if (change.phase) record.phase = *change.phase;
  if (change.close) record.open = false;
  ++record.version;
  SLUIS_RETURN_IF_ERROR(turn.store.PutCase(record));
  return LogCase(turn, record, change.close ? "closed" : "phase");
}

absl::Status AddParticipants(Turn& turn, storage::CaseRecord& record,
                             std::initializer_list<PartyId> parties) {
  bool changed = false;
  for (const PartyId& party : parties) changed |= record.participants.insert(party).second;
  if (!changed) return absl::OkStatus();
  ++record.version;
  SLUIS_RETURN_IF_ERROR(turn.store.PutCase(record));
  return LogCase(turn, record, "participants");
}

}  // namespace sluis::exchange

#include "broker/exchange/record_hit.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "broker/exchange/access.h"
#include "broker/exchange/leaves.h"
#include "broker/exchange/states.h"
#include "broker/exchange/subject.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/inquiry.h"

namespace sluis::exchange {
namespace {

absl::Status CheckWasAnswered(const storage::ExchangeRecord& exchange) {
  const bool answered = exchange.state == ExchangeState::kAnswered ||
                        exchange.state == ExchangeState::kCollected ||
                        exchange.state == ExchangeState::kDestroyed;
  if (exchange.action == kInquire && answered && !exchange.recalled_by) return absl::OkStatus();
  return Error(ErrorCode::kPrecondition, "EXCHANGE_CLOSED",
               "only a hit of an inquiry that was answered, and not recalled, goes on record",
               {{"state", std::string(StateName(exchange.state))}});
}

absl::Status CheckPosition(const storage::ExchangeRecord& exchange, int position) {
  if (position >= 0 && position < exchange.positions) return absl::OkStatus();
  return InvalidField(
      "FIELD_INVALID", "position",
      absl::StrFormat("this inquiry has %d positions, counted from 0", exchange.positions));
}

absl::Status VerifySigned(const Turn& turn, const storage::ExchangeRecord& exchange,
                          const RecordHit& hit) {
  const identity::UnitEntry* provider = turn.directory.FindParty(exchange.provider_desk);
  if (provider == nullptr) {
    return Error(ErrorCode::kDenied, "PARTNER_SUSPENDED",
                 "the provider is no longer in the partner directory");
  }
  // Presented as a hit: what was signed as none never verifies.
  return pseudonym::VerifyHit(exchange.id, static_cast<std::uint32_t>(hit.position), /*hit=*/true,
                              hit.signature, provider->signing);
}

// Who knows a subject, by which inquiry; not which subject.
absl::Status LogHit(Turn& turn, const storage::ExchangeRecord& exchange) {
  journal::LeafDraft draft = StructuralLeaf(turn, tlog::LeafKind::kCaseChange,
                                            {{"case", exchange.case_id.hex()},
                                             {"change", "hit-recorded"},
                                             {"provider", exchange.provider.ToString()},
                                             {"inquiry", exchange.id.hex()}});
  draft.parties = {exchange.owner, exchange.provider_desk};
  return turn.log.Append(std::move(draft)).status();
}

}  // namespace

absl::StatusOr<ExchangeId> RecordHitIn(Turn& turn, const RecordHit& hit) {
  SLUIS_ASSIGN_OR_RETURN(const storage::ExchangeRecord exchange,
                         AsOwner(turn.store, turn.caller, hit.exchange));
  SLUIS_RETURN_IF_ERROR(CheckWasAnswered(exchange));
  SLUIS_RETURN_IF_ERROR(CheckPosition(exchange, hit.position));
  SLUIS_RETURN_IF_ERROR(VerifySigned(turn, exchange, hit));
  SLUIS_ASSIGN_OR_RETURN(storage::CaseRecord the_case, CaseOfExchange(turn.store, exchange));
  const std::vector<int> known = RecordedHits(the_case, exchange.id);
  if (std::find(known.begin(), known.end(), hit.position) != known.end()) return exchange.id;
  the_case.hits.push_back({exchange.provider, exchange.owner, exchange.id, hit.position, turn.now});
  ++the_case.version;
  SLUIS_RETURN_IF_ERROR(turn.store.PutCase(the_case));
  SLUIS_RETURN_IF_ERROR(LogHit(turn, exchange));
  return exchange.id;
}

bool HasHit(const storage::CaseRecord& the_case, const PartyId& provider) {
  return std::any_of(the_case.hits.begin(), the_case.hits.end(),
                     [&](const storage::HitRecord& hit) { return hit.provider == provider; });
}

std::vector<int> RecordedHits(const storage::CaseRecord& the_case, const ExchangeId& exchange) {
  std::vector<int> positions;
  for (const storage::HitRecord& hit : the_case.hits) {
    if (hit.exchange == exchange) positions.push_back(hit.position);
  }
  std::sort(positions.begin(), positions.end());
  return positions;
}

storage::CaseRecord AsSeenBy(const Caller& caller, storage::CaseRecord the_case) {
  if (caller.party.oin == the_case.holder.oin) return the_case;
  std::erase_if(the_case.hits, [&](const storage::HitRecord& hit) {
    return hit.provider != caller.party && hit.asker != caller.party;
  });
  return the_case;
}

}  // namespace sluis::exchange

// What the policy would say, for callers that make no exchange: a look, and its leaves.
#include "broker/exchange/create_exchange.h"
#include "broker/exchange/service.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {

absl::StatusOr<std::unique_ptr<Moment>> Service::Look(const Caller& caller) {
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
  return std::make_unique<Moment>(std::move(reader), caller, policies_.Current(),
                                  directories_.Current(), clock_.Now(),
                                  options_.bundle_readers.contains(caller.party));
}

absl::Status Service::NoteTrials(const Moment& moment, const std::vector<ExchangeResult>& tried) {
  if (tried.empty()) return absl::OkStatus();
  // Nothing changes, so the assertion may serve again while it lasts.
  Caller caller = moment.caller();
  caller.jti.clear();
  return TakeAndWait(caller, [&](Turn& turn) -> absl::Status {
    for (const ExchangeResult& one : tried)
      SLUIS_RETURN_IF_ERROR(LogDryRun(turn, one, moment.policy().digest));
    return absl::OkStatus();
  });
}

}  // namespace sluis::exchange

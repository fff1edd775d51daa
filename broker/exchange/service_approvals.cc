// Approvals that are asked for on their own: the same exchange, made of a question that was denied.
#include <utility>

#include "broker/exchange/approval_task.h"
#include "broker/exchange/create_exchange.h"
#include "broker/exchange/service.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/random.h"

namespace sluis::exchange {

void Service::AskApproval(const Caller& caller, const RequestStamp& stamp, CreateExchange ask,
                          std::function<absl::Status(absl::Time now)> admit,
                          Reply<ExchangeResult> reply) {
  TakeOnExchange(
      caller, stamp,
      [ask = std::move(ask), admit = std::move(admit),
       id = ExchangeId::FromBytes(RandomArray<16>())](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_RETURN_IF_ERROR(admit(turn.now));
        SLUIS_RETURN_IF_ERROR(CreateIn(turn, ask, id).status());
        return Outcome{id.hex(), absl::OkStatus()};
      },
      std::move(reply));
}

void Service::CancelApproval(const Caller& caller, const RequestStamp& stamp, ExchangeId id,
                             Reply<ExchangeResult> reply) {
  TakeOnExchange(
      caller, stamp,
      [id](Turn& turn) -> absl::StatusOr<Outcome> {
        SLUIS_RETURN_IF_ERROR(CancelTaskIn(turn, id).status());
        return Outcome{id.hex(), absl::OkStatus()};
      },
      std::move(reply));
}

}  // namespace sluis::exchange

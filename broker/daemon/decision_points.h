// What may be asked of the policy alone, over HTTPS and over gRPC: the exchange's own decision
// point and the foreign packs of the configuration.
#pragma once

#include <memory>
#include <vector>

#include "absl/status/statusor.h"
#include "broker/authzen/access_requests.h"
#include "broker/authzen/entity_pack.h"
#include "broker/authzen/exchange_point.h"
#include "broker/authzen/protocols.h"
#include "sluis/broker/v1/config.pb.h"

namespace sluis::daemon {

// Thread-safe. Everything given outlives it.
class DecisionPoints {
 public:
  // CONFIG_INVALID naming the pack that cannot be used.
  static absl::StatusOr<std::unique_ptr<DecisionPoints>> Load(const broker::v1::Authzen& config,
                                                              exchange::Service& service,
                                                              const Clock& clock);
  const authzen::Protocols& protocols() const { return protocols_; }
  // For approvals of the exchange's own point.
  authzen::AccessRequests& requests() { return requests_; }

 private:
  DecisionPoints(exchange::Service& service, const Clock& clock);

  authzen::ExchangePoint exchange_;
  authzen::AccessRequests requests_;
  std::vector<std::unique_ptr<authzen::EntityPack>> foreign_;
  authzen::Protocols protocols_;
};

}  // namespace sluis::daemon

#include "broker/daemon/decision_points.h"

#include <utility>

#include "lib/base/status_macros.h"

namespace sluis::daemon {

DecisionPoints::DecisionPoints(exchange::Service& service, const Clock& clock)
    : exchange_(service), requests_(service, exchange_.denials(), clock), protocols_(clock) {
  protocols_.Add("", exchange_);
}

absl::StatusOr<std::unique_ptr<DecisionPoints>> DecisionPoints::Load(
    const broker::v1::Authzen& config, exchange::Service& service, const Clock& clock) {
  std::unique_ptr<DecisionPoints> points(new DecisionPoints(service, clock));
  for (const broker::v1::ForeignPack& foreign : config.foreign_packs()) {
    SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<authzen::EntityPack> pack,
                           authzen::EntityPack::Load(foreign.file()));
    points->protocols_.Add(foreign.tenant(), *pack);
    points->foreign_.push_back(std::move(pack));
  }
  return points;
}

}  // namespace sluis::daemon

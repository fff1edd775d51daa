// The exchange's own decision point: the pack, the facts and the directory that exchanges are
// decided by, at the caller's own cases. What is decided is a trial: it makes no exchange, and it
// is in the log (DRY_RUN) before it is answered.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "broker/authzen/decision_point.h"
#include "broker/authzen/denial_tokens.h"
#include "broker/exchange/service.h"

namespace sluis::authzen {

// Thread-safe. The service outlives it.
class ExchangePoint : public DecisionPoint {
 public:
  explicit ExchangePoint(exchange::Service& service) : service_(service) {}
  absl::StatusOr<std::unique_ptr<Hearing>> Open(const exchange::Caller& caller) override;
  std::vector<std::string> Obligations() const override { return {"custom"}; }
  // What its denials for want of an approval are bound with.
  const DenialTokens& denials() const { return denials_; }

 private:
  exchange::Service& service_;
  const DenialTokens denials_;
};

}  // namespace sluis::authzen

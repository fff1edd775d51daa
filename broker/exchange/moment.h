// One moment of the broker, for questions that change nothing: what the policy would say of an
// exchange that nobody makes. Every question of one moment meets the same store, policy, directory
// and clock.
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "broker/exchange/commands.h"
#include "broker/exchange/view.h"

namespace sluis::exchange {

// One thread at a time. The store outlives it.
class Moment {
 public:
  // `audits`: the caller's desk has a mandate to read whole entry bundles.
  Moment(std::unique_ptr<storage::Reader> reader, Caller caller, PolicyInForce policy,
         std::shared_ptr<const identity::Directory> directory, absl::Time now, bool audits);

  // Decides as CreateExchange with validate_only does. INVALID_ARGUMENT naming the member for what
  // the rulebook calls INVALID; PERMISSION_DENIED for a case that the caller may not see or that is
  // not there.
  // `approvals` were given to the same question: one more thing that is weighed.
  absl::StatusOr<ExchangeResult> TryOut(
      const CreateExchange& ask, const std::vector<storage::ApprovalRecord>& approvals = {}) const;
  // The approval task (approval_task.h) of this very caller; nullopt for any other id.
  absl::StatusOr<std::optional<ExchangeResult>> FindTask(const ExchangeId& id) const;
  // Every case that the caller's party takes part in, by id.
  absl::StatusOr<std::vector<storage::CaseRecord>> Cases() const;

  const Caller& caller() const { return caller_; }
  const PolicyInForce& policy() const { return policy_; }
  const identity::Directory& directory() const { return *directory_; }
  absl::Time now() const { return now_; }
  bool audits() const { return audits_; }

 private:
  const std::unique_ptr<storage::Reader> reader_;
  const Caller caller_;
  const PolicyInForce policy_;
  const std::shared_ptr<const identity::Directory> directory_;
  const absl::Time now_;
  const bool audits_;
};

}  // namespace sluis::exchange

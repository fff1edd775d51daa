// The policy that is in force, from a bundle that two persons signed (policy/signed/bundle.h): read
// at the start and again when asked. A bundle that cannot be taken changes nothing: the last good
// one stays in force, until it is older than its maximum age.
#pragma once

#include <prometheus/counter.h>
#include <prometheus/family.h>
#include <prometheus/gauge.h>
#include <prometheus/registry.h>

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "broker/daemon/sources.h"
#include "broker/exchange/surroundings.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "policy/signed/activators.h"
#include "policy/signed/bundle.h"
#include "policy/signed/mark.h"

namespace sluis::daemon {

// Of so many decisions one is compared with the plain scan, unless the configuration says
// otherwise.
inline constexpr std::uint32_t kComparedOneIn = 1000;

struct PolicyTerms {
  std::filesystem::path bundle;
  // Where the pack in force is noted, so that an older one is refused also after a restart; empty:
  // nowhere.
  std::filesystem::path mark;
  policy::Activators activators;
  std::vector<tlog::VerifierKey> jurists;
  // Rules that no jurist signed are taken, and the log says so.
  bool demonstration = false;
  std::uint32_t compared_one_in = kComparedOneIn;
};

// `Policy` is the message of that name of a configuration. FIELD_INVALID naming the key.
template <typename Policy>
absl::StatusOr<PolicyTerms> PolicyTermsOf(const Policy& policy, bool demonstration);
// The same about these lists.
absl::StatusOr<PolicyTerms> MakePolicyTerms(const std::string& bundle, const std::string& mark,
                                            const std::vector<std::string>& activators,
                                            const std::vector<std::string>& jurists,
                                            bool demonstration);

// What is missing or wrong under `policy` of a configuration, by key.
template <typename Policy>
std::vector<FieldViolation> CheckPolicyKeys(const Policy& policy, bool demonstration);

// Current() and Replaced() are thread-safe; Load, Reload, Confirm and CountIn belong to one thread.
// `clock` outlives it.
class PolicyFromBundle : public exchange::PolicySource {
 public:
  // The pack before the one in force, and until when it still counts for what was decided under it.
  struct Before {
    exchange::PolicyInForce policy;
    absl::Time until;
  };

  // The errors of Bundle::Parse, CheckInTime, CheckFollows, RequireProved (PACK_NOT_PROVED),
  // RulesSigned and, outside a demonstration, RequireRulesSigned (RULE_NOT_SIGNED);
  // PACK_MARK_INVALID; FILE_NOT_FOUND.
  static absl::StatusOr<std::unique_ptr<PolicyFromBundle>> Load(PolicyTerms terms,
                                                                const Clock& clock);
  exchange::PolicyInForce Current() const override;
  std::optional<Before> Replaced() const;

  // True if another bundle is in force now; refused ones are logged and counted by reason.
  absl::StatusOr<bool> Reload();
  // The bundle in force, if that is not noted yet: its activation is to be announced first, then
  // confirmed.
  std::shared_ptr<const policy::Bundle> Unconfirmed() const;
  // Notes the bundle in force in the mark.
  absl::Status Confirm();
  // Says in the log that the pack in force is too old, if it is. Thread-safe.
  void WarnIfStale() const;
  // Reloads by result, and when the pack in force ends, as metrics from now on.
  void CountIn(prometheus::Registry& registry);

 private:
  // Replaced as a whole, so that a request sees one of them.
  struct Held {
    std::shared_ptr<const policy::Bundle> bundle;
    exchange::PolicyInForce policy;
    std::optional<Before> before;
  };
  PolicyFromBundle(PolicyTerms terms, const Clock& clock)
      : terms_(std::move(terms)), clock_(clock) {}
  absl::StatusOr<std::shared_ptr<const policy::Bundle>> ReadBundle() const;
  absl::Status CheckMayFollow(const policy::Bundle& candidate) const;
  absl::StatusOr<bool> Take();
  void Announce(const policy::Bundle& bundle) const;
  std::shared_ptr<const Held> Succeed(std::shared_ptr<const policy::Bundle> bundle) const;

  const PolicyTerms terms_;
  const Clock& clock_;
  Holder<Held> held_;
  std::optional<policy::PackMark> marked_;
  prometheus::Family<prometheus::Counter>* reloads_ = nullptr;
  prometheus::Gauge* stale_ = nullptr;
};

template <typename Policy>
absl::StatusOr<PolicyTerms> PolicyTermsOf(const Policy& policy, bool demonstration) {
  return MakePolicyTerms(policy.bundle_file(), policy.mark_file(),
                         {policy.activators().begin(), policy.activators().end()},
                         {policy.jurists().begin(), policy.jurists().end()}, demonstration);
}

template <typename Policy>
std::vector<FieldViolation> CheckPolicyKeys(const Policy& policy, bool demonstration) {
  std::vector<FieldViolation> found;
  if (policy.bundle_file().empty()) found.push_back({"policy.bundle_file", "is required"});
  if (policy.mark_file().empty()) found.push_back({"policy.mark_file", "is required"});
  if (!demonstration && policy.jurists().empty()) {
    found.push_back({"policy.jurists", "is required outside a demonstration"});
  }
  const absl::Status keys = PolicyTermsOf(policy, demonstration).status();
  for (const FieldViolation& wrong : DetailOf(keys).violations) {
    found.push_back({"policy." + wrong.field, wrong.description});
  }
  return found;
}

}  // namespace sluis::daemon

// What is asked of a bundle before it is put to use, in one place: the daemons ask it, and so does
// who looks at a bundle before handing it over.
#pragma once

#include <memory>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/tlog/vkey.h"
#include "policy/signed/activators.h"
#include "policy/signed/bundle.h"

namespace sluis::policy {

struct AdmittedBundle {
  std::shared_ptr<const Bundle> bundle;
  // OK if jurists signed every rule; else RULE_NOT_SIGNED with metadata `count` and `rules`.
  // Outside a demonstration such a bundle is not used.
  absl::Status rules_signed;
};

// The errors of Bundle::Parse, CheckInTime, RequireProved and RulesSigned.
absl::StatusOr<AdmittedBundle> AdmitBundle(BytesView bytes, const Activators& activators,
                                           std::span<const tlog::VerifierKey> jurists,
                                           absl::Time now);

}  // namespace sluis::policy

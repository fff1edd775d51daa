#include "policy/signed/admission.h"

#include "lib/base/status_macros.h"
#include "policy/engine/prove.h"
#include "policy/signed/jurist.h"

namespace sluis::policy {

absl::StatusOr<AdmittedBundle> AdmitBundle(BytesView bytes, const Activators& activators,
                                           std::span<const tlog::VerifierKey> jurists,
                                           absl::Time now) {
  AdmittedBundle admitted;
  SLUIS_ASSIGN_OR_RETURN(admitted.bundle, Bundle::Parse(bytes, activators));
  const Pack& pack = *admitted.bundle->pack();
  SLUIS_RETURN_IF_ERROR(CheckInTime(*admitted.bundle, now));
  SLUIS_RETURN_IF_ERROR(RequireProved(pack, {}));
  CodeSet rules;
  if (!jurists.empty()) {
    SLUIS_ASSIGN_OR_RETURN(rules,
                           RulesSigned(pack, admitted.bundle->terms().jurist_notes, jurists));
  }
  admitted.rules_signed = RequireRulesSigned(pack, rules);
  return admitted;
}

}  // namespace sluis::policy

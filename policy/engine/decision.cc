#include "policy/engine/decision.h"

namespace sluis::policy {

std::string_view OutcomeName(Outcome outcome) {
  switch (outcome) {
    case Outcome::kPermitted:
      return "PERMITTED";
    case Outcome::kNeedsApproval:
      return "NEEDS_APPROVAL";
    case Outcome::kDeniedNoBasis:
      return "DENIED_NO_BASIS";
    case Outcome::kDeniedProhibited:
      return "DENIED_PROHIBITED";
    case Outcome::kInvalid:
      return "INVALID";
  }
  return "INVALID";
}

}  // namespace sluis::policy

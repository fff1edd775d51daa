#include "clients/cli/register_look_up.h"

#include "absl/strings/str_format.h"
#include "lib/base/error.h"

namespace sluis::cli {

absl::StatusOr<edge::LookUp> LookUpIn(const edge::PartyFolder&, const edge::AskedIndex& index) {
  return Error(ErrorCode::kPrecondition, "INDEX_MISSING",
               absl::StrFormat("there is no complete index of register %s here", index.register_id));
}

}  // namespace sluis::cli

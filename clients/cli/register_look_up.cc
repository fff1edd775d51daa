#include "clients/cli/register_look_up.h"

#include <memory>
#include <utility>

#include "clients/lib/index/register_index.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {

absl::StatusOr<edge::LookUp> LookUpIn(const edge::PartyFolder& party, const edge::AskedIndex& index) {
  SLUIS_ASSIGN_OR_RETURN(auto opened,
                         edge::RegisterIndex::Open(party, index.register_id, index.epoch));
  return [kept = std::shared_ptr<const edge::RegisterIndex>(std::move(opened))](
             const pseudonym::IndexPseudonym& asked) { return kept->Find(asked); };
}

}  // namespace sluis::cli

// The id of a case that is opened here.
#pragma once

#include "lib/base/ids.h"
#include "lib/crypto/random.h"

namespace sluis::edge {

// Random. Drawn again in the rare case that its digits could be taken for a citizen number, which
// the broker refuses in an id (api.md §2).
inline CaseId NewCaseId() {
  for (;;) {
    const CaseId id = CaseId::FromBytes(RandomArray<16>());
    if (!ContainsBsnLikeRun(id.hex())) return id;
  }
}

}  // namespace sluis::edge

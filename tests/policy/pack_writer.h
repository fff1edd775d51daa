// A pack as the text of its files, so that packs made in memory can be loaded.
#pragma once

#include <vector>

#include "policy/engine/loader.h"
#include "policy/engine/pack.h"

namespace sluis::policy::testing {

// Files of at most about half a megabyte; loading them gives a pack with the same canonical bytes.
std::vector<PackText> WritePack(const Pack& pack);

}  // namespace sluis::policy::testing

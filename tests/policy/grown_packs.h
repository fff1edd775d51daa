// Packs of any size that look like another pack, for measuring.
#pragma once

#include <memory>

#include "policy/engine/pack.h"

namespace sluis::policy::testing {

// About `rules` rules in the manner of `pack`: all its rules again and again, each time for
// purposes of their own, so that rules meet as they do in `pack`.
std::shared_ptr<const Pack> RepeatedPack(const Pack& pack, std::size_t rules);

// `rules` rules, each one of `pack` with some of its codes left out. The vocabulary stays, so the
// larger the pack, the more rules meet in one request.
std::shared_ptr<const Pack> ThinnedPack(const Pack& pack, std::size_t rules, unsigned seed);

}  // namespace sluis::policy::testing

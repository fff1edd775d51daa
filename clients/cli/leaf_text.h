// A leaf of the log for people and scripts.
#pragma once

#include "lib/base/json.h"
#include "lib/tlog/leaf.h"
#include "lib/tlog/trust_policy.h"

namespace sluis::cli {

// {kind, outcome, hour, exchange, acting, other, ...}; members that the leaf leaves empty are absent.
Json DescribeLeaf(const tlog::Leaf& leaf);
// `2026-11-24T09:00Z` for seconds since 1970.
std::string HourText(std::int64_t hour);
// {origin, size, root, witnesses, no_quorum}.
Json DescribeCheckpoint(const tlog::TrustedCheckpoint& checkpoint);

}  // namespace sluis::cli

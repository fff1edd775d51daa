// What changes when one pack takes the place of another, over all requests there are (not over a
// sample): as regions of the space of both packs.
#pragma once

#include <string>
#include <vector>

#include "policy/engine/pack.h"
#include "policy/engine/region.h"

namespace sluis::policy {

enum class ChangeKind {
  kOpens,            // some approval may make it possible, before none did
  kCloses,           // and the reverse
  kNeedsNoApproval,  // was possible, but only with approval
  kNeedsApproval,    // is possible still, but only with approval
  kMoreRevealing,    // was possible in a less revealing form
  kLessRevealing,
  kOpensInEmergency,  // an emergency rule carries it now
  kClosesInEmergency,
};

// `opens`, `closes`, `needs-no-approval`, ...
std::string_view ChangeName(ChangeKind kind);
// It lets more through than before.
bool IsWider(ChangeKind kind);

struct Change {
  ChangeKind kind = ChangeKind::kOpens;
  std::string rule;  // of the pack that lets it through: the new one if it is wider, else the old
  std::string form;  // for kMoreRevealing and kLessRevealing: the form from which on
  Region region;
};

struct Impact {
  std::vector<Change> changes;  // wider ones first, then by rule
  bool complete = true;         // false: the steps were used up and some may be missing
};

// `space` must be made of both.
Impact Compare(const Space& space, const Pack& before, const Pack& after, Steps& steps);

// The region in words: each axis that is not left open, with the meaning of its codes. One clause
// an axis, joined by `; `.
Text Describe(const Space& space, const Pack& pack, const Region& region);

}  // namespace sluis::policy

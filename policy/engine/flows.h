// Onward flows: what reaches a unit through another one. A gives to B, B may pass on what the
// obligation of A's release allows, and a rule lets B give that category to C.
#pragma once

#include <string>
#include <vector>

#include "absl/time/time.h"
#include "policy/engine/pack.h"
#include "policy/engine/region.h"

namespace sluis::policy {

struct Flow {
  std::string category;  // of the field
  std::string from, through, to;
  std::vector<std::string> first, second;  // permits of the two steps, sorted
  bool direct = false;  // some permit lets `from` give the category to `to` itself
};

struct Flows {
  std::vector<Flow> list;  // by category, from, through, to
  bool complete = true;    // false: the steps were used up
};

// At `time`, what no prohibition closes. An onward rule of `none` ends a flow; `named` lets it go
// on to the units it names; anything else only in the same case: with a purpose and a phase that
// both steps share. Obligations that conditions add are left out, which shows flows too many rather
// than too few. Emergencies are not followed: what they release may not be passed on but by another
// emergency.
Flows FindFlows(const Pack& pack, absl::Time time, Steps& steps);

}  // namespace sluis::policy

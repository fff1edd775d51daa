// The rules read backwards: what may be asked, of whom, who may get this from me. Exact, where
// policy/engine/options.h lists the rules that could matter.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "policy/engine/pack.h"

namespace sluis::policy {

struct PossibleQuery {
  // What is asked for: `action`, `purpose`, `provider`, `recipient`, `basis`, `regime`,
  // `subject_category`, `case_phase`, `field`.
  std::string wanted;
  // Axis (or fact) to the codes that it may have; what is not named may be anything.
  std::map<std::string, std::vector<std::string>> given;
  absl::Time time;
  // Answers at most this many at once; 0: all.
  std::size_t page_size = 0;
  // `next` of the page before; empty: from the start.
  std::string after;
};

struct Possibility {
  std::string code;
  std::vector<std::string> rules;  // permits that let it through, sorted
  bool without_approval = false;   // for some request nobody need approve
};

struct PossiblePage {
  std::vector<Possibility> list;  // in the order of the codes' names
  std::string next;               // not empty: there is more, ask for what comes after this
};

// Every code for which some request can come to PERMITTED, and no other: facts and approvals are
// taken at their best, emergencies left out. INVALID_ARGUMENT with QUERY_INVALID if an axis or a
// code is not known to the pack, RESOURCE_EXHAUSTED with STEPS_USED_UP if the rules are too
// entangled.
absl::StatusOr<PossiblePage> FindPossible(const Pack& pack, const PossibleQuery& query);

}  // namespace sluis::policy

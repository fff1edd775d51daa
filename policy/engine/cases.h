// Test cases of a pack: requests with the answers that they must get, and what no case looks at.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "policy/engine/compiled_pack.h"

namespace sluis::policy {

// `expected` is a JSON object of members of the response: `decision` and any of its context.
struct Case {
  std::string id, title;
  std::string request, expected;  // JSON
};

// One case a line: {"id", "title", "request", "expected"}. CASES_INVALID names `name:line` and what
// is wrong there; an empty expectation is wrong, and so is an id that stands twice.
absl::StatusOr<std::vector<Case>> ReadCases(const std::string& name, std::string_view text);

struct Mismatch {
  std::string member, expected, actual;  // JSON
};

struct CaseResult {
  std::string id, title, outcome;
  std::vector<Mismatch> mismatches;
};

// Something that no case touches.
struct Gap {
  std::string axis;  // `rule`, or the name of a dimension: `action`, ..., `field`
  std::string code;
  // For a dimension: the permits and emergency rules that name it. None of them is tested with it.
  std::vector<std::string> rules;
};

// Runs cases and remembers what they touched. Not thread-safe.
class CaseRunner {
 public:
  // `pack` must outlive it.
  explicit CaseRunner(const CompiledPack& pack) : pack_(pack) {}

  CaseResult Run(const Case& one);
  // Rules that decided no case, and codes that some rule opens but no case asks about.
  std::vector<Gap> Gaps() const;
  std::size_t rules_touched() const { return rules_.size(); }

 private:
  void Touch(const EvaluationRequest& request, const Decision& decision);

  const CompiledPack& pack_;
  std::set<std::string> rules_;
  std::set<std::pair<std::string, std::string>> codes_;  // axis and code
};

}  // namespace sluis::policy

// Questions that were decided before, to be decided again: from a file of AuthZEN requests, or from
// the records of the log as a privacy officer lists them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "policy/engine/request.h"

namespace sluis::cli {

inline constexpr std::size_t kMostLogged = 256 << 20;

struct LoggedQuestion {
  std::string place;  // number of the line, or index of the leaf
  policy::EvaluationRequest request;
};

struct LoggedQuestions {
  std::vector<LoggedQuestion> list;
  int without = 0;  // records that hold no question: nothing was decided there
};

// `text` is either the output of `sluis record list --output json`, or one AuthZEN request a line.
// INVALID_ARGUMENT / LINE_INVALID, naming the line or the leaf, for anything else: a list that was
// cut short must not pass for the whole. LIST_INCOMPLETE for a page that another one follows.
absl::StatusOr<LoggedQuestions> ReadLoggedQuestions(const std::string& text);

}  // namespace sluis::cli

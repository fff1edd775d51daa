// Running a program that prints a short secret, such as a log-in helper.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"

namespace sluis::edge {

// What it prints on standard output, at most `max_bytes`, without one final line feed. No shell;
// standard input is empty, standard error is ours. UNAUTHENTICATED / LOGIN_FAILED if it cannot be
// started, does not end with status 0, prints more, or takes longer than `limit`: then it is ended.
absl::StatusOr<std::string> OutputOfProgram(const std::vector<std::string>& arguments,
                                            std::size_t max_bytes, absl::Duration limit);

}  // namespace sluis::edge

// The arguments of a process can be read by every user of the machine and stay in the shell's history, so
// a citizen service number has no place among them.
#pragma once

#include <string>
#include <vector>

#include "absl/status/status.h"

namespace sluis::cli {

// IDENTIFIER_ON_COMMAND_LINE if an argument holds nine digits in a row, also with dots, spaces or
// dashes between them, that pass the eleven-test. Ids of 32 and digests of 64 hex characters are left
// out: their digits say nothing. The text does not repeat the number.
absl::Status CheckArguments(const std::vector<std::string>& arguments);

}  // namespace sluis::cli

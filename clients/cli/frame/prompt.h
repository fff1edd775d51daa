// Questions to the person at the terminal. With --no-input, or at the end of input, a question is an
// error that says which option answers it instead.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/frame/command.h"
#include "lib/crypto/secret.h"

namespace sluis::cli {

// OK if he says yes (`ja`, `j`, `yes`, `y`); CANCELLED / NOT_CONFIRMED otherwise; NO_INPUT naming
// `instead` where nobody can be asked.
absl::Status Confirm(Context& context, std::string_view question_key,
                     const std::vector<std::string>& values, std::string_view instead);

// One line that is not shown while it is typed and is wiped here. NO_INPUT as above.
absl::StatusOr<SecretBytes> AskHidden(Context& context, std::string_view question_key,
                                      std::string_view instead);

}  // namespace sluis::cli

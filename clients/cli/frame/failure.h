// An error as a person reads it: what, why, what to do, code; and as a script does: the exit code.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "clients/cli/frame/exit_code.h"
#include "clients/cli/frame/text.h"
#include "lib/base/json.h"

namespace sluis::cli {

// By the reason where it says more than the code (E_SIGNATURE is a failed verification, whatever the
// code), else by the code.
ExitCode ExitCodeOf(const absl::Status& status);

// The reason, or the name of the code where there is none.
std::string CodeOf(const absl::Status& status);

// Lines for a person, the first without `Fout: `. An error that the broker put into Dutch (metadata
// `localizedNl`) speaks for itself.
std::string FailureText(const absl::Status& status, Language language);
// {"error": {code, exit, message, what, do, violations, metadata}}: keys are never translated.
Json FailureJson(const absl::Status& status, Language language);

}  // namespace sluis::cli

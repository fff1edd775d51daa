// Exit codes are part of the interface (architecture §12): scripts decide by them.
#pragma once

namespace sluis::cli {

enum class ExitCode : int {
  kOk = 0,
  kFault = 1,
  kUsage = 2,
  kDenied = 3,       // by the policy
  kLogIn = 4,        // log-in or certificate
  kNotFound = 5,
  kVerification = 6,  // something that was signed or logged does not verify
  kUnreachable = 7,  // or timed out
  kInterrupted = 130,
};

}  // namespace sluis::cli

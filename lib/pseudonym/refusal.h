// The refusal codes of pseudonyms.md §17 as errors of lib/base/error.h: the reason is the code.
// Three classes say who is told what.
#pragma once

#include <string_view>

#include "absl/status/status.h"

namespace sluis::pseudonym {

enum class RefusalClass {
  kBytes,    // about the bytes, told to the sender as they are: INVALID_ARGUMENT
  kRequest,  // about the request, told to the verified signer: FAILED_PRECONDITION (E_QUOTA:
             // RESOURCE_EXHAUSTED)
  kSecret,   // about the cryptography, logged locally; outside one E_REFUSED: FAILED_PRECONDITION
  kOther,    // no code of §17
};

RefusalClass ClassOf(std::string_view code);

// Precondition: a code of §17. The message says nothing about a person and nothing secret.
absl::Status Refuse(std::string_view code, std::string_view message);

// The same refusal with the status code of its class, whatever library it came from; other statuses
// and OK as they are.
absl::Status Classified(const absl::Status& status);

// What leaves the process for the sender: codes of the first two classes as they are, the third and
// everything that is no refusal (a fault of ours) as E_REFUSED without a detail.
absl::Status ForSender(const absl::Status& status);

}  // namespace sluis::pseudonym

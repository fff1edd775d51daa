// What a used request_id is remembered by (api.md §4): the text of the answer, or a refusal that
// was logged. In both the exchange stands last, after a slash or alone: by it the store knows how
// long to remember.
#pragma once

#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sluis::exchange {

struct StoredAnswer {
  std::string answer;
  absl::Status refused;
};

std::string WriteStoredAnswer(const StoredAnswer& stored);
absl::StatusOr<StoredAnswer> ReadStoredAnswer(const std::string& text);

}  // namespace sluis::exchange

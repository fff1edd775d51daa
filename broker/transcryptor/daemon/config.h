// The transcryptor's configuration file (proto/sluis/transcryptor/v1/config.proto), read once and
// checked whole.
#pragma once

#include <filesystem>

#include "absl/status/statusor.h"
#include "lib/base/clock.h"
#include "sluis/transcryptor/v1/config.pb.h"

namespace sluis::transcryptor {

// With every relative path resolved from the folder of the file. INVALID_ARGUMENT / CONFIG_INVALID
// with file, line and column for text that cannot be read, or naming every key that is missing or
// wrong. FAILED_PRECONDITION / BOTH_HALVES for a process that is given more than one half.
// `clock` says how far ahead previous_until is.
absl::StatusOr<v1::TranscryptorConfig> LoadConfig(const std::filesystem::path& file,
                                                  const Clock& clock = SystemClock());

}  // namespace sluis::transcryptor

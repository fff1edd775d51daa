// The broker's configuration file (proto/sluis/broker/v1/config.proto), read once and checked
// whole.
#pragma once

#include <filesystem>

#include "absl/status/statusor.h"
#include "sluis/broker/v1/config.pb.h"

namespace sluis::daemon {

// With every relative path resolved from the folder of the file. INVALID_ARGUMENT / CONFIG_INVALID
// with file, line and column for text that cannot be read, or naming every key that is missing or
// wrong.
absl::StatusOr<broker::v1::BrokerConfig> LoadConfig(const std::filesystem::path& file);

}  // namespace sluis::daemon

// Database files are of this process alone.
#pragma once

#include <filesystem>

#include "absl/status/status.h"

namespace sluis::storage {

// Makes an empty file of mode 0600 if there is none. UNAVAILABLE / STORE_UNAVAILABLE when it cannot be made, is no
// plain file, or others may open it.
absl::Status MakePrivateFile(const std::filesystem::path& path);

}  // namespace sluis::storage

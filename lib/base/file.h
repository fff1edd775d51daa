// Files whose loss or leak matters: read with a bound, replaced as a whole, private by default.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"

namespace sluis {

// NOT_FOUND if it does not exist, INVALID_ARGUMENT if larger than `max_bytes`, else UNAVAILABLE.
absl::StatusOr<Bytes> ReadFile(const std::filesystem::path& path, std::size_t max_bytes = 64 << 20);

// Writes beside the target, fsyncs, renames over it and fsyncs the folder: readers see old or new, never
// half. `mode` is the permission of the new file.
absl::Status WriteFileAtomic(const std::filesystem::path& path, BytesView content, int mode = 0600);

// Writes everything, over interruptions and short writes; false with errno set.
bool WriteAll(int fd, BytesView content);

}  // namespace sluis

// What commands read and write: files by name, `-` for standard input or output.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/cli/frame/command.h"
#include "lib/base/bytes.h"
#include "lib/base/json.h"

namespace sluis::cli {

// FILE_NOT_FOUND, FILE_NOT_USABLE, FILE_TOO_LARGE.
absl::StatusOr<Bytes> ReadInput(Context& context, const std::string& path, std::size_t max_bytes);
absl::StatusOr<Json> ReadJsonInput(Context& context, const std::string& path, std::size_t max_bytes);
// Readable by others: for what is public (`mode` 0644) or for the owner alone.
absl::Status WriteOutput(Context& context, const std::string& path, BytesView content, int mode = 0644);

}  // namespace sluis::cli

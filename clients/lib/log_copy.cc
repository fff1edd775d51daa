#include "clients/lib/log_copy.h"

#include <system_error>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"

namespace sluis::edge {

absl::StatusOr<LogCopy> LogCopy::Create(tlog::LogSource& from, std::filesystem::path folder) {
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error || !std::filesystem::is_empty(folder, error) || error) {
    return Error(ErrorCode::kPrecondition, "FILE_NOT_USABLE",
                 absl::StrFormat("%s must be a new or an empty folder", folder.string()));
  }
  return LogCopy(from, std::move(folder));
}

absl::StatusOr<Bytes> LogCopy::ReadCheckpoint() {
  return Keep("checkpoint", from_->ReadCheckpoint());
}

absl::StatusOr<Bytes> LogCopy::ReadTile(const tlog::TileId& id) {
  return Keep(tlog::TilePath(id), from_->ReadTile(id));
}

absl::StatusOr<Bytes> LogCopy::ReadBundle(const tlog::BundleId& id) {
  return Keep(tlog::BundlePath(id), from_->ReadBundle(id));
}

absl::StatusOr<Bytes> LogCopy::Keep(const std::string& path, absl::StatusOr<Bytes> content) const {
  if (!content.ok()) return content;
  const std::filesystem::path file = folder_ / path;
  std::error_code error;
  std::filesystem::create_directories(file.parent_path(), error);
  if (error) {
    return Error(ErrorCode::kPrecondition, "FILE_NOT_USABLE",
                 absl::StrFormat("no folder can be made for %s", file.string()));
  }
  SLUIS_RETURN_IF_ERROR(WriteFileAtomic(file, *content, 0600));
  return content;
}

}  // namespace sluis::edge

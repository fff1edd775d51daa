// A log that is kept as it is read: every file that comes by lies afterwards in a folder, under the
// path at which the log serves it, so that it can be verified again without the log.
#pragma once

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/tlog/log_verifier.h"

namespace sluis::edge {

// Files have mode 0600: entries are for who has a mandate. Not thread-safe.
class LogCopy : public tlog::LogSource {
 public:
  // `from` outlives it. FILE_NOT_USABLE unless `folder` is absent or empty: two logs, or two
  // moments of one, must not mix.
  static absl::StatusOr<LogCopy> Create(tlog::LogSource& from, std::filesystem::path folder);

  absl::StatusOr<Bytes> ReadCheckpoint() override;
  absl::StatusOr<Bytes> ReadTile(const tlog::TileId& id) override;
  absl::StatusOr<Bytes> ReadBundle(const tlog::BundleId& id) override;

 private:
  LogCopy(tlog::LogSource& from, std::filesystem::path folder)
      : from_(&from), folder_(std::move(folder)) {}
  absl::StatusOr<Bytes> Keep(const std::string& path, absl::StatusOr<Bytes> content) const;

  tlog::LogSource* from_;
  std::filesystem::path folder_;
};

}  // namespace sluis::edge

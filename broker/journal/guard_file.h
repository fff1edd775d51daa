// The rollback guard (log.md B9): how far the log was when anyone was last answered, in a file
// outside the database and its backups. A database that is older than this file was rolled back,
// and must not be served.
//
// Two slots of 4096 bytes are written in turn, each whole in one pwrite: a torn write spoils only
// the slot that was the older one. Slot: "SLG1" || u64 sequence || lp2(origin) || u64 size ||
// root32 || lp2(note) || zeros || SHA-256 of all before it.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "broker/storage/records.h"
#include "lib/base/file_descriptor.h"

namespace sluis::journal {

inline constexpr std::size_t kGuardSlotSize = 4096;

// Holds the file open and locked against any other broker. One thread at a time.
class GuardFile {
 public:
  // nullopt when there is no file. FAILED_PRECONDITION / LOG_IN_USE when another process has it,
  // DATA_LOSS / LOG_INCONSISTENT when no slot is valid or the guard is that of another origin,
  // UNAVAILABLE when the file cannot be read.
  static absl::StatusOr<std::optional<GuardFile>> Open(const std::filesystem::path& path,
                                                       std::string_view origin);
  // A new file that says: nothing yet. Its folder must exist.
  static absl::StatusOr<GuardFile> Create(const std::filesystem::path& path,
                                          std::string_view origin);

  // What was written last.
  const storage::LogHead& head() const { return head_; }
  // One pwrite and one fdatasync. After a failure the file must not be written through this object
  // again.
  absl::Status Write(const storage::LogHead& head);

 private:
  GuardFile(FileDescriptor file, std::string_view origin)
      : file_(std::move(file)), origin_(origin) {}
  static absl::StatusOr<GuardFile> Lock(const std::filesystem::path& path, std::string_view origin);
  absl::Status Load();

  FileDescriptor file_;
  std::string origin_;
  std::uint64_t sequence_ = 0;
  storage::LogHead head_;
};

}  // namespace sluis::journal

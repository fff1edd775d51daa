// Folders and files of an edge, which several processes share: private by mode, locked by flock.
#pragma once

#include <google/protobuf/message.h>

#include <filesystem>
#include <optional>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/file_descriptor.h"

namespace sluis::edge {

// Makes the folder, mode 0700, if it is not there. FOLDER_PERMISSIONS if group or others have any
// access to it; FILE_NOT_USABLE.
absl::Status EnsurePrivateFolder(const std::filesystem::path& folder);
// Makes a removal or a rename inside it durable.
absl::Status SyncFolder(const std::filesystem::path& folder);
// The plain files of a folder whose names end in `suffix`, by name; hidden ones left out.
absl::StatusOr<std::vector<std::filesystem::path>> FilesOf(const std::filesystem::path& folder,
                                                           std::string_view suffix);

// Protobuf text. INVALID_ARGUMENT / CONFIG_INVALID naming file, line and column for an unknown key
// or a wrong value; FILE_NOT_FOUND.
absl::Status ReadTextProto(const std::filesystem::path& path, google::protobuf::Message* message);

// An exclusive lock, held until this object goes or the process ends, however it ends. Move-only.
class FileLock {
 public:
  // Waits for it; makes the file, mode 0600, if it is not there.
  static absl::StatusOr<FileLock> Wait(const std::filesystem::path& path);
  // Nothing if another holds it or the file is gone.
  static absl::StatusOr<std::optional<FileLock>> Try(const std::filesystem::path& path);

 private:
  explicit FileLock(FileDescriptor file) : file_(std::move(file)) {}
  FileDescriptor file_;
};

}  // namespace sluis::edge

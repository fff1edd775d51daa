#include "clients/lib/private_files.h"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "lib/textproto/text_proto.h"

namespace sluis::edge {
namespace {

constexpr std::size_t kMaxConfig = 1 << 20;

absl::Status NotUsable(std::string_view what, const std::filesystem::path& path, int error) {
  return Error(ErrorCode::kUnavailable, "FILE_NOT_USABLE",
               absl::StrFormat("cannot %s %s: %s", what, path.string(), std::strerror(error)));
}

}  // namespace

absl::Status EnsurePrivateFolder(const std::filesystem::path& folder) {
  if (::mkdir(folder.c_str(), 0700) != 0 && errno != EEXIST) {
    return NotUsable("make", folder, errno);
  }
  struct stat info {};
  if (::stat(folder.c_str(), &info) != 0) return NotUsable("look at", folder, errno);
  if (!S_ISDIR(info.st_mode)) return NotUsable("use", folder, ENOTDIR);
  if ((info.st_mode & 077) == 0) return absl::OkStatus();
  return Error(
      ErrorCode::kPrecondition, "FOLDER_PERMISSIONS",
      absl::StrFormat("others may look into %s; make it private: chmod 0700", folder.string()));
}

absl::Status SyncFolder(const std::filesystem::path& folder) {
  const FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.ok() && ::fsync(directory.get()) == 0) return absl::OkStatus();
  return NotUsable("sync", folder, errno);
}

absl::StatusOr<std::vector<std::filesystem::path>> FilesOf(const std::filesystem::path& folder,
                                                           std::string_view suffix) {
  std::error_code error;
  std::filesystem::directory_iterator entry(folder, error);
  std::vector<std::filesystem::path> files;
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    const std::string name = entry->path().filename().string();
    if (!name.starts_with('.') && name.ends_with(suffix)) files.push_back(entry->path());
  }
  if (error) return NotUsable("list", folder, error.value());
  std::sort(files.begin(), files.end());
  return files;
}

absl::Status ReadTextProto(const std::filesystem::path& path, google::protobuf::Message* message) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes text, ReadFile(path, kMaxConfig));
  return ParseTextProto(text, path.string(), message);
}

absl::StatusOr<FileLock> FileLock::Wait(const std::filesystem::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  if (!file.ok()) return NotUsable("open", path, errno);
  while (::flock(file.get(), LOCK_EX) != 0) {
    if (errno != EINTR) return NotUsable("lock", path, errno);
  }
  return FileLock(std::move(file));
}

absl::StatusOr<std::optional<FileLock>> FileLock::Try(const std::filesystem::path& path) {
  FileDescriptor file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (!file.ok() && errno == ENOENT) return std::nullopt;
  if (!file.ok()) return NotUsable("open", path, errno);
  if (::flock(file.get(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EWOULDBLOCK || errno == EINTR) return std::nullopt;
    return NotUsable("lock", path, errno);
  }
  struct stat info {};
  // Who held it may have finished and removed the file between our open and our lock.
  if (::fstat(file.get(), &info) != 0 || info.st_nlink == 0) return std::nullopt;
  return FileLock(std::move(file));
}

}  // namespace sluis::edge

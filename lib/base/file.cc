#include "lib/base/file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/file_descriptor.h"

namespace sluis {
namespace {

absl::Status SystemError(std::string_view what, const std::filesystem::path& path, int error) {
  const ErrorCode code = error == ENOENT ? ErrorCode::kNotFound
                         : error == EACCES ? ErrorCode::kDenied
                                           : ErrorCode::kUnavailable;
  return Error(code, code == ErrorCode::kNotFound ? "FILE_NOT_FOUND" : "FILE_NOT_USABLE",
               absl::StrFormat("cannot %s %s: %s", what, path.string(), std::strerror(error)));
}

}  // namespace

bool WriteAll(int fd, BytesView content) {
  while (!content.empty()) {
    const ssize_t n = ::write(fd, content.data(), content.size());
    if (n < 0 && errno == EINTR) continue;
    if (n <= 0) return false;
    content.remove_prefix(static_cast<std::size_t>(n));
  }
  return true;
}

absl::StatusOr<Bytes> ReadFile(const std::filesystem::path& path, std::size_t max_bytes) {
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (file.get() < 0) return SystemError("open", path, errno);
  Bytes content;
  char buffer[65536];
  for (;;) {
    const ssize_t n = ::read(file.get(), buffer, sizeof(buffer));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return SystemError("read", path, errno);
    if (n == 0) return content;
    content.append(buffer, static_cast<std::size_t>(n));
    if (content.size() > max_bytes) {
      return Error(ErrorCode::kInvalid, "FILE_TOO_LARGE",
                   absl::StrFormat("%s is larger than %d bytes", path.string(), max_bytes));
    }
  }
}

absl::Status WriteFileAtomic(const std::filesystem::path& path, BytesView content, int mode) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  std::string temporary = (folder / ("." + path.filename().string() + ".XXXXXX")).string();
  FileDescriptor file(::mkostemp(temporary.data(), O_CLOEXEC));
  if (file.get() < 0) return SystemError("create a file beside", path, errno);
  if (!WriteAll(file.get(), content) || ::fchmod(file.get(), static_cast<mode_t>(mode)) != 0 ||
      ::fsync(file.get()) != 0 || ::rename(temporary.c_str(), path.c_str()) != 0) {
    const int error = errno;
    ::unlink(temporary.c_str());
    return SystemError("write", path, error);
  }
  FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (directory.get() < 0 || ::fsync(directory.get()) != 0) return SystemError("sync the folder of", path, errno);
  return absl::OkStatus();
}

}  // namespace sluis

#include "clients/lib/register/register_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::edge {

absl::StatusOr<RegisterFile::Version> RegisterFile::VersionOf(const FileDescriptor& file) {
  struct stat state = {};
  if (::fstat(file.get(), &state) != 0 || !S_ISREG(state.st_mode)) {
    return Error(ErrorCode::kUnavailable, "FILE_NOT_USABLE",
                 "the register is no regular file; name the exported CSV file");
  }
  return Version{state.st_size, state.st_mtim.tv_sec, state.st_mtim.tv_nsec};
}

absl::StatusOr<RegisterFile> RegisterFile::Open(const std::filesystem::path& path) {
  // Without O_NONBLOCK a named pipe would wait for a writer.
  FileDescriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
  if (!file.ok()) {
    const bool absent = errno == ENOENT;
    return Error(absent ? ErrorCode::kNotFound : ErrorCode::kUnavailable,
                 absent ? "FILE_NOT_FOUND" : "FILE_NOT_USABLE",
                 absl::StrFormat("cannot open the register %s; correct `file` in its mapping or the "
                                 "permissions of the file",
                                 path.filename().string()));
  }
  SLUIS_ASSIGN_OR_RETURN(const Version version, VersionOf(file));
  return RegisterFile(std::move(file), version);
}

absl::Status RegisterFile::CheckUnchanged() const {
  SLUIS_ASSIGN_OR_RETURN(const Version now, VersionOf(file_));
  if (now == version_) return absl::OkStatus();
  return Error(ErrorCode::kAborted, "REGISTER_CHANGED",
               "the register was written while in use; load it again");
}

absl::StatusOr<std::size_t> RegisterFile::ReadAt(std::uint64_t offset, std::span<char> into) const {
  for (;;) {
    const ssize_t size = ::pread(file_.get(), into.data(), into.size(), static_cast<off_t>(offset));
    if (size >= 0) return static_cast<std::size_t>(size);
    if (errno != EINTR) {
      return Error(ErrorCode::kUnavailable, "FILE_NOT_USABLE", "cannot read the register; try again");
    }
  }
}

absl::StatusOr<std::size_t> FileSource::Read(std::span<char> into) {
  SLUIS_ASSIGN_OR_RETURN(const std::size_t size, file_.ReadAt(offset_, into));
  offset_ += size;
  return size;
}

}  // namespace sluis::edge

// The file of a register, held open: rows are read again from where the index found them, so it must
// stay what it was.
#pragma once

#include <filesystem>

#include "clients/lib/register/csv_reader.h"
#include "lib/base/file_descriptor.h"

namespace sluis::edge {

// Thread-safe.
class RegisterFile {
 public:
  // NOT_FOUND or UNAVAILABLE with reason FILE_NOT_FOUND or FILE_NOT_USABLE; only a regular file.
  static absl::StatusOr<RegisterFile> Open(const std::filesystem::path& path);

  // ABORTED, reason REGISTER_CHANGED, if the file was written since it was opened.
  absl::Status CheckUnchanged() const;
  absl::StatusOr<std::size_t> ReadAt(std::uint64_t offset, std::span<char> into) const;

 private:
  struct Version {
    std::int64_t size = 0;
    std::int64_t seconds = 0;
    std::int64_t nanoseconds = 0;
    bool operator==(const Version&) const = default;
  };
  RegisterFile(FileDescriptor file, Version version) : file_(std::move(file)), version_(version) {}
  static absl::StatusOr<Version> VersionOf(const FileDescriptor& file);

  FileDescriptor file_;
  Version version_;
};

// A stream over it from `offset`. The file outlives it. Not thread-safe.
class FileSource : public ByteSource {
 public:
  explicit FileSource(const RegisterFile& file, std::uint64_t offset = 0) : file_(file), offset_(offset) {}
  absl::StatusOr<std::size_t> Read(std::span<char> into) override;

 private:
  const RegisterFile& file_;
  std::uint64_t offset_;
};

}  // namespace sluis::edge

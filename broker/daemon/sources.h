// What the broker reads from files and reads again while it runs: directory and trust (the policy:
// policy_source.h). A file that cannot be used changes nothing: the last good one stays in force.
#pragma once

#include <filesystem>
#include <memory>

#include "broker/exchange/authenticator.h"
#include "broker/exchange/surroundings.h"
#include "lib/base/mutex.h"
#include "lib/identity/directory.h"

namespace sluis::daemon {

// A value that is replaced as a whole. Thread-safe.
template <typename T>
class Holder {
 public:
  std::shared_ptr<const T> Get() const {
    MutexLock lock(mutex_);
    return value_;
  }
  void Set(std::shared_ptr<const T> value) {
    MutexLock lock(mutex_);
    value_ = std::move(value);
  }

 private:
  mutable Mutex mutex_;
  std::shared_ptr<const T> value_ SLUIS_GUARDED_BY(mutex_);
};

class DirectoryFromFile : public exchange::DirectorySource {
 public:
  static absl::StatusOr<std::unique_ptr<DirectoryFromFile>> Load(
      std::filesystem::path file, identity::DirectoryOfficers officers, bool demonstration);
  std::shared_ptr<const identity::Directory> Current() const override { return directory_.Get(); }
  // True if another version is in force now. The errors of Directory::Parse and CheckNewer.
  absl::StatusOr<bool> Reload();

 private:
  DirectoryFromFile(std::filesystem::path file, identity::DirectoryOfficers officers,
                    bool demonstration)
      : file_(std::move(file)), officers_(std::move(officers)), demonstration_(demonstration) {}
  const std::filesystem::path file_;
  const identity::DirectoryOfficers officers_;
  const bool demonstration_;
  Holder<identity::Directory> directory_;
};

class TrustFromFiles : public exchange::TrustSource {
 public:
  static absl::StatusOr<std::unique_ptr<TrustFromFiles>> Load(
      std::filesystem::path authorities, std::filesystem::path revocation_folder);
  std::shared_ptr<const TrustStore> Current() const override { return trust_.Get(); }
  absl::Status Reload();

 private:
  TrustFromFiles(std::filesystem::path authorities, std::filesystem::path revocation_folder)
      : authorities_(std::move(authorities)), revocation_folder_(std::move(revocation_folder)) {}
  const std::filesystem::path authorities_, revocation_folder_;
  Holder<TrustStore> trust_;
};

}  // namespace sluis::daemon

#include "broker/daemon/reload.h"

namespace sluis::daemon {
namespace {

absl::Status RenewDirectory(DirectoryFromFile& directory, exchange::Service& service) {
  const absl::StatusOr<bool> changed = directory.Reload();
  if (!changed.ok() || !*changed) return changed.status();
  return service.AnnounceDirectory();
}

}  // namespace

absl::Status Reload(DirectoryFromFile& directory, TrustFromFiles& trust, exchange::Service& service,
                    const std::function<absl::Status()>& more) {
  absl::Status status = RenewDirectory(directory, service);
  status.Update(trust.Reload());
  status.Update(more());
  return status;
}

}  // namespace sluis::daemon

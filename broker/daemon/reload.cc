#include "broker/daemon/reload.h"

#include "lib/base/status_macros.h"

namespace sluis::daemon {
namespace {

absl::Status RenewDirectory(DirectoryFromFile& directory, exchange::Service& service) {
  const absl::StatusOr<bool> changed = directory.Reload();
  if (!changed.ok() || !*changed) return changed.status();
  return service.AnnounceDirectory();
}

absl::Status RenewPolicy(PolicyFromBundle& policies, exchange::Service& service) {
  const absl::Status reloaded = policies.Reload().status();
  // Also what an earlier reload took and could not announce.
  const absl::Status confirmed = ConfirmPolicy(policies, service);
  return reloaded.ok() ? confirmed : reloaded;
}

}  // namespace

absl::Status ConfirmPolicy(PolicyFromBundle& policies, exchange::Service& service) {
  const std::shared_ptr<const policy::Bundle> bundle = policies.Unconfirmed();
  if (bundle == nullptr) return absl::OkStatus();
  SLUIS_RETURN_IF_ERROR(service.AnnouncePolicy(bundle->terms().issued, bundle->signers()));
  return policies.Confirm();
}

absl::Status Reload(PolicyFromBundle& policies, DirectoryFromFile& directory, TrustFromFiles& trust,
                    exchange::Service& service, const std::function<absl::Status()>& more) {
  absl::Status status = RenewPolicy(policies, service);
  status.Update(RenewDirectory(directory, service));
  status.Update(trust.Reload());
  status.Update(more());
  return status;
}

}  // namespace sluis::daemon

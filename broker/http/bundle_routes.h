// Entry bundles for auditors and privacy officers (log.md A3, B10), to be served by a listener that
// asks for client certificates: <prefix>/tile/entries/<N>[.p/<W>].
//
// A request brings a person assertion (`Authorization: Bearer <JWT>`, single use) and names its use
// of the log
// (`Sluis-Log-Use: LAWFULNESS_CHECK`, INTERNAL_CONTROL, INTEGRITY_SECURITY or
// CRIMINAL_PROCEEDINGS). The look is a LOG_READ leaf before the first byte leaves.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "broker/exchange/caller.h"
#include "broker/http/message.h"
#include "broker/journal/journal.h"
#include "broker/storage/store.h"

namespace sluis::http {

// What the Wpg lets a log be used for (art. 32a); numbers as in sluis.v1.LogUse.
enum class LogUse {
  kLawfulnessCheck = 1,
  kInternalControl = 2,
  kIntegritySecurity = 3,
  kCriminalProceedings = 4,
};
std::optional<LogUse> ParseLogUse(std::string_view name);

// Decides and records who looks into the log; sluisd puts the use cases of broker/exchange behind
// it. Thread-safe.
class BundleGate {
 public:
  virtual ~BundleGate() = default;
  // OK once a LOG_READ leaf for entries [first, end) and the caller's single-use assertion are
  // durable. Any other status goes to the caller and nothing is shown.
  virtual absl::Status Admit(const exchange::Caller& caller, LogUse use, std::uint64_t first,
                             std::uint64_t end) = 0;
  // A log-in that was refused; `organisation` is empty when the certificate names none.
  virtual void NoteRefusedLogin(std::string_view reason, const Oin& organisation) = 0;
};

// Thread-safe. Everything given outlives it.
class BundleRoutes : public Handler {
 public:
  // INVALID_ARGUMENT for a prefix that CheckPrefix refuses.
  static absl::StatusOr<std::unique_ptr<BundleRoutes>> Create(
      std::string prefix, const journal::Journal& journal, storage::Store& store,
      const exchange::Authenticator& authenticator, BundleGate& gate);
  Response Handle(const Request& request) override;

 private:
  BundleRoutes(std::string prefix, const journal::Journal& journal, storage::Store& store,
               const exchange::Authenticator& authenticator, BundleGate& gate)
      : prefix_(std::move(prefix)),
        journal_(journal),
        store_(store),
        authenticator_(authenticator),
        gate_(gate) {}
  absl::StatusOr<exchange::Caller> LogIn(const Request& request) const;
  absl::StatusOr<Bytes> Read(const Request& request, std::string_view path) const;

  const std::string prefix_;
  const journal::Journal& journal_;
  storage::Store& store_;
  const exchange::Authenticator& authenticator_;
  BundleGate& gate_;
};

}  // namespace sluis::http

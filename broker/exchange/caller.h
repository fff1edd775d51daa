// Who calls: the organisation of the certificate and the person of the assertion, checked once at
// the edge.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/ids.h"

namespace sluis::exchange {

// An authenticated caller. A person is known by a pseudonymous staff number of the partner.
struct Caller {
  PartyId party;                   // organisation of the certificate, unit of the assertion
  std::string person;              // `sub` of the assertion
  std::vector<std::string> roles;  // roles that this kind of partner may give
  std::string mandate;             // id of the arrangement under which he acts, or empty
  bool multi_factor = false;       // the log-in was of substantial assurance or higher
  std::string issuer, jti;         // single use; kept
  absl::Time forget_after;         // ... until then

  // How a person stands in records and approvals: OIN/sub.
  std::string ActorId() const { return party.oin.str() + "/" + person; }
  bool HasRole(std::string_view role) const;
};

// UNAUTHENTICATED / ASSERTION_INVALID (check `acr`) unless the log-in had more than one factor:
// what opening, approving, answering and reading the log ask (api.md §11).
absl::Status RequireMultiFactor(const Caller& caller);

// Checks a client certificate and the bearer assertion that came with a call. Thread-safe.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // UNAUTHENTICATED or PERMISSION_DENIED with the reasons of api.md §7. `bearer` is the token
  // alone.
  virtual absl::StatusOr<Caller> Authenticate(std::string_view certificate_pem,
                                              std::string_view bearer) const = 0;
};

}  // namespace sluis::exchange

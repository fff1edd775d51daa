// Who calls: the organisation of the certificate and the person of the assertion, checked once at the edge.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/ids.h"

namespace sluis::exchange {

// An authenticated caller. A person is known by a pseudonymous staff number of the partner.
struct Caller {
  PartyId party;                    // organisation of the certificate, unit of the assertion
  std::string person;               // `sub` of the assertion
  std::vector<std::string> roles;   // roles that this kind of partner may give
  std::string issuer, jti;          // single use, with
  absl::Time assertion_expires;     // ... this end

  // How a person stands in records and approvals: OIN/sub.
  std::string ActorId() const { return party.oin.str() + "/" + person; }
  bool HasRole(std::string_view role) const;
};

// Checks a client certificate and the bearer assertion that came with a call. Thread-safe.
class Authenticator {
 public:
  virtual ~Authenticator() = default;
  // UNAUTHENTICATED or PERMISSION_DENIED with the reasons of api.md §7. `bearer` is the token alone.
  virtual absl::StatusOr<Caller> Authenticate(std::string_view certificate_pem,
                                              std::string_view bearer) const = 0;
};

}  // namespace sluis::exchange

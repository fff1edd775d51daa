// Person assertions (api.md §11): a short-lived JWT by which a partner's identity provider vouches
// for one person of one unit, bound to the organisation's TLS certificate. The broker knows a
// person only as the partner's pseudonymous staff number, so the set of claims is closed: a token
// that carries anything else, such as a name, is refused.
//
// Claims, all required but `nbf` and `mandate`: iss, sub, aud (text or list), azp, iat, exp, nbf,
// oin, cnf {"x5t#S256"}, unit, roles, mandate, acr, jti. Times are whole Unix seconds.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/ids.h"
#include "lib/crypto/certificate.h"
#include "lib/crypto/jws.h"
#include "lib/identity/partner.h"

namespace sluis::identity {

inline constexpr char kAssertionTyp[] = "sluis-user+jwt";
inline constexpr absl::Duration kAssertionLifetime = absl::Minutes(5);
inline constexpr absl::Duration kClockTolerance = absl::Minutes(1);

// How sure the identity provider is: the levels of assurance of eIDAS (Regulation 910/2014 art. 8),
// as the Dutch government's OpenID Connect profile writes them in `acr`. Substantial and high are
// multi-factor.
enum class Assurance { kLow, kSubstantial, kHigh };
std::string_view AcrOf(Assurance assurance);  // "http://eidas.europa.eu/LoA/substantial", ...
absl::StatusOr<Assurance> ParseAcr(std::string_view acr);

// What an identity provider asserts. Copyable; holds nothing secret.
struct AssertionClaims {
  std::string issuer, subject, audience, client;
  absl::Time issued, expires;
  std::optional<absl::Time> not_before;
  Oin oin;
  Digest certificate{};  // SHA-256 thumbprint of the client certificate
  UnitPath unit;
  std::vector<std::string> roles;
  std::optional<std::string> mandate;  // id of the arrangement under which he acts
  Assurance assurance = Assurance::kLow;
  std::string token_id;  // NewTokenId()
};

// 128 fresh random bits in base64url.
std::string NewTokenId();

// The signed token. INVALID_ARGUMENT if it could not be one (SignJws).
absl::StatusOr<std::string> IssueAssertion(const AssertionClaims& claims, std::string_view kid,
                                           const JwsPrivateKey& key);

// May a partner of this kind give this role (rulebook §3.10)? The table is data of the policy. An
// unknown role is one that nobody may give.
using MayGiveRole = std::function<bool(std::string_view role, std::string_view kind)>;

struct AssertionExpectations {
  const Partner& partner;  // the directory's entry of the certificate's organisation
  const PeerCertificate& certificate;
  std::string_view audience;  // the broker's identifier
  absl::Time now;
  Assurance at_least = Assurance::kLow;  // what the method asks
  const MayGiveRole& may_give;
};

// A person as the assertion shows him.
struct Person {
  Oin oin;
  std::string sub;
  UnitPath unit;
  std::vector<std::string> roles;
  std::optional<std::string> mandate;
  Assurance assurance = Assurance::kLow;
  std::string issuer, jti;  // single use: the caller stores (issuer, jti) until `forget_after`
  absl::Time expires;
  absl::Time forget_after;  // expires + tolerance
};

// All checks of api.md §11 on the token after `Bearer `, in its order. Thread-safe. Errors:
//   UNAUTHENTICATED ASSERTION_MISSING   no token
//   UNAUTHENTICATED ASSERTION_EXPIRED   `exp` has passed by more than the tolerance
//   PERMISSION_DENIED OIN_MISMATCH      it speaks for another organisation than the certificate
//   UNAUTHENTICATED ASSERTION_INVALID   all else. Its metadata `check` is one of jws.h, or
//     claims            the claims are not one JSON object
//     claim-unknown     one beyond those above
//     iss sub aud azp iat exp nbf oin cnf unit roles mandate acr jti: that claim
//     lifetime          longer than five minutes
//     unit-kind         the unit is not of this partner's kind
//     unit-key          the signing key does not vouch for this unit
//     unit-certificate  the client certificate is not listed for this unit
absl::StatusOr<Person> VerifyAssertion(std::string_view token,
                                       const AssertionExpectations& expected);

}  // namespace sluis::identity

// What the partner directory says of one partner (architecture §4): who he is, where he belongs, by
// which certificates and keys he is known, and what his units hold.
//
// In the document a partner is an object of exactly these members; a code is
// `^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$`:
//   oin             20 digits
//   kind            code of the partner kind, the first half of each of its units
//   name            1..200 bytes, no control characters
//   regions         codes of the RIEC regions it belongs to, possibly none
//   suspended       boolean
//   issuer          `iss` of its person assertions, 1..200 printable characters
//   client_id       `azp` of its person assertions, likewise
//   assertion_keys  [{kid, alg (PS256, RS256 or ES256), pem (SubjectPublicKeyInfo), units [unit]}]
//   certificates    [{thumbprint (64 hex: SHA-256 of the DER), units [unit]}]
//   units           [{unit, signing (base64, Ed25519), sealing (base64, X25519), registers, quota}]
//     registers     [{id (code), regime (code), size, epoch, kinds}]; kinds are of bsn, rsin, kvk,
//                   kenteken, bag
//     quota         optional {per_case, per_day}: items, at or above the defaults of 200 and 2000
//                   (pseudonyms.md §8.1)
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"
#include "lib/base/json.h"
#include "lib/crypto/ed25519.h"
#include "lib/crypto/jws.h"
#include "lib/crypto/x25519.h"
#include "lib/identity/json_object.h"

namespace sluis::identity {

// A key of the partner's identity provider. It vouches only for persons of the units listed here.
struct AssertionKey {
  std::string kid;
  JwsPublicKey key;  // with the one algorithm it is good for
  std::set<UnitPath> units;
};

// A TLS client certificate and the units whose persons may come over it.
struct CertificateEntry {
  Digest thumbprint{};
  std::set<UnitPath> units;
};

// A register in which an index of pseudonyms may be kept (pseudonyms.md §11).
struct Register {
  std::string id;
  std::string regime;
  std::int64_t size = 0;   // subjects, 1..10^9
  std::int64_t epoch = 1;  // 1..2^32-1, +1 when its index is renewed
  std::set<std::string> kinds;
  bool operator==(const Register&) const = default;
};

// Items per unit, case, purpose and day, and per unit and day.
struct Quota {
  std::int64_t per_case = 200;
  std::int64_t per_day = 2000;
  bool operator==(const Quota&) const = default;
};

// A unit and the two keys that make it a party. Both are of this unit alone.
struct UnitEntry {
  UnitPath unit;
  Ed25519PublicKey signing;
  X25519PublicKey sealing;
  std::vector<Register> registers;
  std::optional<Quota> quota;
};

// Plain data; copyable.
struct Partner {
  Oin oin;
  std::string kind;
  std::string name;
  std::set<std::string> regions;
  bool suspended = false;
  std::string issuer;
  std::string client_id;
  std::vector<AssertionKey> assertion_keys;
  std::vector<CertificateEntry> certificates;
  std::vector<UnitEntry> units;

  const AssertionKey* FindAssertionKey(std::string_view kid) const;
  const CertificateEntry* FindCertificate(const Digest& thumbprint) const;
  const UnitEntry* FindUnit(const UnitPath& unit) const;
};

// Strict in both directions: what is written can be read, anything else is INVALID_ARGUMENT naming
// the member. Reading also refuses a unit of another kind, one that stands twice, and a key or
// certificate for a unit that the partner does not have.
absl::StatusOr<Partner> ReadPartner(JsonObject object);
Json WritePartner(const Partner& partner);

}  // namespace sluis::identity

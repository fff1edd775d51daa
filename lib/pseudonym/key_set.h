// The public side of the two transcryptors (pseudonyms.md §5): what the ceremony leaves, what
// broker and edges pin and verify themselves. Documents in RFC 8785 form:
//
//   half     = {"hop", "name", "oin", "sealing", "signing", "x"}; hop 1 or 2, keys in base64, x =
//   X_i PublicHalf on file = {"half": half, "signature"}; Ed25519 by its signing key over
//              "sluis/key-half/v1\0" || SHA256(half)
//   core     = {"first": half, "second": half, "v": 1, "y"}
//   Contribution on file = {"core": core, "hop", "proof", "signature"}; signature of that half over
//              "sluis/key-set/v1\0" || SHA256(core)
//   KeySet on file = {"core": core, "proofs": [1, 2], "signatures": [1, 2]}
//
// The proofs (7.1) bind Y to both X, so that they need no signature of their own.
#pragma once

#include <array>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"
#include "lib/base/json.h"
#include "lib/crypto/ed25519.h"
#include "lib/crypto/x25519.h"
#include "lib/pseudonym/ceremony.h"

namespace sluis::pseudonym {

// What one transcryptor is known by.
struct TranscryptorIdentity {
  Hop hop;
  Oin oin;
  std::string name;  // of the region's choice, a code of [a-z0-9-]
  Ed25519PublicKey signing;
  X25519PublicKey sealing;
  GroupElement x;
  friend bool operator==(const TranscryptorIdentity&, const TranscryptorIdentity&) = default;
};

// Errors of all Parse functions: E_STATEMENT for bytes that are not exactly such a document; then
// E_SIGNATURE, E_FACTOR_TRIVIAL and E_PROOF.

Bytes WritePublicHalf(const TranscryptorIdentity& identity, const Ed25519PrivateKey& key);
absl::StatusOr<TranscryptorIdentity> ParsePublicHalf(BytesView document);

// One operator's part: its proof over both keys, and its signature. E_STATEMENT if the halves are
// not of one name, two hops and two organisations, or share a key.
absl::StatusOr<Bytes> WriteContribution(const TranscryptorIdentity& own,
                                        const TranscryptorIdentity& other,
                                        const TranscryptorKeys& keys, const Ed25519PrivateKey& key);

// Immutable, copyable, thread-safe. Both signatures and both proofs were verified.
class KeySet {
 public:
  static absl::StatusOr<KeySet> Parse(BytesView document);
  // From the two contributions, in any order; both operators get the same bytes.
  static absl::StatusOr<KeySet> Join(BytesView contribution, BytesView other);

  const TranscryptorIdentity& half(Hop hop) const { return halves_[hop == Hop::kFirst ? 0 : 1]; }
  const CeremonyRecord& ceremony() const { return ceremony_; }
  const Bytes& document() const { return document_; }
  Digest digest() const;  // SHA-256 of the core: what a first-start record names

 private:
  KeySet(std::array<TranscryptorIdentity, 2> halves, CeremonyRecord ceremony)
      : halves_(std::move(halves)), ceremony_(std::move(ceremony)) {}
  std::array<TranscryptorIdentity, 2> halves_;
  CeremonyRecord ceremony_;
  Bytes document_;
};

// The record that marks a first start (§8.1): {"hop", "key_set", "v": 1} with the digest of the key
// set, on file {"record", "signature"}, signed by that half in the ceremony over
// "sluis/first-start/v1\0" || SHA256(record).
Bytes WriteFirstStart(const KeySet& set, Hop hop, const Ed25519PrivateKey& key);
// E_STATEMENT, E_SIGNATURE. E_MANDATE if it is of another key set or hop.
absl::Status VerifyFirstStart(BytesView document, const KeySet& set, Hop hop);

}  // namespace sluis::pseudonym

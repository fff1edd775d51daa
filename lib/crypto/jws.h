// JSON Web Signatures (RFC 7515) in compact form, as narrow as person assertions need them
// (api.md §11): one key, one algorithm pinned to it, a header of exactly `typ`, `alg` and `kid`.
// Nothing in a token chooses how it is verified, so no token can swap the algorithm or bring a key.
//
// Every refusal of a token is UNAUTHENTICATED / ASSERTION_INVALID whose metadata `check` names the
// check: size, form, header, header-member, alg-none, alg-symmetric, alg, jku, x5u, jwk, crit, typ,
// kid, signature.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/secret.h"

namespace sluis {

class KeyHandle;  // OpenSSL's key, opaque outside lib/crypto

inline constexpr std::size_t kMaxJwsSize = 8 << 10;

// RFC 7518 §3: RSASSA-PSS and RSASSA-PKCS1-v1_5 with a key of 2048 to 8192 bits, ECDSA on P-256;
// all SHA-256.
enum class JwsAlgorithm { kPs256, kRs256, kEs256 };

std::string_view JwsAlgorithmName(JwsAlgorithm algorithm);
// `PS256`, `RS256` or `ES256`; INVALID_ARGUMENT otherwise.
absl::StatusOr<JwsAlgorithm> ParseJwsAlgorithm(std::string_view name);

// Refusal of a token: ASSERTION_INVALID with metadata `check`.
absl::Status AssertionInvalid(std::string_view check, std::string_view message);

// A public key and the one algorithm it is good for. Copyable, thread-safe.
class JwsPublicKey {
 public:
  // `pem`: SubjectPublicKeyInfo. INVALID_ARGUMENT if it is not, or not a sound key for this
  // algorithm.
  static absl::StatusOr<JwsPublicKey> Create(std::string_view pem, JwsAlgorithm algorithm);
  JwsAlgorithm algorithm() const { return algorithm_; }
  const std::string& pem() const { return pem_; }  // as it was given
  // SHA-256 of the DER SubjectPublicKeyInfo: equal for two spellings of one key.
  const Digest& fingerprint() const { return fingerprint_; }
  bool Verifies(BytesView message, BytesView signature) const;

 private:
  JwsPublicKey(std::shared_ptr<const KeyHandle> handle, JwsAlgorithm algorithm,
               std::string_view pem, const Digest& fingerprint)
      : handle_(std::move(handle)), algorithm_(algorithm), pem_(pem), fingerprint_(fingerprint) {}
  std::shared_ptr<const KeyHandle> handle_;
  JwsAlgorithm algorithm_;
  std::string pem_;
  Digest fingerprint_;
};

// Move-only, thread-safe.
class JwsPrivateKey {
 public:
  // A fresh key: RSA of 3072 bits, or P-256.
  static JwsPrivateKey Generate(JwsAlgorithm algorithm);
  // `pem`: unencrypted PKCS#8. INVALID_ARGUMENT as for the public key.
  static absl::StatusOr<JwsPrivateKey> Create(const SecretBytes& pem, JwsAlgorithm algorithm);
  JwsPrivateKey(JwsPrivateKey&&) noexcept;
  JwsPrivateKey& operator=(JwsPrivateKey&&) noexcept;
  ~JwsPrivateKey();

  JwsAlgorithm algorithm() const { return algorithm_; }
  Bytes Sign(BytesView message) const;
  std::string PublicPem() const;
  SecretBytes PrivatePem(SecretAccess access) const;

 private:
  JwsPrivateKey(std::unique_ptr<KeyHandle> handle, JwsAlgorithm algorithm);
  std::unique_ptr<KeyHandle> handle_;
  JwsAlgorithm algorithm_;
};

// A token whose form and header are in order. Its payload cannot be had before a key has verified
// it.
class Jws {
 public:
  // Strict: three base64url parts, at most 8 KiB, header without a duplicate or further member.
  static absl::StatusOr<Jws> Parse(std::string_view token);

  const std::string& typ() const { return typ_; }
  const std::string& kid() const { return kid_; }
  JwsAlgorithm algorithm() const { return algorithm_; }
  // The payload, if the header names the key's own algorithm and the signature is this key's.
  absl::StatusOr<Bytes> Verify(const JwsPublicKey& key) const;

 private:
  Jws() = default;
  absl::Status TakeHeader(BytesView header);
  std::string typ_, kid_;
  JwsAlgorithm algorithm_ = JwsAlgorithm::kPs256;
  std::string signing_input_;
  Bytes payload_, signature_;
};

// The compact form of `payload`. INVALID_ARGUMENT if `typ` or `kid` cannot stand in a header or the
// token would exceed 8 KiB.
absl::StatusOr<std::string> SignJws(const JwsPrivateKey& key, std::string_view typ,
                                    std::string_view kid, BytesView payload);

}  // namespace sluis

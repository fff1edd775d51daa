// The keys of jws.h over OpenSSL's EVP.
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/rsa.h>

#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/internal/x509.h"
#include "lib/crypto/jws.h"

namespace sluis {
namespace {

constexpr int kMinRsaBits = 2048;
constexpr int kMaxRsaBits = 8192;  // above it one verification becomes a way to burn CPU
constexpr std::size_t kMaxKeyPem = 16 << 10;
constexpr std::size_t kP256Coordinate = 32;

using EcdsaSigPtr = std::unique_ptr<ECDSA_SIG, OpensslDeleter<ECDSA_SIG_free>>;
using BignumPtr = std::unique_ptr<BIGNUM, OpensslDeleter<BN_free>>;

absl::Status BadKey(std::string_view message) {
  return Error(ErrorCode::kInvalid, "FIELD_INVALID", message);
}

bool IsP256(const EVP_PKEY* key) {
  char group[32] = {};
  std::size_t size = 0;
  return EVP_PKEY_get_group_name(key, group, sizeof(group), &size) == 1 &&
         std::string_view(group, size) == SN_X9_62_prime256v1;
}

// The right kind and size of key for the algorithm, and a sound public part.
absl::Status CheckKey(EVP_PKEY* key, JwsAlgorithm algorithm) {
  if (algorithm == JwsAlgorithm::kEs256) {
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_EC || !IsP256(key))
      return BadKey("ES256 needs a key on P-256");
  } else {
    if (EVP_PKEY_get_base_id(key) != EVP_PKEY_RSA) return BadKey("PS256 and RS256 need an RSA key");
    const int bits = EVP_PKEY_get_bits(key);
    if (bits < kMinRsaBits || bits > kMaxRsaBits)
      return BadKey("an RSA key must have 2048 to 8192 bits");
  }
  const EvpPkeyCtxPtr context(EVP_PKEY_CTX_new(key, nullptr));
  CryptoCheck(context != nullptr, "key check");
  if (EVP_PKEY_public_check(context.get()) != 1) return BadKey("the public key is not sound");
  return absl::OkStatus();
}

Digest FingerprintOf(const EVP_PKEY* key) {
  unsigned char* der = nullptr;
  const int size = i2d_PUBKEY(key, &der);
  CryptoCheck(size > 0, "public key encoding");
  const Digest digest =
      Sha256(BytesView(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size)));
  OPENSSL_free(der);
  return digest;
}

// `context` was just initialised for signing or verifying with SHA-256.
void UsePadding(EVP_PKEY_CTX* context, JwsAlgorithm algorithm) {
  if (algorithm != JwsAlgorithm::kPs256) return;  // PKCS #1 v1.5 is the default
  CryptoCheck(EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
                  EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) == 1,
              "RSA-PSS parameters");
}

// JOSE writes r || s in 32 bytes each (RFC 7518 §3.4), OpenSSL a DER sequence. Empty if it has not
// that form.
Bytes DerFromJose(BytesView signature) {
  if (signature.size() != 2 * kP256Coordinate) return {};
  const EcdsaSigPtr pair(ECDSA_SIG_new());
  BignumPtr r(BN_bin2bn(Data(signature), kP256Coordinate, nullptr));
  BignumPtr s(BN_bin2bn(Data(signature) + kP256Coordinate, kP256Coordinate, nullptr));
  CryptoCheck(pair && r && s && ECDSA_SIG_set0(pair.get(), r.get(), s.get()) == 1,
              "ECDSA signature");
  static_cast<void>(r.release());  // `pair` owns them now
  static_cast<void>(s.release());
  unsigned char* der = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &der);
  CryptoCheck(size > 0, "ECDSA signature");
  Bytes out(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return out;
}

Bytes JoseFromDer(BytesView der) {
  const unsigned char* cursor = Data(der);
  const EcdsaSigPtr pair(d2i_ECDSA_SIG(nullptr, &cursor, static_cast<long>(der.size())));
  CryptoCheck(pair != nullptr, "ECDSA signature");
  Bytes out(2 * kP256Coordinate, '\0');
  CryptoCheck(BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), MutableData(out), kP256Coordinate) > 0 &&
                  BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), MutableData(out) + kP256Coordinate,
                               kP256Coordinate) > 0,
              "ECDSA signature");
  return out;
}

}  // namespace

absl::StatusOr<JwsPublicKey> JwsPublicKey::Create(std::string_view pem, JwsAlgorithm algorithm) {
  const ErrorQueueGuard guard;
  if (pem.empty() || pem.size() > kMaxKeyPem)
    return BadKey("a public key is one PEM text of at most 16 KiB");
  EvpPkeyPtr key(PEM_read_bio_PUBKEY(ReadOnlyBio(pem).get(), nullptr, NoPassphrase, nullptr));
  if (!key) return BadKey("not a public key in PEM (BEGIN PUBLIC KEY)");
  SLUIS_RETURN_IF_ERROR(CheckKey(key.get(), algorithm));
  const Digest fingerprint = FingerprintOf(key.get());
  return JwsPublicKey(std::make_shared<const KeyHandle>(std::move(key)), algorithm, pem,
                      fingerprint);
}

bool JwsPublicKey::Verifies(BytesView message, BytesView signature) const {
  const ErrorQueueGuard guard;
  const Bytes der = algorithm_ == JwsAlgorithm::kEs256 ? DerFromJose(signature) : Bytes();
  const BytesView expected_form = algorithm_ == JwsAlgorithm::kEs256 ? BytesView(der) : signature;
  if (expected_form.empty()) return false;
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;  // owned by `context`
  CryptoCheck(context && EVP_DigestVerifyInit(context.get(), &parameters, EVP_sha256(), nullptr,
                                              handle_->get()) == 1,
              "JWS verify init");
  UsePadding(parameters, algorithm_);
  return EVP_DigestVerify(context.get(), Data(expected_form), expected_form.size(), Data(message),
                          message.size()) == 1;
}

JwsPrivateKey::JwsPrivateKey(std::unique_ptr<KeyHandle> handle, JwsAlgorithm algorithm)
    : handle_(std::move(handle)), algorithm_(algorithm) {}
JwsPrivateKey::JwsPrivateKey(JwsPrivateKey&&) noexcept = default;
JwsPrivateKey& JwsPrivateKey::operator=(JwsPrivateKey&&) noexcept = default;
JwsPrivateKey::~JwsPrivateKey() = default;

JwsPrivateKey JwsPrivateKey::Generate(JwsAlgorithm algorithm) {
  EvpPkeyPtr key(algorithm == JwsAlgorithm::kEs256 ? EVP_EC_gen("P-256") : EVP_RSA_gen(3072));
  CryptoCheck(key != nullptr, "JWS key generation");
  return JwsPrivateKey(std::make_unique<KeyHandle>(std::move(key)), algorithm);
}

absl::StatusOr<JwsPrivateKey> JwsPrivateKey::Create(const SecretBytes& pem,
                                                    JwsAlgorithm algorithm) {
  const ErrorQueueGuard guard;
  if (pem.empty() || pem.size() > kMaxKeyPem)
    return BadKey("a private key is one PEM text of at most 16 KiB");
  const BioPtr bio = ReadOnlyBio(pem.Reveal(SecretAccess::ForCrypto()));
  EvpPkeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
  if (!key) return BadKey("not an unencrypted private key in PEM (BEGIN PRIVATE KEY)");
  SLUIS_RETURN_IF_ERROR(CheckKey(key.get(), algorithm));
  return JwsPrivateKey(std::make_unique<KeyHandle>(std::move(key)), algorithm);
}

Bytes JwsPrivateKey::Sign(BytesView message) const {
  const EvpMdCtxPtr context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;  // owned by `context`
  CryptoCheck(context && EVP_DigestSignInit(context.get(), &parameters, EVP_sha256(), nullptr,
                                            handle_->get()) == 1,
              "JWS sign init");
  UsePadding(parameters, algorithm_);
  std::size_t size = 0;
  CryptoCheck(EVP_DigestSign(context.get(), nullptr, &size, Data(message), message.size()) == 1,
              "JWS sign");
  Bytes signature(size, '\0');
  CryptoCheck(EVP_DigestSign(context.get(), MutableData(signature), &size, Data(message),
                             message.size()) == 1,
              "JWS sign");
  signature.resize(size);
  return algorithm_ == JwsAlgorithm::kEs256 ? JoseFromDer(signature) : signature;
}

std::string JwsPrivateKey::PublicPem() const {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  CryptoCheck(bio && PEM_write_bio_PUBKEY(bio.get(), handle_->get()) == 1, "public key encoding");
  return std::string(BioContent(bio.get()));
}

SecretBytes JwsPrivateKey::PrivatePem(SecretAccess) const {
  const BioPtr bio(BIO_new(BIO_s_secmem()));
  CryptoCheck(bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), handle_->get(), nullptr, nullptr, 0,
                                                   nullptr, nullptr) == 1,
              "private key encoding");
  return SecretBytes::CopyOf(BioContent(bio.get()));
}

}  // namespace sluis

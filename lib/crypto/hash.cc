#include "lib/crypto/hash.h"

#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <sodium.h>

#include "lib/crypto/internal/openssl.h"

namespace sluis {
namespace {

// Fetched once: OpenSSL 3 looks a digest up by name on every use otherwise. Never freed, so that
// threads that end after main() still find it.
const EVP_MD* Sha256Method() {
  static const EVP_MD* const method = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return method;
}

void Start(EVP_MD_CTX* context) {
  CryptoCheck(EVP_DigestInit_ex2(context, Sha256Method(), nullptr) == 1, "SHA256 init");
}

void Update(EVP_MD_CTX* context, BytesView bytes) {
  CryptoCheck(EVP_DigestUpdate(context, bytes.data(), bytes.size()) == 1, "SHA256 update");
}

Digest Finish(EVP_MD_CTX* context) {
  Digest digest;
  CryptoCheck(EVP_DigestFinal_ex(context, digest.data(), nullptr) == 1, "SHA256 final");
  return digest;
}

EvpMacCtxPtr NewHmac() {
  EVP_MAC* const method = EVP_MAC_fetch(nullptr, "HMAC", nullptr);
  EvpMacCtxPtr context(EVP_MAC_CTX_new(method));
  EVP_MAC_free(method);
  char digest[] = "SHA256";
  const OSSL_PARAM params[] = {OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
                               OSSL_PARAM_construct_end()};
  CryptoCheck(context && EVP_MAC_CTX_set_params(context.get(), params) == 1, "HMAC context");
  return context;
}

}  // namespace

Digest Sha256(BytesView bytes) { return Sha256({bytes}); }

Digest Sha256(std::initializer_list<BytesView> parts) {
  // One context a thread: making one costs more than hashing a short message.
  thread_local const EvpMdCtxPtr context(EVP_MD_CTX_new());
  Start(context.get());
  for (BytesView part : parts) Update(context.get(), part);
  return Finish(context.get());
}

struct Sha256Stream::State {
  EvpMdCtxPtr context{EVP_MD_CTX_new()};
};

std::array<std::uint8_t, 64> Sha512(std::initializer_list<BytesView> parts) {
  crypto_hash_sha512_state state;
  crypto_hash_sha512_init(&state);
  for (BytesView part : parts) crypto_hash_sha512_update(&state, Data(part), part.size());
  std::array<std::uint8_t, 64> digest;
  crypto_hash_sha512_final(&state, digest.data());
  return digest;
}

Sha256Stream::Sha256Stream() : state_(std::make_unique<State>()) { Start(state_->context.get()); }
Sha256Stream::~Sha256Stream() = default;
Sha256Stream::Sha256Stream(Sha256Stream&&) noexcept = default;
Sha256Stream& Sha256Stream::operator=(Sha256Stream&&) noexcept = default;

Sha256Stream& Sha256Stream::Update(BytesView bytes) {
  sluis::Update(state_->context.get(), bytes);
  return *this;
}

Digest Sha256Stream::Finish() {
  const Digest digest = sluis::Finish(state_->context.get());
  Start(state_->context.get());
  return digest;
}

Digest HmacSha256(BytesView key, BytesView data) { return HmacSha256(key, {data}); }

Digest HmacSha256(BytesView key, std::initializer_list<BytesView> parts) {
  static EVP_MAC_CTX* const prototype = NewHmac().release();
  const EvpMacCtxPtr context(EVP_MAC_CTX_dup(prototype));
  // A null key would mean "keep the old one"; the empty key is a key of its own.
  const std::uint8_t* const key_bytes = key.empty() ? Data("") : Data(key);
  CryptoCheck(context && EVP_MAC_init(context.get(), key_bytes, key.size(), nullptr) == 1,
              "HMAC init");
  for (BytesView part : parts) {
    CryptoCheck(EVP_MAC_update(context.get(), Data(part), part.size()) == 1, "HMAC update");
  }
  Digest mac;
  std::size_t size = 0;
  CryptoCheck(
      EVP_MAC_final(context.get(), mac.data(), &size, mac.size()) == 1 && size == mac.size(),
      "HMAC final");
  return mac;
}

bool ConstantTimeEqual(BytesView a, BytesView b) {
  return a.size() == b.size() && sodium_memcmp(a.data(), b.data(), a.size()) == 0;
}

}  // namespace sluis

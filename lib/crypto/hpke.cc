#include "lib/crypto/hpke.h"

#include "lib/base/byte_io.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hkdf.h"

namespace sluis {
namespace {

constexpr BytesView kVersion = "HPKE-v1";
constexpr std::uint8_t kModeBase = 0x00;

// LabeledExtract and LabeledExpand of §4, for one suite id.
class LabeledKdf {
 public:
  explicit LabeledKdf(Bytes suite_id) : suite_id_(std::move(suite_id)) {}

  SecretBytes Extract(BytesView salt, BytesView label, BytesView input_key) const {
    return HkdfExtract(salt, {kVersion, suite_id_, label, input_key});
  }
  SecretBytes Expand(const SecretBytes& key, BytesView label, BytesView info,
                     std::size_t length) const {
    const Bytes size = ByteWriter().U16(static_cast<std::uint16_t>(length)).bytes();
    return HkdfExpand(key, {size, kVersion, suite_id_, label, info}, length);
  }

 private:
  Bytes suite_id_;
};

LabeledKdf KemKdf() { return LabeledKdf(ByteWriter().Raw("KEM").U16(kHpkeKem).bytes()); }

LabeledKdf SuiteKdf(Aead aead) {
  const auto aead_id = static_cast<std::uint16_t>(aead);
  return LabeledKdf(ByteWriter().Raw("HPKE").U16(kHpkeKem).U16(kHpkeKdf).U16(aead_id).bytes());
}

// ExtractAndExpand of §4.1.
SecretBytes KemSharedSecret(const SecretBytes& dh, BytesView enc, BytesView recipient) {
  const LabeledKdf kdf = KemKdf();
  const SecretBytes key = kdf.Extract("", "eae_prk", dh.Reveal(SecretAccess::ForCrypto()));
  return kdf.Expand(key, "shared_secret", Bytes(enc) + Bytes(recipient), sizeof(Digest));
}

}  // namespace

// §5.1, mode base: no pre-shared key.
struct HpkeContext::Schedule {
  Schedule(Aead aead, const SecretBytes& shared_secret, BytesView info) {
    const LabeledKdf kdf = SuiteKdf(aead);
    const SecretBytes psk_id_hash = kdf.Extract("", "psk_id_hash", "");
    const SecretBytes info_hash = kdf.Extract("", "info_hash", info);
    const Bytes context = ByteWriter()
                              .U8(kModeBase)
                              .Raw(psk_id_hash.Reveal(SecretAccess::ForCrypto()))
                              .Raw(info_hash.Reveal(SecretAccess::ForCrypto()))
                              .bytes();
    const SecretBytes secret =
        kdf.Extract(shared_secret.Reveal(SecretAccess::ForCrypto()), "secret", "");
    key = kdf.Expand(secret, "key", context, AeadKeySize(aead));
    base_nonce = kdf.Expand(secret, "base_nonce", context, kAeadNonceSize);
    exporter_secret = kdf.Expand(secret, "exp", context, sizeof(Digest));
  }
  SecretBytes key, base_nonce, exporter_secret;
};

HpkeContext::HpkeContext(Aead aead, const SecretBytes& shared_secret, BytesView info)
    : HpkeContext(aead, Schedule(aead, shared_secret, info)) {}

HpkeContext::HpkeContext(Aead aead, Schedule schedule)
    : key_(AeadKey::Create(aead, std::move(schedule.key)).value()),
      aead_(aead),
      base_nonce_(std::move(schedule.base_nonce)),
      exporter_secret_(std::move(schedule.exporter_secret)) {}

SecretBytes HpkeContext::Export(BytesView context, std::size_t length) const {
  return SuiteKdf(aead_).Expand(exporter_secret_, "sec", context, length);
}

Bytes HpkeContext::NextNonce() const {
  Bytes nonce(base_nonce_.Reveal(SecretAccess::ForCrypto()));
  const Bytes number = ByteWriter().Zeros(kAeadNonceSize - sizeof(number_)).U64(number_).bytes();
  for (std::size_t i = 0; i < nonce.size(); ++i) nonce[i] = static_cast<char>(nonce[i] ^ number[i]);
  return nonce;
}

absl::StatusOr<HpkeSender> HpkeSender::Create(Aead aead, const X25519PublicKey& recipient,
                                              BytesView info) {
  return CreateWithEphemeral(aead, recipient, info, X25519PrivateKey::Generate());
}

absl::StatusOr<HpkeSender> HpkeSender::CreateWithEphemeral(Aead aead,
                                                           const X25519PublicKey& recipient,
                                                           BytesView info,
                                                           const X25519PrivateKey& ephemeral) {
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes dh, ephemeral.Agree(recipient));
  const Digest& enc = ephemeral.public_key().raw();
  return HpkeSender(aead, KemSharedSecret(dh, AsView(enc), AsView(recipient.raw())), info, enc);
}

Bytes HpkeSender::Seal(BytesView aad, BytesView plaintext) {
  Bytes ciphertext = key_.Seal(NextNonce(), aad, plaintext);
  ++number_;
  return ciphertext;
}

absl::StatusOr<HpkeRecipient> HpkeRecipient::Create(Aead aead, BytesView enc,
                                                    const X25519PrivateKey& key, BytesView info) {
  SLUIS_ASSIGN_OR_RETURN(const X25519PublicKey ephemeral, X25519PublicKey::Parse(enc));
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes dh, key.Agree(ephemeral));
  return HpkeRecipient(aead, KemSharedSecret(dh, enc, AsView(key.public_key().raw())), info);
}

absl::StatusOr<SecretBytes> HpkeRecipient::Open(BytesView aad, BytesView ciphertext) {
  SLUIS_ASSIGN_OR_RETURN(SecretBytes plaintext, key_.Open(NextNonce(), aad, ciphertext));
  ++number_;
  return plaintext;
}

}  // namespace sluis

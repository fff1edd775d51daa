#include "broker/transcryptor/secrets.h"

#include <algorithm>

#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/key_file.h"

namespace sluis::transcryptor {
namespace {

using namespace std::string_view_literals;
using pseudonym::Hop;

constexpr BytesView kAad = "sluis/transcryptor-secrets/v1\0"sv;
constexpr std::uint8_t kForm = 1;
constexpr std::size_t kPart = 32;
constexpr std::size_t kParts = 6;
constexpr std::size_t kHead = 3;

// Copies parts one behind the other without a copy outside of secret memory.
class Packer {
 public:
  explicit Packer(std::span<std::uint8_t> out) : out_(out) {}
  void Byte(std::uint8_t byte) { out_[at_++] = byte; }
  void Part(BytesView bytes) {
    std::copy(bytes.begin(), bytes.end(), out_.begin() + static_cast<std::ptrdiff_t>(at_));
    at_ += bytes.size();
  }

 private:
  std::span<std::uint8_t> out_;
  std::size_t at_ = 0;
};

SecretBytes Pack(const Secrets& secrets) {
  const auto access = SecretAccess::ForStorage();
  SecretBytes packed(kHead + kParts * kPart);
  Packer packer(packed.RevealForWriting(access));
  packer.Byte(kForm);
  packer.Byte(static_cast<std::uint8_t>(secrets.hop));
  packer.Byte(secrets.finished ? 1 : 0);
  packer.Part(secrets.keys.ps(access));
  packer.Part(secrets.keys.es(access));
  packer.Part(secrets.keys.x().Reveal(access));
  const SecretBytes seed = secrets.signing.Seed(access);
  packer.Part(seed.Reveal(access));
  const SecretBytes raw = secrets.sealing.Raw(access);
  packer.Part(raw.Reveal(access));
  packer.Part(secrets.state_key.Reveal(access));
  return packed;
}

absl::Status NotOpened() {
  return Error(ErrorCode::kPrecondition, "KEYS_NOT_OPENED",
               "the secrets cannot be opened: is it the right wrapping key, and the file whole?");
}

absl::StatusOr<Bytes> Wrap(const Secrets& secrets, const SecretBytes& wrapping_key) {
  SLUIS_ASSIGN_OR_RETURN(const AeadKey key,
                         AeadKey::Create(Aead::kAes256Gcm, wrapping_key.Clone()));
  const SecretBytes packed = Pack(secrets);
  return key.SealRandom(kAad, packed.Reveal(SecretAccess::ForStorage()));
}

absl::StatusOr<Secrets> Unpack(BytesView packed) {
  if (packed.size() != kHead + kParts * kPart || packed[0] != kForm) return NotOpened();
  if (packed[1] != 1 && packed[1] != 2) return NotOpened();
  const auto part = [&](std::size_t i) {
    return SecretBytes::CopyOf(packed.substr(kHead + i * kPart, kPart));
  };
  SLUIS_ASSIGN_OR_RETURN(SecretScalar x, SecretScalar::Decode(part(2)));
  SLUIS_ASSIGN_OR_RETURN(pseudonym::TranscryptorKeys keys,
                         pseudonym::TranscryptorKeys::Create(part(0), part(1), std::move(x)));
  SLUIS_ASSIGN_OR_RETURN(Ed25519PrivateKey signing, Ed25519PrivateKey::FromSeed(part(3)));
  SLUIS_ASSIGN_OR_RETURN(X25519PrivateKey sealing, X25519PrivateKey::FromBytes(part(4)));
  return Secrets{packed[1] == 1 ? Hop::kFirst : Hop::kSecond,
                 packed[2] != 0,
                 std::move(keys),
                 std::move(signing),
                 std::move(sealing),
                 part(5)};
}

bool IsHalf(const Secrets& secrets, const pseudonym::TranscryptorIdentity& half) {
  return secrets.hop == half.hop && secrets.keys.public_x() == half.x &&
         secrets.signing.public_key() == half.signing &&
         secrets.sealing.public_key() == half.sealing;
}

}  // namespace

Secrets Secrets::Generate(Hop hop) {
  return {hop,
          false,
          pseudonym::TranscryptorKeys::Generate(),
          Ed25519PrivateKey::Generate(),
          X25519PrivateKey::Generate(),
          SecretBytes::Random(kPart)};
}

pseudonym::TranscryptorIdentity Secrets::Identity(const Oin& oin, std::string name) const {
  return {hop, oin, std::move(name), signing.public_key(), sealing.public_key(), keys.public_x()};
}

absl::Status WriteNewSecrets(const std::filesystem::path& file, const Secrets& secrets,
                             const SecretBytes& wrapping_key) {
  std::error_code ignored;
  if (std::filesystem::exists(file, ignored)) {
    return Error(ErrorCode::kExists, "KEY_FILE_EXISTS",
                 "there are secrets already; a new ceremony needs a folder of its own");
  }
  return ReplaceSecrets(file, secrets, wrapping_key);
}

absl::Status ReplaceSecrets(const std::filesystem::path& file, const Secrets& secrets,
                            const SecretBytes& wrapping_key) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes sealed, Wrap(secrets, wrapping_key));
  return WriteFileAtomic(file, sealed, 0600);
}

absl::StatusOr<Secrets> ReadSecrets(const std::filesystem::path& file,
                                    const SecretBytes& wrapping_key) {
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes sealed, ReadPrivateFile(file));
  SLUIS_ASSIGN_OR_RETURN(const AeadKey key,
                         AeadKey::Create(Aead::kAes256Gcm, wrapping_key.Clone()));
  const absl::StatusOr<SecretBytes> packed =
      key.OpenRandom(kAad, sealed.Reveal(SecretAccess::ForStorage()));
  if (!packed.ok()) return NotOpened();
  return Unpack(packed->Reveal(SecretAccess::ForStorage()));
}

absl::Status CheckSecretsBelong(const Secrets& secrets, const pseudonym::KeySet& set, Hop hop) {
  if (secrets.hop == hop && IsHalf(secrets, set.half(hop))) return absl::OkStatus();
  const Hop other = hop == Hop::kFirst ? Hop::kSecond : Hop::kFirst;
  if (IsHalf(secrets, set.half(other))) {
    return Error(ErrorCode::kPrecondition, "KEYS_OF_THE_OTHER",
                 "these are the secrets of the other transcryptor: the two halves belong to two "
                 "organisations, on two machines");
  }
  return Error(ErrorCode::kPrecondition, "KEYS_NOT_OF_THIS_SET",
               "these secrets are not those of this key set");
}

}  // namespace sluis::transcryptor

// Everything that one transcryptor must keep to itself (pseudonyms.md §5), and the file it rests
// in: sealed under a wrapping key from another file, so that a copy of one of them is worth
// nothing.
//
//   file = AES-256-GCM under the wrapping key, nonce in front, aad
//   "sluis/transcryptor-secrets/v1\0", of u8 01 || u8 hop || u8 finished || PS 32 || ES 32 || x 32
//   || Ed25519 seed 32 || X25519 32 || state key 32
#pragma once

#include <filesystem>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/ids.h"
#include "lib/crypto/aead.h"
#include "lib/crypto/ed25519.h"
#include "lib/crypto/secret.h"
#include "lib/crypto/x25519.h"
#include "lib/pseudonym/key_set.h"
#include "lib/pseudonym/transcryptor_keys.h"

namespace sluis::transcryptor {

// In locked memory, wiped when dropped. Move-only.
struct Secrets {
  pseudonym::Hop hop;
  bool finished = false;  // the ceremony was: no second first-start record is made
  pseudonym::TranscryptorKeys keys;
  Ed25519PrivateKey signing;
  X25519PrivateKey sealing;
  SecretBytes state_key;  // seals salts at rest

  static Secrets Generate(pseudonym::Hop hop);
  pseudonym::TranscryptorIdentity Identity(const Oin& oin, std::string name) const;
};

// Both files mode 0600, never replaced by WriteNew: KEY_FILE_EXISTS.
absl::Status WriteNewSecrets(const std::filesystem::path& file, const Secrets& secrets,
                             const SecretBytes& wrapping_key);
absl::Status ReplaceSecrets(const std::filesystem::path& file, const Secrets& secrets,
                            const SecretBytes& wrapping_key);
// The errors of ReadPrivateFile; FAILED_PRECONDITION / KEYS_NOT_OPENED for another wrapping key or
// a damaged file.
absl::StatusOr<Secrets> ReadSecrets(const std::filesystem::path& file,
                                    const SecretBytes& wrapping_key);

// FAILED_PRECONDITION unless these secrets are those of `hop` in the set: KEYS_OF_THE_OTHER when
// they are the other half's, KEYS_NOT_OF_THIS_SET when they are nobody's here.
absl::Status CheckSecretsBelong(const Secrets& secrets, const pseudonym::KeySet& set,
                                pseudonym::Hop hop);

inline constexpr std::size_t kWrappingKeySize = 32;

}  // namespace sluis::transcryptor

// Private keys as files: PEM PKCS#8, so that an administrator can look at them with `openssl pkey`;
// symmetric keys as one line of hex. A file that its group or others may read is not a secret any
// more and is refused.
#pragma once

#include <filesystem>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/crypto/ed25519.h"
#include "lib/crypto/jws.h"
#include "lib/crypto/secret.h"
#include "lib/crypto/x25519.h"

namespace sluis {

// All write mode 0600 and never replace a file: KEY_FILE_EXISTS. The file is durable when they
// return.
absl::Status WriteKeyFile(const std::filesystem::path& path, const Ed25519PrivateKey& key);
absl::Status WriteKeyFile(const std::filesystem::path& path, const X25519PrivateKey& key);
absl::Status WriteKeyFile(const std::filesystem::path& path, const JwsPrivateKey& key);
absl::Status WriteSecretFile(const std::filesystem::path& path, const SecretBytes& secret);

// All fail with FILE_NOT_FOUND, KEY_FILE_PERMISSIONS (group or others have any access, or it is no
// plain file), KEY_FILE_INVALID (not exactly one unencrypted key of this kind) or FILE_NOT_USABLE.
absl::StatusOr<Ed25519PrivateKey> ReadEd25519KeyFile(const std::filesystem::path& path);
absl::StatusOr<X25519PrivateKey> ReadX25519KeyFile(const std::filesystem::path& path);
absl::StatusOr<SecretBytes> ReadSecretFile(const std::filesystem::path& path, std::size_t size);

// A private file as it is, under the same permission rule; for callers with a format of their own.
absl::StatusOr<SecretBytes> ReadPrivateFile(const std::filesystem::path& path);

}  // namespace sluis

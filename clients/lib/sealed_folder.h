// Small files that lie encrypted under a key of this edge, each under a name that tells nothing: a
// stolen disk without edge.key shows how many there are and when they changed.
#pragma once

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/aead.h"
#include "lib/crypto/secret.h"

namespace sluis::edge {

// Safe between processes; one thread at a time. Move-only.
class SealedFolder {
 public:
  // `key_file` holds 32 random bytes and is made if it is not there. `label` separates the folders
  // under one key. The errors of key_file.h.
  static absl::StatusOr<SealedFolder> Open(const std::filesystem::path& key_file,
                                           std::filesystem::path folder, std::string_view label);

  // The keyed name of what is personal: HMAC-SHA256, as 64 hex characters.
  std::string NameOf(BytesView what) const;

  // Nothing if there is no such file; DATA_LOSS / STORE_DAMAGED naming one that does not open.
  absl::StatusOr<std::optional<SecretBytes>> Read(const std::string& name) const;
  // Under a lock of the folder: `change` gets what is there and gives what shall be; empty removes
  // the file. Durable when it returns.
  using Change = std::function<absl::StatusOr<Bytes>(const std::optional<SecretBytes>& before)>;
  absl::Status Update(const std::string& name, const Change& change) const;
  // One part of a larger file that lies in this folder: `aad` says which part of which file. E_OPEN
  // for anything else.
  Bytes SealPart(BytesView aad, BytesView content) const { return key_.SealRandom(aad, content); }
  absl::StatusOr<SecretBytes> OpenPart(BytesView aad, BytesView sealed) const {
    return key_.OpenRandom(aad, sealed);
  }
  const std::filesystem::path& folder() const { return folder_; }
  // Names of all files.
  absl::StatusOr<std::vector<std::string>> Names() const;

 private:
  SealedFolder(std::filesystem::path folder, AeadKey key, SecretBytes name_key)
      : folder_(std::move(folder)), key_(std::move(key)), name_key_(std::move(name_key)) {}
  std::filesystem::path FileOf(const std::string& name) const;

  std::filesystem::path folder_;
  AeadKey key_;
  SecretBytes name_key_;
};

}  // namespace sluis::edge

#include "clients/lib/sealed_folder.h"

#include "absl/strings/str_format.h"
#include "clients/lib/private_files.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/hkdf.h"
#include "lib/crypto/key_file.h"

namespace sluis::edge {
namespace {

constexpr std::string_view kSuffix = ".sealed";
constexpr std::size_t kMaxFile = std::size_t{16} << 20;
constexpr std::size_t kKeySize = 32;

// Two processes may come here first; the file of one of them counts.
absl::StatusOr<SecretBytes> KeyFromFile(const std::filesystem::path& file) {
  absl::StatusOr<SecretBytes> key = ReadSecretFile(file, kKeySize);
  if (ReasonOf(key.status()) != "FILE_NOT_FOUND") return key;
  const absl::Status written = WriteSecretFile(file, SecretBytes::Random(kKeySize));
  if (!written.ok() && ReasonOf(written) != "KEY_FILE_EXISTS") return written;
  return ReadSecretFile(file, kKeySize);
}

absl::Status Damaged(const std::filesystem::path& file) {
  return Error(ErrorCode::kDataLoss, "STORE_DAMAGED",
               absl::StrFormat("%s is not what was stored under edge.key; put both back from the "
                               "same backup, or call your administrator",
                               file.string()),
               {{"file", file.string()}});
}

}  // namespace

absl::StatusOr<SealedFolder> SealedFolder::Open(const std::filesystem::path& key_file,
                                                std::filesystem::path folder,
                                                std::string_view label) {
  SLUIS_ASSIGN_OR_RETURN(const FileLock lock, FileLock::Wait(folder / ".lock"));
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes secret, KeyFromFile(key_file));
  const SecretBytes root = HkdfExtract("sluis/edge/v1", {secret.Reveal(SecretAccess::ForCrypto())});
  SLUIS_ASSIGN_OR_RETURN(
      AeadKey key,
      AeadKey::Create(Aead::kAes256Gcm, HkdfExpand(root, {label, " content"}, kKeySize)));
  return SealedFolder(std::move(folder), std::move(key),
                      HkdfExpand(root, {label, " name"}, kKeySize));
}

std::string SealedFolder::NameOf(BytesView what) const {
  return HexEncode(AsView(HmacSha256(name_key_.Reveal(SecretAccess::ForCrypto()), what)));
}

std::filesystem::path SealedFolder::FileOf(const std::string& name) const {
  return folder_ / (name + std::string(kSuffix));
}

absl::StatusOr<std::optional<SecretBytes>> SealedFolder::Read(const std::string& name) const {
  const absl::StatusOr<Bytes> sealed = ReadFile(FileOf(name), kMaxFile);
  if (absl::IsNotFound(sealed.status())) return std::nullopt;
  if (!sealed.ok()) return sealed.status();
  absl::StatusOr<SecretBytes> content = key_.OpenRandom(name, *sealed);
  if (!content.ok()) return Damaged(FileOf(name));
  return *std::move(content);
}

absl::Status SealedFolder::Update(const std::string& name, const Change& change) const {
  SLUIS_ASSIGN_OR_RETURN(const FileLock lock, FileLock::Wait(folder_ / ".lock"));
  SLUIS_ASSIGN_OR_RETURN(const std::optional<SecretBytes> before, Read(name));
  SLUIS_ASSIGN_OR_RETURN(Bytes after, change(before));
  if (!after.empty()) {
    const Bytes sealed = key_.SealRandom(name, after);
    WipeBytes(after);
    return WriteFileAtomic(FileOf(name), sealed);
  }
  if (!before) return absl::OkStatus();
  std::error_code error;
  std::filesystem::remove(FileOf(name), error);
  if (!error) return SyncFolder(folder_);
  return Error(ErrorCode::kUnavailable, "FILE_NOT_USABLE",
               absl::StrFormat("cannot remove %s: %s", FileOf(name).string(), error.message()));
}

absl::StatusOr<std::vector<std::string>> SealedFolder::Names() const {
  SLUIS_ASSIGN_OR_RETURN(const auto files, FilesOf(folder_, kSuffix));
  std::vector<std::string> names;
  for (const std::filesystem::path& file : files) names.push_back(file.stem().string());
  return names;
}

}  // namespace sluis::edge

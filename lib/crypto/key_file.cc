#include "lib/crypto/key_file.h"

#include <fcntl.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <cerrno>
#include <cstring>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/file_descriptor.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/internal/raw_key.h"

namespace sluis {
namespace {

constexpr std::size_t kMaxKeyFile = 16384;

absl::Status FileError(const std::filesystem::path& path, int error) {
  if (error == ENOENT) {
    return Error(ErrorCode::kNotFound, "FILE_NOT_FOUND",
                 absl::StrFormat("no key file %s", path.string()));
  }
  if (error == EEXIST) {
    return Error(ErrorCode::kExists, "KEY_FILE_EXISTS",
                 absl::StrFormat("%s exists; a key is never overwritten", path.string()));
  }
  return Error(ErrorCode::kUnavailable, "FILE_NOT_USABLE",
               absl::StrFormat("key file %s: %s", path.string(), std::strerror(error)));
}

absl::Status Invalid(const std::filesystem::path& path, std::string_view what) {
  return Error(ErrorCode::kInvalid, "KEY_FILE_INVALID",
               absl::StrFormat("%s is not %s", path.string(), what));
}

absl::Status CheckPermissions(const std::filesystem::path& path, int fd) {
  struct stat info = {};
  if (::fstat(fd, &info) != 0) return FileError(path, errno);
  if (S_ISREG(info.st_mode) && (info.st_mode & (S_IRWXG | S_IRWXO)) == 0) return absl::OkStatus();
  return Error(ErrorCode::kPrecondition, "KEY_FILE_PERMISSIONS",
               absl::StrFormat("%s must be a plain file that only its owner can read: chmod 600",
                               path.string()));
}

absl::Status SyncFolder(const std::filesystem::path& path) {
  const std::filesystem::path folder = path.has_parent_path() ? path.parent_path() : ".";
  const FileDescriptor directory(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  return directory.ok() && ::fsync(directory.get()) == 0 ? absl::OkStatus()
                                                         : FileError(folder, errno);
}

absl::Status WriteNewPrivateFile(const std::filesystem::path& path, BytesView content) {
  const FileDescriptor file(
      ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600));
  if (!file.ok()) return FileError(path, errno);
  if (!WriteAll(file.get(), content) || ::fsync(file.get()) != 0) {
    const int error = errno;
    ::unlink(path.c_str());
    return FileError(path, error);
  }
  return SyncFolder(path);
}

absl::Status WritePem(const std::filesystem::path& path, EVP_PKEY* key) {
  const BioPtr bio(BIO_new(BIO_s_secmem()));
  CryptoCheck(bio && PEM_write_bio_PKCS8PrivateKey(bio.get(), key, nullptr, nullptr, 0, nullptr,
                                                   nullptr) == 1,
              "PEM write");
  return WriteNewPrivateFile(path, BioContent(bio.get()));
}

int NoPassword(char*, int, int, void*) { return -1; }

absl::StatusOr<SecretBytes> ReadPem(const std::filesystem::path& path, int type,
                                    std::string_view kind) {
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes text, ReadPrivateFile(path));
  if (text.empty()) return Invalid(path, kind);
  const BytesView pem = text.Reveal(SecretAccess::ForCrypto());
  const BioPtr bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  CryptoCheck(bio != nullptr, "PEM read");
  const EvpPkeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassword, nullptr));
  if (!key || EVP_PKEY_get_id(key.get()) != type || BIO_pending(bio.get()) != 0)
    return Invalid(path, kind);
  return RawPrivateKey(key.get());
}

}  // namespace

absl::StatusOr<SecretBytes> ReadPrivateFile(const std::filesystem::path& path) {
  // O_NONBLOCK: a pipe in place of the file must not hang the start of a process.
  const FileDescriptor file(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  if (!file.ok()) return FileError(path, errno);
  SLUIS_RETURN_IF_ERROR(CheckPermissions(path, file.get()));
  SecretBytes buffer(kMaxKeyFile);
  const auto place = buffer.RevealForWriting(SecretAccess::ForCrypto());
  std::size_t size = 0;
  while (size < place.size()) {
    const ssize_t n = ::read(file.get(), place.data() + size, place.size() - size);
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return FileError(path, errno);
    if (n == 0)
      return SecretBytes::CopyOf(buffer.Reveal(SecretAccess::ForCrypto()).substr(0, size));
    size += static_cast<std::size_t>(n);
  }
  return Invalid(path, "a key: too large");
}

absl::Status WriteKeyFile(const std::filesystem::path& path, const Ed25519PrivateKey& key) {
  SLUIS_ASSIGN_OR_RETURN(const EvpPkeyPtr pkey,
                         PrivateKeyFromRaw(EVP_PKEY_ED25519, key.Seed(SecretAccess::ForStorage())));
  return WritePem(path, pkey.get());
}

absl::Status WriteKeyFile(const std::filesystem::path& path, const X25519PrivateKey& key) {
  SLUIS_ASSIGN_OR_RETURN(const EvpPkeyPtr pkey,
                         PrivateKeyFromRaw(EVP_PKEY_X25519, key.Raw(SecretAccess::ForStorage())));
  return WritePem(path, pkey.get());
}

absl::Status WriteKeyFile(const std::filesystem::path& path, const JwsPrivateKey& key) {
  const SecretBytes pem = key.PrivatePem(SecretAccess::ForStorage());
  return WriteNewPrivateFile(path, pem.Reveal(SecretAccess::ForStorage()));
}

absl::Status WriteSecretFile(const std::filesystem::path& path, const SecretBytes& secret) {
  Bytes text = HexEncode(secret.Reveal(SecretAccess::ForStorage())) + "\n";
  absl::Status written = WriteNewPrivateFile(path, text);
  WipeBytes(text);
  return written;
}

absl::StatusOr<Ed25519PrivateKey> ReadEd25519KeyFile(const std::filesystem::path& path) {
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes seed,
                         ReadPem(path, EVP_PKEY_ED25519, "an Ed25519 private key in PEM"));
  return Ed25519PrivateKey::FromSeed(seed);
}

absl::StatusOr<X25519PrivateKey> ReadX25519KeyFile(const std::filesystem::path& path) {
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes raw,
                         ReadPem(path, EVP_PKEY_X25519, "an X25519 private key in PEM"));
  return X25519PrivateKey::FromBytes(raw);
}

absl::StatusOr<SecretBytes> ReadSecretFile(const std::filesystem::path& path, std::size_t size) {
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes text, ReadPrivateFile(path));
  BytesView line = text.Reveal(SecretAccess::ForCrypto());
  if (line.ends_with('\n')) line.remove_suffix(1);
  auto bytes = HexDecode(line);
  if (!bytes.ok() || bytes->size() != size)
    return Invalid(path, absl::StrFormat("%d bytes in lower-case hex", size));
  return SecretBytes::Take(std::move(*bytes));
}

}  // namespace sluis

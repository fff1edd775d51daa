#include "lib/sealing/document_stream.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/file_descriptor.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/random.h"
#include "lib/sealing/document_stream_testonly.h"

namespace sluis {
namespace {

constexpr std::uint8_t kVersion = 1;
constexpr std::size_t kKeySize = 32;

absl::Status StreamError(std::string_view what) {
  return Error(ErrorCode::kInvalid, "E_STREAM", what);
}

absl::Status FileError(std::string_view what, const std::filesystem::path& path, int error) {
  return Error(ErrorCode::kUnavailable, "FILE_NOT_USABLE",
               absl::StrFormat("cannot %s %s: %s", what, path.string(), std::strerror(error)));
}

Bytes Nonce(const StreamPrefix& prefix, std::uint64_t index, bool last) {
  return ByteWriter()
      .Raw(AsView(prefix))
      .U32(static_cast<std::uint32_t>(index))
      .U8(last ? 1 : 0)
      .bytes();
}

// Fills `out` as far as the source goes.
absl::StatusOr<std::size_t> ReadFull(const ByteSource& source, std::span<std::uint8_t> out) {
  std::size_t size = 0;
  while (size < out.size()) {
    SLUIS_ASSIGN_OR_RETURN(const std::size_t n, source(out.subspan(size)));
    if (n == 0) break;
    size += std::min(n, out.size() - size);
  }
  return size;
}

// Reads one chunk ahead, because a chunk is sealed differently when it is the last.
class Encryptor {
 public:
  Encryptor(const AeadKey& key, const StreamPrefix& prefix, const SealId& seal_id,
            const ByteSink& sink)
      : key_(key), prefix_(prefix), seal_id_(seal_id), sink_(sink) {}

  absl::Status Run(const ByteSource& plain) {
    SecretBytes current(kStreamChunk);
    SecretBytes next(kStreamChunk);
    SLUIS_ASSIGN_OR_RETURN(std::size_t size,
                           ReadFull(plain, current.RevealForWriting(SecretAccess::ForCrypto())));
    for (;;) {
      std::size_t next_size = 0;
      if (size == kStreamChunk) {
        SLUIS_ASSIGN_OR_RETURN(next_size,
                               ReadFull(plain, next.RevealForWriting(SecretAccess::ForCrypto())));
      }
      const bool last = next_size == 0;
      SLUIS_RETURN_IF_ERROR(Emit(current.Reveal(SecretAccess::ForCrypto()).substr(0, size), last));
      if (last) return absl::OkStatus();
      std::swap(current, next);
      size = next_size;
    }
  }

  std::uint64_t length() const { return length_; }
  Digest Finish() { return digest_.Finish(); }

 private:
  absl::Status Emit(BytesView chunk, bool last) {
    length_ += chunk.size();
    if (length_ > kMaxDocument) return StreamError("the document is larger than 250 MB");
    const Bytes sealed = key_.Seal(Nonce(prefix_, index_++, last), AsView(seal_id_), chunk);
    digest_.Update(sealed);
    return sink_(sealed);
  }

  const AeadKey& key_;
  const StreamPrefix& prefix_;
  const SealId& seal_id_;
  const ByteSink& sink_;
  std::uint64_t index_ = 0;
  std::uint64_t length_ = 0;
  Sha256Stream digest_;
};

// Decrypts to a sink, which must not believe anything before this returned OK.
absl::Status Decrypt(const StreamDescriptor& descriptor, const SealId& seal_id,
                     const ByteSource& sealed, const ByteSink& sink) {
  SLUIS_ASSIGN_OR_RETURN(const AeadKey key,
                         AeadKey::Create(Aead::kAes256Gcm, descriptor.key.Clone()));
  SecretBytes plain(kStreamChunk);
  Bytes buffer(kSealedStreamChunk, '\0');
  const std::span<std::uint8_t> place(reinterpret_cast<std::uint8_t*>(buffer.data()),
                                      buffer.size());
  const std::uint64_t chunks = StreamChunkCount(descriptor.length);
  std::uint64_t rest = descriptor.length;
  Sha256Stream digest;
  for (std::uint64_t i = 0; i < chunks; ++i) {
    const std::size_t size = static_cast<std::size_t>(std::min<std::uint64_t>(rest, kStreamChunk));
    SLUIS_ASSIGN_OR_RETURN(const std::size_t got,
                           ReadFull(sealed, place.first(size + kAeadTagSize)));
    if (got != size + kAeadTagSize) return StreamError("the document ends too early");
    const BytesView chunk = BytesView(buffer).substr(0, got);
    digest.Update(chunk);
    const auto out = plain.RevealForWriting(SecretAccess::ForCrypto()).first(size);
    if (!key.OpenInto(Nonce(descriptor.prefix, i, i + 1 == chunks), AsView(seal_id), chunk, out)
             .ok()) {
      return StreamError("a chunk of the document does not open");
    }
    SLUIS_RETURN_IF_ERROR(sink(plain.Reveal(SecretAccess::ForCrypto()).substr(0, size)));
    rest -= size;
  }
  SLUIS_ASSIGN_OR_RETURN(const std::size_t beyond, ReadFull(sealed, place.first(1)));
  if (beyond != 0) return StreamError("bytes follow the last chunk of the document");
  if (digest.Finish() != descriptor.ciphertext_digest)
    return StreamError("the document has another digest");
  return absl::OkStatus();
}

// A file beside its target, removed unless kept.
class TemporaryFile {
 public:
  static absl::StatusOr<TemporaryFile> Create(const std::filesystem::path& target) {
    const std::filesystem::path folder = target.has_parent_path() ? target.parent_path() : ".";
    std::string name = (folder / ("." + target.filename().string() + ".XXXXXX")).string();
    FileDescriptor file(::mkostemp(name.data(), O_CLOEXEC));  // mode 0600
    if (!file.ok()) return FileError("create a file beside", target, errno);
    return TemporaryFile(std::move(file), std::move(name));
  }
  TemporaryFile(TemporaryFile&& other) noexcept
      : file_(std::move(other.file_)), name_(std::exchange(other.name_, "")) {}
  TemporaryFile& operator=(TemporaryFile&&) = delete;
  ~TemporaryFile() {
    if (!name_.empty()) ::unlink(name_.c_str());
  }

  absl::Status Write(BytesView bytes) {
    return WriteAll(file_.get(), bytes) ? absl::OkStatus() : FileError("write", name_, errno);
  }
  absl::Status KeepAs(const std::filesystem::path& target) {
    if (::fsync(file_.get()) != 0) return FileError("sync", target, errno);
    if (::rename(name_.c_str(), target.c_str()) != 0) return FileError("name", target, errno);
    name_.clear();
    return absl::OkStatus();
  }

 private:
  TemporaryFile(FileDescriptor file, std::string name)
      : file_(std::move(file)), name_(std::move(name)) {}
  FileDescriptor file_;
  std::string name_;
};

absl::StatusOr<StreamDescriptor> EncryptWith(SecretBytes secret, const StreamPrefix& prefix,
                                             const SealId& seal_id, const ByteSource& plain,
                                             const ByteSink& sealed) {
  SLUIS_ASSIGN_OR_RETURN(const AeadKey key, AeadKey::Create(Aead::kAes256Gcm, secret.Clone()));
  Encryptor encryptor(key, prefix, seal_id, sealed);
  SLUIS_RETURN_IF_ERROR(encryptor.Run(plain));
  return StreamDescriptor{std::move(secret), prefix, encryptor.length(), encryptor.Finish()};
}

}  // namespace

SecretBytes EncodeStreamDescriptor(const StreamDescriptor& descriptor) {
  SecretBytes content(kStreamDescriptorSize);
  auto out = content.RevealForWriting(SecretAccess::ForCrypto()).begin();
  const Bytes length = ByteWriter().U64(descriptor.length).bytes();
  *out++ = kVersion;
  for (BytesView part :
       {descriptor.key.Reveal(SecretAccess::ForCrypto()), AsView(descriptor.prefix),
        BytesView(length), AsView(descriptor.ciphertext_digest)}) {
    out = std::copy(part.begin(), part.end(), out);
  }
  return content;
}

absl::StatusOr<StreamDescriptor> ParseStreamDescriptor(const SecretBytes& content) {
  if (content.size() != kStreamDescriptorSize)
    return StreamError("a stream descriptor is 80 bytes");
  ByteReader reader(content.Reveal(SecretAccess::ForCrypto()));
  StreamDescriptor descriptor;
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t version, reader.U8());
  SLUIS_ASSIGN_OR_RETURN(const BytesView key, reader.Raw(kKeySize));
  SLUIS_ASSIGN_OR_RETURN(const BytesView prefix, reader.Raw(descriptor.prefix.size()));
  SLUIS_ASSIGN_OR_RETURN(descriptor.length, reader.U64());
  SLUIS_ASSIGN_OR_RETURN(const BytesView digest, reader.Raw(descriptor.ciphertext_digest.size()));
  if (version != kVersion) return StreamError("a stream descriptor of an unknown version");
  if (descriptor.length > kMaxDocument) return StreamError("the document is larger than 250 MB");
  descriptor.key = SecretBytes::CopyOf(key);
  std::copy(prefix.begin(), prefix.end(), descriptor.prefix.begin());
  std::copy(digest.begin(), digest.end(), descriptor.ciphertext_digest.begin());
  return descriptor;
}

std::uint64_t StreamChunkCount(std::uint64_t length) {
  return std::max<std::uint64_t>(1, length / kStreamChunk + (length % kStreamChunk != 0 ? 1 : 0));
}

std::uint64_t StreamCiphertextSize(std::uint64_t length) {
  return length + StreamChunkCount(length) * kAeadTagSize;
}

absl::StatusOr<StreamDescriptor> EncryptDocument(const SealId& seal_id, const ByteSource& plain,
                                                 const ByteSink& sealed) {
  return EncryptWith(SecretBytes::Random(kKeySize), RandomArray<7>(), seal_id, plain, sealed);
}

absl::StatusOr<StreamDescriptor> EncryptDocumentWithKeyForTest(SecretBytes key,
                                                               const StreamPrefix& prefix,
                                                               const SealId& seal_id,
                                                               const ByteSource& plain,
                                                               const ByteSink& sealed) {
  return EncryptWith(std::move(key), prefix, seal_id, plain, sealed);
}

absl::Status DecryptDocumentToFile(const StreamDescriptor& descriptor, const SealId& seal_id,
                                   const ByteSource& sealed, const std::filesystem::path& target) {
  if (descriptor.length > kMaxDocument) return StreamError("the document is larger than 250 MB");
  SLUIS_ASSIGN_OR_RETURN(TemporaryFile file, TemporaryFile::Create(target));
  SLUIS_RETURN_IF_ERROR(
      Decrypt(descriptor, seal_id, sealed, [&file](BytesView bytes) { return file.Write(bytes); }));
  return file.KeepAs(target);
}

ByteSource SourceOf(BytesView bytes) {
  return [bytes](std::span<std::uint8_t> out) mutable -> absl::StatusOr<std::size_t> {
    const std::size_t n = std::min(out.size(), bytes.size());
    std::copy_n(bytes.begin(), n, out.begin());
    bytes.remove_prefix(n);
    return n;
  };
}

ByteSource SourceOfFile(int fd) {
  return [fd](std::span<std::uint8_t> out) -> absl::StatusOr<std::size_t> {
    for (;;) {
      const ssize_t n = ::read(fd, out.data(), out.size());
      if (n >= 0) return static_cast<std::size_t>(n);
      if (errno != EINTR) {
        return Error(ErrorCode::kUnavailable, "FILE_NOT_USABLE",
                     absl::StrFormat("cannot read the document: %s", std::strerror(errno)));
      }
    }
  };
}

}  // namespace sluis

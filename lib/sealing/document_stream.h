// Large documents as a sealed stream (pseudonyms.md §10.1), in constant memory. The document is
// encrypted in chunks under a key of its own; the 80-byte descriptor with key, length and digest is
// the content of a sealed field, so the sender's signature on that field binds the document.
//
//   descriptor = u8 01 || key 32 || prefix 7 || u64 length || SHA256(whole ciphertext)
//   chunk i    = AES-256-GCM(key, nonce = prefix || u32 i || u8 last, aad = seal id of the field);
//   plaintext of
//                65536 bytes, the last one 1..65536 (0 only for an empty document)
//   ciphertext = the chunks with their 16-byte tags, end to end
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <span>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/aead.h"
#include "lib/crypto/secret.h"
#include "lib/sealing/sealed_field.h"

namespace sluis {

inline constexpr std::size_t kStreamChunk = 65536;
inline constexpr std::size_t kSealedStreamChunk = kStreamChunk + kAeadTagSize;
inline constexpr std::uint64_t kMaxDocument = 250'000'000;
inline constexpr std::size_t kStreamDescriptorSize = 80;
using StreamPrefix = std::array<std::uint8_t, 7>;

// Move-only: it holds the key of the document.
struct StreamDescriptor {
  SecretBytes key;  // 32 bytes
  StreamPrefix prefix{};
  std::uint64_t length = 0;  // of the plaintext
  Digest ciphertext_digest{};
};

SecretBytes EncodeStreamDescriptor(const StreamDescriptor& descriptor);
// E_STREAM for anything but 80 bytes of version 1 with a length up to kMaxDocument.
absl::StatusOr<StreamDescriptor> ParseStreamDescriptor(const SecretBytes& content);

std::uint64_t StreamChunkCount(std::uint64_t length);  // at least 1
std::uint64_t StreamCiphertextSize(std::uint64_t length);

// Reads up to `out.size()` bytes and says how many; 0 is the end. An error ends the work and is
// passed on.
using ByteSource = std::function<absl::StatusOr<std::size_t>(std::span<std::uint8_t> out)>;
using ByteSink = std::function<absl::Status(BytesView bytes)>;

// Encrypts all that `plain` gives under a fresh key, one chunk a call of `sealed`. E_STREAM for a
// document larger than kMaxDocument. What the sink got before an error is of no use to anyone and
// should be dropped.
absl::StatusOr<StreamDescriptor> EncryptDocument(const SealId& seal_id, const ByteSource& plain,
                                                 const ByteSink& sealed);

// Decrypts into `target`, which appears, mode 0600, only when every chunk, the size and the digest
// are right; until then the document is in a file beside it that no one else can read and that goes
// away on failure. E_STREAM for a ciphertext that is not exactly this document; FILE_NOT_USABLE.
absl::Status DecryptDocumentToFile(const StreamDescriptor& descriptor, const SealId& seal_id,
                                   const ByteSource& sealed, const std::filesystem::path& target);

// A source over bytes in memory, which must outlive it, and one over an open file.
ByteSource SourceOf(BytesView bytes);
ByteSource SourceOfFile(int fd);

}  // namespace sluis

#include "lib/sealing/padding.h"

#include <algorithm>

#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis {
namespace {

constexpr std::size_t kLengthSize = 4;
constexpr std::size_t kSmallBuckets[] = {256, 1024, 4096, 16384, 65536};
constexpr std::size_t kStep = 65536;

absl::Status PaddingError() {
  return Error(ErrorCode::kInvalid, "E_PADDING", "the opened bytes are not padded as they must be");
}

}  // namespace

std::size_t BucketFor(std::size_t size) {
  const std::size_t needed = size + kLengthSize;
  for (std::size_t bucket : kSmallBuckets) {
    if (needed <= bucket) return bucket;
  }
  return (needed + kStep - 1) / kStep * kStep;
}

bool IsBucket(std::size_t size) {
  return std::find(std::begin(kSmallBuckets), std::end(kSmallBuckets), size) !=
             std::end(kSmallBuckets) ||
         (size > kStep && size <= kMaxBucket && size % kStep == 0);
}

absl::StatusOr<SecretBytes> PadContent(BytesView content) {
  if (content.size() > kMaxSealedContent) {
    return Error(ErrorCode::kInvalid, "E_LENGTH",
                 "the content is larger than a sealed field holds: 1 MiB less 4 bytes");
  }
  SecretBytes padded(BucketFor(content.size()));
  const auto out = padded.RevealForWriting(SecretAccess::ForCrypto());
  const Bytes length = ByteWriter().U32(static_cast<std::uint32_t>(content.size())).bytes();
  std::copy(length.begin(), length.end(), out.begin());
  std::copy(content.begin(), content.end(), out.begin() + kLengthSize);
  return padded;
}

absl::StatusOr<SecretBytes> UnpadContent(const SecretBytes& padded, std::size_t bucket) {
  const BytesView bytes = padded.Reveal(SecretAccess::ForCrypto());
  if (bytes.size() != bucket || !IsBucket(bucket)) return PaddingError();
  ByteReader reader(bytes);
  SLUIS_ASSIGN_OR_RETURN(const std::size_t length, reader.U32());
  if (length > reader.remaining() || BucketFor(length) != bucket) return PaddingError();
  const BytesView zeros = bytes.substr(kLengthSize + length);
  // Looks at every byte whatever it holds: how far the content goes is not shown by time.
  unsigned seen = 0;
  for (char c : zeros) seen |= static_cast<std::uint8_t>(c);
  if (seen != 0) return PaddingError();
  return SecretBytes::CopyOf(bytes.substr(kLengthSize, length));
}

}  // namespace sluis

// Padding to buckets, so that the size of a sealed field tells little (pseudonyms.md §10): u32
// length || content || zeros, to the smallest bucket of 256, 1024, 4096, 16384, 65536 and multiples
// of 65536 up to 1 MiB.
#pragma once

#include <cstdint>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/secret.h"

namespace sluis {

inline constexpr std::size_t kMaxBucket = std::size_t{1} << 20;
inline constexpr std::size_t kMaxSealedContent = kMaxBucket - 4;

// The smallest bucket for `size` bytes of content. Precondition: at most kMaxSealedContent.
std::size_t BucketFor(std::size_t size);
bool IsBucket(std::size_t size);

// E_LENGTH if the content is larger than kMaxSealedContent.
absl::StatusOr<SecretBytes> PadContent(BytesView content);

// E_PADDING unless `padded` is exactly what PadContent makes and as large as `bucket` says.
absl::StatusOr<SecretBytes> UnpadContent(const SecretBytes& padded, std::size_t bucket);

}  // namespace sluis

// Reading the parts that our structures share.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/byte_io.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ristretto255.h"
#include "lib/pseudonym/dleq.h"

namespace sluis::pseudonym {

template <std::size_t N>
absl::StatusOr<std::array<std::uint8_t, N>> ReadArray(ByteReader& reader) {
  auto raw = reader.Raw(N);
  if (!raw.ok()) return raw.status();
  std::array<std::uint8_t, N> out;
  std::copy(raw->begin(), raw->end(), out.begin());
  return out;
}

absl::Status ReadText(ByteReader& reader, Bytes& out);
absl::StatusOr<GroupElement> ReadElement(ByteReader& reader);
absl::StatusOr<Proof> ReadProof(ByteReader& reader);

// A u32 count and as many items of `size` bytes behind it, before anything is allocated by it:
// E_EMPTY_BATCH for 0, E_TRUNCATED for more than there are bytes, E_BATCH_SIZE above 4096.
absl::StatusOr<std::size_t> ReadCount(ByteReader& reader, std::size_t size);

// Times as structures write them, in whole seconds since 1970: never before 1970, nor after the
// year 9999.
absl::Time TimeOf(std::uint64_t seconds);
std::uint64_t SecondsOf(absl::Time time);

}  // namespace sluis::pseudonym

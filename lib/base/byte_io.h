// Big-endian framing as pseudonyms.md §2 and log.md B3 define it: a writer that appends and a bounded
// cursor that never reads past its end and never allocates from a declared count.
#pragma once

#include <cstdint>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"

namespace sluis {

// Appends to an owned byte string. Not thread-safe.
class ByteWriter {
 public:
  ByteWriter& U8(std::uint8_t value);
  ByteWriter& U16(std::uint16_t value);
  ByteWriter& U32(std::uint32_t value);
  ByteWriter& U64(std::uint64_t value);
  ByteWriter& Raw(BytesView bytes);
  // lp2(x) = u16 length || x. Precondition: at most 65535 bytes (callers bound their fields first).
  ByteWriter& Lp2(BytesView bytes);
  ByteWriter& Zeros(std::size_t count);
  const Bytes& bytes() const { return out_; }
  Bytes Take() && { return std::move(out_); }

 private:
  Bytes out_;
};

// Reads from a view that must outlive it. Every error is a typed error with reason E_TRUNCATED, or
// E_TRAILING from Finish() when bytes are left.
class ByteReader {
 public:
  explicit ByteReader(BytesView bytes) : rest_(bytes) {}
  absl::StatusOr<std::uint8_t> U8();
  absl::StatusOr<std::uint16_t> U16();
  absl::StatusOr<std::uint32_t> U32();
  absl::StatusOr<std::uint64_t> U64();
  absl::StatusOr<BytesView> Raw(std::size_t count);
  absl::StatusOr<BytesView> Lp2();
  std::size_t remaining() const { return rest_.size(); }
  absl::Status Finish() const;

 private:
  absl::StatusOr<std::uint64_t> BigEndian(std::size_t count);
  BytesView rest_;
};

}  // namespace sluis

#include "lib/base/byte_io.h"

#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis {
namespace {

void AppendBigEndian(Bytes& out, std::uint64_t value, int count) {
  for (int shift = (count - 1) * 8; shift >= 0; shift -= 8) {
    out.push_back(static_cast<char>((value >> shift) & 0xFF));
  }
}

}  // namespace

ByteWriter& ByteWriter::U8(std::uint8_t value) { return AppendBigEndian(out_, value, 1), *this; }
ByteWriter& ByteWriter::U16(std::uint16_t value) { return AppendBigEndian(out_, value, 2), *this; }
ByteWriter& ByteWriter::U32(std::uint32_t value) { return AppendBigEndian(out_, value, 4), *this; }
ByteWriter& ByteWriter::U64(std::uint64_t value) { return AppendBigEndian(out_, value, 8), *this; }
ByteWriter& ByteWriter::Raw(BytesView bytes) { return out_.append(bytes), *this; }
ByteWriter& ByteWriter::Zeros(std::size_t count) { return out_.append(count, '\0'), *this; }

ByteWriter& ByteWriter::Lp2(BytesView bytes) {
  return U16(static_cast<std::uint16_t>(bytes.size())).Raw(bytes);
}

absl::StatusOr<std::uint64_t> ByteReader::BigEndian(std::size_t count) {
  SLUIS_ASSIGN_OR_RETURN(BytesView raw, Raw(count));
  std::uint64_t value = 0;
  for (char c : raw) value = (value << 8) | static_cast<std::uint8_t>(c);
  return value;
}

absl::StatusOr<std::uint8_t> ByteReader::U8() {
  SLUIS_ASSIGN_OR_RETURN(std::uint64_t value, BigEndian(1));
  return static_cast<std::uint8_t>(value);
}

absl::StatusOr<std::uint16_t> ByteReader::U16() {
  SLUIS_ASSIGN_OR_RETURN(std::uint64_t value, BigEndian(2));
  return static_cast<std::uint16_t>(value);
}

absl::StatusOr<std::uint32_t> ByteReader::U32() {
  SLUIS_ASSIGN_OR_RETURN(std::uint64_t value, BigEndian(4));
  return static_cast<std::uint32_t>(value);
}

absl::StatusOr<std::uint64_t> ByteReader::U64() { return BigEndian(8); }

absl::StatusOr<BytesView> ByteReader::Raw(std::size_t count) {
  if (count > rest_.size()) {
    return Error(ErrorCode::kInvalid, "E_TRUNCATED", "the bytes end before the field does");
  }
  BytesView field = rest_.substr(0, count);
  rest_.remove_prefix(count);
  return field;
}

absl::StatusOr<BytesView> ByteReader::Lp2() {
  SLUIS_ASSIGN_OR_RETURN(std::uint16_t length, U16());
  return Raw(length);
}

absl::Status ByteReader::Finish() const {
  if (rest_.empty()) return absl::OkStatus();
  return Error(ErrorCode::kInvalid, "E_TRAILING", "bytes are left after the last field");
}

}  // namespace sluis

#include "lib/pseudonym/batch.h"

#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/internal/read.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

absl::StatusOr<BatchType> ReadType(ByteReader& reader) {
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t type, reader.U8());
  if (type != 1 && type != 2) return Refuse("E_TYPE", "a batch of an unknown type");
  return static_cast<BatchType>(type);
}

absl::Status ReadIdentifier(ByteReader& reader, Bytes& out) {
  SLUIS_ASSIGN_OR_RETURN(out, reader.Lp2());
  if (IsValidUtf8(out)) return absl::OkStatus();
  return Refuse("E_UTF8", "an identifier is not UTF-8");
}

absl::StatusOr<BytesView> ReadRawItems(ByteReader& reader) {
  SLUIS_ASSIGN_OR_RETURN(const std::size_t count, ReadCount(reader, kCiphertextSize));
  SLUIS_ASSIGN_OR_RETURN(const BytesView raw, reader.Raw(count * kCiphertextSize));
  SLUIS_RETURN_IF_ERROR(reader.Finish());
  return raw;
}

absl::StatusOr<std::vector<Ciphertext>> DecodeItems(BytesView raw) {
  std::vector<Ciphertext> items;
  items.reserve(raw.size() / kCiphertextSize);
  for (; !raw.empty(); raw.remove_prefix(kCiphertextSize)) {
    SLUIS_ASSIGN_OR_RETURN(const Ciphertext item,
                           Ciphertext::Decode(raw.substr(0, kCiphertextSize)));
    items.push_back(item);
  }
  return items;
}

void WriteItems(ByteWriter& writer, const std::vector<Ciphertext>& items) {
  writer.U32(static_cast<std::uint32_t>(items.size()));
  for (const Ciphertext& item : items) writer.Raw(item.b.bytes()).Raw(item.c.bytes());
}

}  // namespace

absl::StatusOr<BatchRequest> BatchRequest::Decode(BytesView bytes) {
  ByteReader reader(bytes);
  Bytes ids[4];
  SLUIS_ASSIGN_OR_RETURN(const BatchType type, ReadType(reader));
  for (Bytes& id : ids) SLUIS_RETURN_IF_ERROR(ReadIdentifier(reader, id));
  SLUIS_ASSIGN_OR_RETURN(const BytesView raw_y, reader.Raw(kElementSize));
  SLUIS_ASSIGN_OR_RETURN(const BytesView raw_items, ReadRawItems(reader));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement y, GroupElement::Decode(raw_y));
  SLUIS_ASSIGN_OR_RETURN(std::vector<Ciphertext> items, DecodeItems(raw_items));
  return BatchRequest{type, ids[0], ids[1], ids[2], ids[3], y, std::move(items)};
}

Bytes BatchRequest::Encode() const {
  ByteWriter writer;
  writer.U8(static_cast<std::uint8_t>(type)).Lp2(d_from).Lp2(d_to).Lp2(c_from).Lp2(c_to);
  writer.Raw(y_from.bytes());
  WriteItems(writer, items);
  return std::move(writer).Take();
}

absl::StatusOr<BatchResponse> BatchResponse::Decode(BytesView bytes) {
  ByteReader reader(bytes);
  SLUIS_ASSIGN_OR_RETURN(const BytesView raw_y, reader.Raw(kElementSize));
  SLUIS_ASSIGN_OR_RETURN(const BytesView raw_items, ReadRawItems(reader));
  SLUIS_ASSIGN_OR_RETURN(const GroupElement y, GroupElement::Decode(raw_y));
  SLUIS_ASSIGN_OR_RETURN(std::vector<Ciphertext> items, DecodeItems(raw_items));
  return BatchResponse{y, std::move(items)};
}

Bytes BatchResponse::Encode() const {
  ByteWriter writer;
  writer.Raw(y_to.bytes());
  WriteItems(writer, items);
  return std::move(writer).Take();
}

}  // namespace sluis::pseudonym

#include "lib/pseudonym/shred_order.h"

#include <algorithm>

#include "lib/base/byte_io.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/internal/read.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kShredOrderPrefix = "sluis/shred/v1\0"sv;
constexpr std::uint8_t kShredOrderVersion = 1;
constexpr std::uint8_t kShredOrderType = 0x11;

Bytes SignedBytes(BytesView order) {
  return ByteWriter().Raw(kShredOrderPrefix).Raw(AsView(Sha256(order))).bytes();
}

absl::Status ReadShredType(ByteReader& reader) {
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t version, reader.U8());
  if (version != kShredOrderVersion)
    return Refuse("E_VERSION", "a shred order of an unknown version");
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t type, reader.U8());
  return type == kShredOrderType ? absl::OkStatus() : Refuse("E_TYPE", "no shred order");
}

}  // namespace

absl::StatusOr<ShredOrder> ShredOrder::Decode(BytesView bytes) {
  ByteReader reader(bytes);
  SLUIS_RETURN_IF_ERROR(ReadShredType(reader));
  ShredOrder order;
  SLUIS_ASSIGN_OR_RETURN(order.signer.oin, reader.Lp2());
  SLUIS_ASSIGN_OR_RETURN(order.signer.unit, reader.Lp2());
  SLUIS_ASSIGN_OR_RETURN(order.key_id, ReadArray<32>(reader));
  SLUIS_ASSIGN_OR_RETURN(order.domain, reader.Lp2());
  SLUIS_ASSIGN_OR_RETURN(order.issued, reader.U64());
  SLUIS_RETURN_IF_ERROR(reader.Finish());
  return order;
}

Bytes ShredOrder::Encode() const {
  return ByteWriter()
      .U8(kShredOrderVersion)
      .U8(kShredOrderType)
      .Lp2(signer.oin)
      .Lp2(signer.unit)
      .Raw(AsView(key_id))
      .Lp2(domain)
      .U64(issued)
      .bytes();
}

SignedShredOrder SignShredOrder(const Domain& domain, absl::Time issued,
                                const Ed25519PrivateKey& key) {
  const std::int64_t seconds = std::max<std::int64_t>(absl::ToUnixSeconds(issued), 0);
  const Bytes order = ShredOrder{domain.party(), key.public_key().KeyId(), domain.bytes(),
                                 static_cast<std::uint64_t>(seconds)}
                          .Encode();
  return {order, key.Sign(SignedBytes(order))};
}

absl::StatusOr<Domain> VerifyShredOrder(BytesView order, BytesView signature,
                                        const TrustList& trust, absl::Time now) {
  SLUIS_ASSIGN_OR_RETURN(const ShredOrder read, ShredOrder::Decode(order));
  const std::optional<Ed25519PublicKey> key = trust.SigningKey(read.signer);
  if (!key || key->KeyId() != read.key_id) {
    return Refuse("E_SIGNATURE", "the order is not signed by a key of this party");
  }
  SLUIS_RETURN_IF_ERROR(Classified(key->Verify(SignedBytes(order), signature)));
  SLUIS_ASSIGN_OR_RETURN(Domain domain, Domain::DecodeCase(read.domain));
  if (domain.party() != read.signer) {
    return Refuse("E_SENDER", "only the party that a domain names may have it shredded");
  }
  if (read.issued > static_cast<std::uint64_t>(
                        std::max<std::int64_t>(absl::ToUnixSeconds(now + kClockTolerance), 0))) {
    return Refuse("E_EXPIRED", "the order is from the future");
  }
  return domain;
}

}  // namespace sluis::pseudonym

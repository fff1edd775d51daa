#include "lib/pseudonym/domain.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/random.h"
#include "lib/pseudonym/internal/tlv.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

constexpr BytesView kVersion = "\x01";
constexpr Tag kOriginTags[] = {Tag::kVersion, Tag::kOriginKind};
constexpr Tag kCaseTags[] = {Tag::kVersion, Tag::kEpoch, Tag::kCase,
                             Tag::kOin,     Tag::kUnit,  Tag::kPurpose};
constexpr Tag kIndexTags[] = {Tag::kVersion, Tag::kEpoch, Tag::kOin, Tag::kUnit, Tag::kRegister};
constexpr Tag kContextTags[] = {Tag::kVersion, Tag::kOin, Tag::kUnit, Tag::kSession};

std::uint32_t EpochOf(BytesView text) {
  return static_cast<std::uint32_t>(ParseDecimal(text, 0xFFFFFFFF).value());
}

}  // namespace

absl::StatusOr<PartyId> Party::ToPartyId() const {
  PartyId party;
  SLUIS_ASSIGN_OR_RETURN(party.oin, Oin::Parse(oin));
  SLUIS_ASSIGN_OR_RETURN(party.unit, UnitPath::Parse(unit));
  return party;
}

Domain Domain::Origin(SubjectKind kind) {
  const auto bytes =
      EncodeTlv({{Tag::kVersion, kVersion}, {Tag::kOriginKind, SubjectKindName(kind)}});
  return DecodeOrigin(bytes.value()).value();
}

absl::StatusOr<Domain> Domain::Case(std::uint32_t epoch, std::string_view case_id,
                                    const Party& recipient, std::string_view purpose) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes bytes, EncodeTlv({{Tag::kVersion, kVersion},
                                                       {Tag::kEpoch, absl::StrFormat("%d", epoch)},
                                                       {Tag::kCase, case_id},
                                                       {Tag::kOin, recipient.oin},
                                                       {Tag::kUnit, recipient.unit},
                                                       {Tag::kPurpose, purpose}}));
  return DecodeCase(bytes);
}

absl::StatusOr<Domain> Domain::Index(std::uint32_t epoch, const Party& owner,
                                     std::string_view register_name) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes bytes, EncodeTlv({{Tag::kVersion, kVersion},
                                                       {Tag::kEpoch, absl::StrFormat("%d", epoch)},
                                                       {Tag::kOin, owner.oin},
                                                       {Tag::kUnit, owner.unit},
                                                       {Tag::kRegister, register_name}}));
  return DecodeIndex(bytes);
}

absl::StatusOr<Domain> Domain::DecodeOrigin(BytesView bytes) {
  SLUIS_ASSIGN_OR_RETURN(const auto values, DecodeTlv(bytes, kOriginTags));
  Domain domain;
  domain.kind_ = DomainKind::kOrigin;
  domain.bytes_ = bytes;
  domain.origin_ = values[1];
  return domain;
}

absl::StatusOr<Domain> Domain::DecodeCase(BytesView bytes) {
  SLUIS_ASSIGN_OR_RETURN(const auto values, DecodeTlv(bytes, kCaseTags));
  Domain domain;
  domain.kind_ = DomainKind::kCase;
  domain.bytes_ = bytes;
  domain.epoch_ = EpochOf(values[1]);
  domain.case_id_ = values[2];
  domain.party_ = {std::string(values[3]), std::string(values[4])};
  domain.purpose_ = values[5];
  return domain;
}

absl::StatusOr<Domain> Domain::DecodeIndex(BytesView bytes) {
  SLUIS_ASSIGN_OR_RETURN(const auto values, DecodeTlv(bytes, kIndexTags));
  Domain domain;
  domain.kind_ = DomainKind::kIndex;
  domain.bytes_ = bytes;
  domain.epoch_ = EpochOf(values[1]);
  domain.party_ = {std::string(values[2]), std::string(values[3])};
  domain.register_ = values[4];
  return domain;
}

absl::StatusOr<Domain> Domain::Decode(BytesView bytes) {
  for (const auto decode : {DecodeOrigin, DecodeCase}) {
    if (auto domain = decode(bytes); domain.ok()) return domain;
  }
  return DecodeIndex(bytes);
}

absl::StatusOr<Context> Context::Create(const Party& party, std::string_view session) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes bytes, EncodeTlv({{Tag::kVersion, kVersion},
                                                       {Tag::kOin, party.oin},
                                                       {Tag::kUnit, party.unit},
                                                       {Tag::kSession, session}}));
  return Decode(bytes);
}

absl::StatusOr<Context> Context::Draw(const Party& party) {
  return Create(party, HexEncode(AsView(RandomArray<16>())));
}

absl::StatusOr<Context> Context::Decode(BytesView bytes) {
  SLUIS_ASSIGN_OR_RETURN(const auto values, DecodeTlv(bytes, kContextTags));
  Context context;
  context.bytes_ = bytes;
  context.party_ = {std::string(values[1]), std::string(values[2])};
  context.session_ = values[3];
  return context;
}

absl::StatusOr<CaseSalt> CaseSalt::FromBytes(SecretBytes bytes) {
  if (bytes.size() != kCaseSaltSize) return Refuse("E_LENGTH", "a case salt has 32 bytes");
  return CaseSalt(std::move(bytes));
}

absl::StatusOr<SecretBytes> LocalIdentifier(const Domain& domain, const CaseSalt* salt) {
  const Bytes& wire = domain.bytes();
  if (domain.kind() != DomainKind::kCase) return SecretBytes::CopyOf(wire);
  if (salt == nullptr) return Refuse("E_CASE_CLOSED", "the case has no salt here any more");
  SecretBytes local(wire.size() + 2 + 2 * kCaseSaltSize);
  auto out = local.RevealForWriting(SecretAccess::ForCrypto()).begin();
  out = std::copy(wire.begin(), wire.end(), out);
  *out++ = kSaltTag;
  *out++ = 2 * kCaseSaltSize;
  // Hex without a table, so that no index depends on the salt.
  for (const char byte : salt->bytes(SecretAccess::ForCrypto())) {
    for (const int nibble : {(byte >> 4) & 0xF, byte & 0xF}) {
      *out++ = static_cast<std::uint8_t>('0' + nibble + (((9 - nibble) >> 31) & ('a' - '0' - 10)));
    }
  }
  return local;
}

}  // namespace sluis::pseudonym

#include "lib/sealing/sealed_field.h"

#include <algorithm>

#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/sealing/code_text.h"
#include "lib/sealing/padding.h"
#include "lib/sealing/sealed_field_testonly.h"

namespace sluis {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kInfoPrefix = "sluis/seal/v1\0"sv;
constexpr BytesView kSignedPrefix = "sluis/sealed/v1\0"sv;
constexpr std::uint8_t kSealedFieldVersion = 1;
constexpr std::size_t kEncSize = 32;
constexpr absl::Duration kClockTolerance = absl::Seconds(60);
// Year 9999: later seconds are no times that anyone means.
constexpr std::int64_t kLastSecond = 253402300799;

absl::Status InvalidSealedField(std::string_view reason, std::string_view message) {
  return Error(ErrorCode::kInvalid, reason, message);
}

absl::Status CheckContext(const SealContext& context) {
  const bool parties = !context.sender.oin.empty() && !context.sender.unit.empty() &&
                       !context.recipient.oin.empty() && !context.recipient.unit.empty();
  const bool case_id = context.case_id.empty() || CaseId::Parse(context.case_id).ok();
  if (!parties || !case_id || !(context.purpose.empty() || IsCodeText(context.purpose))) {
    return InvalidSealedField(
        "E_STATEMENT",
        "sealing needs both parties, a case of 32 hex characters or none, and a purpose code");
  }
  return absl::OkStatus();
}

absl::Status CheckLabel(const FieldLabel& label) {
  if (!IsCodeText(label.schema) || !IsCodeText(label.field) ||
      !(label.legal_basis.empty() || IsCodeText(label.legal_basis))) {
    return InvalidSealedField("E_STATEMENT",
                              "schema, field and legal basis of a sealed field are codes");
  }
  const std::int64_t created = absl::ToUnixSeconds(label.created);
  const std::int64_t expires = absl::ToUnixSeconds(label.expires);
  if (created < 0 || created > expires || expires > kLastSecond) {
    return InvalidSealedField("E_LIFETIME", "a sealed field expires after it was created");
  }
  return absl::OkStatus();
}

Bytes EncodeAad(const FieldLabel& label, std::size_t bucket) {
  return ByteWriter()
      .U8(kSealedFieldVersion)
      .Lp2(label.schema)
      .U16(label.schema_version)
      .Lp2(label.field)
      .Lp2(label.legal_basis)
      .U64(static_cast<std::uint64_t>(absl::ToUnixSeconds(label.created)))
      .U64(static_cast<std::uint64_t>(absl::ToUnixSeconds(label.expires)))
      .Raw(AsView(label.item_digest))
      .Raw(AsView(label.seal_id))
      .U32(static_cast<std::uint32_t>(bucket))
      .bytes();
}

template <std::size_t N>
absl::Status ReadArray(ByteReader& reader, std::array<std::uint8_t, N>& out) {
  SLUIS_ASSIGN_OR_RETURN(const BytesView raw, reader.Raw(N));
  std::copy(raw.begin(), raw.end(), out.begin());
  return absl::OkStatus();
}

absl::Status ReadText(ByteReader& reader, std::string& out) {
  SLUIS_ASSIGN_OR_RETURN(out, reader.Lp2());
  return absl::OkStatus();
}

absl::Status ReadTime(ByteReader& reader, absl::Time& out) {
  SLUIS_ASSIGN_OR_RETURN(const std::uint64_t seconds, reader.U64());
  // What lies beyond is kept as a time that CheckLabel refuses.
  out = absl::FromUnixSeconds(
      static_cast<std::int64_t>(std::min<std::uint64_t>(seconds, kLastSecond + 1)));
  return absl::OkStatus();
}

absl::Status ParseAad(BytesView aad, SealedView& view) {
  ByteReader reader(aad);
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t version, reader.U8());
  if (version != kSealedFieldVersion)
    return InvalidSealedField("E_VERSION", "a sealed field of an unknown version");
  SLUIS_RETURN_IF_ERROR(ReadText(reader, view.label.schema));
  SLUIS_ASSIGN_OR_RETURN(view.label.schema_version, reader.U16());
  SLUIS_RETURN_IF_ERROR(ReadText(reader, view.label.field));
  SLUIS_RETURN_IF_ERROR(ReadText(reader, view.label.legal_basis));
  SLUIS_RETURN_IF_ERROR(ReadTime(reader, view.label.created));
  SLUIS_RETURN_IF_ERROR(ReadTime(reader, view.label.expires));
  SLUIS_RETURN_IF_ERROR(ReadArray(reader, view.label.item_digest));
  SLUIS_RETURN_IF_ERROR(ReadArray(reader, view.label.seal_id));
  SLUIS_ASSIGN_OR_RETURN(view.bucket, reader.U32());
  return reader.Finish();
}

Bytes SignedBytes(BytesView info, BytesView aad, BytesView enc, BytesView ciphertext) {
  return ByteWriter()
      .Raw(kSignedPrefix)
      .Raw(AsView(Sha256(info)))
      .Raw(AsView(Sha256(aad)))
      .Raw(enc)
      .Raw(AsView(Sha256(ciphertext)))
      .bytes();
}

absl::StatusOr<Bytes> SealWith(HpkeSender& hpke, BytesView info, const FieldLabel& label,
                               BytesView content, const Ed25519PrivateKey& sender) {
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes padded, PadContent(content));
  const Bytes aad = EncodeAad(label, padded.size());
  const Bytes ciphertext = hpke.Seal(aad, padded.Reveal(SecretAccess::ForCrypto()));
  const BytesView enc = AsView(hpke.enc());
  return ByteWriter()
      .Lp2(aad)
      .Raw(enc)
      .U32(static_cast<std::uint32_t>(ciphertext.size()))
      .Raw(ciphertext)
      .Raw(sender.Sign(SignedBytes(info, aad, enc, ciphertext)))
      .bytes();
}

}  // namespace

Bytes SealInfo(const SealContext& context, const X25519PublicKey& recipient) {
  return ByteWriter()
      .Raw(kInfoPrefix)
      .U16(kHpkeKem)
      .U16(kHpkeKdf)
      .U16(static_cast<std::uint16_t>(context.aead))
      .Lp2(context.sender.oin.str())
      .Lp2(context.sender.unit.str())
      .Lp2(context.recipient.oin.str())
      .Lp2(context.recipient.unit.str())
      .Lp2(context.case_id)
      .Lp2(context.purpose)
      .Raw(AsView(recipient.KeyId()))
      .bytes();
}

absl::StatusOr<Bytes> Seal(const SealContext& context, const FieldLabel& label, BytesView content,
                           const X25519PublicKey& recipient, const Ed25519PrivateKey& sender) {
  if (context.aead != Aead::kAes256Gcm && context.aead != Aead::kChaCha20Poly1305) {
    return InvalidSealedField("E_TYPE", "fields are sealed with AES-256-GCM or ChaCha20-Poly1305");
  }
  SLUIS_RETURN_IF_ERROR(CheckContext(context));
  SLUIS_RETURN_IF_ERROR(CheckLabel(label));
  const Bytes info = SealInfo(context, recipient);
  SLUIS_ASSIGN_OR_RETURN(HpkeSender hpke, HpkeSender::Create(context.aead, recipient, info));
  return SealWith(hpke, info, label, content, sender);
}

absl::StatusOr<Bytes> SealWithSenderForTest(HpkeSender hpke, const SealContext& context,
                                            const FieldLabel& label, BytesView content,
                                            const X25519PublicKey& recipient,
                                            const Ed25519PrivateKey& sender) {
  SLUIS_RETURN_IF_ERROR(CheckContext(context));
  SLUIS_RETURN_IF_ERROR(CheckLabel(label));
  return SealWith(hpke, SealInfo(context, recipient), label, content, sender);
}

absl::StatusOr<SealedView> ParseSealed(BytesView sealed) {
  SealedView view;
  ByteReader reader(sealed);
  SLUIS_ASSIGN_OR_RETURN(view.aad, reader.Lp2());
  SLUIS_ASSIGN_OR_RETURN(view.enc, reader.Raw(kEncSize));
  SLUIS_ASSIGN_OR_RETURN(const std::uint32_t length, reader.U32());
  SLUIS_ASSIGN_OR_RETURN(view.ciphertext, reader.Raw(length));
  SLUIS_ASSIGN_OR_RETURN(view.signature, reader.Raw(kEd25519SignatureSize));
  SLUIS_RETURN_IF_ERROR(reader.Finish());
  SLUIS_RETURN_IF_ERROR(ParseAad(view.aad, view));
  view.digest = Sha256(sealed);
  return view;
}

absl::StatusOr<VerifiedField> VerifySealed(const SealedView& view, const SealContext& context,
                                           const X25519PublicKey& recipient,
                                           const Ed25519PublicKey& sender) {
  SLUIS_RETURN_IF_ERROR(CheckContext(context));
  Bytes info = SealInfo(context, recipient);
  SLUIS_RETURN_IF_ERROR(
      sender.Verify(SignedBytes(info, view.aad, view.enc, view.ciphertext), view.signature));
  SLUIS_RETURN_IF_ERROR(CheckLabel(view.label));
  if (!IsBucket(view.bucket) || view.ciphertext.size() != view.bucket + kAeadTagSize) {
    return InvalidSealedField("E_PADDING", "the sealed bytes do not have the size of their bucket");
  }
  return VerifiedField(view, context.aead, std::move(info));
}

absl::StatusOr<SecretBytes> VerifiedField::Open(const X25519PrivateKey& key) const {
  SLUIS_ASSIGN_OR_RETURN(HpkeRecipient hpke, HpkeRecipient::Create(aead_, view_.enc, key, info_));
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes padded, hpke.Open(view_.aad, view_.ciphertext));
  return UnpadContent(padded, view_.bucket);
}

absl::Status CheckSealTime(const FieldLabel& label, absl::Time now) {
  if (now >= label.created - kClockTolerance && now <= label.expires + kClockTolerance)
    return absl::OkStatus();
  return InvalidSealedField("E_EXPIRED", "the sealed field is not valid at this time");
}

absl::StatusOr<OpenedField> OpenSealed(BytesView sealed, const SealContext& context,
                                       const X25519PrivateKey& recipient,
                                       const Ed25519PublicKey& sender, absl::Time now) {
  SLUIS_ASSIGN_OR_RETURN(const SealedView view, ParseSealed(sealed));
  SLUIS_ASSIGN_OR_RETURN(const VerifiedField field,
                         VerifySealed(view, context, recipient.public_key(), sender));
  SLUIS_RETURN_IF_ERROR(CheckSealTime(field.label(), now));
  SLUIS_ASSIGN_OR_RETURN(SecretBytes content, field.Open(recipient));
  return OpenedField{field.label(), std::move(content)};
}

}  // namespace sluis

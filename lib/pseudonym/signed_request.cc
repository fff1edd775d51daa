#include "lib/pseudonym/signed_request.h"

#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/internal/knowledge.h"
#include "lib/pseudonym/internal/read.h"
#include "lib/pseudonym/internal/with_nonces.h"
#include "lib/pseudonym/refusal.h"
#include "lib/pseudonym/request_check.h"

namespace sluis::pseudonym {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kSignedRequestPrefix = "sluis/request/v1\0"sv;
constexpr std::uint8_t kSignedRequestVersion = 1;
constexpr std::size_t kItemSize = kCiphertextSize + 32;

absl::StatusOr<RequestKind> ReadKind(ByteReader& reader) {
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t version, reader.U8());
  if (version != kSignedRequestVersion)
    return Refuse("E_VERSION", "a request of an unknown version");
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t kind, reader.U8());
  if (kind < 1 || kind > 6 || kind == 5) return Refuse("E_TYPE", "a request of an unknown kind");
  return static_cast<RequestKind>(kind);
}

// The head with Y_from as it stands, so that structure is checked before elements.
struct RawHead {
  RequestHead head;
  BytesView y_from;
};

absl::Status ReadEnd(ByteReader& reader, RequestHead& head) {
  SLUIS_ASSIGN_OR_RETURN(head.nonce, ReadArray<16>(reader));
  SLUIS_ASSIGN_OR_RETURN(head.issued, reader.U64());
  SLUIS_ASSIGN_OR_RETURN(head.expires, reader.U64());
  SLUIS_ASSIGN_OR_RETURN(head.mandate, ReadArray<32>(reader));
  SLUIS_ASSIGN_OR_RETURN(head.flags, reader.U8());
  return reader.Finish();
}

absl::StatusOr<RawHead> ReadHead(BytesView bytes) {
  ByteReader reader(bytes);
  SLUIS_ASSIGN_OR_RETURN(const RequestKind kind, ReadKind(reader));
  RequestHead head{kind, {}, {}, {}, {}, {}, {}, GroupElement::Generator(), {}, 0, 0, {}, 0};
  SLUIS_RETURN_IF_ERROR(ReadText(reader, head.signer.oin));
  SLUIS_RETURN_IF_ERROR(ReadText(reader, head.signer.unit));
  SLUIS_ASSIGN_OR_RETURN(head.key_id, ReadArray<32>(reader));
  for (Bytes* id : {&head.d_from, &head.d_to, &head.c_from, &head.c_to}) {
    SLUIS_RETURN_IF_ERROR(ReadText(reader, *id));
  }
  SLUIS_ASSIGN_OR_RETURN(const BytesView y_from, reader.Raw(kElementSize));
  SLUIS_RETURN_IF_ERROR(ReadEnd(reader, head));
  return RawHead{std::move(head), y_from};
}

absl::StatusOr<RequestHead> WithElement(RawHead raw) {
  SLUIS_ASSIGN_OR_RETURN(raw.head.y_from, GroupElement::Decode(raw.y_from));
  return std::move(raw.head);
}

absl::StatusOr<RequestItem> DecodeItem(BytesView item, BytesView proof) {
  SLUIS_ASSIGN_OR_RETURN(const Ciphertext ciphertext,
                         Ciphertext::Decode(item.substr(0, kCiphertextSize)));
  SLUIS_ASSIGN_OR_RETURN(const Proof knowledge, Proof::Decode(proof));
  RequestItem out{ciphertext, {}, knowledge};
  std::copy_n(Data(item.substr(kCiphertextSize)), out.payload.size(), out.payload.begin());
  return out;
}

Bytes SignedBytes(BytesView head, std::size_t count, BytesView items, BytesView proofs) {
  return ByteWriter()
      .Raw(kSignedRequestPrefix)
      .Raw(AsView(Sha256(head)))
      .U32(static_cast<std::uint32_t>(count))
      .Raw(AsView(Sha256(items)))
      .Raw(AsView(Sha256(proofs)))
      .bytes();
}

std::uint8_t FlagsOf(const RequestTerms& terms) {
  return static_cast<std::uint8_t>((terms.verifiable ? kFlagVerifiable : 0) |
                                   (terms.shuffle ? kFlagShuffle : 0) |
                                   (terms.queued ? kFlagQueued : 0));
}

}  // namespace

absl::StatusOr<RequestHead> RequestHead::Decode(BytesView bytes) {
  SLUIS_ASSIGN_OR_RETURN(RawHead raw, ReadHead(bytes));
  return WithElement(std::move(raw));
}

Bytes RequestHead::Encode() const {
  ByteWriter writer;
  writer.U8(kSignedRequestVersion)
      .U8(static_cast<std::uint8_t>(kind))
      .Lp2(signer.oin)
      .Lp2(signer.unit)
      .Raw(AsView(key_id));
  for (const Bytes* id : {&d_from, &d_to, &c_from, &c_to}) writer.Lp2(*id);
  writer.Raw(y_from.bytes())
      .Raw(AsView(nonce))
      .U64(issued)
      .U64(expires)
      .Raw(AsView(mandate))
      .U8(flags);
  return std::move(writer).Take();
}

absl::StatusOr<SignedRequest> SignedRequest::Decode(BytesView bytes) {
  ByteReader reader(bytes);
  SLUIS_ASSIGN_OR_RETURN(const std::uint32_t head_size, reader.U32());
  SLUIS_ASSIGN_OR_RETURN(const BytesView head_bytes, reader.Raw(head_size));
  SLUIS_ASSIGN_OR_RETURN(RawHead raw, ReadHead(head_bytes));
  SLUIS_ASSIGN_OR_RETURN(const std::size_t count, ReadCount(reader, kItemSize + kProofSize));
  SLUIS_ASSIGN_OR_RETURN(const BytesView items, reader.Raw(count * kItemSize));
  SLUIS_ASSIGN_OR_RETURN(const BytesView proofs, reader.Raw(count * kProofSize));
  SLUIS_ASSIGN_OR_RETURN(const BytesView signature, reader.Raw(kEd25519SignatureSize));
  SLUIS_RETURN_IF_ERROR(reader.Finish());

  SLUIS_ASSIGN_OR_RETURN(RequestHead head, WithElement(std::move(raw)));
  SignedRequest request(std::move(head), Bytes(bytes));
  request.head_bytes_ = head_bytes;
  request.items_.reserve(count);
  for (std::size_t j = 0; j < count; ++j) {
    SLUIS_ASSIGN_OR_RETURN(RequestItem item, DecodeItem(items.substr(j * kItemSize, kItemSize),
                                                        proofs.substr(j * kProofSize, kProofSize)));
    request.items_.push_back(std::move(item));
  }
  request.signed_bytes_ = SignedBytes(head_bytes, count, items, proofs);
  request.signature_ = signature;
  return request;
}

Digest SignedRequest::digest() const { return Sha256(bytes_); }

absl::Status SignedRequest::VerifySignature(const Ed25519PublicKey& key) const {
  if (head_.key_id != key.KeyId()) {
    return Refuse("E_SIGNATURE", "the request names another key than its signer's");
  }
  return Classified(key.Verify(signed_bytes_, signature_));
}

absl::Status SignedRequest::VerifyKnowledge() const {
  const Bytes context = KnowledgeContext(head_bytes_);
  for (std::size_t j = 0; j < items_.size(); ++j) {
    const RequestItem& item = items_[j];
    SLUIS_RETURN_IF_ERROR(pseudonym::VerifyKnowledge(
        item.proof, {context, static_cast<std::uint32_t>(j), item.ciphertext, item.payload}));
  }
  return absl::OkStatus();
}

std::vector<Ciphertext> SignedRequest::Ciphertexts() const {
  std::vector<Ciphertext> out;
  out.reserve(items_.size());
  for (const RequestItem& item : items_) out.push_back(item.ciphertext);
  return out;
}

std::vector<Digest> SignedRequest::Payloads() const {
  std::vector<Digest> out;
  out.reserve(items_.size());
  for (const RequestItem& item : items_) out.push_back(item.payload);
  return out;
}

BatchRequest SignedRequest::FirstBatch() const {
  return {BatchType::kPseudonym, head_.d_from, head_.d_to, head_.c_from, head_.c_to,
          head_.y_from,          Ciphertexts()};
}

BatchRequest SignedRequest::SecondBatch(const BatchResponse& first) const {
  return {BatchType::kPseudonym,
          head_.d_from,
          head_.d_to,
          head_.c_from,
          head_.c_to,
          first.y_to,
          first.items};
}

absl::StatusOr<SignedRequest> AssembleRequest(Nonces& nonces, RequestHead head,
                                              std::span<const ItemToSend> items,
                                              const Ed25519PrivateKey& key) {
  const Bytes head_bytes = head.Encode();
  const Bytes context = KnowledgeContext(head_bytes);
  ByteWriter item_bytes, proof_bytes;
  for (std::size_t j = 0; j < items.size(); ++j) {
    const auto& [encrypted, payload] = items[j];
    item_bytes.Raw(encrypted.ciphertext.Encode()).Raw(AsView(payload));
    const KnowledgeClaim claim{context, static_cast<std::uint32_t>(j), encrypted.ciphertext,
                               payload};
    proof_bytes.Raw(ProveKnowledge(nonces, encrypted.blind, claim).Encode());
  }
  const Bytes to_sign =
      SignedBytes(head_bytes, items.size(), item_bytes.bytes(), proof_bytes.bytes());
  return SignedRequest::Decode(ByteWriter()
                                   .U32(static_cast<std::uint32_t>(head_bytes.size()))
                                   .Raw(head_bytes)
                                   .U32(static_cast<std::uint32_t>(items.size()))
                                   .Raw(item_bytes.bytes())
                                   .Raw(proof_bytes.bytes())
                                   .Raw(key.Sign(to_sign))
                                   .bytes());
}

absl::StatusOr<SignedRequest> SignRequest(const RequestTerms& terms,
                                          std::span<const ItemToSend> items,
                                          const Ed25519PrivateKey& key) {
  RandomNonces nonces;
  return SignRequest(nonces, terms, items, key);
}

absl::StatusOr<SignedRequest> SignRequest(Nonces& nonces, const RequestTerms& terms,
                                          std::span<const ItemToSend> items,
                                          const Ed25519PrivateKey& key) {
  const Route& route = terms.route;
  RequestHead head{terms.kind,
                   terms.signer,
                   key.public_key().KeyId(),
                   route.d_from.bytes(),
                   route.d_to.bytes(),
                   route.c_from.bytes(),
                   route.c_to.bytes(),
                   terms.y_from,
                   nonces.Nonce(),
                   SecondsOf(terms.issued),
                   SecondsOf(terms.expires),
                   terms.mandate,
                   FlagsOf(terms)};
  SLUIS_ASSIGN_OR_RETURN(SignedRequest request,
                         AssembleRequest(nonces, std::move(head), items, key));
  SLUIS_RETURN_IF_ERROR(CheckRequestForm(request).status());
  SLUIS_RETURN_IF_ERROR(CheckDistinct(request));
  return request;
}

}  // namespace sluis::pseudonym

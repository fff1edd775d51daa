#include "lib/pseudonym/inquiry.h"

#include <algorithm>

#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/random.h"
#include "lib/pseudonym/internal/nonces.h"
#include "lib/pseudonym/internal/read.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kIndexPrefix = "sluis/index/v1\0"sv;
constexpr BytesView kHitPrefix = "sluis/hit/v1\0"sv;

Bytes SignedBytes(const ExchangeId& exchange, std::uint32_t position, bool hit) {
  return ByteWriter().Raw(kHitPrefix).Raw(exchange.bytes()).U32(position).U8(hit ? 1 : 0).bytes();
}

}  // namespace

SecretBytes IndexKey(const IndexPseudonym& pseudonym) {
  auto hash = Sha512({kIndexPrefix, pseudonym.bytes(SecretAccess::ForCrypto())});
  SecretBytes key = SecretBytes::CopyOf(AsView(hash).substr(0, kIndexKeySize));
  hash.fill(0);
  return key;
}

absl::StatusOr<std::size_t> InquirySize(std::size_t real) {
  if (real == 0) return Refuse("E_EMPTY_BATCH", "an inquiry asks about somebody");
  for (const std::size_t size : {1U, 4U, 16U, 64U, 256U}) {
    if (real <= size) return size;
  }
  return Refuse("E_BATCH_SIZE", "an inquiry has at most 256 items");
}

GroupElement FillerElement() {
  while (true) {
    const auto element = GroupElement::FromUniform(AsView(RandomArray<kUniformSize>()));
    if (element.ok()) return *element;
  }
}

std::vector<std::uint32_t> MixPositions(std::size_t real) {
  std::vector<std::uint32_t> order = RandomNonces().Permutation(InquirySize(real).value());
  order.resize(real);
  return order;
}

SecretBytes EncodeHits(const ExchangeId& exchange, std::span<const bool> hits,
                       const Ed25519PrivateKey& owner) {
  SecretBytes content(hits.size() * kHitSize);
  auto out = content.RevealForWriting(SecretAccess::ForCrypto()).begin();
  for (std::size_t i = 0; i < hits.size(); ++i) {
    *out++ = hits[i] ? 1 : 0;
    const Bytes signature =
        owner.Sign(SignedBytes(exchange, static_cast<std::uint32_t>(i), hits[i]));
    out = std::copy(signature.begin(), signature.end(), out);
  }
  return content;
}

absl::StatusOr<std::vector<Hit>> DecodeHits(const SecretBytes& content, const ExchangeId& exchange,
                                            std::size_t positions, const Ed25519PublicKey& owner) {
  if (positions == 0 || content.size() != positions * kHitSize) {
    return Refuse("E_LENGTH", "the answer has not one line per position");
  }
  ByteReader reader(content.Reveal(SecretAccess::ForCrypto()));
  std::vector<Hit> hits;
  for (std::size_t i = 0; i < positions; ++i) {
    SLUIS_ASSIGN_OR_RETURN(const std::uint8_t value, reader.U8());
    SLUIS_ASSIGN_OR_RETURN(const BytesView signature, reader.Raw(kEd25519SignatureSize));
    if (value > 1) return Refuse("E_TYPE", "a hit is 0 or 1");
    SLUIS_RETURN_IF_ERROR(
        VerifyHit(exchange, static_cast<std::uint32_t>(i), value == 1, signature, owner));
    hits.push_back({value == 1, Bytes(signature)});
  }
  return hits;
}

absl::Status VerifyHit(const ExchangeId& exchange, std::uint32_t position, bool hit,
                       BytesView signature, const Ed25519PublicKey& owner) {
  return Classified(owner.Verify(SignedBytes(exchange, position, hit), signature));
}

}  // namespace sluis::pseudonym

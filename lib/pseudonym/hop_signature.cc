#include "lib/pseudonym/hop_signature.h"

#include "lib/base/byte_io.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kHopSignaturePrefix = "sluis/response/v1\0"sv;

Bytes SignedBytes(const HopDigests& d) {
  return ByteWriter()
      .Raw(kHopSignaturePrefix)
      .U8(static_cast<std::uint8_t>(d.hop))
      .Raw(AsView(d.signed_request))
      .Raw(AsView(d.batch_request))
      .Raw(AsView(d.batch_response))
      .Raw(AsView(d.payloads))
      .Raw(AsView(d.proof_block))
      .bytes();
}

}  // namespace

HopDigests DigestsOf(const HopRecord& record) {
  Sha256Stream payloads;
  for (const Digest& payload : record.payloads) payloads.Update(AsView(payload));
  return {record.hop,
          record.signed_request,
          Sha256(record.batch_request),
          Sha256(record.batch_response),
          payloads.Finish(),
          Sha256(record.proof_block)};
}

Bytes SignHop(const HopRecord& record, const Ed25519PrivateKey& transcryptor) {
  return transcryptor.Sign(SignedBytes(DigestsOf(record)));
}

absl::Status VerifyHopSignature(const HopRecord& record, BytesView signature,
                                const Ed25519PublicKey& transcryptor) {
  return VerifyHopSignature(DigestsOf(record), signature, transcryptor);
}

absl::Status VerifyHopSignature(const HopDigests& digests, BytesView signature,
                                const Ed25519PublicKey& transcryptor) {
  return Classified(transcryptor.Verify(SignedBytes(digests), signature));
}

}  // namespace sluis::pseudonym

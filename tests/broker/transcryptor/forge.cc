#include "tests/broker/transcryptor/forge.h"

#include "lib/base/byte_io.h"
#include "lib/crypto/hash.h"

namespace sluis::transcryptor::testing {

using namespace std::string_view_literals;

pseudonym::SignedRequest Forge(const pseudonym::SignedRequest& request,
                               const Ed25519PrivateKey& key, const EditHead& edit_head,
                               const EditItems& edit_items) {
  pseudonym::RequestHead head = request.head();
  if (edit_head) edit_head(head);
  std::vector<pseudonym::RequestItem> items = request.items();
  if (edit_items) edit_items(items);
  const Bytes head_bytes = head.Encode();
  Bytes item_bytes, proofs;
  for (const pseudonym::RequestItem& item : items) {
    item_bytes += item.ciphertext.Encode();
    item_bytes += AsView(item.payload);
    proofs += item.proof.Encode();
  }
  const auto count = static_cast<std::uint32_t>(items.size());
  const Bytes to_sign = ByteWriter()
                            .Raw("sluis/request/v1\0"sv)
                            .Raw(AsView(Sha256(head_bytes)))
                            .U32(count)
                            .Raw(AsView(Sha256(item_bytes)))
                            .Raw(AsView(Sha256(proofs)))
                            .bytes();
  const Bytes wire_bytes = ByteWriter()
                               .U32(static_cast<std::uint32_t>(head_bytes.size()))
                               .Raw(head_bytes)
                               .U32(count)
                               .Raw(item_bytes)
                               .Raw(proofs)
                               .Raw(key.Sign(to_sign))
                               .bytes();
  return pseudonym::SignedRequest::Decode(wire_bytes).value();
}

wire::Hop ForgeFirst(const Call& call, const wire::Hop& honest, const Bytes& proof_block,
                     const std::function<void(wire::Hop&)>& edit) {
  wire::Hop forged = honest;
  edit(forged);
  std::vector<Digest> payloads(forged.payload_digests().size() / 32);
  for (std::size_t i = 0; i < payloads.size(); ++i) {
    const std::string one = forged.payload_digests().substr(32 * i, 32);
    std::copy(one.begin(), one.end(), payloads[i].begin());
  }
  forged.set_signature(pseudonym::SignHop(
      {pseudonym::Hop::kFirst, call.request.digest(), call.request.FirstBatch().Encode(),
       forged.batch_response(), payloads, proof_block},
      FirstSecrets().signing));
  return forged;
}

}  // namespace sluis::transcryptor::testing

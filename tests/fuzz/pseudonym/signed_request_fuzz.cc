// Signed requests. Property: an accepted one is put together from its parts; no stranger's
// verifies.
#include "lib/base/encoding.h"
#include "lib/pseudonym/request_check.h"
#include "lib/pseudonym/signed_request.h"
#include "tests/fuzz/pseudonym/round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluis;
  using namespace sluis::pseudonym;
  const BytesView input = fuzz::View(data, size);
  static const Ed25519PublicKey key = Ed25519PrivateKey::Generate().public_key();
  const auto request = SignedRequest::Decode(input);
  if (!request.ok()) return 0;
  const RequestHead& head = request->head();
  const Bytes head_bytes = head.Encode();
  fuzz::Require(request->bytes() == input && input.substr(4, head_bytes.size()) == head_bytes);
  const bool utf8 = IsValidUtf8(head.d_from) && IsValidUtf8(head.d_to) &&
                    IsValidUtf8(head.c_from) && IsValidUtf8(head.c_to);
  fuzz::Require(BatchRequest::Decode(request->FirstBatch().Encode()).ok() == utf8);
  fuzz::Require(!request->VerifySignature(key).ok());
  const auto route = CheckRequestForm(*request);
  if (route.ok()) fuzz::Require(route->d_from.bytes() == head.d_from);
  return 0;
}

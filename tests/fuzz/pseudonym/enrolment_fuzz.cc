// Signed enrolments. Property: an accepted one is put together from its parts; no stranger's
// verifies.
#include "lib/pseudonym/enrolment.h"
#include "tests/fuzz/pseudonym/round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluis;
  using namespace sluis::pseudonym;
  const BytesView input = fuzz::View(data, size);
  static const Ed25519PublicKey key = Ed25519PrivateKey::Generate().public_key();
  const auto enrolment = SignedEnrolment::Decode(input);
  if (!enrolment.ok()) return 0;
  const Bytes head = enrolment->head().Encode();
  fuzz::Require(enrolment->bytes() == input && input.substr(4, head.size()) == head);
  fuzz::Require(!enrolment->VerifySignature(key).ok());
  const auto route = CheckEnrolmentForm(*enrolment);
  if (route.ok()) fuzz::Require(route->d_index.bytes() == enrolment->head().d_index);
  return 0;
}

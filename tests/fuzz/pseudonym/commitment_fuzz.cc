// Commitments. Property: an accepted one is its own encoding; a stranger's never verifies.
#include "lib/pseudonym/commitment.h"
#include "tests/fuzz/pseudonym/round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluis;
  using namespace sluis::pseudonym;
  const BytesView input = fuzz::View(data, size);
  static const Ed25519PublicKey key = Ed25519PrivateKey::Generate().public_key();
  fuzz::RoundTrip<Commitment>(input);
  const auto commitment = Commitment::Decode(input);
  if (commitment.ok()) fuzz::Require(!VerifyCommitment(*commitment, key).ok());
  return 0;
}

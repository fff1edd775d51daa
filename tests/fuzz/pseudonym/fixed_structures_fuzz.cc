// Structures of fixed size, each by its size. Property: an accepted one is its own encoding.
#include "lib/pseudonym/ceremony.h"
#include "lib/pseudonym/enrolment.h"
#include "lib/pseudonym/structures.h"
#include "tests/fuzz/pseudonym/round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluis;
  using namespace sluis::pseudonym;
  const BytesView input = fuzz::View(data, size);
  fuzz::RoundTrip<Proof>(input);
  fuzz::RoundTrip<Ciphertext>(input);
  fuzz::RoundTrip<FactorTie>(input);
  fuzz::RoundTrip<RerandomizeMaterial>(input);
  fuzz::RoundTrip<AttributeBatchHeader>(input);
  fuzz::RoundTrip<CeremonyRecord>(input);
  fuzz::RoundTrip<PseudonymBatchHeader>(input);
  const SecretBytes secret = SecretBytes::CopyOf(input);
  const auto share = ShareMaterial::Decode(secret);
  if (share.ok()) fuzz::Require(share->Encode().Equals(secret));
  const auto shares = DecodePlainShares(secret);
  if (shares.ok()) fuzz::Require(shares->size() * kScalarSize == input.size());
  return 0;
}

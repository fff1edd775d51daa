// Proof blocks. Property: an accepted one is its own encoding, with a permutation.
#include "lib/pseudonym/structures.h"
#include "tests/fuzz/pseudonym/round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluis;
  using namespace sluis::pseudonym;
  const BytesView input = fuzz::View(data, size);
  fuzz::RoundTrip<ProofBlock>(input);
  const auto block = ProofBlock::Decode(input);
  if (block.ok()) fuzz::Require(IsPermutation(block->permutation));
  return 0;
}

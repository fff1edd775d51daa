// Batch responses. Property: an accepted one is its own encoding.
#include "lib/pseudonym/batch.h"
#include "tests/fuzz/pseudonym/round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluis;
  using namespace sluis::pseudonym;
  const BytesView input = fuzz::View(data, size);
  fuzz::RoundTrip<BatchResponse>(input);
  return 0;
}

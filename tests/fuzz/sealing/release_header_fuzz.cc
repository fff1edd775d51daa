// Headers of releases. Property: a header has one encoding, so an accepted one is what encoding
// gives again.
#include <cstdint>
#include <cstdlib>

#include "lib/sealing/release_header.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const sluis::BytesView input(reinterpret_cast<const char*>(data), size);
  const auto header = sluis::ParseReleaseHeader(input);
  if (!header.ok()) return 0;
  const auto again = sluis::EncodeReleaseHeader(*header);
  if (!again.ok() || *again != input) std::abort();
  return 0;
}

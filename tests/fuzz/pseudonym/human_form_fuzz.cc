// Pseudonyms as people write them. Property: the canonical form is stable.
#include "lib/pseudonym/human_form.h"
#include "tests/fuzz/pseudonym/round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluis;
  using namespace sluis::pseudonym;
  const BytesView input = fuzz::View(data, size);
  const auto text = ParseHumanForm(input);
  if (!text.ok()) return 0;
  fuzz::Require(text->size() == 11 && ParseHumanForm(*text).value() == *text);
  return 0;
}

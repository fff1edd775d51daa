// Arrangement statements. Property: accepted bytes are canonical, and their terms make a statement
// with the same terms again; one without purposes helps nobody.
#include <cstdint>
#include <cstdlib>

#include "lib/identity/arrangement.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using sluis::identity::Arrangement;
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const auto arrangement = Arrangement::Parse(input);
  if (!arrangement.ok()) return 0;
  Require(arrangement->statement() == input);
  const auto& terms = arrangement->terms();
  const auto again = Arrangement::Create(terms);
  Require(again.ok() && again->terms() == terms);
  for (const auto& provider : terms.parties) {
    for (const auto& recipient : terms.parties) {
      const sluis::identity::ArrangementQuery query = {.provider = provider,
                                                       .recipient = recipient,
                                                       .purpose = "openbare-orde",
                                                       .case_id = terms.only_case,
                                                       .now = terms.from};
      if (arrangement->AppliesTo(query))
        Require(terms.in_force && terms.purposes.contains("openbare-orde"));
    }
  }
  return 0;
}

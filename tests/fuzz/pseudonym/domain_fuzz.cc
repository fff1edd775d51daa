// Domains and contexts. Property: what is read is its own spelling, and nothing is of two kinds.
#include "lib/pseudonym/domain.h"
#include "tests/fuzz/pseudonym/round_trip.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace sluis;
  using namespace sluis::pseudonym;
  const BytesView input = fuzz::View(data, size);
  const int kinds = Domain::DecodeOrigin(input).ok() + Domain::DecodeCase(input).ok() +
                    Domain::DecodeIndex(input).ok() + Context::Decode(input).ok();
  fuzz::Require(kinds <= 1);
  const auto domain = Domain::Decode(input);
  if (!domain.ok()) return 0;
  fuzz::Require(kinds == 1 && domain->bytes() == input);
  if (domain->kind() == DomainKind::kCase) {
    const auto again =
        Domain::Case(domain->epoch(), domain->case_id(), domain->party(), domain->purpose());
    fuzz::Require(again.ok() && *again == *domain);
  }
  return 0;
}

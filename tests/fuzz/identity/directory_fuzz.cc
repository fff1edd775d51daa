// Partner directories. First byte 'N': the rest is a note as it comes; 'D': the rest is the text of
// a note that both officers signed. Property: what was accepted can be written again, with nothing
// lost.
#include <cstdint>
#include <cstdlib>

#include "lib/crypto/hash.h"
#include "lib/identity/directory.h"
#include "lib/tlog/signed_note.h"
#include "tests/lib/identity/region.h"

namespace {

using namespace sluis;            // NOLINT(google-build-using-namespace): a single translation unit
using namespace sluis::identity;  // NOLINT(google-build-using-namespace): a single translation unit

Bytes Signed(const identity::testing::TestOfficers& officers, std::string_view text) {
  constexpr tlog::NoteLimits kWide = {.max_note = 4 << 20, .max_text = 4 << 20};
  const auto first = tlog::SignNote(text, officers.first_name, officers.first, kWide);
  const auto second = tlog::SignNoteLine(text, officers.second_name, officers.second, kWide);
  return first.ok() && second.ok() ? *first + *second : Bytes();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const identity::testing::TestOfficers officers;
  static const DirectoryOfficers pinned = officers.Pinned();
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto directory =
      Directory::Parse(data[0] == 'D' ? Signed(officers, rest) : Bytes(rest), pinned);
  if (!directory.ok()) return 0;
  const Directory& parsed = **directory;
  const auto written = WriteDirectory({.name = parsed.name(),
                                       .version = parsed.version(),
                                       .issued = parsed.issued(),
                                       .partners = parsed.partners()});
  // Lists of codes are sets, written in order: the same bytes, perhaps in another order.
  if (!written.ok() || written->size() + 1 != rest.size()) std::abort();
  for (const Partner& partner : parsed.partners()) {
    if (parsed.FindPartner(partner.oin) != &partner) std::abort();
  }
  return 0;
}

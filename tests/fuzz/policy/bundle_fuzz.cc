// Signed policy packs. First byte 'N': the rest is a bundle as it comes; 'D': the rest is the text
// of a note that two persons signed; 'P': the rest is the member `pack` of a good bundle, its
// digest made to fit. Property: what was accepted is the one spelling of what it says.
#include <cstdint>
#include <cstdlib>

#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/crypto/hash.h"
#include "lib/tlog/signed_note.h"
#include "policy/signed/bundle.h"
#include "tests/policy/signed/signed_pack.h"

namespace {

using namespace sluis;  // NOLINT(google-build-using-namespace): a single translation unit

constexpr tlog::NoteLimits kWide = {.max_note = 9 << 20, .max_text = 9 << 20};

const policy::testing::TestActivators& Persons() {
  static const policy::testing::TestActivators persons;
  return persons;
}

Bytes Signed(std::string_view text) {
  const auto& persons = Persons();
  const auto first = tlog::SignNote(text, persons.first_name, persons.first, kWide);
  const auto second = tlog::SignNoteLine(text, persons.second_name, persons.second, kWide);
  return first.ok() && second.ok() ? *first + *second : Bytes();
}

Bytes Around(std::string_view pack) {
  return Signed("sluis-policy-bundle/v1\n{\"change_over\":0,\"digest\":\"" +
                HexEncode(AsView(Sha256(pack))) +
                "\",\"issued\":1790000000,\"jurist_notes\":[],\"max_age\":3600,\"pack\":" +
                std::string(pack) + "}\n");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const policy::Activators pinned = Persons().Pinned();
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const Bytes bytes = data[0] == 'D' ? Signed(rest) : data[0] == 'P' ? Around(rest) : Bytes(rest);
  const auto bundle = policy::Bundle::Parse(bytes, pinned);
  if (!bundle.ok()) return 0;
  const Bytes again = Persons().Sign(*(*bundle)->pack(), (*bundle)->terms());
  if (tlog::ParseNote(again, kWide)->text != tlog::ParseNote(bytes, kWide)->text) std::abort();
  if ((*bundle)->digest() != Sha256(policy::CanonicalBytes(*(*bundle)->pack()))) std::abort();
  return 0;
}

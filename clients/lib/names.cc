#include "clients/lib/names.h"

#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/random.h"

namespace sluis::edge {

absl::StatusOr<PartyId> ReadParty(const wire::Party& party) {
  PartyId id;
  SLUIS_ASSIGN_OR_RETURN(id.oin, Oin::Parse(party.organisation()));
  SLUIS_ASSIGN_OR_RETURN(id.unit, UnitPath::Parse(party.unit()));
  return id;
}

void WriteParty(const PartyId& party, wire::Party* out) {
  out->set_organisation(party.oin.str());
  out->set_unit(party.unit.str());
}

std::string NewRequestId() {
  Bytes random = RandomBytes(16);
  random[6] = static_cast<char>((random[6] & 0x0f) | 0x40);
  random[8] = static_cast<char>((random[8] & 0x3f) | 0x80);
  std::string text = HexEncode(random);
  for (const std::size_t at : {8, 13, 18, 23}) text.insert(at, "-");
  return text;
}

}  // namespace sluis::edge

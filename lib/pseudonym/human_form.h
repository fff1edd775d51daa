// A pseudonym as people write and say it: `P-7F3K-92QD`. Seven characters of 5 bits from
// SHA512("sluis/human/v1\0" || P) and a check character over them, in the alphabet
// 0123456789ABCDEFGHJKMNPQRSTVWXYZ (no I, L, O, U). A name for a conversation, never a key: among a
// thousand pseudonyms of a case two share one with a probability of about 1 in 70 000, so what is
// looked up is the pseudonym.
//
// The check character makes sum(a^i * c_i), i = 1..8, vanish in GF(32) with a^5 = a^2 + 1. It finds
// every single wrong character and every exchange of two.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/pseudonym/secret_element.h"

namespace sluis::pseudonym {

std::string HumanForm(const CasePseudonym& pseudonym);

// The canonical form of what somebody typed: case, dashes and spaces do not matter, O is 0, I and L
// are 1, the `P` may be missing. FIELD_INVALID if it is no such form or the check character is
// wrong.
absl::StatusOr<std::string> ParseHumanForm(std::string_view text);

}  // namespace sluis::pseudonym

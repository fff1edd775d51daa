// Text that names something in a signed frame: codes of the vocabulary and ids.
#pragma once

#include <string_view>

namespace sluis {

// 1..64 of [a-z0-9+/-], first a letter or digit.
bool IsCodeText(std::string_view text);

}  // namespace sluis

#include "broker/exchange/caller.h"

#include <algorithm>

namespace sluis::exchange {

bool Caller::HasRole(std::string_view role) const {
  return std::find(roles.begin(), roles.end(), role) != roles.end();
}

}  // namespace sluis::exchange

#include "broker/authzen/protocols.h"

#include <tuple>
#include <utility>

namespace sluis::authzen {

void Protocols::Add(const std::string& name, DecisionPoint& point) {
  protocols_.emplace(std::piecewise_construct, std::forward_as_tuple(name),
                     std::forward_as_tuple(name, point, tokens_, clock_));
}

const Protocol* Protocols::Find(std::string_view name) const {
  const auto found = protocols_.find(name);
  return found == protocols_.end() ? nullptr : &found->second;
}

}  // namespace sluis::authzen

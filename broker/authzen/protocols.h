// The decision points of one broker by their names, with one key for all page tokens, so that every
// face asks the same ones.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "broker/authzen/decision_point.h"
#include "broker/authzen/protocol.h"
#include "broker/authzen/search_tokens.h"
#include "lib/base/clock.h"

namespace sluis::authzen {

// Thread-safe once everything is added. Everything given outlives it.
class Protocols {
 public:
  explicit Protocols(const Clock& clock) : clock_(clock) {}
  Protocols(const Protocols&) = delete;
  Protocols& operator=(const Protocols&) = delete;

  // `name` is "" for the exchange's own, else a code of [a-z0-9-].
  void Add(const std::string& name, DecisionPoint& point);
  // nullptr when there is none of this name.
  const Protocol* Find(std::string_view name) const;

 private:
  const Clock& clock_;
  const SearchTokens tokens_;
  std::map<std::string, Protocol, std::less<>> protocols_;
};

}  // namespace sluis::authzen

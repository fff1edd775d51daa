// The lists of the policy pack that request fields name (proto/sluis/v1/field_rules.proto).
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "policy/engine/pack.h"
#include "sluis/v1/field_rules.pb.h"

namespace sluis::rpc {

struct CodeList {
  const char* name;    // for the error text
  const char* reason;  // when a code is unknown
  std::function<bool(std::string_view)> knows;
  std::function<std::vector<std::string>()> ids;
};

// Precondition: not VOCABULARY_UNSPECIFIED. Valid as long as the pack.
CodeList CodesOf(const policy::Pack& pack, v1::Vocabulary vocabulary);

}  // namespace sluis::rpc

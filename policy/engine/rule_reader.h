// The rules of a pack out of its files, checked against its vocabulary.
#pragma once

#include <map>
#include <string>

#include "policy/engine/rules.h"
#include "policy/engine/vocabulary_reader.h"

namespace sluis::policy {

// Sorted by id. Complete only if no fault was added. `places`, if given, gets rule to
// `file:line:column`.
Rules ReadRules(const ParsedFiles& files, const Vocabulary& vocabulary, Faults& faults,
                std::map<std::string, std::string>* places);

}  // namespace sluis::policy

// The rules of a pack out of its files, checked against its vocabulary.
#pragma once

#include "policy/engine/rules.h"
#include "policy/engine/vocabulary_reader.h"

namespace sluis::policy {

// Sorted by id. Complete only if no fault was added.
Rules ReadRules(const ParsedFiles& files, const Vocabulary& vocabulary, Faults& faults);

}  // namespace sluis::policy

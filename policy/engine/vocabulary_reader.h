// The vocabulary of a pack out of its files, checked against itself.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "policy/engine/pack_text.h"
#include "policy/engine/vocabulary.h"

namespace sluis::policy {

using ParsedFiles = std::vector<std::unique_ptr<ParsedFile>>;

// Faults for what is double, empty, unnamed or out of order. Complete only if no fault was added.
Vocabulary ReadVocabulary(const ParsedFiles& files, Faults& faults);

// Dutch and English, neither empty.
Text ReadText(const Spot& spot, const pb::Text& text);

// VERIFIED or TO_BE_CONFIRMED_BY_JURIST; a fault if it is left out.
Review ReadReview(const Spot& spot, int member, pb::Review review);

}  // namespace sluis::policy

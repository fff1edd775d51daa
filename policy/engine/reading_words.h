// Words and small pieces of HTML that the parts of the reading version share. Private to reading*.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "policy/engine/pack.h"
#include "policy/engine/reading.h"

namespace sluis::policy {

// Text as HTML, also inside an attribute.
std::string Html(std::string_view text);
// A fragment name: letters, digits and hyphens; other characters as `_xx`.
std::string Anchor(std::string_view prefix, std::string_view id);

// One page being written: the pack, the language, and what both know.
class Reading {
 public:
  Reading(const Pack& pack, const ReadingOptions& options);

  const Pack& pack() const { return pack_; }
  const ReadingOptions& options() const { return options_; }
  // Of two constants, the one in the language of the page.
  std::string_view T(std::string_view nl, std::string_view en) const {
    return options_.dutch ? nl : en;
  }
  std::string Of(const Text& text) const { return Html(options_.dutch ? text.nl : text.en); }

  // Meaning with its code, or the code alone where the pack has no words for it.
  std::string Name(std::string_view code) const;
  std::string Names(const CodeSet& codes) const;
  // As Names; an empty set is any value.
  std::string NamesOrAny(const CodeSet& codes) const;
  // `P6M` in words.
  std::string Time(const Period& period) const;
  // Names fields by form: a definition list.
  std::string Fields(const FieldForms& fields) const;
  // Links to the legal bases of a rule and to the laws that its text names.
  std::string Sources(const Rule& rule) const;
  std::string Flag(Review review) const;
  // Flag and signature of a rule.
  std::string Marks(const Rule& rule) const;
  std::string RuleLink(const std::string& id) const;

 private:
  void Learn(const std::vector<Code>& codes);
  const Pack& pack_;
  const ReadingOptions& options_;
  std::map<std::string, const Text*, std::less<>> meanings_;
  std::map<std::string, std::string> laws_;  // abbreviation, lower case, to address
};

// Address of a law by its id: BWBR... or `EU year/number`; empty if there is none.
std::string LawAddress(std::string_view law_id);

// Parts of the page.
std::string MatrixPart(const Reading& reading);
std::string UnitsPart(const Reading& reading);
std::string RulesPart(const Reading& reading);
std::string BasesPart(const Reading& reading);

}  // namespace sluis::policy

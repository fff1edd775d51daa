// The reading version of a pack: all of it as an HTML page that needs no script, for whoever must
// know what a unit may get and why without reading the rules themselves.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "policy/engine/pack.h"

namespace sluis::policy {

struct ReadingOptions {
  bool dutch = true;          // else English
  bool demonstration = true;  // says so at the top and the bottom of the page
  std::string other_page;     // file name of the page in the other language
  CodeSet signed_by_jurist;   // rules that a jurist signed
};

// A whole page, well-formed as XML too. Every rule has the id `rule-<id>`, every legal basis
// `basis-<id>`, every unit `unit-<kind>-<department>`.
std::string ReadingPage(const Pack& pack, const ReadingOptions& options);

// Rules of every sort that no jurist signed, by id.
std::vector<std::string> UnsignedRules(const Pack& pack, const CodeSet& signed_by_jurist);

}  // namespace sluis::policy

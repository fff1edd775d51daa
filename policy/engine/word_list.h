// The codes that a rule may name, and the fault with the nearest one when it names another.
#pragma once

#include <google/protobuf/repeated_ptr_field.h>

#include <string>
#include <vector>

#include "policy/engine/pack_text.h"
#include "policy/engine/rules.h"

namespace sluis::policy {

using Words = google::protobuf::RepeatedPtrField<std::string>;

class WordList {
 public:
  // `what` names the list in messages, for example `purpose`.
  WordList(std::string what, std::vector<std::string> words);

  bool Knows(std::string_view word) const { return words_.count(word) > 0; }
  // A fault unless it is known.
  bool Check(const Spot& spot, int member, int index, const std::string& word) const;
  // Every word as a set; a fault for each unknown or double one.
  CodeSet Read(const Spot& spot, int member, const Words& words) const;

 private:
  std::string what_;
  CodeSet words_;
};

// Lower-case letters, digits, `-`, `+` and `/`, starting with a letter.
bool IsCode(std::string_view text);
// What to say of one that is none.
std::string NoCode(std::string_view text);

// A set of codes that no list knows; a fault for each that is no code or double.
CodeSet ReadCodes(const Spot& spot, int member, const Words& words);

}  // namespace sluis::policy

#include "policy/engine/word_list.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"

namespace sluis::policy {
namespace {

constexpr std::size_t kLongestWord = 64;

bool AddOnce(const Spot& spot, int member, int index, const std::string& word, CodeSet& set) {
  if (set.insert(word).second) return true;
  spot.Fault(member, index, absl::StrFormat("`%s` stands here twice", word));
  return false;
}

bool IsCodeCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '+' || c == '/';
}

}  // namespace

WordList::WordList(std::string what, std::vector<std::string> words)
    : what_(std::move(what)), words_(words.begin(), words.end()) {}

bool WordList::Check(const Spot& spot, int member, int index, const std::string& word) const {
  if (Knows(word)) return true;
  const std::string near = word.size() > kLongestWord ? "" : Nearest(word, words_);
  spot.Fault(member, index,
             absl::StrFormat("no such %s: `%s`%s", what_, word.substr(0, kLongestWord),
                             near.empty() ? "" : absl::StrFormat("; did you mean `%s`?", near)));
  return false;
}

CodeSet WordList::Read(const Spot& spot, int member, const Words& words) const {
  CodeSet set;
  for (int i = 0; i < words.size(); ++i) {
    if (Check(spot, member, i, words[i])) AddOnce(spot, member, i, words[i], set);
  }
  return set;
}

bool IsCode(std::string_view text) {
  return !text.empty() && text.size() <= kLongestWord && text.front() >= 'a' &&
         text.front() <= 'z' && std::all_of(text.begin(), text.end(), IsCodeCharacter);
}

std::string NoCode(std::string_view text) {
  return absl::StrFormat("`%s` is no code: use lower-case letters, digits and hyphens",
                         text.substr(0, kLongestWord));
}

CodeSet ReadCodes(const Spot& spot, int member, const Words& words) {
  CodeSet set;
  for (int i = 0; i < words.size(); ++i) {
    if (!IsCode(words[i])) spot.Fault(member, i, NoCode(words[i]));
    AddOnce(spot, member, i, words[i], set);
  }
  return set;
}

}  // namespace sluis::policy

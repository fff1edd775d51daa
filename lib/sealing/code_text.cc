#include "lib/sealing/code_text.h"

#include <algorithm>

namespace sluis {
namespace {

bool IsLowerAlnum(char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9'); }

}  // namespace

bool IsCodeText(std::string_view text) {
  return !text.empty() && text.size() <= 64 && IsLowerAlnum(text[0]) &&
         std::all_of(text.begin(), text.end(),
                     [](char c) { return IsLowerAlnum(c) || c == '-' || c == '+' || c == '/'; });
}

}  // namespace sluis

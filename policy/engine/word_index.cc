#include "policy/engine/word_index.h"

#include <cstring>
#include <utility>

namespace sluis::policy {
namespace {

std::uint64_t Load(const char* at, std::size_t bytes) {
  std::uint64_t value = 0;
  std::memcpy(&value, at, bytes);
  return value;
}

std::uint64_t Mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15U;
  return hash ^ (hash >> 29);
}

// Not against an adversary: the table holds the words of the pack alone, and a word that is looked
// up changes nothing in it.
std::uint64_t Hash(std::string_view word) {
  const char* at = word.data();
  std::size_t left = word.size();
  std::uint64_t hash = left * 0xD6E8FEB86659FD93U;
  for (; left > 8; left -= 8, at += 8) hash = Mix(hash, Load(at, 8));
  if (word.size() >= 8) return Mix(hash, Load(word.data() + word.size() - 8, 8));
  return left == 0 ? hash : Mix(hash, Load(at, left));
}

}  // namespace

WordIndex::WordIndex(std::vector<std::string> words) : words_(std::move(words)) {
  std::size_t slots = 8;
  while (slots < words_.size() * 4) slots *= 2;
  slots_.resize(slots);
  mask_ = slots - 1;
  for (std::size_t i = 0; i < words_.size(); ++i) {
    longest_ = std::max(longest_, words_[i].size());
    if (Find(words_[i]) != kNone) continue;
    const std::uint64_t hash = Hash(words_[i]);
    std::uint64_t slot = hash & mask_;
    while (slots_[slot].number != kNone) slot = (slot + 1) & mask_;
    slots_[slot] = {hash, static_cast<std::int32_t>(i)};
  }
}

int WordIndex::Find(std::string_view word) const {
  if (word.size() > longest_) return kNone;
  const std::uint64_t hash = Hash(word);
  const Slot* const slots = slots_.data();
  for (std::uint64_t at = hash & mask_; slots[at].number != kNone; at = (at + 1) & mask_) {
    if (slots[at].hash != hash) continue;
    const std::string& known = words_.data()[slots[at].number];
    if (known.size() == word.size() && std::memcmp(known.data(), word.data(), word.size()) == 0)
      return slots[at].number;
  }
  return kNone;
}

}  // namespace sluis::policy

#include "policy/engine/word_index.h"

#include <algorithm>
#include <cstring>
#include <utility>

namespace sluis::policy {
namespace {

template <typename Word>
std::uint64_t Load(const char* at) {
  Word word = 0;
  std::memcpy(&word, at, sizeof word);  // a single load
  return word;
}

// A word of fewer than 8 bytes in one number; with its size no two words share one.
std::uint64_t LoadShort(std::string_view word) {
  const char* const at = word.data();
  const std::size_t size = word.size();
  if (size >= 4) return Load<std::uint32_t>(at) << 32 | Load<std::uint32_t>(at + size - 4);
  if (size == 0) return 0;
  const auto byte = [&](std::size_t i) { return std::uint64_t{static_cast<unsigned char>(at[i])}; };
  return byte(0) << 16 | byte(size / 2) << 8 | byte(size - 1);
}

std::uint64_t Mix(std::uint64_t hash, std::uint64_t value) {
  hash = (hash ^ value) * 0x9E3779B97F4A7C15U;
  return hash ^ (hash >> 29);
}

// Not against an adversary: the table holds the words of the pack alone, and a word that is looked
// up changes nothing in it.
std::uint64_t Hash(std::string_view word) {
  const std::size_t size = word.size();
  const std::uint64_t seed = size * 0xD6E8FEB86659FD93U;
  if (size < 8) return Mix(seed, LoadShort(word));
  std::uint64_t hash = seed;
  for (std::size_t i = 0; i + 8 < size; i += 8)
    hash = Mix(hash, Load<std::uint64_t>(word.data() + i));
  return Mix(hash, Load<std::uint64_t>(word.data() + size - 8));
}

bool IsEqual(std::string_view a, std::string_view b) {
  const std::size_t size = a.size();
  if (size != b.size()) return false;
  if (size < 8) return LoadShort(a) == LoadShort(b);
  std::uint64_t different = 0;
  for (std::size_t i = 0; i + 8 < size; i += 8)
    different |= Load<std::uint64_t>(a.data() + i) ^ Load<std::uint64_t>(b.data() + i);
  different |= Load<std::uint64_t>(a.data() + size - 8) ^ Load<std::uint64_t>(b.data() + size - 8);
  return different == 0;
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
    if (slots[at].hash == hash && IsEqual(words_.data()[slots[at].number], word))
      return slots[at].number;
  }
  return kNone;
}

}  // namespace sluis::policy

// Strings to dense numbers, for the path of a decision: no allocation, one hash, mostly one
// compare.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace sluis::policy {

// Thread-safe: nothing changes after construction.
class WordIndex {
 public:
  static constexpr int kNone = -1;

  WordIndex() : WordIndex(std::vector<std::string>{}) {}
  // The number of a word is its place in `words`; of equal words the first counts.
  explicit WordIndex(std::vector<std::string> words);
  WordIndex(WordIndex&&) = default;
  WordIndex& operator=(WordIndex&&) = default;
  WordIndex(const WordIndex&) = delete;
  WordIndex& operator=(const WordIndex&) = delete;

  // kNone if it is no word of the list.
  int Find(std::string_view word) const;
  std::size_t size() const { return words_.size(); }
  const std::string& word(std::size_t number) const { return words_[number]; }

 private:
  struct Slot {
    std::uint64_t hash = 0;
    std::int32_t number = kNone;
  };
  std::vector<std::string> words_;
  std::vector<Slot> slots_;  // a power of two, at most a quarter full
  std::uint64_t mask_ = 0;
  std::size_t longest_ = 0;
};

}  // namespace sluis::policy

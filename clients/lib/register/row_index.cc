#include "clients/lib/register/row_index.h"

#include <algorithm>
#include <cstring>
#include <tuple>

#include "lib/crypto/hash.h"

namespace sluis::edge {

RowIndex::RowIndex() : key_(SecretBytes::Random(32)) {}

std::uint64_t RowIndex::TagOf(const Subject& subject) const {
  const Digest digest = HmacSha256(key_.Reveal(SecretAccess::ForCrypto()),
                                   {SubjectKindName(subject.kind()), BytesView("\0", 1),
                                    subject.value(SecretAccess::ForCrypto())});
  std::uint64_t tag = 0;
  std::memcpy(&tag, digest.data(), sizeof(tag));
  return tag;
}

void RowIndex::Add(const Subject& subject, CsvPosition position) {
  entries_.push_back({TagOf(subject), position});
}

void RowIndex::Sort() {
  const auto order = [](const IndexEntry& entry) {
    return std::tuple(entry.tag, entry.position.offset);
  };
  std::sort(entries_.begin(), entries_.end(),
            [&](const IndexEntry& a, const IndexEntry& b) { return order(a) < order(b); });
  // A row may name one subject in two columns.
  entries_.erase(std::unique(entries_.begin(), entries_.end(),
                             [&](const IndexEntry& a, const IndexEntry& b) { return order(a) == order(b); }),
                 entries_.end());
  entries_.shrink_to_fit();
}

std::span<const IndexEntry> RowIndex::Find(const Subject& subject) const {
  const std::uint64_t tag = TagOf(subject);
  const auto below = [](const IndexEntry& entry, std::uint64_t wanted) { return entry.tag < wanted; };
  const auto above = [](std::uint64_t wanted, const IndexEntry& entry) { return wanted < entry.tag; };
  const auto begin = std::lower_bound(entries_.begin(), entries_.end(), tag, below);
  return {begin, std::upper_bound(begin, entries_.end(), tag, above)};
}

bool RowIndex::IsFirst(const Subject& subject, CsvPosition position) const {
  const auto found = Find(subject);
  return !found.empty() && found.front().position.offset == position.offset;
}

}  // namespace sluis::edge

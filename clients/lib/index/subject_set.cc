#include "clients/lib/index/subject_set.h"

#include <algorithm>

namespace sluis::edge {

std::uint64_t SubjectSet::TagOf(SubjectKind kind, BytesView value) const {
  Bytes framed;
  framed.reserve(value.size() + 1);  // one buffer, wiped below
  framed += static_cast<char>(kind);
  framed += value;
  const std::uint64_t tag = key_.Of(framed);
  WipeBytes(framed);
  return tag;
}

void SubjectSet::Add(SubjectKind kind, BytesView value) {
  tags_.push_back(TagOf(kind, value));
  if (tags_.size() >= compact_at_) Compact();
}

// A register may name one subject in every row: what is kept follows the subjects, not the rows.
void SubjectSet::Compact() {
  std::sort(tags_.begin(), tags_.end());
  tags_.erase(std::unique(tags_.begin(), tags_.end()), tags_.end());
  compact_at_ = std::max(compact_at_, 2 * tags_.size());
}

void SubjectSet::Sort() {
  Compact();
  tags_.shrink_to_fit();
  ticked_.assign(tags_.size(), false);
}

std::size_t SubjectSet::PlaceOf(std::uint64_t tag) const {
  const auto found = std::lower_bound(tags_.begin(), tags_.end(), tag);
  if (found == tags_.end() || *found != tag) return tags_.size();
  return static_cast<std::size_t>(found - tags_.begin());
}

SubjectSet::Tick SubjectSet::TickOff(SubjectKind kind, BytesView value) {
  const std::size_t place = PlaceOf(TagOf(kind, value));
  if (place == tags_.size()) return Tick::kUnknown;
  if (ticked_[place]) return Tick::kAgain;
  ticked_[place] = true;
  ++ticked_count_;
  return Tick::kFirst;
}

bool SubjectSet::Contains(SubjectKind kind, BytesView value) const {
  return PlaceOf(TagOf(kind, value)) != tags_.size();
}

}  // namespace sluis::edge

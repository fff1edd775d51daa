#include "broker/journal/batch.h"

#include <algorithm>
#include <utility>

#include "lib/base/status_macros.h"

namespace sluis::journal {

// A clock that was set back a little must not take the hour back (log.md B3); time and hour of one
// entry agree, so the time waits with it.
absl::Time Batch::EntryTime() const {
  return std::max(clock_.Now(), absl::FromUnixSeconds(last_hour_));
}

absl::StatusOr<std::uint64_t> Batch::Append(LeafDraft draft) {
  const std::uint64_t index = size_ + entries_.size();
  const absl::Time time = EntryTime();
  SLUIS_ASSIGN_OR_RETURN(Entry entry, maker_.Make(index, draft, time));
  const absl::Status written =
      store_.AppendLeaf(index, entry.leaf, entry.record, draft.parties, time);
  if (!written.ok()) {
    fault_.Update(written);
    return written;
  }
  last_hour_ = tlog::HourOf(time);
  entries_.push_back(std::move(entry));
  return index;
}

absl::Status Batch::Add(const Apply& apply) {
  const std::size_t first = entries_.size();
  SLUIS_RETURN_IF_ERROR(store_.BeginItem());
  const absl::Status applied = apply(watched_, *this);
  SLUIS_RETURN_IF_ERROR(watched_.fault());
  SLUIS_RETURN_IF_ERROR(fault_);
  return Settle(applied, first);
}

absl::Status Batch::Settle(const absl::Status& applied, std::size_t first) {
  const bool wrote = watched_.TakeWritten() || entries_.size() > first;
  if (applied.ok()) {
    SLUIS_RETURN_IF_ERROR(store_.KeepItem());
    written_ = written_ || wrote;
  } else {
    SLUIS_RETURN_IF_ERROR(store_.UndoItem());
    entries_.erase(entries_.begin() + static_cast<std::ptrdiff_t>(first), entries_.end());
  }
  outcomes_.push_back({applied, first, entries_.size() - first});
  return absl::OkStatus();
}

}  // namespace sluis::journal

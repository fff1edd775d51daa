#include "clients/lib/index/index_merge.h"

#include <memory>
#include <queue>

#include "lib/base/status_macros.h"

namespace sluis::edge {
namespace {

// Where the reading of one file stands.
class Cursor {
 public:
  explicit Cursor(const RecordFile& file) : file_(file) {}
  // False at the end.
  absl::StatusOr<bool> Next() {
    at_ += kIndexRecordSize;
    if (at_ < block_.size()) return true;
    if (next_block_ == file_.blocks()) return false;
    SLUIS_ASSIGN_OR_RETURN(block_, file_.Block(next_block_++));
    at_ = 0;
    return true;
  }
  BytesView record() const {
    return block_.Reveal(SecretAccess::ForStorage()).substr(at_, kIndexRecordSize);
  }

 private:
  const RecordFile& file_;
  SecretBytes block_;
  std::size_t at_ = 0;
  std::size_t next_block_ = 0;
};

}  // namespace

absl::Status ForEachRecord(const RecordFile& file,
                           const std::function<absl::Status(BytesView record)>& visit) {
  Cursor cursor(file);
  for (;;) {
    SLUIS_ASSIGN_OR_RETURN(const bool more, cursor.Next());
    if (!more) return absl::OkStatus();
    SLUIS_RETURN_IF_ERROR(visit(cursor.record()));
  }
}

absl::Status MergeRecords(const std::vector<RecordFile>& files,
                          const std::function<bool(BytesView record)>& keep, RecordWriter& out) {
  const auto above = [](const Cursor* a, const Cursor* b) {
    return KeyOf(a->record()) > KeyOf(b->record());
  };
  std::vector<std::unique_ptr<Cursor>> cursors;
  std::priority_queue<Cursor*, std::vector<Cursor*>, decltype(above)> queue(above);
  for (const RecordFile& file : files) {
    cursors.push_back(std::make_unique<Cursor>(file));
    SLUIS_ASSIGN_OR_RETURN(const bool more, cursors.back()->Next());
    if (more) queue.push(cursors.back().get());
  }
  SecretBytes last;
  while (!queue.empty()) {
    Cursor* const cursor = queue.top();
    queue.pop();
    const BytesView key = KeyOf(cursor->record());
    if (last.Reveal(SecretAccess::ForStorage()) != key && keep(cursor->record())) {
      last = SecretBytes::CopyOf(key);
      SLUIS_RETURN_IF_ERROR(out.Add(cursor->record()));
    }
    SLUIS_ASSIGN_OR_RETURN(const bool more, cursor->Next());
    if (more) queue.push(cursor);
  }
  return absl::OkStatus();
}

}  // namespace sluis::edge

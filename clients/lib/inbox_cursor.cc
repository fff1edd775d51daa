#include "clients/lib/inbox_cursor.h"

#include <limits>

#include "absl/strings/str_format.h"
#include "clients/lib/private_files.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"

namespace sluis::edge {

absl::StatusOr<std::int64_t> InboxCursor::Read() const {
  const absl::StatusOr<Bytes> text = ReadFile(file_, 64);
  if (absl::IsNotFound(text.status())) return 0;
  if (!text.ok()) return text.status();
  const auto value = ParseDecimal(*text, std::numeric_limits<std::int64_t>::max());
  if (value.ok()) return static_cast<std::int64_t>(*value);
  return Error(ErrorCode::kDataLoss, "CURSOR_DAMAGED",
               absl::StrFormat("%s is no number; remove it to read the inbox from its start",
                               file_.string()));
}

absl::Status InboxCursor::Advance(std::int64_t sequence) const {
  std::filesystem::path lock_file = file_;
  lock_file.replace_filename(".inbox.lock");
  SLUIS_ASSIGN_OR_RETURN(const FileLock lock, FileLock::Wait(lock_file));
  SLUIS_ASSIGN_OR_RETURN(const std::int64_t current, Read());
  if (sequence <= current) return absl::OkStatus();
  return WriteFileAtomic(file_, absl::StrFormat("%d", sequence));
}

}  // namespace sluis::edge

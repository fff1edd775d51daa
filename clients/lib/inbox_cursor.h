// Up to where a party's inbox was handled, kept over restarts (`inbox.cursor`).
#pragma once

#include <cstdint>
#include <filesystem>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sluis::edge {

// Safe between processes: it never goes back.
class InboxCursor {
 public:
  explicit InboxCursor(std::filesystem::path file) : file_(std::move(file)) {}
  // 0 at the start. DATA_LOSS / CURSOR_DAMAGED.
  absl::StatusOr<std::int64_t> Read() const;
  absl::Status Advance(std::int64_t sequence) const;

 private:
  std::filesystem::path file_;
};

}  // namespace sluis::edge

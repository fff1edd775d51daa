// What every engine decides in the same way, so that engines differ only in where they keep things.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "absl/status/status.h"
#include "broker/storage/records.h"

namespace sluis::storage {

// UNAVAILABLE / STORE_UNAVAILABLE: the database cannot be reached or written.
absl::Status StoreUnavailable(std::string_view message);
// DATA_LOSS / LOG_INCONSISTENT: what is stored cannot be what was written.
absl::Status StoreInconsistent(std::string_view message);
// INTERNAL / STORE_MISUSE: our own caller broke the order of calls.
absl::Status StoreMisuse(std::string_view message);
// ABORTED / HEAD_MOVED: another writer moved the head of the log.
absl::Status HeadMoved();

// The exchange that a stored answer names: a bare id or the last segment of a resource name; nullopt for any
// other answer. A case id looks the same, so the caller still has to look whether such an exchange exists.
std::optional<ExchangeId> ExchangeNamedBy(std::string_view answer);

// While an exchange is in one of these states its request ids are kept however old they are (api.md §4).
bool KeepsRequestIds(ExchangeState state);

// A leaf is 192 bytes and the next one; the salt of its record, if any, 32 bytes (log.md B3, B6).
absl::Status CheckLeaf(std::uint64_t index, std::uint64_t next, BytesView leaf,
                       const std::optional<LogRecord>& record);
// 1 to 256 hashes that begin with those of `stored`: a tile grows and never changes (log.md A2).
absl::Status CheckTile(const std::optional<Bytes>& stored, BytesView hashes);

// Where a write transaction stands. After its first failure it refuses everything, as a database does that
// rolled back by itself: what was lost must not be followed by a commit. Not thread-safe.
class TransactionProgress {
 public:
  // Before every call that writes: OK, the first failure, or STORE_MISUSE after the end.
  absl::Status Check() const;
  // Notes the first failure and hands it back; an OK status passes.
  absl::Status Note(absl::Status status);
  // Items do not nest, and commit comes after the last of them; STORE_MISUSE otherwise.
  absl::Status BeginItem();
  absl::Status EndItem();
  absl::Status BeginCommit();
  bool ended() const { return ended_; }

 private:
  absl::Status failed_;
  bool in_item_ = false;
  bool ended_ = false;
};

}  // namespace sluis::storage

#include "broker/storage/engine_rules.h"

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::storage {
namespace {

constexpr std::size_t kLeafBytes = 192;
constexpr std::size_t kSaltBytes = 32;
constexpr std::size_t kHashBytes = 32;
constexpr std::size_t kTileHashes = 256;

}  // namespace

absl::Status StoreUnavailable(std::string_view message) {
  return Error(ErrorCode::kUnavailable, "STORE_UNAVAILABLE", message);
}

absl::Status StoreInconsistent(std::string_view message) {
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT", message);
}

absl::Status StoreMisuse(std::string_view message) {
  return Error(ErrorCode::kInternal, "STORE_MISUSE", message);
}

absl::Status HeadMoved() {
  return Error(ErrorCode::kAborted, "HEAD_MOVED",
               "the head of the log is another than expected; a second broker writes to this database");
}

std::optional<ExchangeId> ExchangeNamedBy(std::string_view answer) {
  const std::size_t slash = answer.rfind('/');
  if (slash != std::string_view::npos) answer.remove_prefix(slash + 1);
  const absl::StatusOr<ExchangeId> id = ExchangeId::Parse(answer);
  if (!id.ok()) return std::nullopt;
  return *id;
}

bool KeepsRequestIds(ExchangeState state) {
  return state == ExchangeState::kAwaitingApproval || state == ExchangeState::kForwarded ||
         state == ExchangeState::kAnswered || state == ExchangeState::kQueued;
}

absl::Status CheckLeaf(std::uint64_t index, std::uint64_t next, BytesView leaf,
                       const std::optional<LogRecord>& record) {
  if (index != next) {
    return StoreInconsistent(absl::StrFormat("leaf %d cannot be stored; the next one is %d", index, next));
  }
  if (leaf.size() != kLeafBytes) {
    return StoreInconsistent(absl::StrFormat("leaf %d has %d bytes; a leaf has 192", index, leaf.size()));
  }
  if (record && record->salt.size() != kSaltBytes) {
    return StoreInconsistent(absl::StrFormat("the salt of record %d is not 32 bytes", index));
  }
  return absl::OkStatus();
}

absl::Status CheckTile(const std::optional<Bytes>& stored, BytesView hashes) {
  if (hashes.empty() || hashes.size() % kHashBytes != 0 || hashes.size() > kTileHashes * kHashBytes) {
    return StoreInconsistent("a tile holds 1 to 256 hashes of 32 bytes");
  }
  if (stored && !hashes.starts_with(*stored)) {
    return StoreInconsistent("a stored tile may grow but not change");
  }
  return absl::OkStatus();
}

absl::Status TransactionProgress::Check() const {
  if (ended_) return StoreMisuse("the transaction has ended; begin another");
  return failed_;
}

absl::Status TransactionProgress::Note(absl::Status status) {
  if (failed_.ok()) failed_ = status;
  return status;
}

absl::Status TransactionProgress::BeginItem() {
  SLUIS_RETURN_IF_ERROR(Check());
  if (in_item_) return Note(StoreMisuse("an item is open; keep or undo it first"));
  in_item_ = true;
  return absl::OkStatus();
}

absl::Status TransactionProgress::EndItem() {
  SLUIS_RETURN_IF_ERROR(Check());
  if (!in_item_) return Note(StoreMisuse("no item is open"));
  in_item_ = false;
  return absl::OkStatus();
}

absl::Status TransactionProgress::BeginCommit() {
  SLUIS_RETURN_IF_ERROR(Check());
  if (in_item_) return Note(StoreMisuse("an item is open; keep or undo it first"));
  ended_ = true;
  return absl::OkStatus();
}

}  // namespace sluis::storage

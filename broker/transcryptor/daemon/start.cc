#include "broker/transcryptor/daemon/start.h"

#include "absl/strings/str_format.h"
#include "broker/storage/sqlite/sqlite_replay.h"
#include "broker/storage/sqlite/sqlite_state.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/log.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/request_check.h"

namespace sluis::transcryptor {
namespace {

using pseudonym::Hop;
using storage::SqliteReplayStore;
using storage::SqliteStateStore;
using storage::StateHead;

constexpr std::size_t kMostRecord = 4096;

bool Exists(const std::filesystem::path& path) {
  std::error_code ignored;
  return !path.empty() && std::filesystem::exists(path, ignored);
}

// What marks the state of this half of this key set.
Bytes MarkOf(const pseudonym::KeySet& set, Hop hop) {
  const char digit = hop == Hop::kFirst ? '1' : '2';
  return ToBytes(Sha256({AsView(set.digest()), BytesView(&digit, 1)}));
}

absl::Status CheckFirstStart(const StateFiles& files, const pseudonym::KeySet& set, Hop hop) {
  if (!Exists(files.first_start)) {
    return Error(
        ErrorCode::kNotFound, "STATE_MISSING",
        "there is no state, and no first-start record that was not used up: restore the state, "
        "or hold a new ceremony; without it shredded cases would open again");
  }
  SLUIS_ASSIGN_OR_RETURN(const Bytes record, ReadFile(files.first_start, kMostRecord));
  return pseudonym::VerifyFirstStart(record, set, hop);
}

// Opening by the head's identity tells a cache that was lost, replaced or set back to an empty one.
absl::StatusOr<std::unique_ptr<SqliteReplayStore>> OpenKnownReplay(const StateFiles& files,
                                                                   const Bytes& identity) {
  if (!Exists(files.replay)) {
    return Error(ErrorCode::kNotFound, "REPLAY_MISSING", "the nonce cache is not there");
  }
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<SqliteReplayStore> store,
                         SqliteReplayStore::Open(files.replay));
  SLUIS_ASSIGN_OR_RETURN(const Bytes found, store->Identity());
  if (found == identity) return store;
  return Error(ErrorCode::kDataLoss, "REPLAY_OF_ANOTHER", "the nonce cache is another one");
}

void PutAside(const std::filesystem::path& path) {
  std::error_code ignored;
  for (const char* suffix : {"", "-wal", "-shm"}) {
    std::filesystem::rename(path.string() + suffix, path.string() + ".unusable" + suffix, ignored);
  }
}

absl::StatusOr<std::unique_ptr<SqliteReplayStore>> NewReplay(const StateFiles& files,
                                                             StateHead& head) {
  PutAside(files.replay);
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<SqliteReplayStore> store,
                         SqliteReplayStore::Open(files.replay));
  SLUIS_ASSIGN_OR_RETURN(head.replay_identity, store->Identity());
  return store;
}

}  // namespace

absl::StatusOr<OpenedState> OpenState(const StateFiles& files, const pseudonym::KeySet& set,
                                      Hop hop, absl::Time now) {
  const bool is_new = !Exists(files.state);
  if (is_new) SLUIS_RETURN_IF_ERROR(CheckFirstStart(files, set, hop));
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<SqliteStateStore> state,
                         SqliteStateStore::Open(files.state, /*create=*/is_new));
  SLUIS_ASSIGN_OR_RETURN(StateHead head, state->ReadHead());
  const Bytes mark = MarkOf(set, hop);
  // A start that broke off before its head was written has served nobody: it is still the first.
  const bool first_start = head.first_start.empty();
  if (first_start && !is_new) SLUIS_RETURN_IF_ERROR(CheckFirstStart(files, set, hop));
  if (!first_start && head.first_start != mark) {
    return Error(ErrorCode::kPrecondition, "STATE_OF_ANOTHER",
                 "this state belongs to the other transcryptor or to another key set");
  }
  absl::StatusOr<std::unique_ptr<SqliteReplayStore>> replay =
      first_start ? NewReplay(files, head) : OpenKnownReplay(files, head.replay_identity);
  if (!replay.ok() && !first_start) {
    head.replay_unknown_until = now + pseudonym::kClockTolerance;
    LogEvent(LogLevel::kError, "nonce_cache_lost",
             absl::StrFormat("reason=%s refused_if_signed_before=%d", ReasonOf(replay.status()),
                             absl::ToUnixSeconds(head.replay_unknown_until)));
    replay = NewReplay(files, head);
  }
  SLUIS_RETURN_IF_ERROR(replay.status());
  head.first_start = mark;
  SLUIS_RETURN_IF_ERROR(state->PutHead(head));
  std::error_code ignored;  // used up: the head says so, whether or not the file can be removed
  if (Exists(files.first_start)) std::filesystem::remove(files.first_start, ignored);
  return OpenedState{std::move(state), *std::move(replay), head.replay_unknown_until};
}

}  // namespace sluis::transcryptor

// Opening the state of a transcryptor at its start (pseudonyms.md §8.1 Starting): a first start is
// marked by the record of the ceremony, used up once; a state that is missing afterwards refuses to
// start, and a nonce cache that cannot be loaded makes what was signed before unknown.
#pragma once

#include <filesystem>
#include <memory>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/storage/transcryptor_store.h"
#include "lib/pseudonym/key_set.h"

namespace sluis::transcryptor {

struct StateFiles {
  std::filesystem::path state, replay, first_start;  // first_start may be empty
};

struct OpenedState {
  std::unique_ptr<storage::StateStore> state;
  std::unique_ptr<storage::ReplayStore> replay;
  absl::Time replay_unknown_until;  // the epoch if the cache is whole
};

// STATE_MISSING when there is no state and no record of a first start that was not used up; the
// errors of VerifyFirstStart; STATE_OF_ANOTHER when the state belongs to another half or key set;
// STORE_UNAVAILABLE. A replay file that cannot be opened is put aside (`.unusable`) and logged.
absl::StatusOr<OpenedState> OpenState(const StateFiles& files, const pseudonym::KeySet& set,
                                      pseudonym::Hop hop, absl::Time now);

}  // namespace sluis::transcryptor

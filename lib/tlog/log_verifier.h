// Re-verifies a log from outside (log.md B11, architecture §10): out of nothing but what the log
// serves, all leaf hashes, tiles and the root are recomputed and compared with the signed
// checkpoint. The first thing that is not as it must be is named with its place. Pure apart from
// the source, thread-safe.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/tlog/checkpoint.h"
#include "lib/tlog/leaf.h"
#include "lib/tlog/proof_builder.h"
#include "lib/tlog/tile.h"
#include "lib/tlog/trust_policy.h"

namespace sluis::tlog {

// What a log serves: a folder, a store, an HTTP client. NOT_FOUND means that the log does not serve
// it; any other error ends the verification without a verdict.
class LogSource : public TileReader {
 public:
  virtual absl::StatusOr<Bytes> ReadCheckpoint() = 0;
  virtual absl::StatusOr<Bytes> ReadBundle(const BundleId& id) = 0;
};

struct VerifyLogOptions {
  // A checkpoint of this log that was verified before: the log must have grown from it.
  std::optional<Checkpoint> earlier;
  // Told every leaf, in order, before the verdict on the whole is known; to collect what is shown
  // or classified later.
  std::function<void(std::uint64_t index, const Leaf& leaf)> on_leaf;
};

struct LogReport {
  TrustedCheckpoint checkpoint;
  std::map<LeafKind, std::uint64_t> kinds;  // how many leaves of each
  std::optional<std::int64_t> first_hour, last_hour;
  std::uint64_t bundles = 0, tiles = 0;  // how many were read
};

// A fault of the log is DATA_LOSS / LOG_INCONSISTENT. Its message says place and cause, for example
// `leaf 17 (tile/entries/000, byte 3300): its hash differs from tile/0/000 position 17`; the
// metadata name them again: `file`, `byte` (of that file) and `leaf`, where they apply. Checked are
// the note and its quorum, framing and decoding of each leaf, whole hours that never go back,
// references to earlier leaves only, every tile, the root, and growth from `options.earlier`.
absl::StatusOr<LogReport> VerifyLog(LogSource& source, const TrustPolicy& policy, absl::Time now,
                                    const VerifyLogOptions& options = {});

// For those who may see tiles but not entries: OK iff the tiles lead to the root of `newer` and
// prove that it grew from `earlier`. Both must be verified checkpoints of one log. Faults as above.
absl::Status VerifyGrowth(TileReader& tiles, const Checkpoint& earlier, const Checkpoint& newer);

}  // namespace sluis::tlog

// Sessions of this party (pseudonyms.md §5): the keys under which it receives pseudonyms.
//   sessions/<session id>.session   u8 01 || lp2(c) || u64 issued || u64 end || Y_c 32 || sk_c 32,
//                                   mode 0600
// A key is kept four days longer than its session lives, for what is under way.
#pragma once

#include <filesystem>
#include <optional>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/crypto/ristretto255.h"
#include "lib/pseudonym/domain.h"

namespace sluis::edge {

inline constexpr absl::Duration kSessionKeyGrace = absl::Hours(24 * 4);

// Move-only: sk lives in locked memory.
struct HeldSession {
  pseudonym::Context context;
  absl::Time issued, end;
  GroupElement y;
  SecretScalar sk;

  bool LiveAt(absl::Time now) const { return now < end; }
  absl::Time half_life() const { return issued + (end - issued) / 2; }
};

// Safe between processes.
class SessionStore {
 public:
  explicit SessionStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  // Durable when it returns.
  absl::Status Write(const HeldSession& session) const;
  // Newest first; those whose key has had its time are removed. DATA_LOSS / STORE_DAMAGED naming a
  // file, the errors of key_file.h.
  absl::StatusOr<std::vector<HeldSession>> List(absl::Time now) const;
  absl::StatusOr<std::optional<HeldSession>> Find(const pseudonym::Context& context,
                                                  absl::Time now) const;
  // OK too if it is not there.
  absl::Status Remove(const pseudonym::Context& context) const;
  // Held while sessions are opened, so that two processes do not both renew.
  std::filesystem::path lock_file() const { return folder_ / ".lock"; }

 private:
  std::filesystem::path FileOf(const pseudonym::Context& context) const;
  std::filesystem::path folder_;
};

}  // namespace sluis::edge

// Trust policy files (C2SP tlog-policy; log.md A8): which logs a verifier believes, and which
// witnesses must have seen the same tree. Immutable after parsing, thread-safe.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/tlog/checkpoint.h"
#include "lib/tlog/vkey.h"

namespace sluis::tlog {

// A checkpoint that satisfies a policy.
struct TrustedCheckpoint {
  Checkpoint checkpoint;
  std::vector<std::string> witnesses;  // names of those whose cosignature counted
  // The policy asks for no witness: the log could show another tree to others. To be said in every
  // report.
  bool no_quorum = false;
};

class TrustPolicy {
 public:
  struct Log {
    VerifierKey key;
    std::string url;  // may be empty
  };
  struct Witness {
    std::string name;  // within the policy
    VerifierKey key;
    std::string url;
  };
  // `threshold` of the members, which are witnesses and earlier groups, by name.
  struct Group {
    std::string name;
    std::size_t threshold = 0;
    std::vector<std::string> members;
  };

  // E_TRUST_POLICY naming the line.
  static absl::StatusOr<TrustPolicy> Parse(std::string_view text);

  // OK iff a listed log of that origin signed the note, no known signature in it is wrong, no
  // cosignature lies more than 300 s after `now`, and the quorum holds (E_QUORUM). Reasons of
  // checkpoint.h and cosignature.h otherwise.
  absl::StatusOr<TrustedCheckpoint> Verify(std::string_view note, absl::Time now) const;

  const std::vector<Log>& logs() const { return logs_; }
  const std::vector<Witness>& witnesses() const { return witnesses_; }
  const std::vector<Group>& groups() const { return groups_; }
  // nullopt for `quorum none`.
  const std::optional<std::string>& quorum() const { return quorum_; }

 private:
  friend class TrustPolicyParser;
  TrustPolicy() = default;
  bool QuorumHolds(const std::vector<std::string>& seen) const;

  std::vector<Log> logs_;
  std::vector<Witness> witnesses_;
  std::vector<Group> groups_;  // members before the groups they are in
  std::optional<std::string> quorum_;
};

}  // namespace sluis::tlog

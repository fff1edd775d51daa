// Who may bring a policy pack into force: persons under a name and a key each. Two of them must
// sign.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/tlog/vkey.h"

namespace sluis::policy {

inline constexpr std::size_t kMaxActivators = 16;

class Activators {
 public:
  // INVALID_ARGUMENT / FIELD_INVALID `activators[i]` for a vkey that is not one of type Ed25519,
  // for fewer than two or more than 16, and when a name or a key stands twice: then one person
  // could stand for two.
  static absl::StatusOr<Activators> Create(std::span<const std::string> vkeys);
  const std::vector<tlog::VerifierKey>& keys() const { return keys_; }

 private:
  explicit Activators(std::vector<tlog::VerifierKey> keys) : keys_(std::move(keys)) {}
  std::vector<tlog::VerifierKey> keys_;
};

// The verifier keys of jurists: any number, each once. FIELD_INVALID `jurists[i]`.
absl::StatusOr<std::vector<tlog::VerifierKey>> ParseJurists(std::span<const std::string> vkeys);

}  // namespace sluis::policy

// What decides behind the protocol: the exchange's own policy, or a pack of foreign entities.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "broker/authzen/question.h"
#include "broker/exchange/caller.h"
#include "lib/base/json.h"

namespace sluis::authzen {

struct Verdict {
  bool decision = false;
  Json context = Json::object();  // of the answer; left out when empty
};

// One call: every question of it meets one policy at one moment. One thread at a time.
class Hearing {
 public:
  virtual ~Hearing() = default;
  // What is outside the vocabulary is a denial. An error is a fault of ours, and no decision.
  virtual absl::StatusOr<Verdict> Decide(const Question& question) = 0;
  // Every result as the text shows it, without duplicates, in any order; each, put in the place of
  // what is searched, gives true. INVALID_ARGUMENT when there are too many to go through.
  virtual absl::StatusOr<std::vector<Json>> Search(Searched searched, const Question& question) = 0;
  // After the last decision and before anything is answered: what must be on record is.
  virtual absl::Status Close() = 0;
  // Names the policy of this hearing, to the byte.
  virtual std::string Policy() const = 0;
};

// Thread-safe.
class DecisionPoint {
 public:
  virtual ~DecisionPoint() = default;
  virtual absl::StatusOr<std::unique_ptr<Hearing>> Open(const exchange::Caller& caller) = 0;
  // Types of obligation that an answer may carry; for the metadata.
  virtual std::vector<std::string> Obligations() const = 0;
};

}  // namespace sluis::authzen

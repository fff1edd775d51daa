// The OpenID AuthZEN Authorization API 1.0 without its transport: requests in, answers out
// (exports.md §5), for every face the same. What is malformed is INVALID_ARGUMENT naming the place,
// never a decision.
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "broker/authzen/decision_point.h"
#include "broker/authzen/search_tokens.h"
#include "lib/base/clock.h"
#include "lib/base/json.h"

namespace sluis::authzen {

inline constexpr std::size_t kMostEvaluations = 1000;

// Thread-safe. Everything given outlives it.
class Protocol {
 public:
  // `name` tells this decision point from others that share the tokens.
  Protocol(std::string name, DecisionPoint& point, const SearchTokens& tokens, const Clock& clock);

  // Of bodies, which may be anything.
  absl::StatusOr<Json> Evaluation(const exchange::Caller& caller, std::string_view body) const;
  absl::StatusOr<Json> Evaluations(const exchange::Caller& caller, std::string_view body) const;
  absl::StatusOr<Json> Search(Searched searched, const exchange::Caller& caller,
                              std::string_view body) const;
  // The same of what was read. Precondition: `root` is an object.
  absl::StatusOr<Json> Decide(const exchange::Caller& caller, const Json& root) const;
  absl::StatusOr<Json> DecideAll(const exchange::Caller& caller, const Json& root) const;
  absl::StatusOr<Json> Find(Searched searched, const exchange::Caller& caller,
                            const Json& root) const;
  // `base` is the URL of this decision point, `endpoints` what its endpoints begin with; neither
  // ends with a slash.
  Json Metadata(const std::string& base, const std::string& endpoints) const;

 private:
  absl::StatusOr<Json> Paged(std::vector<Json> results, Searched searched, const Json& root,
                             const std::string& bound) const;

  const std::string name_;
  DecisionPoint& point_;
  const SearchTokens& tokens_;
  const Clock& clock_;
};

}  // namespace sluis::authzen

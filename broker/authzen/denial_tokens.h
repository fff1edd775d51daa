// Ids of evaluations that ended in "an approval is needed": authenticated, bound to who asked, to
// the question and to the moment, good for half an hour. An access request names one, so that it is
// known without a table what was denied to whom; after a restart one evaluates again.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "broker/authzen/question.h"
#include "broker/exchange/caller.h"
#include "lib/base/bytes.h"

namespace sluis::authzen {

inline constexpr absl::Duration kDenialLife = absl::Minutes(30);  // exports.md §5.5

// What an access request says of the denial that it is about.
struct Denial {
  std::string evaluation_id;
  absl::Time expires_at;
  std::optional<absl::Time> evaluated_at;
};

// All that must be the same when the id comes back: caller, subject, action and resource.
std::string BoundOf(const Question& question, const exchange::Caller& caller);

// Thread-safe. The key lives as long as the process.
class DenialTokens {
 public:
  DenialTokens();

  std::string Make(std::string_view bound, absl::Time now) const;
  // INVALID_ARGUMENT / DENIAL_NOT_BOUND for any other denial than one made for `bound`, with its
  // times; FAILED_PRECONDITION / DENIAL_EXPIRED for an old one.
  absl::Status Check(const Denial& denial, std::string_view bound, absl::Time now) const;

 private:
  Bytes Mac(std::string_view content, std::string_view bound) const;

  const Bytes key_;
};

}  // namespace sluis::authzen

// Page tokens of a search: opaque, authenticated, good for an hour, bound to the caller, the whole
// request, the policy and the list of results as it was. A list that changed meanwhile is started
// again: no page ever misses or repeats a result unseen.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"

namespace sluis::authzen {

// Where a page begins and how long it is.
struct Cursor {
  std::uint64_t offset = 0, limit = 0;
};

// Thread-safe. The key lives as long as the process.
class SearchTokens {
 public:
  SearchTokens();

  // `bound` is everything that must be the same when the token comes back.
  std::string Make(const Cursor& cursor, std::string_view bound, absl::Time now) const;
  // INVALID_ARGUMENT naming `page.token` for any other token than one made for `bound`.
  absl::StatusOr<Cursor> Read(std::string_view token, std::string_view bound, absl::Time now) const;

 private:
  const Bytes key_;
};

}  // namespace sluis::authzen

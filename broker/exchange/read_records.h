// A look into the log by those whom the policy lets: a provision of `res-provisielog` like any
// other (rulebook §2.19), and itself logged before the bytes leave (log.md B1, B10).
#pragma once

#include <string>
#include <vector>

#include "broker/exchange/commands.h"
#include "broker/exchange/turn.h"

namespace sluis::exchange {

// The uses of the log that the law knows (Wpg 32a), by the numbers of sluis.v1.LogUse; empty for
// any other.
std::string UseName(int use);

// Which records the look may open; what a repeat of the call is answered with.
struct RecordsFound {
  std::string decision;  // broker/exchange/decision_json.h
  std::vector<std::uint64_t> indices;
  bool more = false;

  std::string ToJson() const;
  static absl::StatusOr<RecordsFound> FromJson(const std::string& text);
};

// Decides, logs LOG_READ, and finds the records; none when the policy says no.
absl::StatusOr<RecordsFound> FindRecordsIn(Turn& turn, const ListRecords& list);

}  // namespace sluis::exchange

// The verdict on every leaf of a log (log.md B7): is its record there, gone by a valid order, or
// missing? Pure, thread-safe. The leaves must already stand in a tree that was verified
// (log_verifier.h).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "lib/tlog/leaf.h"
#include "lib/tlog/record.h"
#include "lib/tlog/vkey.h"

namespace sluis::tlog {

enum class LeafVerdict {
  kVerified,         // record and salt are there and right, or the leaf never had a record
  kErasedWithOrder,  // they are gone, and a later ERASE or DESTROY leaf with a valid order says why
  kMissing,          // anything else: alarm
};
// VERIFIED, ERASED-WITH-ORDER, MISSING.
std::string VerdictName(LeafVerdict verdict);

// An officer or retention key as KEY_CHANGE leaves admit and withdraw it; seconds since 1970.
struct OrderKey {
  VerifierKey key;
  std::uint64_t valid_from = 0;
  std::optional<std::uint64_t> valid_until;  // exclusive; none = still valid
};

// One origin with what the verifier was given of its records.
struct LogView {
  std::string origin;
  std::uint16_t year = 0;  // of the origin: what the reference year of a later log names
  std::vector<Leaf> leaves;
  std::map<std::uint64_t, Opening>
      openings;  // by index; records or salts that are gone are left out
};

// Verdicts on the leaves of logs.front(), in their order. The further logs are later origins, in
// which erasures of this one may stand. Rules beyond the signature, each from log.md B7:
// - ERASE is ordered by officers on a ground other than `term`, DESTROY by a retention key on
// ground `term`;
// - origin and range of the order are those of the leaf that carries it, which comes after the
// range;
// - the order is not older than the last leaf of its range and at most 300 s younger than its own
// leaf's
//   hour, and every key that signed it was valid at its time;
// - the officer's organisation stands in every leaf of the range; a retention key may instead be
// that of the
//   operator, who stands in GENESIS; more than 100 leaves need two officers;
// - records of ERASE, DESTROY, GENESIS, CLOSE and KEY_CHANGE are never erased.
std::vector<LeafVerdict> ClassifyLeaves(std::span<const LogView> logs,
                                        std::span<const OrderKey> keys);

}  // namespace sluis::tlog

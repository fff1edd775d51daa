// Records (log.md B6): what happened in full, beside the log. The leaf commits to the record under
// a salt of its own; without the salt the commitment says nothing, so a record can be erased and
// its leaf stay. Pure, thread-safe. Reason E_RECORD unless another is named.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/base/json.h"
#include "lib/tlog/leaf.h"

namespace sluis::tlog {

inline constexpr std::size_t kSaltSize = 32;
inline constexpr std::size_t kMaxRecordSize = 65532;

// u32be(length) || record || zeros, up to the next of 512, 1024, ... 65536 bytes.
absl::StatusOr<Bytes> PadRecord(BytesView record);
// The record; E_PADDING unless the padding is the smallest that fits and zero.
absl::StatusOr<Bytes> UnpadRecord(BytesView padded);

// HMAC-SHA256(salt, "sluis.record.v1" || 00 || padded); E_LENGTH unless the salt has 32 bytes.
absl::StatusOr<Digest> RecordCommitment(BytesView salt, BytesView record);
// HMAC-SHA256(salt, "sluis.payload.v1" || payload): says nothing once the salt is gone.
absl::StatusOr<Digest> PayloadMac(BytesView salt, BytesView payload);

// RFC 3339 with milliseconds and Z, as in the member `time`; E_RECORD unless exactly so.
std::string FormatRecordTime(absl::Time time);
absl::StatusOr<absl::Time> ParseRecordTime(std::string_view text);
// The `hour` of the leaf of a record of this time.
std::int64_t HourOf(absl::Time time);

// What opens a leaf: only for those entitled to the record, never part of a receipt.
struct Opening {
  Bytes record;  // canonical JSON; its bytes are the truth
  Bytes salt;    // 32 bytes
};

// The content of the record, if it is the one the leaf commits to and agrees with it: `v`, `kind`,
// `time` (the hour), `exchange` and `purpose` (absent iff zero in the leaf), and where present
// `outcome`, `orgs`
// (`acting`, `other`) and `policy_version` (the policy digest in hex).
absl::StatusOr<Json> OpenLeaf(const Leaf& leaf, const Opening& opening);

}  // namespace sluis::tlog

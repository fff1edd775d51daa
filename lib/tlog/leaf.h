// Leaf, version 1 (log.md B3): 192 bytes that say that something happened, between whom, in which
// hour and under which policy, and nothing about a person. What more there is stands in the record
// (record.h), to which the leaf commits.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"

namespace sluis::tlog {

inline constexpr std::size_t kLeafSize = 192;
inline constexpr std::int64_t kSecondsPerHour = 3600;

// Event kinds (log.md B5). A leaf may carry a value that has no name here.
enum class LeafKind : std::uint8_t {
  kGenesis = 0x01,
  kClose = 0x02,
  kRecovery = 0x03,
  kServiceStart = 0x04,
  kServiceStop = 0x05,
  kRequest = 0x10,
  kDecision = 0x11,
  kApproval = 0x12,
  kAnswer = 0x13,
  kDelivery = 0x14,
  kOpening = 0x15,
  kFeedback = 0x16,
  kCancel = 0x17,
  kExpire = 0x18,
  kOnward = 0x19,
  kCombine = 0x1a,
  kDryRun = 0x1b,
  kBreakGlass = 0x1c,
  kReview = 0x1d,
  kCorrection = 0x20,
  kRecall = 0x21,
  kErase = 0x22,
  kDestroy = 0x23,
  kRestrict = 0x24,
  kExtend = 0x25,
  kReidentify = 0x30,
  kSubjectReport = 0x31,
  kPolicyChange = 0x40,
  kVocabularyChange = 0x41,
  kConfigChange = 0x42,
  kKeyChange = 0x43,
  kPartnerChange = 0x44,
  kMandateChange = 0x45,
  kCaseChange = 0x46,
  kAuditLogin = 0x50,
  kLogRead = 0x51,
  kExport = 0x52,
  kAuthFailure = 0x53,
  kLimitHit = 0x54,
};

// Outcomes (log.md B5).
enum class LeafOutcome : std::uint8_t {
  kNone = 0x00,
  kPermitted = 0x01,
  kPermittedPartly = 0x02,
  kDeniedProhibited = 0x03,
  kDeniedNoBasis = 0x04,
  kNeedsApproval = 0x05,
  kRefusedByPerson = 0x06,
  kApproved = 0x07,
  kNotApproved = 0x08,
  kWithdrawn = 0x09,
  kExpired = 0x0a,
  kDelivered = 0x0b,
  kNotDelivered = 0x0c,
  kAnswered = 0x0d,
  kInvalid = 0x0e,
  kPermittedEmergency = 0x0f,
  kDone = 0x10,
  kFailed = 0x11,
};

// Retention classes (log.md B8). How long each lasts stands in the policy, not here.
enum class RetentionClass : std::uint8_t {
  kAvg = 1,
  kWpg = 2,
  kWgs = 3,
  kWjsg = 4,
  kShort = 5,   // dry runs, refused requests, limits
  kAccess = 6,  // looks into the log, log-ins
  kStructural = 9,
};

// The names of log.md B5, for example `REQUEST`; a value without a name as `0x7f`.
std::string KindName(LeafKind kind);
std::string OutcomeName(LeafOutcome outcome);
// The kind of a name; nullopt for an unknown one.
std::optional<LeafKind> KindFromName(std::string_view name);

// Leaves that this one is about: [first, end) of the log of `year`, 0 = this log.
struct LeafReference {
  std::uint16_t year = 0;
  std::uint64_t first = 0;
  std::uint64_t end = 0;
  // Flag bit 2. A range may hold one leaf; without it end = first + 1.
  bool is_range = false;
  bool operator==(const LeafReference&) const = default;
};

using PurposeReference = std::array<std::uint8_t, 16>;
// SHA256("sluis/purpose/v1" LF purpose_id)[0:16]; all zero for an empty id.
PurposeReference PurposeReferenceOf(std::string_view purpose_id);

struct Leaf {
  LeafKind kind = LeafKind::kGenesis;
  LeafOutcome outcome = LeafOutcome::kNone;
  RetentionClass retention = RetentionClass::kStructural;
  std::int64_t hour = 0;       // seconds since 1970, a multiple of 3600
  ExchangeId exchange;         // empty when not about one exchange
  std::string acting;          // OIN: 20 of 0-9 A-Z
  std::string other;           // OIN or empty
  PurposeReference purpose{};  // zero when none
  Digest policy_digest{};
  std::optional<LeafReference> reference;
  std::optional<Digest> commitment;  // set iff a record exists
  bool operator==(const Leaf&) const = default;
};

// The 192 bytes. INVALID_ARGUMENT / E_LEAF naming the field when the leaf cannot be decoded again.
absl::StatusOr<Bytes> EncodeLeaf(const Leaf& leaf);

// Refuses (E_LEAF, naming the field) any other length, magic or version, non-zero reserved or
// unused bytes, unknown flags, an hour that is not whole, and a reference within this log that is
// not before `index`. Unknown kinds, outcomes and retention classes are kept as numbers.
absl::StatusOr<Leaf> DecodeLeaf(BytesView bytes, std::uint64_t index);

}  // namespace sluis::tlog

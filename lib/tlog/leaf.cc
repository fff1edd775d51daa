#include "lib/tlog/leaf.h"

#include <algorithm>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"

namespace sluis::tlog {
namespace {

constexpr std::string_view kMagic = "SLU1";
constexpr std::uint8_t kVersion = 1;
constexpr std::uint16_t kRecordFormat = 1;
constexpr std::size_t kOinSize = 20;

constexpr std::uint16_t kHasRecord = 1;
constexpr std::uint16_t kRefers = 2;
constexpr std::uint16_t kRefersToRange = 4;

constexpr std::pair<LeafKind, std::string_view> kKindNames[] = {
    {LeafKind::kGenesis, "GENESIS"},
    {LeafKind::kClose, "CLOSE"},
    {LeafKind::kRecovery, "RECOVERY"},
    {LeafKind::kServiceStart, "SERVICE_START"},
    {LeafKind::kServiceStop, "SERVICE_STOP"},
    {LeafKind::kRequest, "REQUEST"},
    {LeafKind::kDecision, "DECISION"},
    {LeafKind::kApproval, "APPROVAL"},
    {LeafKind::kAnswer, "ANSWER"},
    {LeafKind::kDelivery, "DELIVERY"},
    {LeafKind::kOpening, "OPENING"},
    {LeafKind::kFeedback, "FEEDBACK"},
    {LeafKind::kCancel, "CANCEL"},
    {LeafKind::kExpire, "EXPIRE"},
    {LeafKind::kOnward, "ONWARD"},
    {LeafKind::kCombine, "COMBINE"},
    {LeafKind::kDryRun, "DRY_RUN"},
    {LeafKind::kBreakGlass, "BREAK_GLASS"},
    {LeafKind::kReview, "REVIEW"},
    {LeafKind::kCorrection, "CORRECTION"},
    {LeafKind::kRecall, "RECALL"},
    {LeafKind::kErase, "ERASE"},
    {LeafKind::kDestroy, "DESTROY"},
    {LeafKind::kRestrict, "RESTRICT"},
    {LeafKind::kExtend, "EXTEND"},
    {LeafKind::kReidentify, "REIDENTIFY"},
    {LeafKind::kSubjectReport, "SUBJECT_REPORT"},
    {LeafKind::kPolicyChange, "POLICY_CHANGE"},
    {LeafKind::kVocabularyChange, "VOCABULARY_CHANGE"},
    {LeafKind::kConfigChange, "CONFIG_CHANGE"},
    {LeafKind::kKeyChange, "KEY_CHANGE"},
    {LeafKind::kPartnerChange, "PARTNER_CHANGE"},
    {LeafKind::kMandateChange, "MANDATE_CHANGE"},
    {LeafKind::kCaseChange, "CASE_CHANGE"},
    {LeafKind::kAuditLogin, "AUDIT_LOGIN"},
    {LeafKind::kLogRead, "LOG_READ"},
    {LeafKind::kExport, "EXPORT"},
    {LeafKind::kAuthFailure, "AUTH_FAILURE"},
    {LeafKind::kLimitHit, "LIMIT_HIT"},
};

constexpr std::pair<LeafOutcome, std::string_view> kOutcomeNames[] = {
    {LeafOutcome::kNone, "NONE"},
    {LeafOutcome::kPermitted, "PERMITTED"},
    {LeafOutcome::kPermittedPartly, "PERMITTED_PARTLY"},
    {LeafOutcome::kDeniedProhibited, "DENIED_PROHIBITED"},
    {LeafOutcome::kDeniedNoBasis, "DENIED_NO_BASIS"},
    {LeafOutcome::kNeedsApproval, "NEEDS_APPROVAL"},
    {LeafOutcome::kRefusedByPerson, "REFUSED_BY_PERSON"},
    {LeafOutcome::kApproved, "APPROVED"},
    {LeafOutcome::kNotApproved, "NOT_APPROVED"},
    {LeafOutcome::kWithdrawn, "WITHDRAWN"},
    {LeafOutcome::kExpired, "EXPIRED"},
    {LeafOutcome::kDelivered, "DELIVERED"},
    {LeafOutcome::kNotDelivered, "NOT_DELIVERED"},
    {LeafOutcome::kAnswered, "ANSWERED"},
    {LeafOutcome::kInvalid, "INVALID"},
    {LeafOutcome::kPermittedEmergency, "PERMITTED_EMERGENCY"},
    {LeafOutcome::kDone, "DONE"},
    {LeafOutcome::kFailed, "FAILED"},
};

template <typename Enum, std::size_t N>
std::string NameIn(const std::pair<Enum, std::string_view> (&names)[N], Enum value) {
  const auto* found = std::find_if(std::begin(names), std::end(names),
                                   [value](const auto& entry) { return entry.first == value; });
  if (found != std::end(names)) return std::string(found->second);
  return absl::StrFormat("0x%02x", static_cast<unsigned>(value));
}

absl::Status BadLeaf(std::string_view field, std::string_view what) {
  return Error(ErrorCode::kInvalid, "E_LEAF", absl::StrFormat("leaf: %s: %s", field, what));
}

bool IsZero(BytesView bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == 0; });
}

bool IsOinText(std::string_view text) {
  return text.size() == kOinSize && std::all_of(text.begin(), text.end(), [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z');
         });
}

// The fields as they stand, without judgement.
struct RawLeaf {
  std::uint8_t kind = 0, outcome = 0, retention = 0;
  std::uint16_t flags = 0, format = 0, reference_year = 0;
  std::uint64_t hour = 0, reference_first = 0, reference_end = 0;
  BytesView exchange, acting, other, purpose, policy_digest, commitment;
};

template <std::size_t N>
std::array<std::uint8_t, N> ToArray(BytesView bytes) {
  std::array<std::uint8_t, N> out{};
  std::copy_n(Data(bytes), N, out.begin());
  return out;
}

absl::Status ReadHeader(ByteReader& reader) {
  SLUIS_ASSIGN_OR_RETURN(const BytesView magic, reader.Raw(4));
  if (magic != kMagic) return BadLeaf("magic", "not a leaf of this log");
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t version, reader.U8());
  if (version != kVersion) return BadLeaf("version", "unknown; a newer reader is needed");
  return absl::OkStatus();
}

absl::Status ReadReserved(ByteReader& reader, std::size_t count) {
  SLUIS_ASSIGN_OR_RETURN(const BytesView reserved, reader.Raw(count));
  return IsZero(reserved) ? absl::OkStatus() : BadLeaf("reserved", "must be zero");
}

absl::StatusOr<RawLeaf> ReadFields(BytesView bytes) {
  ByteReader reader(bytes);
  RawLeaf raw;
  SLUIS_RETURN_IF_ERROR(ReadHeader(reader));
  SLUIS_ASSIGN_OR_RETURN(raw.kind, reader.U8());
  SLUIS_ASSIGN_OR_RETURN(raw.outcome, reader.U8());
  SLUIS_ASSIGN_OR_RETURN(raw.retention, reader.U8());
  SLUIS_ASSIGN_OR_RETURN(raw.flags, reader.U16());
  SLUIS_ASSIGN_OR_RETURN(raw.format, reader.U16());
  SLUIS_ASSIGN_OR_RETURN(raw.hour, reader.U64());
  SLUIS_ASSIGN_OR_RETURN(raw.exchange, reader.Raw(16));
  SLUIS_ASSIGN_OR_RETURN(raw.acting, reader.Raw(kOinSize));
  SLUIS_ASSIGN_OR_RETURN(raw.other, reader.Raw(kOinSize));
  SLUIS_ASSIGN_OR_RETURN(raw.purpose, reader.Raw(16));
  SLUIS_ASSIGN_OR_RETURN(raw.policy_digest, reader.Raw(32));
  SLUIS_ASSIGN_OR_RETURN(raw.reference_year, reader.U16());
  SLUIS_RETURN_IF_ERROR(ReadReserved(reader, 2));
  SLUIS_ASSIGN_OR_RETURN(raw.reference_first, reader.U64());
  SLUIS_ASSIGN_OR_RETURN(raw.reference_end, reader.U64());
  SLUIS_ASSIGN_OR_RETURN(raw.commitment, reader.Raw(32));
  SLUIS_RETURN_IF_ERROR(ReadReserved(reader, 16));
  SLUIS_RETURN_IF_ERROR(reader.Finish());
  return raw;
}

absl::Status CheckHour(std::int64_t hour) {
  if (hour >= 0 && hour % kSecondsPerHour == 0) return absl::OkStatus();
  return BadLeaf("hour", "must be a whole hour since 1970");
}

absl::Status CheckOrganisations(std::string_view acting, std::string_view other) {
  if (!IsOinText(acting)) return BadLeaf("acting organisation", "must be an OIN");
  if (!other.empty() && !IsOinText(other))
    return BadLeaf("other organisation", "must be an OIN or zero");
  return absl::OkStatus();
}

absl::Status CheckReference(const LeafReference& reference) {
  if (reference.end <= reference.first) return BadLeaf("reference", "end must come after first");
  if (!reference.is_range && reference.end - reference.first != 1) {
    return BadLeaf("reference", "names one leaf, so its end must be first + 1");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::optional<LeafReference>> DecodeReference(const RawLeaf& raw,
                                                             std::uint64_t index) {
  const bool refers = (raw.flags & kRefers) != 0;
  const bool range = (raw.flags & kRefersToRange) != 0;
  if (range && !refers) return BadLeaf("flags", "a range without a reference");
  if (!refers) {
    if (raw.reference_year == 0 && raw.reference_first == 0 && raw.reference_end == 0)
      return std::nullopt;
    return BadLeaf("reference", "must be zero without its flag");
  }
  const LeafReference reference{raw.reference_year, raw.reference_first, raw.reference_end, range};
  SLUIS_RETURN_IF_ERROR(CheckReference(reference));
  if (reference.year == 0 && reference.end > index) {
    return BadLeaf("reference", "must lie before the leaf");
  }
  return reference;
}

absl::StatusOr<std::optional<Digest>> DecodeCommitment(const RawLeaf& raw) {
  if ((raw.flags & kHasRecord) != 0) {
    if (raw.format != kRecordFormat) return BadLeaf("record format", "unknown");
    return ToArray<32>(raw.commitment);
  }
  if (raw.format != 0) return BadLeaf("record format", "must be zero without a record");
  if (!IsZero(raw.commitment)) return BadLeaf("commitment", "must be zero without a record");
  return std::nullopt;
}

std::uint16_t FlagsOf(const Leaf& leaf) {
  unsigned flags = leaf.commitment ? kHasRecord : 0U;
  if (leaf.reference) flags |= kRefers;
  if (leaf.reference && leaf.reference->is_range) flags |= kRefersToRange;
  return static_cast<std::uint16_t>(flags);
}

}  // namespace

std::string KindName(LeafKind kind) { return NameIn(kKindNames, kind); }
std::string OutcomeName(LeafOutcome outcome) { return NameIn(kOutcomeNames, outcome); }

std::optional<LeafKind> KindFromName(std::string_view name) {
  for (const auto& [kind, text] : kKindNames) {
    if (text == name) return kind;
  }
  return std::nullopt;
}

PurposeReference PurposeReferenceOf(std::string_view purpose_id) {
  if (purpose_id.empty()) return {};
  return ToArray<16>(AsView(Sha256({"sluis/purpose/v1\n", purpose_id})));
}

absl::StatusOr<Bytes> EncodeLeaf(const Leaf& leaf) {
  SLUIS_RETURN_IF_ERROR(CheckHour(leaf.hour));
  SLUIS_RETURN_IF_ERROR(CheckOrganisations(leaf.acting, leaf.other));
  const LeafReference reference = leaf.reference.value_or(LeafReference{});
  if (leaf.reference) SLUIS_RETURN_IF_ERROR(CheckReference(reference));
  ByteWriter out;
  out.Raw(kMagic).U8(kVersion);
  out.U8(static_cast<std::uint8_t>(leaf.kind)).U8(static_cast<std::uint8_t>(leaf.outcome));
  out.U8(static_cast<std::uint8_t>(leaf.retention));
  out.U16(FlagsOf(leaf)).U16(leaf.commitment ? kRecordFormat : 0);
  out.U64(static_cast<std::uint64_t>(leaf.hour)).Raw(leaf.exchange.bytes());
  out.Raw(leaf.acting).Raw(leaf.other).Zeros(kOinSize - leaf.other.size());
  out.Raw(AsView(leaf.purpose)).Raw(AsView(leaf.policy_digest));
  out.U16(reference.year).Zeros(2).U64(reference.first).U64(reference.end);
  const Digest commitment = leaf.commitment.value_or(Digest{});
  out.Raw(AsView(commitment)).Zeros(16);
  return std::move(out).Take();
}

absl::StatusOr<Leaf> DecodeLeaf(BytesView bytes, std::uint64_t index) {
  if (bytes.size() != kLeafSize) {
    return BadLeaf("length", absl::StrFormat("%d bytes, must be %d", bytes.size(), kLeafSize));
  }
  SLUIS_ASSIGN_OR_RETURN(const RawLeaf raw, ReadFields(bytes));
  if ((raw.flags & ~unsigned{kHasRecord | kRefers | kRefersToRange}) != 0) {
    return BadLeaf("flags", "unknown bit set");
  }
  Leaf leaf;
  leaf.kind = static_cast<LeafKind>(raw.kind);
  leaf.outcome = static_cast<LeafOutcome>(raw.outcome);
  leaf.retention = static_cast<RetentionClass>(raw.retention);
  leaf.hour = static_cast<std::int64_t>(raw.hour);
  SLUIS_RETURN_IF_ERROR(CheckHour(leaf.hour));
  leaf.exchange = ExchangeId::FromBytes(ToArray<16>(raw.exchange));
  leaf.acting = std::string(raw.acting);
  leaf.other = IsZero(raw.other) ? std::string() : std::string(raw.other);
  SLUIS_RETURN_IF_ERROR(CheckOrganisations(leaf.acting, leaf.other));
  leaf.purpose = ToArray<16>(raw.purpose);
  leaf.policy_digest = ToArray<32>(raw.policy_digest);
  SLUIS_ASSIGN_OR_RETURN(leaf.reference, DecodeReference(raw, index));
  SLUIS_ASSIGN_OR_RETURN(leaf.commitment, DecodeCommitment(raw));
  return leaf;
}

}  // namespace sluis::tlog

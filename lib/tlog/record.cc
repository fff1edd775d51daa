#include "lib/tlog/record.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"

namespace sluis::tlog {
namespace {

constexpr std::size_t kLengthSize = 4;
constexpr std::size_t kSmallestBucket = 512;
constexpr std::string_view kTimeFormat = "%Y-%m-%dT%H:%M:%E3SZ";
constexpr std::size_t kTimeSize = 24;

absl::Status BadRecord(std::string_view what) {
  return Error(ErrorCode::kInvalid, "E_RECORD", absl::StrFormat("record: %s", what));
}
absl::Status Disagrees(std::string_view member) {
  return BadRecord(absl::StrFormat("%s does not agree with the leaf", member));
}

std::size_t BucketFor(std::size_t record_size) {
  std::size_t bucket = kSmallestBucket;
  while (bucket < record_size + kLengthSize) bucket *= 2;
  return bucket;
}

absl::Status CheckSalt(BytesView salt) {
  if (salt.size() == kSaltSize) return absl::OkStatus();
  return Error(ErrorCode::kInvalid, "E_LENGTH", "a salt has 32 bytes");
}

// The string member, "" when there is none; E_RECORD when it is something else.
absl::StatusOr<std::string> Text(const Json& object, const char* member) {
  const auto found = object.find(member);
  if (found == object.end()) return std::string();
  if (!found->is_string() || found->get_ref<const std::string&>().empty()) {
    return BadRecord(absl::StrFormat("%s must be a text", member));
  }
  return found->get<std::string>();
}

// Each row: a member, what the leaf makes of it, and whether it may be missing although the leaf
// has it.
struct Agreement {
  const char* member;
  std::string expected;
  bool optional;
};

absl::Status CheckAgreement(const Json& object, const Agreement& agreement) {
  SLUIS_ASSIGN_OR_RETURN(const std::string text, Text(object, agreement.member));
  if (text == agreement.expected || (text.empty() && agreement.optional)) return absl::OkStatus();
  return Disagrees(agreement.member);
}

absl::Status CheckPurpose(const Leaf& leaf, const Json& content) {
  SLUIS_ASSIGN_OR_RETURN(const std::string purpose, Text(content, "purpose"));
  return PurposeReferenceOf(purpose) == leaf.purpose ? absl::OkStatus() : Disagrees("purpose");
}

absl::Status CheckTime(const Leaf& leaf, const Json& content) {
  SLUIS_ASSIGN_OR_RETURN(const std::string text, Text(content, "time"));
  SLUIS_ASSIGN_OR_RETURN(const absl::Time time, ParseRecordTime(text));
  return HourOf(time) == leaf.hour ? absl::OkStatus() : Disagrees("time");
}

absl::Status CheckOrganisations(const Leaf& leaf, const Json& content) {
  const auto orgs = content.find("orgs");
  if (orgs == content.end()) return absl::OkStatus();
  if (!orgs->is_object()) return BadRecord("orgs must be an object");
  SLUIS_RETURN_IF_ERROR(CheckAgreement(*orgs, {"acting", leaf.acting, false}));
  return CheckAgreement(*orgs, {"other", leaf.other, false});
}

absl::Status CheckContent(const Leaf& leaf, const Json& content) {
  if (!content.is_object()) return BadRecord("not an object");
  if (const auto v = content.find("v"); v == content.end() || *v != 1)
    return BadRecord("v must be 1");
  const Agreement agreements[] = {
      {"kind", KindName(leaf.kind), false},
      {"exchange", leaf.exchange.empty() ? std::string() : leaf.exchange.hex(), false},
      {"outcome", OutcomeName(leaf.outcome), true},
      {"policy_version", HexEncode(AsView(leaf.policy_digest)), true},
  };
  for (const Agreement& agreement : agreements) {
    SLUIS_RETURN_IF_ERROR(CheckAgreement(content, agreement));
  }
  SLUIS_RETURN_IF_ERROR(CheckPurpose(leaf, content));
  SLUIS_RETURN_IF_ERROR(CheckTime(leaf, content));
  return CheckOrganisations(leaf, content);
}

}  // namespace

absl::StatusOr<Bytes> PadRecord(BytesView record) {
  if (record.empty() || record.size() > kMaxRecordSize)
    return BadRecord("must have 1 to 65532 bytes");
  ByteWriter out;
  out.U32(static_cast<std::uint32_t>(record.size())).Raw(record);
  out.Zeros(BucketFor(record.size()) - out.bytes().size());
  return std::move(out).Take();
}

absl::StatusOr<Bytes> UnpadRecord(BytesView padded) {
  ByteReader reader(padded);
  SLUIS_ASSIGN_OR_RETURN(const std::uint32_t length, reader.U32());
  SLUIS_ASSIGN_OR_RETURN(const BytesView record, reader.Raw(length));
  auto expected = PadRecord(record);
  if (!expected.ok() || *expected != padded) {
    return Error(ErrorCode::kInvalid, "E_PADDING", "record: not padded as it must be");
  }
  return Bytes(record);
}

absl::StatusOr<Digest> RecordCommitment(BytesView salt, BytesView record) {
  SLUIS_RETURN_IF_ERROR(CheckSalt(salt));
  SLUIS_ASSIGN_OR_RETURN(const Bytes padded, PadRecord(record));
  return HmacSha256(salt, {BytesView("sluis.record.v1\0", 16), padded});
}

absl::StatusOr<Digest> PayloadMac(BytesView salt, BytesView payload) {
  SLUIS_RETURN_IF_ERROR(CheckSalt(salt));
  return HmacSha256(salt, {BytesView("sluis.payload.v1"), payload});
}

std::string FormatRecordTime(absl::Time time) {
  return absl::FormatTime(absl::string_view(kTimeFormat.data(), kTimeFormat.size()), time,
                          absl::UTCTimeZone());
}

absl::StatusOr<absl::Time> ParseRecordTime(std::string_view text) {
  absl::Time time;
  std::string ignored;
  const bool parsed = absl::ParseTime(absl::string_view(kTimeFormat.data(), kTimeFormat.size()),
                                      absl::string_view(text.data(), text.size()), &time, &ignored);
  if (!parsed || text.size() != kTimeSize || FormatRecordTime(time) != text)
    return BadRecord("time is not RFC 3339 with milliseconds and Z");
  return time;
}

std::int64_t HourOf(absl::Time time) {
  const std::int64_t seconds = absl::ToUnixSeconds(time);
  return seconds - seconds % kSecondsPerHour;
}

absl::StatusOr<Json> OpenLeaf(const Leaf& leaf, const Opening& opening) {
  if (!leaf.commitment) return BadRecord("the leaf has none");
  SLUIS_ASSIGN_OR_RETURN(const Digest commitment, RecordCommitment(opening.salt, opening.record));
  if (commitment != *leaf.commitment) return BadRecord("not the one that the leaf commits to");
  auto content = ParseCanonicalJson(opening.record);
  if (!content.ok()) return BadRecord("not canonical JSON");
  SLUIS_RETURN_IF_ERROR(CheckContent(leaf, *content));
  return content;
}

}  // namespace sluis::tlog

#include "broker/journal/entry.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/random.h"

namespace sluis::journal {
namespace {

// A draft is made by our own code: what is wrong with it is a fault of ours, not of a caller.
absl::Status BadDraft(std::string_view reason, std::string_view what) {
  return Error(ErrorCode::kInternal, reason, absl::StrFormat("draft of a leaf: %s", what));
}

absl::Status Inconsistent(std::uint64_t index, std::string_view what) {
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
               absl::StrFormat("leaf %d: %s; restore its record from a backup", index, what));
}

// A member that the leaf decides: absent for an empty `value`, and never anything else.
absl::Status Settle(Json& object, const char* member, const Json& value) {
  const bool none = value.is_string() && value.get_ref<const std::string&>().empty();
  const auto given = object.find(member);
  if (given == object.end() && !none) object.emplace(member, value);
  if (given == object.end() || (!none && *given == value)) return absl::OkStatus();
  return BadDraft("E_RECORD", absl::StrFormat("%s does not agree with the leaf", member));
}

absl::Status SettleOrganisations(Json& record, const LeafDraft& draft) {
  Json& organisations = record["orgs"];
  if (organisations.is_null()) organisations = Json::object();
  if (!organisations.is_object()) return BadDraft("E_RECORD", "orgs must be an object");
  SLUIS_RETURN_IF_ERROR(Settle(organisations, "acting", draft.acting.str()));
  return Settle(organisations, "other", draft.other.str());
}

absl::StatusOr<Bytes> RecordOf(const LeafDraft& draft, absl::Time time) {
  Json record = draft.record;
  if (!record.is_object()) return BadDraft("E_RECORD", "the record must be an object");
  const bool has_outcome = draft.outcome != tlog::LeafOutcome::kNone;
  const bool has_policy = draft.policy_digest != Digest{};
  const std::pair<const char*, Json> settled[] = {
      {"v", 1},
      {"kind", tlog::KindName(draft.kind)},
      {"time", tlog::FormatRecordTime(time)},
      {"exchange", draft.exchange.empty() ? std::string() : draft.exchange.hex()},
      {"purpose", draft.purpose},
      {"outcome", has_outcome ? tlog::OutcomeName(draft.outcome) : std::string()},
      {"policy_version", has_policy ? HexEncode(AsView(draft.policy_digest)) : std::string()},
  };
  for (const auto& [member, value] : settled) {
    SLUIS_RETURN_IF_ERROR(Settle(record, member, value));
  }
  SLUIS_RETURN_IF_ERROR(SettleOrganisations(record, draft));
  auto text = CanonicalJson(record);
  if (!text.ok()) return BadDraft("E_RECORD", MessageOf(text.status()));
  return *std::move(text);
}

absl::StatusOr<Bytes> LeafOf(std::uint64_t index, const LeafDraft& draft, absl::Time time,
                             const Digest& commitment) {
  tlog::Leaf leaf;
  leaf.kind = draft.kind;
  leaf.outcome = draft.outcome;
  leaf.retention = draft.retention;
  leaf.hour = tlog::HourOf(time);
  leaf.exchange = draft.exchange;
  leaf.acting = draft.acting.str();
  leaf.other = draft.other.str();
  leaf.purpose = tlog::PurposeReferenceOf(draft.purpose);
  leaf.policy_digest = draft.policy_digest;
  leaf.commitment = commitment;
  if (draft.refers_to) {
    if (*draft.refers_to >= index) return BadDraft("E_LEAF", "refers_to must name an earlier leaf");
    leaf.reference = tlog::LeafReference{0, *draft.refers_to, *draft.refers_to + 1, false};
  }
  auto bytes = tlog::EncodeLeaf(leaf);
  if (!bytes.ok()) return BadDraft("E_LEAF", MessageOf(bytes.status()));
  return *std::move(bytes);
}

}  // namespace

absl::StatusOr<EntryMaker> EntryMaker::Create(std::string_view origin, SecretBytes store_key) {
  SLUIS_ASSIGN_OR_RETURN(AeadKey key, AeadKey::Create(Aead::kAes256Gcm, std::move(store_key)));
  return EntryMaker(origin, std::move(key));
}

Bytes EntryMaker::AdditionalData(std::uint64_t index) const {
  ByteWriter out;
  out.Raw(origin_).U64(index);
  return std::move(out).Take();
}

absl::StatusOr<Entry> EntryMaker::Make(std::uint64_t index, const LeafDraft& draft,
                                       absl::Time time) const {
  SLUIS_ASSIGN_OR_RETURN(const Bytes record, RecordOf(draft, time));
  auto padded = tlog::PadRecord(record);
  if (!padded.ok()) return BadDraft("E_RECORD", MessageOf(padded.status()));
  Entry entry{index, draft.kind, draft.policy_digest, {}, {{}, RandomBytes(tlog::kSaltSize)}};
  SLUIS_ASSIGN_OR_RETURN(const Digest commitment,
                         tlog::RecordCommitment(entry.record.salt, record));
  SLUIS_ASSIGN_OR_RETURN(entry.leaf, LeafOf(index, draft, time, commitment));
  // A random nonce, because an index whose item was undone is given out again with another record.
  entry.record.sealed = key_.SealRandom(AdditionalData(index), *padded);
  return entry;
}

absl::StatusOr<tlog::Opening> EntryMaker::Open(std::uint64_t index, BytesView leaf,
                                               const storage::LogRecord& record) const {
  auto padded = key_.OpenRandom(AdditionalData(index), record.sealed);
  if (!padded.ok()) return Inconsistent(index, "its record does not open with the store key");
  auto content = tlog::UnpadRecord(padded->Reveal(SecretAccess::ForRecipient()));
  if (!content.ok()) return Inconsistent(index, MessageOf(content.status()));
  auto decoded = tlog::DecodeLeaf(leaf, index);
  if (!decoded.ok()) return Inconsistent(index, MessageOf(decoded.status()));
  tlog::Opening opening{*std::move(content), record.salt};
  auto agrees = tlog::OpenLeaf(*decoded, opening);
  if (!agrees.ok()) return Inconsistent(index, MessageOf(agrees.status()));
  return opening;
}

}  // namespace sluis::journal

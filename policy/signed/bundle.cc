#include "policy/signed/bundle.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/json.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/tlog/signed_note.h"
#include "policy/engine/loader.h"
#include "policy/signed/mark.h"

namespace sluis::policy {
namespace {

constexpr std::string_view kFamily = "sluis-policy-bundle/";
constexpr std::string_view kHead = "sluis-policy-bundle/v1\n";
constexpr tlog::NoteLimits kLimits = {.max_note = kMaxBundle, .max_text = kMaxBundle - (64 << 10)};
constexpr int kMaxDepth = 10;
constexpr std::size_t kNeededSigners = 2;
constexpr std::size_t kMaxJuristNotes = 16;
constexpr absl::Duration kClockTolerance = absl::Minutes(5);
constexpr std::int64_t kLatestIssue = std::int64_t{1} << 40;

absl::Status Malformed(std::string_view what) {
  return Error(ErrorCode::kInvalid, "PACK_MALFORMED",
               absl::StrFormat("the bundle cannot be read: %s", what));
}

// --- the JSON line ---

Json WriteTerms(const BundleTerms& terms) {
  Json json = {{"issued", absl::ToUnixSeconds(terms.issued)},
               {"max_age", absl::ToInt64Seconds(terms.max_age)},
               {"change_over", absl::ToInt64Seconds(terms.change_over)},
               {"jurist_notes", Json::array()}};
  for (const Bytes& note : terms.jurist_notes) json["jurist_notes"].push_back(note);
  return json;
}

absl::StatusOr<std::int64_t> ReadSeconds(const Json& json, const char* name, std::int64_t least,
                                         std::int64_t most) {
  const Json& value = json.at(name);
  const bool fits = value.is_number_integer() && value >= least && value <= most;
  if (!fits) return Malformed(absl::StrFormat("`%s` is out of range", name));
  return value.get<std::int64_t>();
}

absl::StatusOr<std::vector<Bytes>> ReadJuristNotes(const Json& list) {
  if (!list.is_array() || list.size() > kMaxJuristNotes) {
    return Malformed("`jurist_notes` is a list of at most 16 notes");
  }
  std::vector<Bytes> notes;
  for (const Json& note : list) {
    if (!note.is_string()) return Malformed("a note of a jurist is text");
    notes.push_back(note.get<std::string>());
  }
  return notes;
}

absl::Status CheckMembers(const Json& json) {
  static constexpr const char* kMembers[] = {"change_over",  "digest",  "issued",
                                             "jurist_notes", "max_age", "pack"};
  if (!json.is_object()) return Malformed("its second line is no object");
  for (const char* name : kMembers) {
    if (!json.contains(name)) return Malformed(absl::StrFormat("`%s` is missing", name));
  }
  return json.size() == std::size(kMembers) ? absl::OkStatus()
                                            : Malformed("it has a member that is not known");
}

absl::StatusOr<BundleTerms> ReadTerms(const Json& json) {
  BundleTerms terms;
  SLUIS_ASSIGN_OR_RETURN(const std::int64_t issued, ReadSeconds(json, "issued", 0, kLatestIssue));
  SLUIS_ASSIGN_OR_RETURN(const std::int64_t max_age,
                         ReadSeconds(json, "max_age", absl::ToInt64Seconds(kShortestMaxAge),
                                     absl::ToInt64Seconds(kLongestMaxAge)));
  SLUIS_ASSIGN_OR_RETURN(
      const std::int64_t change_over,
      ReadSeconds(json, "change_over", 0, absl::ToInt64Seconds(kLongestChangeOver)));
  SLUIS_ASSIGN_OR_RETURN(terms.jurist_notes, ReadJuristNotes(json.at("jurist_notes")));
  terms.issued = absl::FromUnixSeconds(issued);
  terms.max_age = absl::Seconds(max_age);
  terms.change_over = absl::Seconds(change_over);
  return terms;
}

// --- the note ---

absl::Status CheckHead(std::string_view text) {
  if (text.starts_with(kHead)) return absl::OkStatus();
  if (!text.starts_with(kFamily)) return Malformed("it is no policy bundle");
  return Error(ErrorCode::kInvalid, "PACK_FORMAT_UNKNOWN",
               "the bundle has a format that this program does not know; use a newer one");
}

absl::Status CheckSigners(const std::vector<tlog::SignatureLine>& lines) {
  std::set<std::string> names;
  std::set<Bytes> signatures;
  for (const tlog::SignatureLine& line : lines) {
    if (names.insert(line.name).second && signatures.insert(line.signature).second) continue;
    return Error(ErrorCode::kInvalid, "PACK_SIGNER_REPEATED",
                 "a name or a signature stands twice under the bundle; two persons must sign");
  }
  return absl::OkStatus();
}

absl::StatusOr<tlog::Note> ParseBundleNote(BytesView bundle) {
  absl::StatusOr<tlog::Note> note = tlog::ParseNote(bundle, kLimits);
  if (!note.ok()) return Malformed(MessageOf(note.status()));
  SLUIS_RETURN_IF_ERROR(CheckHead(note->text));
  SLUIS_RETURN_IF_ERROR(CheckSigners(note->signatures));
  return note;
}

absl::StatusOr<std::vector<std::string>> VerifySigners(BytesView bundle,
                                                       const Activators& activators) {
  const auto verified = tlog::VerifyNote(bundle, activators.keys(), kLimits);
  if (!verified.ok() || verified->signatures.size() < kNeededSigners) {
    return Error(ErrorCode::kInvalid, "PACK_NOT_SIGNED",
                 "two of the persons who may bring a pack into force must have signed it");
  }
  std::vector<std::string> names;
  for (const tlog::VerifiedSignature& signature : verified->signatures) {
    names.push_back(signature.key.name());
  }
  return names;
}

// The one canonical line behind the head.
absl::StatusOr<Json> ParseLine(std::string_view text) {
  const std::string_view line = text.substr(kHead.size());
  if (line.empty()) return Malformed("its second line is missing");
  const std::string_view json_text = line.substr(0, line.size() - 1);
  const auto json = ParseJsonStrict(json_text, {.max_bytes = kMaxBundle, .max_depth = kMaxDepth});
  if (!json.ok()) return Malformed(MessageOf(json.status()));
  const absl::StatusOr<std::string> canonical = CanonicalJson(*json);
  if (!canonical.ok() || *canonical != json_text) return Malformed("it is not in canonical form");
  return *json;
}

absl::Status CheckTermsRange(const BundleTerms& terms) {
  const auto whole = [](absl::Duration length) {
    return length == absl::Seconds(absl::ToInt64Seconds(length));
  };
  if (terms.max_age < kShortestMaxAge || terms.max_age > kLongestMaxAge || !whole(terms.max_age)) {
    return InvalidField("FIELD_INVALID", "max_age", "must be from one hour to 366 days");
  }
  if (terms.change_over < absl::ZeroDuration() || terms.change_over > kLongestChangeOver ||
      !whole(terms.change_over)) {
    return InvalidField("FIELD_INVALID", "change_over", "must be from nothing to 73 hours");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Bundle>> Bundle::Read(BytesView bundle) {
  SLUIS_ASSIGN_OR_RETURN(const tlog::Note note, ParseBundleNote(bundle));
  SLUIS_ASSIGN_OR_RETURN(const Json json, ParseLine(note.text));
  SLUIS_RETURN_IF_ERROR(CheckMembers(json));
  const std::shared_ptr<Bundle> made(new Bundle());
  SLUIS_ASSIGN_OR_RETURN(made->terms_, ReadTerms(json));
  // The line was canonical, so its part is.
  SLUIS_ASSIGN_OR_RETURN(const std::string canonical, CanonicalJson(json.at("pack")));
  made->digest_ = Sha256(canonical);
  if (json.at("digest") != HexEncode(AsView(made->digest_))) {
    return Error(ErrorCode::kInvalid, "PACK_DIGEST_WRONG",
                 "the pack is not the one of which the bundle names the digest");
  }
  SLUIS_ASSIGN_OR_RETURN(made->pack_, LoadCanonicalPack(canonical));
  SLUIS_RETURN_IF_ERROR(ParsePackVersion(made->pack_->version()).status());
  return made;
}

absl::StatusOr<std::shared_ptr<const Bundle>> Bundle::Parse(BytesView bundle,
                                                            const Activators& activators) {
  SLUIS_RETURN_IF_ERROR(ParseBundleNote(bundle).status());
  SLUIS_ASSIGN_OR_RETURN(std::vector<std::string> signers, VerifySigners(bundle, activators));
  SLUIS_ASSIGN_OR_RETURN(const std::shared_ptr<const Bundle> read, Read(bundle));
  const std::shared_ptr<Bundle> made(new Bundle(*read));
  made->signers_ = std::move(signers);
  return made;
}

absl::StatusOr<Bytes> SignBundle(const Pack& pack, const BundleTerms& terms, std::string_view name,
                                 const Ed25519PrivateKey& key) {
  SLUIS_RETURN_IF_ERROR(CheckTermsRange(terms));
  const std::string canonical = CanonicalBytes(pack);
  Json json = WriteTerms(terms);
  json["digest"] = HexEncode(AsView(Sha256(canonical)));
  SLUIS_ASSIGN_OR_RETURN(
      json["pack"], ParseJsonStrict(canonical, {.max_bytes = kMaxBundle, .max_depth = kMaxDepth}));
  SLUIS_ASSIGN_OR_RETURN(const std::string line, CanonicalJson(json));
  SLUIS_ASSIGN_OR_RETURN(Bytes bundle,
                         tlog::SignNote(Bytes(kHead) + line + "\n", name, key, kLimits));
  SLUIS_RETURN_IF_ERROR(Bundle::Read(bundle).status());
  return bundle;
}

absl::StatusOr<Bytes> CosignBundle(BytesView bundle, std::string_view name,
                                   const Ed25519PrivateKey& key) {
  SLUIS_RETURN_IF_ERROR(Bundle::Read(bundle).status());
  SLUIS_ASSIGN_OR_RETURN(const tlog::Note note, tlog::ParseNote(bundle, kLimits));
  SLUIS_ASSIGN_OR_RETURN(const std::string line, tlog::SignNoteLine(note.text, name, key, kLimits));
  Bytes both = Bytes(bundle) + line;
  SLUIS_RETURN_IF_ERROR(ParseBundleNote(both).status());
  return both;
}

absl::Status CheckInTime(const Bundle& bundle, absl::Time now) {
  if (now >= bundle.stale_after()) {
    return Error(ErrorCode::kPrecondition, "PACK_TOO_OLD",
                 "the pack is older than its maximum age; have two persons issue it anew");
  }
  if (bundle.terms().issued > now + kClockTolerance) {
    return Error(ErrorCode::kPrecondition, "PACK_NOT_YET",
                 "the pack was issued in the future; look at the clocks");
  }
  return absl::OkStatus();
}

}  // namespace sluis::policy

#include "lib/identity/directory.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/tlog/signed_note.h"

namespace sluis::identity {
namespace {

// Far above the limits of the log's notes: a partner takes a few kilobytes.
constexpr tlog::NoteLimits kLimits = {.max_note = 3 << 20, .max_text = (3 << 20) - (64 << 10)};
constexpr std::size_t kMaxPartners = 4096;
constexpr std::int64_t kMaxVersion = (std::int64_t{1} << 53) - 1;

// What may stand in one place only, over all partners.
class Uniqueness {
 public:
  absl::Status Claim(const Partner& partner, const std::string& path) {
    if (!oins_.insert(partner.oin).second) return Twice(path + ".oin");
    for (std::size_t i = 0; i < partner.units.size(); ++i) {
      const UnitEntry& unit = partner.units[i];
      const std::string at = absl::StrFormat("%s.units[%d]", path, i);
      if (!party_keys_.insert(unit.signing.raw()).second) return Twice(at + ".signing");
      if (!party_keys_.insert(unit.sealing.raw()).second) return Twice(at + ".sealing");
    }
    for (std::size_t i = 0; i < partner.assertion_keys.size(); ++i) {
      if (assertion_keys_.insert(partner.assertion_keys[i].key.fingerprint()).second) continue;
      return Twice(absl::StrFormat("%s.assertion_keys[%d].pem", path, i));
    }
    for (std::size_t i = 0; i < partner.certificates.size(); ++i) {
      if (certificates_.insert(partner.certificates[i].thumbprint).second) continue;
      return Twice(absl::StrFormat("%s.certificates[%d].thumbprint", path, i));
    }
    return absl::OkStatus();
  }

 private:
  static absl::Status Twice(const std::string& path) {
    return InvalidField("FIELD_INVALID", path, "stands twice in the directory");
  }
  std::set<Oin> oins_;
  std::set<Digest> party_keys_, assertion_keys_, certificates_;
};

// The document of a note's text: one canonical line and a line feed.
absl::StatusOr<Json> ParseText(BytesView text) {
  const BytesView line = text.substr(0, text.size() - 1);
  const auto json = ParseJsonStrict(line, {.max_bytes = kLimits.max_text, .max_depth = 16});
  if (!json.ok()) return Error(ErrorCode::kInvalid, "E_STATEMENT", MessageOf(json.status()));
  SLUIS_ASSIGN_OR_RETURN(const std::string canonical, CanonicalJson(*json));
  if (canonical != line)
    return Error(ErrorCode::kInvalid, "E_STATEMENT", "the directory is not in canonical form");
  return *json;
}

absl::StatusOr<DirectoryDocument> ReadDocument(const Json& json) {
  SLUIS_ASSIGN_OR_RETURN(JsonObject object, JsonObject::Of(json, ""));
  DirectoryDocument document;
  SLUIS_ASSIGN_OR_RETURN([[maybe_unused]] const auto format, object.Integer("v", 1, 1));
  SLUIS_ASSIGN_OR_RETURN(document.name, object.Parsed("name", ParseCode));
  SLUIS_ASSIGN_OR_RETURN(document.version, object.Integer("version", 1, kMaxVersion));
  SLUIS_ASSIGN_OR_RETURN(document.issued, object.UnixTime("issued"));
  SLUIS_ASSIGN_OR_RETURN(const auto items, object.Objects("partners", 1, kMaxPartners));
  Uniqueness uniqueness;
  for (std::size_t i = 0; i < items.size(); ++i) {
    SLUIS_ASSIGN_OR_RETURN(Partner partner, ReadPartner(items[i]));
    SLUIS_RETURN_IF_ERROR(uniqueness.Claim(partner, absl::StrFormat("partners[%d]", i)));
    document.partners.push_back(std::move(partner));
  }
  SLUIS_RETURN_IF_ERROR(object.Finish());
  return document;
}

Json WriteDocument(const DirectoryDocument& document) {
  Json json = {{"v", 1},
               {"name", document.name},
               {"version", document.version},
               {"issued", absl::ToUnixSeconds(document.issued)},
               {"partners", Json::array()}};
  for (const Partner& partner : document.partners)
    json["partners"].push_back(WritePartner(partner));
  return json;
}

absl::Status NotAdmitted(std::string_view why, std::string_view message) {
  return Error(ErrorCode::kUnauthenticated, "CERTIFICATE_NOT_TRUSTED", message,
               {{"why", std::string(why)}});
}

absl::Status NotSigned() {
  return Error(ErrorCode::kInvalid, "DIRECTORY_NOT_SIGNED",
               "both directory officers must have signed the directory");
}

}  // namespace

absl::StatusOr<std::string> WriteDirectory(const DirectoryDocument& document) {
  const Json json = WriteDocument(document);
  SLUIS_RETURN_IF_ERROR(ReadDocument(json).status());
  return CanonicalJson(json);
}

absl::StatusOr<Bytes> SignDirectory(const DirectoryDocument& document, std::string_view name,
                                    const Ed25519PrivateKey& key) {
  SLUIS_ASSIGN_OR_RETURN(const std::string line, WriteDirectory(document));
  return tlog::SignNote(line + "\n", name, key, kLimits);
}

absl::StatusOr<Bytes> CosignDirectory(BytesView note, std::string_view name,
                                      const Ed25519PrivateKey& key) {
  SLUIS_ASSIGN_OR_RETURN(const tlog::Note parsed, tlog::ParseNote(note, kLimits));
  SLUIS_ASSIGN_OR_RETURN(const Json json, ParseText(parsed.text));
  SLUIS_RETURN_IF_ERROR(ReadDocument(json).status());
  SLUIS_ASSIGN_OR_RETURN(const std::string line,
                         tlog::SignNoteLine(parsed.text, name, key, kLimits));
  return Bytes(note) + line;
}

absl::StatusOr<DirectoryOfficers> DirectoryOfficers::Create(std::string_view first_vkey,
                                                            std::string_view second_vkey) {
  SLUIS_ASSIGN_OR_RETURN(tlog::VerifierKey first, tlog::VerifierKey::Parse(first_vkey));
  SLUIS_ASSIGN_OR_RETURN(tlog::VerifierKey second, tlog::VerifierKey::Parse(second_vkey));
  if (first.type() != tlog::KeyType::kEd25519 || second.type() != tlog::KeyType::kEd25519) {
    return InvalidField("FIELD_INVALID", "officers",
                        "a directory officer signs with an Ed25519 note key (type 01)");
  }
  if (first.name() == second.name() || first.public_key() == second.public_key()) {
    return InvalidField("FIELD_INVALID", "officers", "two officers need two names and two keys");
  }
  return DirectoryOfficers({std::move(first), std::move(second)});
}

absl::StatusOr<std::shared_ptr<const Directory>> Directory::Parse(
    BytesView note, const DirectoryOfficers& officers) {
  const auto verified = tlog::VerifyNote(note, officers.keys(), kLimits);
  if (!verified.ok() || verified->signatures.size() != officers.keys().size()) return NotSigned();
  SLUIS_ASSIGN_OR_RETURN(const Json json, ParseText(verified->text));
  auto directory = std::shared_ptr<Directory>(new Directory());
  SLUIS_ASSIGN_OR_RETURN(directory->document_, ReadDocument(json));
  directory->note_ = note;
  directory->digest_ = Sha256(BytesView(verified->text).substr(0, verified->text.size() - 1));
  for (const Partner& partner : directory->document_.partners)
    directory->by_oin_[partner.oin] = &partner;
  return directory;
}

const Partner* Directory::FindPartner(const Oin& oin) const {
  const auto found = by_oin_.find(oin);
  return found == by_oin_.end() ? nullptr : found->second;
}

const UnitEntry* Directory::FindParty(const PartyId& party) const {
  const Partner* partner = FindPartner(party.oin);
  return partner == nullptr ? nullptr : partner->FindUnit(party.unit);
}

absl::StatusOr<const Partner*> Directory::Admit(const PeerCertificate& certificate) const {
  const Partner* partner = FindPartner(certificate.oin);
  if (partner == nullptr)
    return NotAdmitted("not-admitted", "this organisation is not an admitted partner");
  if (partner->FindCertificate(certificate.thumbprint) == nullptr) {
    return NotAdmitted("not-listed",
                       "the directory does not list this certificate for its organisation");
  }
  if (partner->suspended)
    return Error(ErrorCode::kDenied, "PARTNER_SUSPENDED", "this partner is suspended");
  return partner;
}

SameRegion Directory::Compare(const Oin& a, const Oin& b) const {
  const Partner* first = FindPartner(a);
  const Partner* second = FindPartner(b);
  if (first == nullptr || second == nullptr || first->regions.empty() || second->regions.empty()) {
    return SameRegion::kUnknown;
  }
  const bool shared =
      std::any_of(first->regions.begin(), first->regions.end(),
                  [&](const std::string& region) { return second->regions.contains(region); });
  return shared ? SameRegion::kYes : SameRegion::kNo;
}

absl::Status Directory::CheckOins(bool demonstration) const {
  for (std::size_t i = 0; i < document_.partners.size(); ++i) {
    if (document_.partners[i].oin.IsTest() == demonstration) continue;
    return InvalidField("FIELD_INVALID", absl::StrFormat("partners[%d].oin", i),
                        demonstration ? "a demonstration takes only test OINs"
                                      : "a test OIN is for demonstrations only");
  }
  return absl::OkStatus();
}

absl::Status CheckNewer(const Directory* current, const Directory& candidate) {
  if (current == nullptr || candidate.digest() == current->digest()) return absl::OkStatus();
  if (candidate.name() != current->name()) {
    return Error(ErrorCode::kPrecondition, "DIRECTORY_CONFLICT",
                 "this is another directory than the one in force");
  }
  if (candidate.version() < current->version()) {
    return Error(ErrorCode::kPrecondition, "DIRECTORY_ROLLBACK",
                 "a directory's version never goes back");
  }
  if (candidate.version() == current->version()) {
    return Error(ErrorCode::kPrecondition, "DIRECTORY_CONFLICT",
                 "another content has this directory's version");
  }
  return absl::OkStatus();
}

}  // namespace sluis::identity

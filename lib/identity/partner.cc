#include "lib/identity/partner.h"

#include <algorithm>

#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::identity {
namespace {

constexpr std::size_t kMaxUnits = 64;
constexpr std::size_t kMaxKeys = 64;
constexpr std::size_t kMaxName = 200;
constexpr std::int64_t kMaxRegisterSize = 1'000'000'000;
constexpr std::int64_t kMaxEpoch = 4'294'967'295;
constexpr std::int64_t kMaxQuota = 1'000'000'000;

bool IsPrintable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > ' ' && c <= '~'; });
}

bool HasControl(std::string_view text) {
  return std::any_of(text.begin(), text.end(),
                     [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
}

absl::StatusOr<std::string> PrintableText(JsonObject& object, std::string_view name,
                                          std::size_t max) {
  SLUIS_ASSIGN_OR_RETURN(std::string text, object.Text(name, max));
  if (!IsPrintable(text)) return object.Bad(name, "must be printable characters without spaces");
  return text;
}

absl::StatusOr<std::set<UnitPath>> UnitsOf(JsonObject& object) {
  return object.ParsedSet("units", 1, kMaxUnits, UnitPath::Parse);
}

absl::StatusOr<AssertionKey> ReadAssertionKey(JsonObject object) {
  SLUIS_ASSIGN_OR_RETURN(std::string kid, PrintableText(object, "kid", 64));
  SLUIS_ASSIGN_OR_RETURN(const JwsAlgorithm algorithm, object.Parsed("alg", ParseJwsAlgorithm));
  SLUIS_ASSIGN_OR_RETURN(const std::string pem, object.Text("pem", kMaxText));
  SLUIS_ASSIGN_OR_RETURN(std::set<UnitPath> units, UnitsOf(object));
  auto key = JwsPublicKey::Create(pem, algorithm);
  if (!key.ok()) return object.Bad("pem", MessageOf(key.status()));
  SLUIS_RETURN_IF_ERROR(object.Finish());
  return AssertionKey{std::move(kid), *std::move(key), std::move(units)};
}

absl::StatusOr<CertificateEntry> ReadCertificate(JsonObject object) {
  CertificateEntry entry;
  SLUIS_ASSIGN_OR_RETURN(entry.thumbprint, object.Parsed("thumbprint", ParseDigest));
  SLUIS_ASSIGN_OR_RETURN(entry.units, UnitsOf(object));
  SLUIS_RETURN_IF_ERROR(object.Finish());
  return entry;
}

// Kinds of identifier of pseudonyms.md §4: the origin domains are a closed list of the protocol.
absl::StatusOr<std::string> ParseIdentifierKind(std::string_view text) {
  for (const std::string_view kind : {"bsn", "rsin", "kvk", "kenteken", "bag"}) {
    if (text == kind) return std::string(text);
  }
  return absl::InvalidArgumentError("must be bsn, rsin, kvk, kenteken or bag");
}

absl::StatusOr<Register> ReadRegister(JsonObject object) {
  Register entry;
  SLUIS_ASSIGN_OR_RETURN(entry.id, object.Parsed("id", ParseCode));
  SLUIS_ASSIGN_OR_RETURN(entry.regime, object.Parsed("regime", ParseCode));
  SLUIS_ASSIGN_OR_RETURN(entry.size, object.Integer("size", 1, kMaxRegisterSize));
  SLUIS_ASSIGN_OR_RETURN(entry.epoch, object.Integer("epoch", 1, kMaxEpoch));
  SLUIS_ASSIGN_OR_RETURN(entry.kinds, object.ParsedSet("kinds", 1, 5, ParseIdentifierKind));
  SLUIS_RETURN_IF_ERROR(object.Finish());
  return entry;
}

absl::StatusOr<Quota> ReadQuota(JsonObject object) {
  const Quota defaults;
  Quota quota;
  SLUIS_ASSIGN_OR_RETURN(quota.per_case, object.Integer("per_case", defaults.per_case, kMaxQuota));
  SLUIS_ASSIGN_OR_RETURN(quota.per_day, object.Integer("per_day", defaults.per_day, kMaxQuota));
  SLUIS_RETURN_IF_ERROR(object.Finish());
  return quota;
}

absl::StatusOr<std::vector<Register>> ReadRegisters(JsonObject& object) {
  SLUIS_ASSIGN_OR_RETURN(const auto items, object.Objects("registers", 0, kMaxUnits));
  std::vector<Register> registers;
  for (const JsonObject& item : items) {
    SLUIS_ASSIGN_OR_RETURN(Register entry, ReadRegister(item));
    const bool twice = std::any_of(registers.begin(), registers.end(),
                                   [&](const auto& r) { return r.id == entry.id; });
    if (twice) return item.Bad("id", "stands twice in this unit");
    registers.push_back(std::move(entry));
  }
  return registers;
}

absl::StatusOr<UnitEntry> ReadUnit(JsonObject object) {
  SLUIS_ASSIGN_OR_RETURN(const UnitPath unit, object.Parsed("unit", UnitPath::Parse));
  SLUIS_ASSIGN_OR_RETURN(const Bytes signing_raw, object.Base64("signing", 32));
  SLUIS_ASSIGN_OR_RETURN(const Bytes sealing_raw, object.Base64("sealing", 32));
  auto signing = Ed25519PublicKey::Parse(signing_raw);
  if (!signing.ok()) return object.Bad("signing", "is not an Ed25519 public key");
  auto sealing = X25519PublicKey::Parse(sealing_raw);
  if (!sealing.ok()) return object.Bad("sealing", "is not an X25519 public key");
  UnitEntry entry{unit, *std::move(signing), *std::move(sealing), {}, std::nullopt};
  SLUIS_ASSIGN_OR_RETURN(entry.registers, ReadRegisters(object));
  if (object.Has("quota")) {
    SLUIS_ASSIGN_OR_RETURN(JsonObject quota, object.Object("quota"));
    SLUIS_ASSIGN_OR_RETURN(entry.quota, ReadQuota(std::move(quota)));
  }
  SLUIS_RETURN_IF_ERROR(object.Finish());
  return entry;
}

absl::Status ReadUnits(JsonObject& object, Partner& partner) {
  SLUIS_ASSIGN_OR_RETURN(const auto items, object.Objects("units", 1, kMaxUnits));
  for (const JsonObject& item : items) {
    SLUIS_ASSIGN_OR_RETURN(UnitEntry entry, ReadUnit(item));
    if (entry.unit.kind() != partner.kind)
      return item.Bad("unit", "is of another kind than the partner");
    if (partner.FindUnit(entry.unit) != nullptr)
      return item.Bad("unit", "stands twice in this partner");
    partner.units.push_back(std::move(entry));
  }
  return absl::OkStatus();
}

absl::Status CheckOwnUnits(const Partner& partner, const std::set<UnitPath>& units,
                           const JsonObject& item) {
  for (const UnitPath& unit : units) {
    if (partner.FindUnit(unit) == nullptr)
      return item.Bad("units", "names a unit that the partner does not have");
  }
  return absl::OkStatus();
}

absl::Status ReadAssertionKeys(JsonObject& object, Partner& partner) {
  SLUIS_ASSIGN_OR_RETURN(const auto items, object.Objects("assertion_keys", 0, kMaxKeys));
  for (const JsonObject& item : items) {
    SLUIS_ASSIGN_OR_RETURN(AssertionKey key, ReadAssertionKey(item));
    if (partner.FindAssertionKey(key.kid) != nullptr)
      return item.Bad("kid", "stands twice in this partner");
    SLUIS_RETURN_IF_ERROR(CheckOwnUnits(partner, key.units, item));
    partner.assertion_keys.push_back(std::move(key));
  }
  return absl::OkStatus();
}

absl::Status ReadCertificates(JsonObject& object, Partner& partner) {
  SLUIS_ASSIGN_OR_RETURN(const auto items, object.Objects("certificates", 0, kMaxKeys));
  for (const JsonObject& item : items) {
    SLUIS_ASSIGN_OR_RETURN(CertificateEntry entry, ReadCertificate(item));
    SLUIS_RETURN_IF_ERROR(CheckOwnUnits(partner, entry.units, item));
    partner.certificates.push_back(std::move(entry));
  }
  return absl::OkStatus();
}

Json WriteUnits(const std::set<UnitPath>& units) {
  Json list = Json::array();
  for (const UnitPath& unit : units) list.push_back(unit.str());
  return list;
}

Json WriteUnit(const UnitEntry& entry) {
  Json json = {{"unit", entry.unit.str()},
               {"signing", Base64Encode(AsView(entry.signing.raw()))},
               {"sealing", Base64Encode(AsView(entry.sealing.raw()))},
               {"registers", Json::array()}};
  for (const Register& r : entry.registers) {
    json["registers"].push_back({{"id", r.id},
                                 {"regime", r.regime},
                                 {"size", r.size},
                                 {"epoch", r.epoch},
                                 {"kinds", r.kinds}});
  }
  if (entry.quota)
    json["quota"] = {{"per_case", entry.quota->per_case}, {"per_day", entry.quota->per_day}};
  return json;
}

template <typename Entries, typename Matches>
auto FindIn(const Entries& entries, Matches matches) -> decltype(entries.data()) {
  const auto found = std::find_if(entries.begin(), entries.end(), matches);
  return found == entries.end() ? nullptr : &*found;
}

}  // namespace

const AssertionKey* Partner::FindAssertionKey(std::string_view kid) const {
  return FindIn(assertion_keys, [&](const AssertionKey& key) { return key.kid == kid; });
}

const CertificateEntry* Partner::FindCertificate(const Digest& thumbprint) const {
  return FindIn(certificates,
                [&](const CertificateEntry& entry) { return entry.thumbprint == thumbprint; });
}

const UnitEntry* Partner::FindUnit(const UnitPath& unit) const {
  return FindIn(units, [&](const UnitEntry& entry) { return entry.unit == unit; });
}

absl::StatusOr<Partner> ReadPartner(JsonObject object) {
  Partner partner;
  SLUIS_ASSIGN_OR_RETURN(partner.oin, object.Parsed("oin", Oin::Parse));
  SLUIS_ASSIGN_OR_RETURN(partner.kind, object.Parsed("kind", ParseCode));
  SLUIS_ASSIGN_OR_RETURN(partner.name, object.Text("name", kMaxName));
  if (HasControl(partner.name)) return object.Bad("name", "must not hold control characters");
  SLUIS_ASSIGN_OR_RETURN(partner.regions, object.ParsedSet("regions", 0, kMaxUnits, ParseCode));
  SLUIS_ASSIGN_OR_RETURN(partner.suspended, object.Boolean("suspended"));
  SLUIS_ASSIGN_OR_RETURN(partner.issuer, PrintableText(object, "issuer", kMaxName));
  SLUIS_ASSIGN_OR_RETURN(partner.client_id, PrintableText(object, "client_id", kMaxName));
  SLUIS_RETURN_IF_ERROR(ReadUnits(object, partner));
  SLUIS_RETURN_IF_ERROR(ReadAssertionKeys(object, partner));
  SLUIS_RETURN_IF_ERROR(ReadCertificates(object, partner));
  SLUIS_RETURN_IF_ERROR(object.Finish());
  return partner;
}

Json WritePartner(const Partner& partner) {
  Json json = {{"oin", partner.oin.str()},       {"kind", partner.kind},
               {"name", partner.name},           {"regions", partner.regions},
               {"suspended", partner.suspended}, {"issuer", partner.issuer},
               {"client_id", partner.client_id}, {"assertion_keys", Json::array()},
               {"certificates", Json::array()},  {"units", Json::array()}};
  for (const AssertionKey& key : partner.assertion_keys) {
    json["assertion_keys"].push_back({{"kid", key.kid},
                                      {"alg", std::string(JwsAlgorithmName(key.key.algorithm()))},
                                      {"pem", key.key.pem()},
                                      {"units", WriteUnits(key.units)}});
  }
  for (const CertificateEntry& entry : partner.certificates) {
    json["certificates"].push_back(
        {{"thumbprint", HexEncode(AsView(entry.thumbprint))}, {"units", WriteUnits(entry.units)}});
  }
  for (const UnitEntry& entry : partner.units) json["units"].push_back(WriteUnit(entry));
  return json;
}

}  // namespace sluis::identity

#include "lib/identity/arrangement.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/json.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/identity/directory.h"
#include "lib/identity/json_object.h"

namespace sluis::identity {
namespace {

constexpr std::size_t kMaxStatement = 64 << 10;
constexpr std::size_t kMaxParties = 64;
constexpr std::size_t kMaxCodes = 128;
constexpr std::int64_t kMaxSerial = (std::int64_t{1} << 53) - 1;
constexpr std::string_view kSignatureLabel("sluis/arrangement/v1\0", 21);

bool Holds(const std::vector<PartyId>& parties, const PartyId& party) {
  return std::find(parties.begin(), parties.end(), party) != parties.end();
}

// --- reading ---

absl::StatusOr<PartyId> ReadParty(JsonObject object) {
  PartyId party;
  SLUIS_ASSIGN_OR_RETURN(party.oin, object.Parsed("oin", Oin::Parse));
  SLUIS_ASSIGN_OR_RETURN(party.unit, object.Parsed("unit", UnitPath::Parse));
  SLUIS_RETURN_IF_ERROR(object.Finish());
  return party;
}

absl::StatusOr<std::vector<PartyId>> ReadParties(JsonObject& object, std::string_view name) {
  SLUIS_ASSIGN_OR_RETURN(const auto items, object.Objects(name, 1, kMaxParties));
  std::vector<PartyId> parties;
  for (const JsonObject& item : items) {
    SLUIS_ASSIGN_OR_RETURN(PartyId party, ReadParty(item));
    if (Holds(parties, party)) return object.Bad(name, "names a party twice");
    parties.push_back(std::move(party));
  }
  return parties;
}

// `who` must be one of the parties, so that he signed.
absl::StatusOr<PartyId> ReadSigner(JsonObject& object, std::string_view name,
                                   const ArrangementTerms& terms) {
  SLUIS_ASSIGN_OR_RETURN(JsonObject item, object.Object(name));
  SLUIS_ASSIGN_OR_RETURN(PartyId party, ReadParty(std::move(item)));
  if (!Holds(terms.parties, party)) return object.Bad(name, "must be one of the parties");
  return party;
}

absl::Status ReadFrame(JsonObject& object, ArrangementTerms& terms) {
  SLUIS_ASSIGN_OR_RETURN([[maybe_unused]] const auto version, object.Integer("v", 1, 1));
  SLUIS_ASSIGN_OR_RETURN(terms.id, object.Parsed("arrangement", ParseCode));
  if (ContainsBsnLikeRun(terms.id))
    return object.Bad("arrangement", "must not hold what could be a citizen number");
  SLUIS_ASSIGN_OR_RETURN(terms.serial, object.Integer("serial", 1, kMaxSerial));
  SLUIS_ASSIGN_OR_RETURN(terms.fact, object.Parsed("fact", ParseCode));
  SLUIS_ASSIGN_OR_RETURN(const std::string value, object.Text("value", 3));
  if (value != "yes" && value != "no") return object.Bad("value", "must be yes or no");
  terms.in_force = value == "yes";
  SLUIS_ASSIGN_OR_RETURN(terms.parties, ReadParties(object, "parties"));
  SLUIS_ASSIGN_OR_RETURN(terms.from, object.UnixTime("from"));
  SLUIS_ASSIGN_OR_RETURN(terms.until, object.UnixTime("until"));
  if (terms.until <= terms.from) return object.Bad("until", "must be later than from");
  return absl::OkStatus();
}

absl::Status ReadScope(JsonObject& object, ArrangementTerms& terms) {
  if (object.Has("purposes")) {
    SLUIS_ASSIGN_OR_RETURN(terms.purposes, object.ParsedSet("purposes", 1, kMaxCodes, ParseCode));
  }
  if (object.Has("case")) {
    SLUIS_ASSIGN_OR_RETURN(terms.only_case, object.Parsed("case", CaseId::Parse));
  }
  return absl::OkStatus();
}

absl::Status CheckByLaw(const JsonObject& object, const ArrangementTerms& terms) {
  for (const PartyId& party : terms.parties) {
    if (party.oin != terms.parties.front().oin || party.unit.kind() != "gemeente") {
      return object.Bad("parties", "a by-law is of one municipality");
    }
  }
  return absl::OkStatus();
}

// The members that belong to one fact alone. Finish() then refuses them with any other.
absl::Status ReadOfFact(JsonObject& object, ArrangementTerms& terms) {
  if (terms.fact == kFactArticle20) {
    SLUIS_ASSIGN_OR_RETURN(terms.recipients, ReadParties(object, "recipients"));
    SLUIS_ASSIGN_OR_RETURN(terms.fields, object.ParsedSet("fields", 1, kMaxCodes, ParseCode));
  } else if (terms.fact == kFactAuthority) {
    SLUIS_ASSIGN_OR_RETURN(terms.authority, ReadSigner(object, "authority", terms));
    if (object.Has("recipients")) {
      SLUIS_ASSIGN_OR_RETURN(terms.recipients, ReadParties(object, "recipients"));
    }
  } else if (terms.fact == kFactMandate) {
    SLUIS_ASSIGN_OR_RETURN(terms.principal, ReadSigner(object, "principal", terms));
    SLUIS_ASSIGN_OR_RETURN(terms.agent, ReadSigner(object, "agent", terms));
    if (terms.principal->unit.kind() != "gemeente")
      return object.Bad("principal", "only a municipality gives a mandate");
    if (terms.principal->oin == terms.agent->oin)
      return object.Bad("agent", "must be another organisation");
  } else if (terms.fact == kFactByLaw) {
    return CheckByLaw(object, terms);
  }
  return absl::OkStatus();
}

absl::StatusOr<ArrangementTerms> ReadTerms(const Json& json) {
  SLUIS_ASSIGN_OR_RETURN(JsonObject object, JsonObject::Of(json, ""));
  ArrangementTerms terms;
  SLUIS_RETURN_IF_ERROR(ReadFrame(object, terms));
  SLUIS_RETURN_IF_ERROR(ReadScope(object, terms));
  SLUIS_RETURN_IF_ERROR(ReadOfFact(object, terms));
  SLUIS_RETURN_IF_ERROR(object.Finish());
  return terms;
}

// --- writing ---

Json WriteParty(const PartyId& party) {
  return {{"oin", party.oin.str()}, {"unit", party.unit.str()}};
}

Json WriteParties(const std::vector<PartyId>& parties) {
  Json list = Json::array();
  for (const PartyId& party : parties) list.push_back(WriteParty(party));
  return list;
}

Json WriteTerms(const ArrangementTerms& terms) {
  Json json = {{"v", 1},
               {"arrangement", terms.id},
               {"serial", terms.serial},
               {"fact", terms.fact},
               {"value", terms.in_force ? "yes" : "no"},
               {"parties", WriteParties(terms.parties)},
               {"from", absl::ToUnixSeconds(terms.from)},
               {"until", absl::ToUnixSeconds(terms.until)}};
  if (!terms.purposes.empty()) json["purposes"] = terms.purposes;
  if (terms.only_case) json["case"] = terms.only_case->hex();
  if (!terms.recipients.empty()) json["recipients"] = WriteParties(terms.recipients);
  if (!terms.fields.empty()) json["fields"] = terms.fields;
  if (terms.authority) json["authority"] = WriteParty(*terms.authority);
  if (terms.principal) json["principal"] = WriteParty(*terms.principal);
  if (terms.agent) json["agent"] = WriteParty(*terms.agent);
  return json;
}

// --- meaning ---

// Does it bind these two, leaving purpose, case and time aside?
bool NamesParties(const ArrangementTerms& terms, const PartyId& provider,
                  const PartyId& recipient) {
  if (terms.fact == kFactMandate)
    return provider == *terms.agent && recipient.oin == terms.principal->oin;
  if (terms.fact == kFactByLaw) {
    const Oin& municipality = terms.parties.front().oin;
    return provider.oin == municipality && recipient.oin == municipality;
  }
  if (terms.authority == provider) return false;  // who agrees is not who provides
  if (!terms.recipients.empty())
    return Holds(terms.parties, provider) && Holds(terms.recipients, recipient);
  return provider != recipient && Holds(terms.parties, provider) && Holds(terms.parties, recipient);
}

absl::Status BadSignature(std::string_view reason, const PartyId& party, std::string_view what) {
  return Error(ErrorCode::kInvalid, reason,
               absl::StrFormat("signatures: %s (party %s)", what, party.ToString()),
               {{"field", "signatures"}, {"party", party.ToString()}});
}

absl::Status CheckSignature(const Arrangement& arrangement, const PartyId& party,
                            const PartySignatures& signatures, const Directory& directory) {
  const auto is_of = [&](const auto& signature) { return signature.first == party; };
  const auto count = std::count_if(signatures.begin(), signatures.end(), is_of);
  if (count != 1)
    return BadSignature(count == 0 ? "FIELD_MISSING" : "FIELD_INVALID", party,
                        "each party signs once");
  const UnitEntry* entry = directory.FindParty(party);
  if (entry == nullptr)
    return BadSignature("FIELD_INVALID", party, "the directory has no such party");
  const auto& signature = std::find_if(signatures.begin(), signatures.end(), is_of)->second;
  if (!entry->signing.Verify(arrangement.SignedBytes(), signature).ok()) {
    return BadSignature("E_SIGNATURE", party, "does not fit the statement and the party's key");
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Arrangement> Arrangement::Parse(BytesView statement) {
  if (statement.size() > kMaxStatement) {
    return InvalidField("FIELD_INVALID", "statement", "must have at most 64 KiB");
  }
  SLUIS_ASSIGN_OR_RETURN(const Json json, ParseCanonicalJson(statement));
  Arrangement arrangement;
  SLUIS_ASSIGN_OR_RETURN(arrangement.terms_, ReadTerms(json));
  arrangement.statement_ = statement;
  return arrangement;
}

absl::StatusOr<Arrangement> Arrangement::Create(const ArrangementTerms& terms) {
  SLUIS_ASSIGN_OR_RETURN(const std::string statement, CanonicalJson(WriteTerms(terms)));
  return Parse(statement);
}

Digest Arrangement::digest() const { return Sha256(statement_); }

Bytes Arrangement::SignedBytes() const { return Bytes(kSignatureLabel) + ToBytes(digest()); }

bool Arrangement::Names(const ArrangementQuery& query) const {
  return NamesParties(terms_, query.provider, query.recipient) &&
         terms_.purposes.contains(query.purpose) &&
         (!terms_.only_case || terms_.only_case == query.case_id);
}

bool Arrangement::AppliesTo(const ArrangementQuery& query) const {
  return terms_.in_force && Names(query) && terms_.from <= query.now && query.now < terms_.until;
}

Bytes SignArrangement(const Arrangement& arrangement, const Ed25519PrivateKey& key) {
  return key.Sign(arrangement.SignedBytes());
}

absl::StatusOr<Arrangement> VerifyArrangement(BytesView statement,
                                              const PartySignatures& signatures,
                                              const Directory& directory) {
  SLUIS_ASSIGN_OR_RETURN(Arrangement arrangement, Arrangement::Parse(statement));
  for (const PartyId& party : arrangement.terms().parties) {
    SLUIS_RETURN_IF_ERROR(CheckSignature(arrangement, party, signatures, directory));
  }
  for (const auto& [party, signature] : signatures) {
    if (!Holds(arrangement.terms().parties, party)) {
      return BadSignature("FIELD_INVALID", party, "the statement does not name this signer");
    }
  }
  return arrangement;
}

absl::Status CheckReplaces(const Arrangement& current, const Arrangement& candidate) {
  if (current.statement() == candidate.statement()) return absl::OkStatus();
  const ArrangementTerms& old_terms = current.terms();
  const ArrangementTerms& new_terms = candidate.terms();
  const bool all_signed =
      std::all_of(old_terms.parties.begin(), old_terms.parties.end(),
                  [&](const PartyId& party) { return Holds(new_terms.parties, party); });
  if (old_terms.id != new_terms.id || old_terms.fact != new_terms.fact || !all_signed) {
    return Error(ErrorCode::kExists, "ID_TAKEN",
                 "another arrangement has this id: same fact and all its parties must sign");
  }
  if (new_terms.serial <= old_terms.serial) {
    return Error(ErrorCode::kAborted, "CONFLICTING_CHANGE",
                 "a newer serial of this arrangement is registered");
  }
  return absl::OkStatus();
}

std::string_view FactValueName(FactValue value) {
  switch (value) {
    case FactValue::kValid:
      return "valid";
    case FactValue::kExpired:
      return "expired";
    case FactValue::kAbsent:
      return "absent";
  }
  return "absent";
}

ArrangementFact FactFrom(std::span<const Arrangement> newest, std::string_view fact,
                         const ArrangementQuery& query) {
  ArrangementFact result;
  for (const Arrangement& arrangement : newest) {
    const ArrangementTerms& terms = arrangement.terms();
    if (terms.fact != fact) continue;
    if (arrangement.AppliesTo(query)) {
      result.value = FactValue::kValid;
      result.fields.insert(terms.fields.begin(), terms.fields.end());
      result.arrangements.push_back(terms.id);
    } else if (result.value == FactValue::kAbsent && terms.in_force && arrangement.Names(query) &&
               terms.until <= query.now) {
      result.value = FactValue::kExpired;
    }
  }
  return result;
}

}  // namespace sluis::identity

#include "clients/cli/arrangement_file.h"

#include <algorithm>

#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/identity/json_object.h"

namespace sluis::cli {
namespace {

constexpr std::size_t kMaxStatement = 64 << 10, kMaxSignatures = 64;

bool IsParty(const identity::ArrangementTerms& terms, const PartyId& party) {
  return std::ranges::find(terms.parties, party) != terms.parties.end();
}

absl::Status TakeSignature(identity::JsonObject object, ArrangementFile& file) {
  PartyId party;
  SLUIS_ASSIGN_OR_RETURN(party.oin, object.Parsed("organisation", Oin::Parse));
  SLUIS_ASSIGN_OR_RETURN(party.unit, object.Parsed("unit", UnitPath::Parse));
  SLUIS_ASSIGN_OR_RETURN(Bytes signature, object.Base64("signature", kEd25519SignatureSize));
  SLUIS_RETURN_IF_ERROR(object.Finish());
  if (!IsParty(file.arrangement.terms(), party)) {
    return object.Bad("unit", "this party does not stand in the statement; take its signature out");
  }
  for (const auto& [other, bytes] : file.signatures) {
    if (other == party) return object.Bad("unit", "this party stands here twice; keep one signature");
  }
  file.signatures.emplace_back(party, std::move(signature));
  return absl::OkStatus();
}

template <typename Parties>
Json PartyTexts(const Parties& parties) {
  Json texts = Json::array();
  for (const PartyId& party : parties) texts.push_back(party.ToString());
  return texts;
}

}  // namespace

absl::StatusOr<ArrangementFile> ReadArrangementFile(const Json& json) {
  SLUIS_ASSIGN_OR_RETURN(auto object, identity::JsonObject::Of(json, ""));
  SLUIS_ASSIGN_OR_RETURN(const std::string statement, object.Text("statement", kMaxStatement));
  SLUIS_ASSIGN_OR_RETURN(auto arrangement, identity::Arrangement::Parse(statement));
  SLUIS_ASSIGN_OR_RETURN(auto signatures, object.Objects("signatures", 0, kMaxSignatures));
  SLUIS_RETURN_IF_ERROR(object.Finish());
  ArrangementFile file{std::move(arrangement), {}};
  for (identity::JsonObject& signature : signatures) {
    SLUIS_RETURN_IF_ERROR(TakeSignature(std::move(signature), file));
  }
  return file;
}

std::string WriteArrangementFile(const ArrangementFile& file) {
  Json signatures = Json::array();
  for (const auto& [party, signature] : file.signatures) {
    signatures.push_back({{"organisation", party.oin.str()},
                          {"unit", party.unit.str()},
                          {"signature", Base64Encode(signature)}});
  }
  return Json{{"statement", file.arrangement.statement()}, {"signatures", signatures}}.dump(2) + "\n";
}

Json DescribeArrangement(const ArrangementFile& file) {
  const identity::ArrangementTerms& terms = file.arrangement.terms();
  Json signed_by = Json::array();
  for (const auto& signature : file.signatures) signed_by.push_back(signature.first.ToString());
  Json described = {{"id", terms.id},
                    {"fact", terms.fact},
                    {"serial", terms.serial},
                    {"in_force", terms.in_force},
                    {"parties", PartyTexts(terms.parties)},
                    {"signed_by", signed_by},
                    {"complete", file.signatures.size() == terms.parties.size()},
                    {"purposes", terms.purposes},
                    {"from", FormatRfc3339Millis(terms.from)},
                    {"until", FormatRfc3339Millis(terms.until)},
                    {"recipients", PartyTexts(terms.recipients)},
                    {"fields", terms.fields}};
  if (terms.only_case) described["case"] = "cases/" + terms.only_case->hex();
  if (terms.authority) described["authority"] = terms.authority->ToString();
  if (terms.principal) described["principal"] = terms.principal->ToString();
  if (terms.agent) described["agent"] = terms.agent->ToString();
  return described;
}

absl::StatusOr<PartyId> ParseParty(std::string_view text) {
  const std::size_t slash = text.find('/');
  if (slash == std::string_view::npos) {
    return Error(ErrorCode::kInvalid, "OPTION_INVALID",
                 "a party is written as OIN/unit, for example 00000099100000001000/gemeente/oov");
  }
  PartyId party;
  SLUIS_ASSIGN_OR_RETURN(party.oin, Oin::Parse(text.substr(0, slash)));
  SLUIS_ASSIGN_OR_RETURN(party.unit, UnitPath::Parse(text.substr(slash + 1)));
  return party;
}

}  // namespace sluis::cli

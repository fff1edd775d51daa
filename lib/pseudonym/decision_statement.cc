#include "lib/pseudonym/decision_statement.h"

#include <set>
#include <string_view>

#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/internal/read.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kDecisionStatementPrefix = "sluis/decision/v1\0"sv;
constexpr std::size_t kMaxText = 256;

absl::Status Bad(std::string_view message) { return Refuse("E_STATEMENT", message); }

Bytes SignedBytes(BytesView json) {
  return ByteWriter().Raw(kDecisionStatementPrefix).Raw(AsView(Sha256(json))).bytes();
}

// --- reading ---

// An object with exactly these members, and those of `optional` or not.
absl::Status CheckMembers(const Json& object, const std::set<std::string_view>& required,
                          const std::set<std::string_view>& optional) {
  if (!object.is_object()) return Bad("the statement has something else than an object");
  std::size_t found = 0;
  for (const auto& member : object.items()) {
    found += required.count(member.key());
    if (!required.contains(member.key()) && !optional.contains(member.key())) {
      return Bad("the statement has a member that it does not know");
    }
  }
  if (found != required.size()) return Bad("the statement lacks a member");
  return absl::OkStatus();
}

absl::Status ReadText(const Json& value, std::string& out) {
  if (!value.is_string()) return Bad("a text of the statement is none");
  out = value.get<std::string>();
  if (out.empty() || out.size() > kMaxText) return Bad("a text of the statement is empty or long");
  return absl::OkStatus();
}

absl::Status ReadCount(const Json& value, std::int64_t& out) {
  if (!value.is_number_integer()) return Bad("a number of the statement is none");
  out = value.get<std::int64_t>();
  return out >= 0 ? absl::OkStatus() : Bad("a number of the statement is negative");
}

absl::Status ReadPack(const Json& value, Digest& out) {
  const auto raw = value.is_string() ? HexDecode(value.get_ref<const std::string&>())
                                     : absl::StatusOr<Bytes>(Bytes());
  if (!raw.ok() || raw->size() != out.size()) return Bad("the pack is 64 hex characters");
  std::copy_n(Data(*raw), out.size(), out.begin());
  return absl::OkStatus();
}

absl::Status ReadDecision(const Json& decision, StatementTerms& terms) {
  SLUIS_RETURN_IF_ERROR(CheckMembers(decision, {"outcome", "fields", "rules"}, {}));
  SLUIS_RETURN_IF_ERROR(ReadText(decision["outcome"], terms.outcome));
  if (!decision["fields"].is_object() || !decision["rules"].is_array()) {
    return Bad("fields are an object and rules an array");
  }
  for (const auto& field : decision["fields"].items()) {
    SLUIS_RETURN_IF_ERROR(ReadText(field.value(), terms.fields[field.key()]));
  }
  for (const Json& rule : decision["rules"]) {
    SLUIS_RETURN_IF_ERROR(ReadText(rule, terms.rules.emplace_back()));
  }
  return absl::OkStatus();
}

absl::StatusOr<StatementTerms> ReadTerms(const Json& json) {
  SLUIS_RETURN_IF_ERROR(CheckMembers(
      json, {"v", "exchange", "issued", "expires", "pack", "request", "decision"}, {"bulk"}));
  if (!json["v"].is_number_integer() || json["v"] != 1) {
    return Bad("a statement of an unknown version");
  }
  StatementTerms terms;
  SLUIS_RETURN_IF_ERROR(ReadText(json["exchange"], terms.exchange));
  SLUIS_RETURN_IF_ERROR(ReadCount(json["issued"], terms.issued));
  SLUIS_RETURN_IF_ERROR(ReadCount(json["expires"], terms.expires));
  SLUIS_RETURN_IF_ERROR(ReadPack(json["pack"], terms.pack));
  if (!json["request"].is_object()) return Bad("the request of a statement is an object");
  terms.request = json["request"];
  SLUIS_RETURN_IF_ERROR(ReadDecision(json["decision"], terms));
  if (json.contains("bulk")) {
    SLUIS_RETURN_IF_ERROR(ReadCount(json["bulk"], terms.bulk.emplace()));
  }
  return terms;
}

Json WriteTerms(const StatementTerms& terms) {
  Json json = {
      {"v", 1},
      {"exchange", terms.exchange},
      {"issued", terms.issued},
      {"expires", terms.expires},
      {"pack", HexEncode(AsView(terms.pack))},
      {"request", terms.request},
      {"decision",
       {{"outcome", terms.outcome}, {"fields", Json::object()}, {"rules", Json::array()}}}};
  for (const auto& [field, form] : terms.fields) json["decision"]["fields"][field] = form;
  for (const std::string& rule : terms.rules) json["decision"]["rules"].push_back(rule);
  if (terms.bulk) json["bulk"] = *terms.bulk;
  return json;
}

// --- covering ---

absl::Status NoMandate(std::string_view message) { return Refuse("E_MANDATE", message); }

// The text at a path of the request, or "" where there is none.
std::string TextAt(const Json& request, std::initializer_list<std::string_view> path) {
  const Json* value = &request;
  for (const std::string_view name : path) {
    const auto member = value->is_object() ? value->find(name) : value->end();
    if (!value->is_object() || member == value->end()) return "";
    value = &*member;
  }
  return value->is_string() ? value->get<std::string>() : "";
}

Party PartyAt(const Json& request, std::string_view role) {
  const std::string prefix(role);
  return {TextAt(request, {"resource", "properties", prefix + "_organisation"}),
          TextAt(request, {"resource", "properties", prefix + "_unit"})};
}

// What the comparison of §8.2 looks at.
struct Request {
  explicit Request(const Json& json)
      : action(TextAt(json, {"action", "name"})),
        purpose(TextAt(json, {"action", "properties", "purpose"})),
        domain(TextAt(json, {"resource", "id"})),
        from_case(TextAt(json, {"resource", "properties", "from_case"})),
        from_purpose(TextAt(json, {"resource", "properties", "from_purpose"})),
        register_name(TextAt(json, {"resource", "properties", "register"})),
        provider(PartyAt(json, "provider")),
        recipient(PartyAt(json, "recipient")),
        subject{TextAt(json, {"subject", "properties", "organisation"}),
                TextAt(json, {"subject", "properties", "unit"})} {}
  bool IsOf(const Domain& d) const { return domain == d.case_id() && purpose == d.purpose(); }
  bool IsFrom(const Domain& d) const {
    return from_case == d.case_id() && from_purpose == d.purpose();
  }
  std::string action, purpose, domain, from_case, from_purpose, register_name;
  Party provider, recipient, subject;
};

bool CoversTranscription(const Request& r, const Party& signer, const Party& to, const Domain& d) {
  const bool answer = signer == r.provider && to == r.recipient;
  const bool question = signer == r.recipient && to == r.provider;
  const bool action =
      (r.action == "disclose" && answer) || (r.action == "request" && (answer || question));
  return action && r.IsOf(d);
}

bool CoversMove(const Request& r, const Party& signer, const Party& to, const Route& route) {
  const bool promoted = route.d_from.case_id() != route.d_to.case_id();
  return (r.action == "move" || (r.action == "promote" && promoted)) && signer == r.recipient &&
         r.provider == r.recipient && to == signer && r.IsOf(route.d_to) && r.IsFrom(route.d_from);
}

bool CoversInquiry(const Request& r, const Party& signer, const Party& to, const Route& route) {
  return (r.action == "inquire" || r.action == "request") && signer == r.recipient &&
         to == r.provider && r.register_name == route.d_to.register_name() &&
         (route.d_from.kind() != DomainKind::kCase || r.IsOf(route.d_from));
}

bool CoversKind(const Request& r, RequestKind kind, const Party& signer, const Route& route) {
  const Party& to = route.c_to.party();
  switch (kind) {
    case RequestKind::kTranscrypt:
      return CoversTranscription(r, signer, to, route.d_to);
    case RequestKind::kReverse:
      return r.action == "reidentify" && signer == r.recipient && to == r.provider &&
             r.IsOf(route.d_from);
    case RequestKind::kMove:
      return CoversMove(r, signer, to, route);
    case RequestKind::kInquire:
      return CoversInquiry(r, signer, to, route);
    case RequestKind::kPassOn:
      return r.action == "disclose" && signer == r.provider && to == r.recipient &&
             r.IsOf(route.d_to) && r.IsFrom(route.d_from);
    case RequestKind::kEnrol:
      break;
  }
  return false;
}

// An inquiry may wait for the decision of the one who answers it; nothing else may.
bool MayPass(const std::string& outcome, RequestKind kind) {
  return outcome == "PERMITTED" || outcome == "PERMITTED_PARTLY" ||
         outcome == "PERMITTED_EMERGENCY" ||
         (outcome == kNeedsApproval && kind == RequestKind::kInquire);
}

absl::Status CheckFrame(const DecisionStatement& statement, const Digest& mandate, RequestKind kind,
                        std::uint64_t items, absl::Time now, PackDigests packs) {
  const StatementTerms& terms = statement.terms();
  if (statement.digest() != mandate) return NoMandate("the head names another statement");
  const std::int64_t seconds = absl::ToUnixSeconds(now);
  if (seconds < terms.issued - 60 || seconds > terms.expires) {
    return NoMandate("the statement is not valid at this time");
  }
  if (std::find(packs.begin(), packs.end(), terms.pack) == packs.end()) {
    return NoMandate("the statement rests on another policy pack");
  }
  if (!MayPass(terms.outcome, kind)) {
    return NoMandate("the statement permits nothing");
  }
  if (terms.bulk && items > static_cast<std::uint64_t>(*terms.bulk)) {
    return NoMandate("more items than the statement allows");
  }
  return absl::OkStatus();
}

// Whose person asked: the provider's for disclose and enrol, else the recipient's.
bool SubjectFits(const Request& r) {
  const bool provider = r.action == "disclose" || r.action == "enrol";
  return r.subject == (provider ? r.provider : r.recipient);
}

}  // namespace

absl::StatusOr<DecisionStatement> DecisionStatement::Verify(BytesView wire,
                                                            const Ed25519PublicKey& broker) {
  ByteReader reader(wire);
  SLUIS_ASSIGN_OR_RETURN(const std::uint32_t size, reader.U32());
  SLUIS_ASSIGN_OR_RETURN(const BytesView json_bytes, reader.Raw(size));
  SLUIS_ASSIGN_OR_RETURN(const Digest key_id, ReadArray<32>(reader));
  SLUIS_ASSIGN_OR_RETURN(const BytesView signature, reader.Raw(kEd25519SignatureSize));
  SLUIS_RETURN_IF_ERROR(reader.Finish());
  if (key_id != broker.KeyId()) return Refuse("E_SIGNATURE", "a statement of another broker key");
  SLUIS_RETURN_IF_ERROR(Classified(broker.Verify(SignedBytes(json_bytes), signature)));
  SLUIS_ASSIGN_OR_RETURN(const Json json, ParseCanonicalJson(json_bytes));
  SLUIS_ASSIGN_OR_RETURN(StatementTerms terms, ReadTerms(json));
  return DecisionStatement(std::move(terms), Bytes(wire));
}

absl::StatusOr<DecisionStatement> DecisionStatement::Sign(const StatementTerms& terms,
                                                          const Ed25519PrivateKey& broker) {
  SLUIS_ASSIGN_OR_RETURN(const std::string json, CanonicalJson(WriteTerms(terms)));
  return Verify(ByteWriter()
                    .U32(static_cast<std::uint32_t>(json.size()))
                    .Raw(json)
                    .Raw(AsView(broker.public_key().KeyId()))
                    .Raw(broker.Sign(SignedBytes(json)))
                    .bytes(),
                broker.public_key());
}

BytesView DecisionStatement::json() const {
  return BytesView(wire_).substr(4, wire_.size() - 4 - 32 - kEd25519SignatureSize);
}

Digest DecisionStatement::digest() const { return Sha256(json()); }

absl::Status CheckCovers(const DecisionStatement& statement, const RequestHead& head,
                         const Route& route, std::uint64_t items, absl::Time now,
                         PackDigests packs) {
  SLUIS_RETURN_IF_ERROR(CheckFrame(statement, head.mandate, head.kind, items, now, packs));
  // Of a register alone, which is bounded by its size. A move stays within the ordinary quotas.
  if (statement.terms().bulk && head.kind != RequestKind::kMove) {
    return NoMandate("only what is enrolled or moved is counted in bulk");
  }
  const Request request(statement.terms().request);
  if (SubjectFits(request) && CoversKind(request, head.kind, head.signer, route)) {
    return absl::OkStatus();
  }
  return NoMandate("the statement is about something else than the request");
}

absl::Status CheckCoversEnrolment(const DecisionStatement& statement, const Digest& mandate,
                                  const Party& owner, const Domain& index, std::uint64_t items,
                                  absl::Time now, PackDigests packs) {
  SLUIS_RETURN_IF_ERROR(CheckFrame(statement, mandate, RequestKind::kEnrol, items, now, packs));
  const Request request(statement.terms().request);
  const bool covers = request.action == "enrol" && SubjectFits(request) &&
                      owner == request.provider && owner == request.recipient &&
                      index.party() == owner && request.domain == std::string(32, '0') &&
                      request.register_name == index.register_name();
  if (covers) return absl::OkStatus();
  return NoMandate("the statement is about something else than the enrolment");
}

}  // namespace sluis::pseudonym

#include "lib/identity/assertion.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/json.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/random.h"
#include "lib/identity/json_object.h"

namespace sluis::identity {
namespace {

constexpr std::size_t kMaxRoles = 32;
constexpr std::size_t kMaxAudiences = 8;
constexpr std::size_t kMaxSubject = 64;
constexpr std::size_t kMaxTokenId = 64;
constexpr std::size_t kTokenIdBytes = 16;

// The claims as read, typed but not yet weighed.
struct Claims {
  AssertionClaims values;
  std::set<std::string> audiences;
};

// A staff number: no text in which a name or an address could hide, no citizen number.
bool IsPseudonym(std::string_view text) {
  const bool charset = std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  });
  return !text.empty() && text.size() <= kMaxSubject && charset && !ContainsBsnLikeRun(text);
}

// Room for 128 random bits in the narrowest alphabet that the text fits, and not one character
// repeated. A UUID has fewer: its version 4 draws 122 bits.
bool CanHold128Bits(std::string_view text) {
  if (text.size() > kMaxTokenId || ParseUuid(text).ok()) return false;
  bool digits = true;
  bool hex = true;
  for (const char c : text) {
    const bool digit = c >= '0' && c <= '9';
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
    if (!digit && !letter && c != '-' && c != '_') return false;
    digits = digits && digit;
    hex = hex && (digit || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'));
  }
  const std::set<char> different(text.begin(), text.end());
  return text.size() >= (digits ? 39U : hex ? 32U : 22U) && different.size() >= 6;
}

absl::StatusOr<Digest> ParseThumbprint(std::string_view text) {
  auto bytes = Base64UrlDecode(text);
  Digest digest{};
  if (!bytes.ok() || bytes->size() != digest.size())
    return absl::InvalidArgumentError("must be a SHA-256 thumbprint");
  std::copy(bytes->begin(), bytes->end(), digest.begin());
  return digest;
}

absl::StatusOr<std::set<std::string>> ReadAudiences(const Json& json, JsonObject& object) {
  if (json.contains("aud") && json["aud"].is_array()) return object.Texts("aud", 1, kMaxAudiences);
  SLUIS_ASSIGN_OR_RETURN(std::string one, object.Text("aud", kMaxText));
  return std::set<std::string>{std::move(one)};
}

absl::Status ReadWhoAndWhen(JsonObject& object, AssertionClaims& claims) {
  SLUIS_ASSIGN_OR_RETURN(claims.issuer, object.Text("iss", kMaxText));
  SLUIS_ASSIGN_OR_RETURN(claims.client, object.Text("azp", kMaxText));
  SLUIS_ASSIGN_OR_RETURN(claims.issued, object.UnixTime("iat"));
  SLUIS_ASSIGN_OR_RETURN(claims.expires, object.UnixTime("exp"));
  if (object.Has("nbf")) {
    SLUIS_ASSIGN_OR_RETURN(claims.not_before, object.UnixTime("nbf"));
  }
  SLUIS_ASSIGN_OR_RETURN(claims.oin, object.Parsed("oin", Oin::Parse));
  SLUIS_ASSIGN_OR_RETURN(JsonObject cnf, object.Object("cnf"));
  SLUIS_ASSIGN_OR_RETURN(claims.certificate, cnf.Parsed("x5t#S256", ParseThumbprint));
  return cnf.Finish();
}

absl::Status ReadPerson(JsonObject& object, AssertionClaims& claims) {
  SLUIS_ASSIGN_OR_RETURN(claims.subject, object.Text("sub", kMaxText));
  SLUIS_ASSIGN_OR_RETURN(claims.unit, object.Parsed("unit", UnitPath::Parse));
  SLUIS_ASSIGN_OR_RETURN(const auto roles, object.ParsedSet("roles", 0, kMaxRoles, ParseCode));
  claims.roles.assign(roles.begin(), roles.end());
  if (object.Has("mandate")) {
    SLUIS_ASSIGN_OR_RETURN(claims.mandate, object.Parsed("mandate", ParseCode));
  }
  SLUIS_ASSIGN_OR_RETURN(claims.assurance, object.Parsed("acr", ParseAcr));
  SLUIS_ASSIGN_OR_RETURN(claims.token_id, object.Text("jti", kMaxText));
  return absl::OkStatus();
}

// A typing error names the claim as the check that failed.
absl::Status AsAssertionError(const absl::Status& status) {
  if (status.ok()) return status;
  const ErrorDetail detail = DetailOf(status);
  if (detail.reason == "UNKNOWN_FIELD") {
    return AssertionInvalid("claim-unknown", "the token may carry no claim beyond those defined");
  }
  std::string claim = detail.violations.empty() ? "claims" : detail.violations.front().field;
  claim = claim.substr(0, claim.find_first_of(".["));
  return AssertionInvalid(claim, MessageOf(status));
}

absl::StatusOr<Claims> ReadClaims(BytesView payload) {
  const auto json = ParseJsonStrict(payload, {.max_bytes = kMaxJwsSize, .max_depth = 4});
  if (!json.ok() || !json->is_object()) {
    return AssertionInvalid("claims",
                            "the claims must be one JSON object without duplicate members");
  }
  SLUIS_ASSIGN_OR_RETURN(JsonObject object, JsonObject::Of(*json, ""));
  Claims claims;
  SLUIS_RETURN_IF_ERROR(AsAssertionError(ReadWhoAndWhen(object, claims.values)));
  auto audiences = ReadAudiences(*json, object);
  SLUIS_RETURN_IF_ERROR(AsAssertionError(audiences.status()));
  claims.audiences = *std::move(audiences);
  SLUIS_RETURN_IF_ERROR(AsAssertionError(ReadPerson(object, claims.values)));
  SLUIS_RETURN_IF_ERROR(AsAssertionError(object.Finish()));
  return claims;
}

// Step 1: header and signature. Returns the key that vouches.
absl::StatusOr<const AssertionKey*> KeyFor(const Jws& jws, const Partner& partner) {
  if (jws.typ() != kAssertionTyp)
    return AssertionInvalid("typ", "the token is not of type sluis-user+jwt");
  const AssertionKey* key = partner.FindAssertionKey(jws.kid());
  if (key == nullptr)
    return AssertionInvalid("kid", "this organisation has no such key in the directory");
  return key;
}

// Step 2.
absl::Status CheckFrame(const Claims& claims, const AssertionExpectations& expected) {
  const AssertionClaims& values = claims.values;
  if (values.issuer != expected.partner.issuer)
    return AssertionInvalid("iss", "not this organisation's issuer");
  if (!claims.audiences.contains(std::string(expected.audience))) {
    return AssertionInvalid("aud", "the token is meant for someone else");
  }
  if (values.client != expected.partner.client_id)
    return AssertionInvalid("azp", "not this organisation's client");
  if (values.issued > expected.now + kClockTolerance)
    return AssertionInvalid("iat", "issued in the future");
  if (values.expires <= values.issued || values.expires - values.issued > kAssertionLifetime) {
    return AssertionInvalid("lifetime", "the token must be valid for at most 300 seconds");
  }
  if (values.expires <= expected.now - kClockTolerance) {
    return Error(ErrorCode::kUnauthenticated, "ASSERTION_EXPIRED",
                 "the log-in has expired: log in again");
  }
  if (values.not_before && *values.not_before > expected.now + kClockTolerance) {
    return AssertionInvalid("nbf", "the token is not valid yet");
  }
  return absl::OkStatus();
}

// Step 3.
absl::Status CheckBinding(const AssertionClaims& claims, const AssertionExpectations& expected) {
  if (claims.oin != expected.certificate.oin || claims.oin != expected.partner.oin) {
    return Error(ErrorCode::kDenied, "OIN_MISMATCH",
                 "the assertion speaks for another organisation than the certificate");
  }
  if (!ConstantTimeEqual(AsView(claims.certificate), AsView(expected.certificate.thumbprint))) {
    return AssertionInvalid("cnf", "the token is bound to another client certificate");
  }
  return absl::OkStatus();
}

absl::Status CheckUnit(const UnitPath& unit, const AssertionKey& key,
                       const AssertionExpectations& expected) {
  const Partner& partner = expected.partner;
  if (unit.kind() != partner.kind)
    return AssertionInvalid("unit-kind", "the unit is not of this partner's kind");
  if (partner.FindUnit(unit) == nullptr)
    return AssertionInvalid("unit", "the partner has no such unit");
  if (!key.units.contains(unit))
    return AssertionInvalid("unit-key", "the signing key does not vouch for this unit");
  const CertificateEntry* certificate = partner.FindCertificate(expected.certificate.thumbprint);
  if (certificate == nullptr || !certificate->units.contains(unit)) {
    return AssertionInvalid("unit-certificate", "the client certificate is not one of this unit");
  }
  return absl::OkStatus();
}

// Step 4.
absl::Status CheckPerson(const AssertionClaims& claims, const AssertionKey& key,
                         const AssertionExpectations& expected) {
  if (!IsPseudonym(claims.subject))
    return AssertionInvalid("sub", "the subject must be a pseudonymous staff number");
  SLUIS_RETURN_IF_ERROR(CheckUnit(claims.unit, key, expected));
  for (const std::string& role : claims.roles) {
    if (expected.may_give(role, expected.partner.kind)) continue;
    return Error(ErrorCode::kUnauthenticated, "ASSERTION_INVALID",
                 absl::StrFormat("an organisation of kind %s cannot give the role %s",
                                 expected.partner.kind, role),
                 {{"check", "roles"}, {"kind", expected.partner.kind}, {"role", role}});
  }
  if (claims.assurance < expected.at_least) {
    return AssertionInvalid("acr", "this needs a log-in with a second factor");
  }
  return absl::OkStatus();
}

Person PersonOf(Claims claims) {
  AssertionClaims& values = claims.values;
  return {.oin = values.oin,
          .sub = std::move(values.subject),
          .unit = std::move(values.unit),
          .roles = std::move(values.roles),
          .mandate = std::move(values.mandate),
          .assurance = values.assurance,
          .issuer = std::move(values.issuer),
          .jti = std::move(values.token_id),
          .expires = values.expires,
          .forget_after = values.expires + kClockTolerance};
}

constexpr std::array kLevels = {Assurance::kLow, Assurance::kSubstantial, Assurance::kHigh};

}  // namespace

std::string_view AcrOf(Assurance assurance) {
  switch (assurance) {
    case Assurance::kLow:
      return "http://eidas.europa.eu/LoA/low";
    case Assurance::kSubstantial:
      return "http://eidas.europa.eu/LoA/substantial";
    case Assurance::kHigh:
      return "http://eidas.europa.eu/LoA/high";
  }
  return "";
}

absl::StatusOr<Assurance> ParseAcr(std::string_view acr) {
  for (const Assurance level : kLevels) {
    if (acr == AcrOf(level)) return level;
  }
  return Error(ErrorCode::kInvalid, "FIELD_INVALID", "must be a level of assurance of eIDAS");
}

std::string NewTokenId() { return Base64UrlEncode(RandomBytes(kTokenIdBytes)); }

absl::StatusOr<std::string> IssueAssertion(const AssertionClaims& claims, std::string_view kid,
                                           const JwsPrivateKey& key) {
  Json json = {{"iss", claims.issuer},
               {"sub", claims.subject},
               {"aud", claims.audience},
               {"azp", claims.client},
               {"iat", absl::ToUnixSeconds(claims.issued)},
               {"exp", absl::ToUnixSeconds(claims.expires)},
               {"oin", claims.oin.str()},
               {"cnf", {{"x5t#S256", Base64UrlEncode(AsView(claims.certificate))}}},
               {"unit", claims.unit.str()},
               {"roles", claims.roles},
               {"acr", std::string(AcrOf(claims.assurance))},
               {"jti", claims.token_id}};
  if (claims.not_before) json["nbf"] = absl::ToUnixSeconds(*claims.not_before);
  if (claims.mandate) json["mandate"] = *claims.mandate;
  SLUIS_ASSIGN_OR_RETURN(const std::string payload, CanonicalJson(json));
  return SignJws(key, kAssertionTyp, kid, payload);
}

absl::StatusOr<Person> VerifyAssertion(std::string_view token,
                                       const AssertionExpectations& expected) {
  if (token.empty()) {
    return Error(ErrorCode::kUnauthenticated, "ASSERTION_MISSING",
                 "the call carries no person assertion: log in first");
  }
  SLUIS_ASSIGN_OR_RETURN(const Jws jws, Jws::Parse(token));
  SLUIS_ASSIGN_OR_RETURN(const AssertionKey* key, KeyFor(jws, expected.partner));
  SLUIS_ASSIGN_OR_RETURN(const Bytes payload, jws.Verify(key->key));
  SLUIS_ASSIGN_OR_RETURN(Claims claims, ReadClaims(payload));
  SLUIS_RETURN_IF_ERROR(CheckFrame(claims, expected));
  SLUIS_RETURN_IF_ERROR(CheckBinding(claims.values, expected));
  SLUIS_RETURN_IF_ERROR(CheckPerson(claims.values, *key, expected));
  if (!CanHold128Bits(claims.values.token_id)) {
    return AssertionInvalid("jti", "the token id must hold at least 128 random bits");
  }
  return PersonOf(std::move(claims));
}

}  // namespace sluis::identity

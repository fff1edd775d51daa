#include "lib/crypto/jws.h"

#include <array>

#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/json.h"
#include "lib/base/status_macros.h"

namespace sluis {
namespace {

constexpr std::size_t kMaxKid = 64;
constexpr std::size_t kMaxTyp = 64;

// Members by which RFC 7515 lets a token bring or point at its own key, or demand extensions.
constexpr std::array<std::string_view, 4> kSelfServing = {"jku", "x5u", "jwk", "crit"};

absl::Status BadToken(std::string_view message) {
  return Error(ErrorCode::kInvalid, "FIELD_INVALID", message);
}

bool IsHeaderText(std::string_view text, std::size_t max) {
  if (text.empty() || text.size() > max) return false;
  for (const char c : text) {
    if (c <= ' ' || c > '~' || c == '"' || c == '\\') return false;
  }
  return true;
}

absl::Status CheckMembers(const Json& header) {
  for (const std::string_view name : kSelfServing) {
    if (header.contains(std::string(name))) {
      return AssertionInvalid(
          name, absl::StrFormat("a token may not carry the header member `%s`", name));
    }
  }
  for (const auto& item : header.items()) {
    if (item.key() != "typ" && item.key() != "alg" && item.key() != "kid") {
      return AssertionInvalid("header-member", "the header may hold only typ, alg and kid");
    }
  }
  for (const char* name : {"typ", "alg", "kid"}) {
    if (!header.contains(name) || !header[name].is_string()) {
      return AssertionInvalid("header", "the header must hold typ, alg and kid, each a text");
    }
  }
  return absl::OkStatus();
}

absl::StatusOr<JwsAlgorithm> HeaderAlgorithm(const std::string& name) {
  auto algorithm = ParseJwsAlgorithm(name);
  if (algorithm.ok()) return algorithm;
  if (absl::EqualsIgnoreCase(name, "none")) {
    return AssertionInvalid("alg-none", "an unsigned token is no assertion");
  }
  if (name.starts_with("HS"))
    return AssertionInvalid("alg-symmetric", "a shared secret proves no sender");
  return AssertionInvalid("alg", "the algorithm must be PS256, RS256 or ES256");
}

}  // namespace

std::string_view JwsAlgorithmName(JwsAlgorithm algorithm) {
  switch (algorithm) {
    case JwsAlgorithm::kPs256:
      return "PS256";
    case JwsAlgorithm::kRs256:
      return "RS256";
    case JwsAlgorithm::kEs256:
      return "ES256";
  }
  return "";
}

absl::StatusOr<JwsAlgorithm> ParseJwsAlgorithm(std::string_view name) {
  for (const auto algorithm : {JwsAlgorithm::kPs256, JwsAlgorithm::kRs256, JwsAlgorithm::kEs256}) {
    if (name == JwsAlgorithmName(algorithm)) return algorithm;
  }
  return BadToken("the algorithm must be PS256, RS256 or ES256");
}

absl::Status AssertionInvalid(std::string_view check, std::string_view message) {
  return Error(ErrorCode::kUnauthenticated, "ASSERTION_INVALID", message,
               {{"check", std::string(check)}});
}

absl::Status Jws::TakeHeader(BytesView header) {
  const auto json = ParseJsonStrict(header, {.max_bytes = 1 << 10, .max_depth = 4});
  if (!json.ok() || !json->is_object()) {
    return AssertionInvalid("header",
                            "the header must be one JSON object without duplicate members");
  }
  SLUIS_RETURN_IF_ERROR(CheckMembers(*json));
  SLUIS_ASSIGN_OR_RETURN(algorithm_, HeaderAlgorithm((*json)["alg"].get_ref<const std::string&>()));
  typ_ = (*json)["typ"].get_ref<const std::string&>();
  kid_ = (*json)["kid"].get_ref<const std::string&>();
  if (!IsHeaderText(typ_, kMaxTyp)) return AssertionInvalid("typ", "typ must be a short text");
  if (!IsHeaderText(kid_, kMaxKid)) return AssertionInvalid("kid", "kid must be a short text");
  return absl::OkStatus();
}

absl::StatusOr<Jws> Jws::Parse(std::string_view token) {
  if (token.size() > kMaxJwsSize) return AssertionInvalid("size", "a token may have at most 8 KiB");
  const std::size_t first = token.find('.');
  const std::size_t second = first == std::string_view::npos ? first : token.find('.', first + 1);
  if (second == std::string_view::npos || token.find('.', second + 1) != std::string_view::npos) {
    return AssertionInvalid("form", "a token has three parts");
  }
  auto header = Base64UrlDecode(token.substr(0, first));
  auto payload = Base64UrlDecode(token.substr(first + 1, second - first - 1));
  auto signature = Base64UrlDecode(token.substr(second + 1));
  if (!header.ok() || !payload.ok() || !signature.ok()) {
    return AssertionInvalid("form", "the parts of a token must be base64url without padding");
  }
  Jws jws;
  SLUIS_RETURN_IF_ERROR(jws.TakeHeader(*header));
  jws.signing_input_ = token.substr(0, second);
  jws.payload_ = *std::move(payload);
  jws.signature_ = *std::move(signature);
  return jws;
}

absl::StatusOr<Bytes> Jws::Verify(const JwsPublicKey& key) const {
  if (algorithm_ != key.algorithm()) {
    return AssertionInvalid("alg",
                            "the token uses another algorithm than its key is registered for");
  }
  if (!key.Verifies(signing_input_, signature_)) {
    return AssertionInvalid("signature", "the token does not carry the signature of its key");
  }
  return payload_;
}

absl::StatusOr<std::string> SignJws(const JwsPrivateKey& key, std::string_view typ,
                                    std::string_view kid, BytesView payload) {
  if (!IsHeaderText(typ, kMaxTyp) || !IsHeaderText(kid, kMaxKid)) {
    return BadToken("typ and kid must be short printable texts");
  }
  const std::string header = absl::StrFormat(R"({"alg":"%s","kid":"%s","typ":"%s"})",
                                             JwsAlgorithmName(key.algorithm()), kid, typ);
  std::string token = Base64UrlEncode(header) + "." + Base64UrlEncode(payload);
  token += "." + Base64UrlEncode(key.Sign(token));
  if (token.size() > kMaxJwsSize) return BadToken("the token would exceed 8 KiB");
  return token;
}

}  // namespace sluis

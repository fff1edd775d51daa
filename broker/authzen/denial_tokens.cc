#include "broker/authzen/denial_tokens.h"

#include "absl/strings/str_cat.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/random.h"

namespace sluis::authzen {
namespace {

constexpr std::string_view kEvaluation = "ev-";
constexpr std::size_t kDenialMac = 32, kNonce = 16, kLongestId = 128;

absl::Status NotBound() {
  return Error(ErrorCode::kInvalid, "DENIAL_NOT_BOUND",
               "this denial was not given to you for this question by this broker as it runs; "
               "evaluate again and send back what it answers");
}

Json EntityJson(const Entity& entity) {
  return {{"type", entity.type}, {"id", entity.id}, {"properties", entity.properties}};
}

}  // namespace

std::string BoundOf(const Question& question, const exchange::Caller& caller) {
  const Json bound = {
      {"caller", {caller.party.ToString(), caller.person, caller.mandate}},
      {"subject", EntityJson(question.subject)},
      {"action", {{"name", question.action.name}, {"properties", question.action.properties}}},
      {"resource", EntityJson(question.resource)}};
  return bound.dump();
}

DenialTokens::DenialTokens() : key_(RandomBytes(32)) {}

Bytes DenialTokens::Mac(std::string_view content, std::string_view bound) const {
  return ToBytes(HmacSha256(key_, {content, "\n", bound}));
}

std::string DenialTokens::Make(std::string_view bound, absl::Time now) const {
  const std::string content = RandomBytes(kNonce) + absl::StrCat(absl::ToUnixMillis(now));
  return std::string(kEvaluation) + Base64UrlEncode(Mac(content, bound) + content);
}

absl::Status DenialTokens::Check(const Denial& denial, std::string_view bound,
                                 absl::Time now) const {
  const std::string_view id = denial.evaluation_id;
  if (!id.starts_with(kEvaluation) || id.size() > kLongestId) return NotBound();
  const absl::StatusOr<Bytes> bytes = Base64UrlDecode(id.substr(kEvaluation.size()));
  if (!bytes.ok() || bytes->size() <= kDenialMac + kNonce) return NotBound();
  const std::string_view content = BytesView(*bytes).substr(kDenialMac);
  if (!ConstantTimeEqual(BytesView(*bytes).substr(0, kDenialMac), Mac(content, bound)))
    return NotBound();
  const auto millis = ParseDecimal(content.substr(kNonce), 1ULL << 53);
  if (!millis.ok()) return NotBound();
  const absl::Time evaluated = absl::FromUnixMillis(static_cast<std::int64_t>(*millis));
  if (denial.expires_at != evaluated + kDenialLife ||
      denial.evaluated_at.value_or(evaluated) != evaluated) {
    return NotBound();
  }
  if (now < denial.expires_at) return absl::OkStatus();
  return Error(ErrorCode::kPrecondition, "DENIAL_EXPIRED",
               "this denial is too old to ask for an approval; evaluate again");
}

}  // namespace sluis::authzen

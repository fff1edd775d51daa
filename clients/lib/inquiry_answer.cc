#include "clients/lib/inquiry_answer.h"

#include <algorithm>
#include <array>
#include <span>

#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/json.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/inquiry.h"

namespace sluis::edge {
namespace {

constexpr char kPresence[] = "presence";

absl::Status DamagedInquiryAnswer() {
  return Error(ErrorCode::kDataLoss, "ANSWER_DAMAGED",
               "this answer holds no yes and no per subject; put it back from a backup");
}

Json WhoJson(const ReleasedSubject& who) {
  if (const auto* subject = std::get_if<Subject>(&who)) {
    return {{"kind", SubjectKindName(subject->kind())},
            {"number", std::string(subject->value(SecretAccess::ForStorage()))}};
  }
  return {{"pseudonym", std::get<HeldPseudonym>(who).human_form}};
}

// The same error, with what a person can do about it.
absl::Status NotSigned(const absl::Status& status) {
  if (ReasonOf(status) != "E_SIGNATURE") return status;
  return Error(ErrorCode::kDataLoss, "E_SIGNATURE",
               "a yes or no in this answer is not signed by the partner that answered; nothing of "
               "it counts as a hit: tell the operator, and ask the partner anew");
}

std::string TextOf(const Json& line, const char* member) {
  const auto at = line.find(member);
  return at != line.end() && at->is_string() ? at->get<std::string>() : "";
}

absl::StatusOr<AskedHit> ParseHit(const Json& line) {
  if (!line.is_object() || !line.contains("hit") || !line.at("hit").is_boolean() ||
      !line.contains("position") || !line.at("position").is_number_unsigned()) {
    return DamagedInquiryAnswer();
  }
  AskedHit hit;
  hit.kind = TextOf(line, "kind");
  hit.who = TextOf(line, hit.kind.empty() ? "pseudonym" : "number");
  hit.hit = line.at("hit").get<bool>();
  hit.position = line.at("position").get<std::uint32_t>();
  const auto signature = Base64Decode(TextOf(line, "signature"));
  if (hit.who.empty() || !signature.ok()) return DamagedInquiryAnswer();
  hit.signature = *signature;
  return hit;
}

}  // namespace

absl::StatusOr<ReleaseContent> InquiryContent(const wire::Exchange& exchange,
                                              const std::vector<bool>& hits, std::size_t positions,
                                              const Ed25519PrivateKey& owner) {
  SLUIS_ASSIGN_OR_RETURN(const ParsedExchangeName name, ParseExchangeName(exchange.name()));
  std::array<bool, pseudonym::kMaxInquiry> values{};
  if (hits.empty() || hits.size() != positions || hits.size() > values.size() ||
      exchange.fields_size() != 1) {
    return InvalidField("FIELD_INVALID", "hits", "must say yes or no for each position");
  }
  std::copy(hits.begin(), hits.end(), values.begin());
  ReleaseContent content;
  content.regime = exchange.regime();
  content.subject_category = exchange.subject_category();
  content.subject_verified = exchange.subject().verified();
  content.values.push_back(
      {.field = exchange.fields(0),
       .form = kPresence,
       .value = pseudonym::EncodeHits(name.id, std::span(values).first(hits.size()), owner),
       .subjects = {}});
  return content;
}

absl::StatusOr<SecretBytes> ReadHits(const SecretBytes& content, const ExchangeId& exchange,
                                     const KeptQuestion& asked, const Ed25519PublicKey& owner) {
  const std::size_t size = asked.size == 0 ? asked.subjects.size() : asked.size;
  const auto hits = pseudonym::DecodeHits(content, exchange, size, owner);
  if (!hits.ok()) return NotSigned(hits.status());
  Json lines = Json::array();
  for (std::size_t i = 0; i < asked.subjects.size(); ++i) {
    Json line = WhoJson(asked.subjects[i]);
    const pseudonym::Hit& hit = hits->at(asked.positions[i]);
    line["hit"] = hit.hit;
    line["position"] = asked.positions[i];
    line["signature"] = Base64Encode(hit.signature);
    lines.push_back(std::move(line));
  }
  return SecretBytes::Take(lines.dump());
}

absl::StatusOr<std::vector<AskedHit>> ParseHits(const SecretBytes& kept) {
  const auto json = ParseJsonStrict(kept.Reveal(SecretAccess::ForRecipient()));
  if (!json.ok() || !json->is_array()) return DamagedInquiryAnswer();
  std::vector<AskedHit> hits;
  for (const Json& line : *json) {
    SLUIS_ASSIGN_OR_RETURN(AskedHit hit, ParseHit(line));
    hits.push_back(std::move(hit));
  }
  return hits;
}

}  // namespace sluis::edge

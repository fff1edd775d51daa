#include "broker/exchange/statement.h"

#include "broker/exchange/authzen_request.h"
#include "broker/exchange/leaves.h"
#include "broker/exchange/lookup.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

Json RequestOf(const storage::ExchangeRecord& exchange, const Decided& decided) {
  Json request = ToAuthzen(decided.request);
  Json& properties = request["resource"]["properties"];
  if (!exchange.register_name.empty()) properties["register"] = exchange.register_name;
  // A question is asked in the domain from which it comes; nothing is moved into another.
  if (!exchange.from_domain || IsQuestion(exchange.action)) return request;
  properties["from_case"] = exchange.from_domain->hex();
  properties["from_purpose"] = exchange.from_purpose;
  return request;
}

// Empty for anything but a text, which equals no label.
std::string TextAt(const Json& json, std::string_view pointer) {
  const Json::json_pointer at{std::string(pointer)};
  return json.contains(at) && json[at].is_string() ? json[at].get<std::string>() : std::string();
}

}  // namespace

bool MayHaveStatement(const storage::ExchangeRecord& exchange) {
  return exchange.action != "recall" && exchange.provider_desk == exchange.provider &&
         exchange.recipient_desk == exchange.recipient;
}

absl::StatusOr<Bytes> MakeStatement(const Turn& turn, const storage::ExchangeRecord& exchange,
                                    const Decided& decided) {
  const std::int64_t issued = absl::ToUnixSeconds(turn.now);
  pseudonym::StatementTerms terms;
  terms.exchange = exchange.id.hex();
  terms.issued = issued;
  terms.expires = issued + absl::ToInt64Seconds(kStatementLife);
  terms.pack = turn.policy.digest;
  terms.request = RequestOf(exchange, decided);
  terms.outcome = tlog::OutcomeName(OutcomeOf(decided.decision));
  terms.fields = decided.decision.fields;
  terms.rules = decided.decision.deciding_rules;
  SLUIS_ASSIGN_OR_RETURN(const pseudonym::DecisionStatement statement,
                         pseudonym::DecisionStatement::Sign(terms, turn.pseudonyms->decision_key));
  return statement.wire();
}

absl::StatusOr<pseudonym::DecisionStatement> StatementOf(const PseudonymPlane& plane,
                                                         const storage::ExchangeRecord& exchange) {
  if (exchange.statement.empty()) {
    return Error(ErrorCode::kPrecondition, "E_MANDATE",
                 "no decision covers pseudonyms here yet; prepare the answer first");
  }
  return pseudonym::DecisionStatement::Verify(exchange.statement, plane.decision_key.public_key());
}

absl::Status CheckLabels(const pseudonym::DecisionStatement& statement,
                         const ReleaseLabels& released) {
  const Json& request = statement.terms().request;
  const bool same =
      TextAt(request, "/resource/properties/regime") == released.regime &&
      TextAt(request, "/resource/properties/subject_category") == released.subject_category;
  const bool more =
      TextAt(request, "/context/facts/subject-verified") == "yes" && !released.subject_verified;
  if (same && !more) return absl::OkStatus();
  return Error(ErrorCode::kPrecondition, "ANSWER_EXCEEDS_DECISION",
               "the decision for the transcryptors was made for other labels; prepare again with "
               "those of the release");
}

}  // namespace sluis::exchange

// Pseudonyms: sending people as such, who is known under which, promotion and shredding.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "clients/lib/edge_calls.h"
#include "clients/lib/seal_exchange.h"
#include "lib/base/error.h"
#include "lib/pseudonym/decision_statement.h"
#include "lib/pseudonym/refusal.h"
#include "lib/pseudonym/shred_order.h"

namespace sluis::edge {
namespace {

constexpr char kPromote[] = "promote";
constexpr char kPromotionField[] = "promotie-opdracht";
// A stored statement or session may have ended meanwhile: then once more, with fresh ones.
constexpr int kPseudonymAttempts = 2;

bool WaitsForSession(const wire::Exchange& exchange) {
  return exchange.recipient_context().empty();
}

// Whoever is known by pseudonym alone must be known in the domain that the exchange names.
absl::Status CheckHeld(const wire::Exchange& exchange, const ReleaseContent& content) {
  const HeldPseudonym* first = nullptr;
  for (const ReleaseValue& value : content.values) {
    for (const ReleasedSubject& who : value.subjects) {
      const auto* held = std::get_if<HeldPseudonym>(&who);
      if (held == nullptr) continue;
      if (first == nullptr) first = held;
      if (held->domain != first->domain || held->domain.case_id() != exchange.from_domain() ||
          held->domain.purpose() != exchange.from_purpose()) {
        return Error(
            ErrorCode::kPrecondition, "PSEUDONYM_OF_ANOTHER_DOMAIN",
            "the exchange does not say that people are known in that domain; start it with "
            "--from-domain and --from-purpose");
      }
    }
  }
  return absl::OkStatus();
}

// Which of our sessions signs: of a promotion, which comes back to us, another than it goes
// towards.
absl::StatusOr<const HeldSession*> SigningSession(const std::vector<HeldSession>& sessions,
                                                  const wire::Exchange& exchange) {
  if (exchange.action() != kPromote) return &sessions.front();
  for (const HeldSession& session : sessions) {
    if (session.context.bytes() != exchange.recipient_context()) return &session;
  }
  return pseudonym::Refuse("E_SAME_CONTEXT", "a second session of this party is needed; open one");
}

}  // namespace

absl::StatusOr<wire::Exchange> Edge::Prepare(const wire::Exchange& exchange,
                                             const ReleaseContent& content, const Digest& wish) {
  const std::string& name = exchange.name();
  return Act(kPrepareAnswer, {name, AsView(wish)},
             std::function(
                 [&](const std::string& request_id) -> absl::StatusOr<wire::PrepareAnswerRequest> {
                   wire::PrepareAnswerRequest request;
                   request.set_name(name);
                   request.set_regime(content.regime);
                   request.set_subject_category(content.subject_category);
                   request.set_subject_verified(content.subject_verified);
                   request.set_request_id(request_id);
                   return request;
                 }));
}

absl::StatusOr<wire::Exchange> Edge::AnswerWithPeople(const wire::Exchange& exchange,
                                                      const ReleaseContent& content,
                                                      const Digest& wish) {
  SLUIS_ASSIGN_OR_RETURN(const PseudonymTrust* trust, party_.pseudonyms());
  SLUIS_RETURN_IF_ERROR(CheckHeld(exchange, content));
  for (int attempt = 1;; ++attempt) {
    SLUIS_ASSIGN_OR_RETURN(const auto sessions,
                           LiveSessions(exchange.action() == kPromote ? 2 : 1));
    SLUIS_ASSIGN_OR_RETURN(const wire::Exchange prepared, Prepare(exchange, content, wish));
    SLUIS_RETURN_IF_ERROR(CheckStillSays(exchange, prepared));
    if (WaitsForSession(prepared)) return prepared;  // without any ciphertext
    absl::StatusOr<wire::Exchange> answered =
        SendPrepared(prepared, content, wish, sessions, *trust);
    if (answered.ok() || attempt == kPseudonymAttempts || !WantsFreshness(answered.status())) {
      return answered;
    }
  }
}

absl::StatusOr<wire::Exchange> Edge::SendPrepared(const wire::Exchange& prepared,
                                                  const ReleaseContent& content, const Digest& wish,
                                                  const std::vector<HeldSession>& sessions,
                                                  const PseudonymTrust& trust) {
  SLUIS_ASSIGN_OR_RETURN(const DirectoryPtr directory, DirectoryForSealing());
  SLUIS_ASSIGN_OR_RETURN(const auto statement, pseudonym::DecisionStatement::Verify(
                                                   prepared.statement(), trust.decision_key));
  SLUIS_ASSIGN_OR_RETURN(const HeldSession* session, SigningSession(sessions, prepared));
  SLUIS_ASSIGN_OR_RETURN(const SendingTerms terms,
                         MakeSendingTerms(prepared, statement, *session, trust.epoch));
  const auto build =
      [&](const std::string& request_id) -> absl::StatusOr<wire::AnswerExchangeRequest> {
    wire::AnswerExchangeRequest request;
    request.set_name(prepared.name());
    request.set_request_id(request_id);
    SLUIS_ASSIGN_OR_RETURN(
        auto items, ReleaseItems::Encrypt(content, session->y, prepared.action() == kPromote));
    const PseudonymousRelease people{items, terms};
    SLUIS_ASSIGN_OR_RETURN(
        *request.mutable_release(),
        SealRelease(prepared, content, party_, *directory, clock_.Now(), &people));
    // Before it leaves: what was sent is found by person, whatever becomes of this process.
    for (const ReleaseItems::Sent& sent : items.SentSubjects()) {
      SLUIS_RETURN_IF_ERROR(
          subjects_->Note(*sent.subject, prepared.name(), kPartSent, sent.item, clock_.Now()));
    }
    return request;
  };
  return Act(kAnswerExchange, {prepared.name(), AsView(wish)}, std::function(build));
}

absl::StatusOr<wire::Exchange> Edge::AnnouncePromotion(const ExchangeTerms& terms) {
  wire::Exchange exchange = WriteExchange(kPromote, terms, party_.party());
  *exchange.mutable_recipient() = exchange.provider();
  if (exchange.fields().empty()) exchange.add_fields(kPromotionField);
  return Create(exchange, terms.new_case_phase);
}

absl::StatusOr<ReleaseContent> Edge::PromotionOf(const wire::Exchange& exchange,
                                                 const std::vector<std::string>& human_forms) {
  ReleaseContent content;
  content.regime = exchange.regime();
  content.subject_category = exchange.subject_category();
  ReleaseValue value{.field = kPromotionField, .form = "exact", .value = {}, .subjects = {}};
  Json text = Json::array();
  for (const std::string& typed : human_forms) {
    SLUIS_ASSIGN_OR_RETURN(HeldPseudonym held,
                           FindPseudonym(exchange.from_domain(), exchange.from_purpose(), typed));
    text.push_back({{"from", held.human_form}, {"to", {{"ref", value.subjects.size()}}}});
    value.subjects.push_back(std::move(held));
  }
  value.value = SecretBytes::Take(text.dump());
  content.values.push_back(std::move(value));
  return content;
}

absl::StatusOr<std::vector<v1::PseudonymDomain>> Edge::ListPseudonyms(
    const std::string& domain_id) const {
  return pseudonyms_->List(domain_id);
}

absl::StatusOr<HeldPseudonym> Edge::FindPseudonym(const std::string& domain_id,
                                                  const std::string& purpose,
                                                  std::string_view human_form) const {
  return pseudonyms_->Find(domain_id, purpose, human_form);
}

absl::StatusOr<std::vector<v1::Trace>> Edge::FindSubject(const Subject& subject) const {
  return subjects_->Find(subject);
}

absl::StatusOr<wire::ShredDomainResponse> Edge::ShredDomain(const pseudonym::Domain& domain) {
  const auto build =
      [&](const std::string& request_id) -> absl::StatusOr<wire::ShredDomainRequest> {
    const auto order = pseudonym::SignShredOrder(domain, clock_.Now(), party_.signing());
    wire::ShredDomainRequest request;
    request.set_parent(PartyName(party_.party()));
    request.set_order(order.order);
    request.set_signature(order.signature);
    request.set_request_id(request_id);
    return request;
  };
  if (domain.kind() != pseudonym::DomainKind::kCase ||
      domain.party() != pseudonym::Party::Of(party_.party())) {
    return pseudonym::Refuse("E_SENDER", "only a domain of this party can be shredded by it");
  }
  SLUIS_ASSIGN_OR_RETURN(const auto shredded,
                         Act(kShredDomain, {domain.bytes()}, std::function(build)));
  SLUIS_RETURN_IF_ERROR(pseudonyms_->MarkShredded(domain, clock_.Now()));
  return shredded;
}

absl::StatusOr<std::vector<pseudonym::Domain>> Edge::DomainsOf(const std::string& domain_id,
                                                               const std::string& purpose) const {
  if (!purpose.empty()) {
    SLUIS_ASSIGN_OR_RETURN(const PseudonymTrust* trust, party_.pseudonyms());
    SLUIS_ASSIGN_OR_RETURN(auto domain,
                           pseudonym::Domain::Case(trust->epoch, domain_id,
                                                   pseudonym::Party::Of(party_.party()), purpose));
    return std::vector<pseudonym::Domain>{std::move(domain)};
  }
  SLUIS_ASSIGN_OR_RETURN(const auto tables, pseudonyms_->List(domain_id));
  std::vector<pseudonym::Domain> domains;
  for (const v1::PseudonymDomain& table : tables) {
    SLUIS_ASSIGN_OR_RETURN(auto domain, pseudonym::Domain::DecodeCase(table.domain()));
    domains.push_back(std::move(domain));
  }
  if (!domains.empty()) return domains;
  return Error(
      ErrorCode::kNotFound, "DOMAIN_UNKNOWN",
      "nobody is known here in that domain; name its purpose with --purpose if it is one of "
      "yours");
}

}  // namespace sluis::edge

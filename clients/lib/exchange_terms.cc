#include "clients/lib/exchange_terms.h"

#include "clients/lib/settle.h"

namespace sluis::edge {
namespace {

bool SameParty(const wire::Party& one, const wire::Party& other) {
  return one.organisation() == other.organisation() && one.unit() == other.unit();
}

bool SameParties(const wire::Exchange& one, const wire::Exchange& other) {
  return SameParty(one.provider(), other.provider()) &&
         SameParty(one.provider_desk(), other.provider_desk()) &&
         SameParty(one.recipient(), other.recipient()) &&
         SameParty(one.recipient_desk(), other.recipient_desk());
}

bool SameDomains(const wire::Exchange& confirmed, const wire::Exchange& later) {
  return (confirmed.domain().empty() || confirmed.domain() == later.domain()) &&
         confirmed.from_domain() == later.from_domain() &&
         confirmed.from_purpose() == later.from_purpose();
}

// Only some answers of the broker bring the question itself.
bool SameQuestion(const wire::Exchange& confirmed, const wire::Exchange& later) {
  return confirmed.has_subject() == later.has_subject() &&
         confirmed.register_() == later.register_() &&
         (!later.has_question() ||
          confirmed.question().signed_request() == later.question().signed_request());
}

}  // namespace

absl::Status CheckStillSays(const wire::Exchange& confirmed, const wire::Exchange& later) {
  if (confirmed.name() == later.name() && confirmed.action() == later.action() &&
      confirmed.purpose() == later.purpose() && confirmed.legal_basis() == later.legal_basis() &&
      confirmed.case_() == later.case_() && SameQuestion(confirmed, later) &&
      SameParties(confirmed, later) && SameDomains(confirmed, later)) {
    return absl::OkStatus();
  }
  return AnswerMismatch("does not say any more what was confirmed; nothing was released");
}

wire::Exchange WriteInquiry(const InquiryTerms& terms, const Inquired& asked, const PartyId& own) {
  ExchangeTerms one;
  one.purpose = terms.purpose;
  one.legal_basis = asked.legal_basis;
  one.counterpart = asked.provider;
  one.principal = terms.principal;
  one.case_id = terms.case_id;
  one.regime = asked.regime;
  one.subject_category = asked.subject_category;
  one.fields = {terms.field};
  one.time_to_live = terms.time_to_live;
  one.from_domain = terms.from_domain;
  one.from_purpose = terms.from_purpose;
  return WriteExchange(kInquire, one, own);
}

wire::Exchange WriteExchange(std::string_view action, const ExchangeTerms& terms,
                             const PartyId& own) {
  const PartyId side{terms.principal.value_or(own.oin), own.unit};
  const bool own_side_gets = action == "request" || action == kInquire;
  wire::Exchange exchange;
  exchange.set_action(std::string(action));
  exchange.set_purpose(terms.purpose);
  exchange.set_legal_basis(terms.legal_basis);
  WriteParty(own_side_gets ? terms.counterpart : side, exchange.mutable_provider());
  WriteParty(own_side_gets ? side : terms.counterpart, exchange.mutable_recipient());
  exchange.set_case_(CaseName(terms.case_id));
  exchange.set_regime(terms.regime);
  exchange.set_subject_category(terms.subject_category);
  exchange.mutable_fields()->Add(terms.fields.begin(), terms.fields.end());
  exchange.set_mode(terms.subset ? wire::RELEASE_MODE_SUBSET : wire::RELEASE_MODE_ALL_OR_NOTHING);
  exchange.set_emergency(terms.emergency);
  if (terms.time_to_live > absl::ZeroDuration()) {
    exchange.mutable_time_to_live()->set_seconds(absl::ToInt64Seconds(terms.time_to_live));
  }
  exchange.set_from_domain(terms.from_domain);
  exchange.set_from_purpose(terms.from_purpose);
  return exchange;
}

}  // namespace sluis::edge

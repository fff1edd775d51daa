#include "tests/bench/sealed_content.h"

#include "absl/time/clock.h"
#include "tests/bench/must.h"

namespace sluis::bench {

edge::ExchangeTerms Question(const CaseId& in_case, const PartyId& answerer) {
  edge::ExchangeTerms terms;
  terms.purpose = "openbare-orde";
  terms.legal_basis = "wpg-16-1-b";
  terms.counterpart = answerer;
  terms.case_id = in_case;
  terms.regime = "wpg-8";
  terms.subject_category = "verdachte";
  terms.fields = {"p-naam", "pand-adres", "ant-politiemelding"};
  return terms;
}

Subject AskedPerson() { return Must(Subject::Create(SubjectKind::kBsn, "999990019"), "a subject"); }

edge::ReleaseContent PoliceAnswer() {
  edge::ReleaseContent content;
  content.regime = "wpg-8";
  content.subject_category = "verdachte";
  content.subject_verified = true;
  content.values.push_back({"p-naam", "exact", SecretBytes::CopyOf("Test Persoon")});
  content.values.push_back({"pand-adres", "exact", SecretBytes::CopyOf("Dorpsstraat 1")});
  content.values.push_back(
      {"ant-politiemelding", "generalised", SecretBytes::CopyOf("2026: 3 meldingen")});
  return content;
}

edge::OpenedAnswer OpenAnswerOf(const edge::wire::Exchange& exchange,
                                const edge::wire::Release& release, const edge::PartyFolder& own,
                                const identity::Directory& directory) {
  const edge::Answerer answerer = Must(edge::AnswererOf(exchange, directory), "who answered");
  const ReleaseHeader header = Must(edge::OpenHeader(exchange, release, answerer), "a header");
  return Must(edge::OpenRelease(exchange, release, header, answerer, {}, own, absl::Now()),
              "opening a release")
      .answer;
}

}  // namespace sluis::bench

#include "tests/bench/sealed_content.h"

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

}  // namespace sluis::bench

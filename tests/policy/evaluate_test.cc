// Decisions over the pack of this repository: facts, approvals, validity, modes, and what is no
// request.
#include "policy/engine/evaluate.h"

#include <gmock/gmock.h>

#include "tests/policy/the_pack.h"

namespace sluis::policy {
namespace {

using testing::At;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::PoliceRequest;
using testing::SignalInside;
using testing::ThePack;

Outcome OutcomeOf(const EvaluationRequest& request) { return Evaluate(ThePack(), request).outcome; }

// A RIEC analyst asks in a running case.
EvaluationRequest RiecRequest() {
  EvaluationRequest request = PoliceRequest();
  request.subject_organisation = request.recipient_organisation = "00000099400000001000";
  request.subject_unit = request.recipient_unit = "riec/analist";
  request.provider_organisation = "00000099100000001000";
  request.provider_unit = "gemeente/vergunningen";
  request.purpose = "riec-casus";
  request.basis = "wgs-riec";
  request.regime = "avg";
  request.subject_category = "bestuurder";
  request.fields = {"p-naam", "vrg-aanvraag"};
  request.facts = {{"zaak-open", "yes"}, {"zelfde-regio", "yes"}, {"treffer-vastgelegd", "yes"}};
  return request;
}

TEST(Evaluate, PermitsWithObligationsAndReasons) {
  const Decision decision = Evaluate(ThePack(), SignalInside());
  ASSERT_EQ(decision.outcome, Outcome::kPermitted);
  EXPECT_EQ(decision.fields.at("p-naam"), "pseudonym");
  EXPECT_EQ(decision.retention, "P6M");
  EXPECT_EQ(decision.onward, "within-case");
  EXPECT_EQ(decision.handling, "vertrouwelijk");
  EXPECT_EQ(decision.feedback_due, "P30D");
  EXPECT_FALSE(decision.emergency);
  EXPECT_THAT(decision.reason_nl, HasSubstr("met een schuilnaam"));
  EXPECT_THAT(decision.reason_en, HasSubstr("with a pseudonym"));
}

TEST(Evaluate, ReleasesNothingThatWaits) {
  const Decision decision = Evaluate(ThePack(), PoliceRequest());
  ASSERT_EQ(decision.outcome, Outcome::kNeedsApproval);
  EXPECT_THAT(decision.fields, IsEmpty());
  EXPECT_EQ(decision.retention, "");
  EXPECT_EQ(decision.handling, "");
  EXPECT_EQ(decision.approvals_needed.at("C-01").k, 1);
  EXPECT_THAT(decision.approvals_needed.at("C-01").roles, ElementsAre("politie-verstrekker"));
  EXPECT_THAT(decision.reason_nl, HasSubstr("politie moet dit eerst goedkeuren"));
}

TEST(Evaluate, AnApprovedRequestNoLongerSaysThatSomebodyMustApprove) {
  EvaluationRequest request = PoliceRequest();
  request.approvals = {{"politie-verstrekker", "a-1", request.time}};
  const Decision decision = Evaluate(ThePack(), request);
  ASSERT_EQ(decision.outcome, Outcome::kPermitted);
  EXPECT_THAT(decision.deciding_rules, ElementsAre("C-01", "P-11"));
  EXPECT_THAT(decision.reason_nl, ::testing::Not(HasSubstr("goedkeuren")));
}

TEST(Evaluate, AClosedCaseIsNotHelpedByApproval) {
  EvaluationRequest request = PoliceRequest();
  request.approvals = {{"politie-verstrekker", "a-1", request.time}};
  request.facts["zaak-open"] = "no";
  EXPECT_EQ(OutcomeOf(request), Outcome::kDeniedNoBasis);
  request.facts.erase("zaak-open");
  EXPECT_EQ(OutcomeOf(request), Outcome::kDeniedNoBasis);
}

TEST(Evaluate, OneFieldWithoutBasisDecidesForAll) {
  EvaluationRequest request = SignalInside();
  request.fields.push_back("fin-inkomen");
  const Decision decision = Evaluate(ThePack(), request);
  EXPECT_EQ(decision.outcome, Outcome::kDeniedNoBasis);
  EXPECT_THAT(decision.fields, IsEmpty());
  EXPECT_THAT(decision.deciding_rules, IsEmpty());
  EXPECT_EQ(decision.field_outcomes.at("p-naam"), Outcome::kPermitted);
}

TEST(Evaluate, SubsetReleasesWhatItMay) {
  EvaluationRequest request = SignalInside();
  request.fields.push_back("fin-inkomen");
  request.subset = true;
  const Decision decision = Evaluate(ThePack(), request);
  EXPECT_EQ(decision.outcome, Outcome::kPermitted);
  EXPECT_EQ(decision.fields.size(), 2u);
  EXPECT_EQ(decision.fields.count("fin-inkomen"), 0u);
  EXPECT_THAT(decision.reason_nl, HasSubstr("een deel"));
}

TEST(Evaluate, ProhibitionGoesBeforeNoBasis) {
  EvaluationRequest request = RiecRequest();
  request.fields = {"p-gezondheid", "fin-inkomen", "p-naam"};
  const Decision decision = Evaluate(ThePack(), request);
  EXPECT_EQ(decision.outcome, Outcome::kDeniedProhibited);
  EXPECT_THAT(decision.deciding_rules, ElementsAre("N-06"));
  request.subset = true;
  EXPECT_EQ(OutcomeOf(request), Outcome::kPermitted);
}

// Rulebook §2.15: validity is an instant, whatever zone it is written in.
TEST(Evaluate, ATemporaryProhibitionEndsAtItsInstant) {
  EvaluationRequest request = RiecRequest();
  request.subject_unit = request.recipient_unit = "riec/bureau";
  request.provider_unit = "gemeente/belastingen";
  request.regime = "fiscaal";
  request.fields = {"fin-belastingschuld"};
  request.time = At("2026-12-31T22:59:59Z");
  EXPECT_THAT(Evaluate(ThePack(), request).deciding_rules, ElementsAre("N-23"));
  request.time = At("2026-12-31T23:00:00Z");
  EXPECT_EQ(OutcomeOf(request), Outcome::kPermitted);
  request.time = At("2027-01-01T00:00:00+01:00");
  EXPECT_EQ(OutcomeOf(request), Outcome::kPermitted);
}

TEST(Evaluate, APermitCountsFromItsFirstInstant) {
  EvaluationRequest request = SignalInside();
  request.time = At("2025-02-28T22:59:59Z");
  EXPECT_EQ(OutcomeOf(request), Outcome::kDeniedNoBasis);
  request.time = At("2025-02-28T23:00:00Z");
  EXPECT_EQ(OutcomeOf(request), Outcome::kPermitted);
}

// Rulebook §2.4.
TEST(Evaluate, AnArticle20DecisionHelpsOnlyTheFieldsItNames) {
  EvaluationRequest request = PoliceRequest();
  request.subject_unit = request.recipient_unit = "gemeente/toezicht";
  request.purpose = "gebiedsaanpak";
  request.basis = "wpg-20";
  request.subject_category = "rechtspersoon";
  request.fields = {"ond-naam", "sig-feiten"};
  request.facts = {
      {"zaak-open", "yes"}, {"artikel-20-besluit", "valid"}, {"bevoegd-gezag-akkoord", "valid"}};
  request.approvals = {{"politie-verstrekker", "a-1", request.time}};
  EXPECT_EQ(OutcomeOf(request), Outcome::kDeniedNoBasis) << "no list";
  request.artikel_20_velden = {"ond-naam"};
  EXPECT_EQ(OutcomeOf(request), Outcome::kDeniedNoBasis) << "sig-feiten is not named";
  request.artikel_20_velden = {"sig-feiten", "ond-naam"};
  EXPECT_EQ(OutcomeOf(request), Outcome::kPermitted);
  request.facts["artikel-20-besluit"] = "expired";
  EXPECT_EQ(OutcomeOf(request), Outcome::kDeniedNoBasis);
}

// Rulebook §2.3: who acts for another needs a mandate, whatever else holds.
TEST(Evaluate, ActingForAnotherNeedsAMandateAndTellsTheMandator) {
  EvaluationRequest request = PoliceRequest();
  request.approvals = {{"politie-verstrekker", "a-1", request.time}};
  request.subject_organisation = "00000099100000002000";
  EXPECT_THAT(Evaluate(ThePack(), request).deciding_rules, ElementsAre("N-19"));
  request.facts["mandaat"] = "expired";
  EXPECT_EQ(OutcomeOf(request), Outcome::kDeniedProhibited);
  request.facts["mandaat"] = "valid";
  const Decision decision = Evaluate(ThePack(), request);
  EXPECT_EQ(decision.outcome, Outcome::kPermitted);
  EXPECT_THAT(decision.notify, ElementsAre("mandaatgever"));
}

TEST(Evaluate, TheRecipientIsTheRequesterUnlessSaidOtherwise) {
  EvaluationRequest request = PoliceRequest();
  request.recipient_organisation.clear();
  EXPECT_EQ(OutcomeOf(request), Outcome::kNeedsApproval);
  request = SignalInside();
  request.recipient_organisation.clear();
  EXPECT_EQ(OutcomeOf(request), Outcome::kInvalid) << "a disclosure names its recipient";
}

struct Spoiled {
  std::string member;
  std::function<void(EvaluationRequest&)> spoil;
};

class InvalidRequest : public ::testing::TestWithParam<Spoiled> {};

TEST_P(InvalidRequest, NamesTheMember) {
  EvaluationRequest request = PoliceRequest();
  GetParam().spoil(request);
  const Decision decision = Evaluate(ThePack(), request);
  EXPECT_EQ(decision.outcome, Outcome::kInvalid);
  EXPECT_EQ(decision.invalid.member, GetParam().member);
  EXPECT_NE(decision.invalid.message, "");
  EXPECT_THAT(decision.fields, IsEmpty());
  EXPECT_THAT(decision.field_outcomes, IsEmpty());
  EXPECT_THAT(decision.deciding_rules, IsEmpty());
  EXPECT_THAT(decision.reason_nl, HasSubstr(GetParam().member));
}

using R = EvaluationRequest;
INSTANTIATE_TEST_SUITE_P(
    Members, InvalidRequest,
    ::testing::Values(
        Spoiled{"subject.id", [](R& r) { r.subject_id.clear(); }},
        Spoiled{"resource.id", [](R& r) { r.resource_id.clear(); }},
        Spoiled{"subject.properties.organisation",
                [](R& r) { r.subject_organisation = "0000009910000000100"; }},
        Spoiled{"subject.properties.organisation", [](R& r) { r.subject_organisation += "0"; }},
        Spoiled{"resource.properties.provider_organisation",
                [](R& r) { r.provider_organisation[3] = 'O'; }},
        Spoiled{"resource.properties.recipient_organisation",
                [](R& r) { r.recipient_organisation = "1"; }},
        Spoiled{"subject.properties.unit", [](R& r) { r.subject_unit = "gemeente"; }},
        Spoiled{"subject.properties.unit", [](R& r) { r.subject_unit = "gemeente/burgemeester"; }},
        Spoiled{"action.name", [](R& r) { r.action = "read"; }},
        Spoiled{"action.properties.purpose", [](R& r) { r.purpose = "bestuurlijke-handhaving"; }},
        Spoiled{"action.properties.purpose", [](R& r) { r.purpose.clear(); }},
        Spoiled{"action.properties.basis", [](R& r) { r.basis = "wpg-16"; }},
        Spoiled{"resource.properties.provider_unit", [](R& r) { r.provider_unit = "politie/*"; }},
        Spoiled{"resource.properties.recipient_unit", [](R& r) { r.recipient_unit.clear(); }},
        Spoiled{"resource.properties.regime", [](R& r) { r.regime = "wpg"; }},
        Spoiled{"resource.properties.subject_category",
                [](R& r) { r.subject_category = "Verdachte"; }},
        Spoiled{"resource.properties.case_phase", [](R& r) { r.case_phase = "any"; }},
        Spoiled{"resource.properties.fields", [](R& r) { r.fields.clear(); }},
        Spoiled{"resource.properties.fields[3]", [](R& r) { r.fields.push_back("p-naam"); }},
        Spoiled{"resource.properties.fields[0]", [](R& r) { r.fields[0] = "p-schoenmaat"; }},
        Spoiled{"context.facts", [](R& r) { r.facts["zaak"] = "yes"; }},
        Spoiled{"context.facts", [](R& r) { r.facts["artikel-20-velden"] = "p-naam"; }},
        Spoiled{"context.facts.zaak-open", [](R& r) { r.facts["zaak-open"] = "valid"; }},
        Spoiled{"context.facts.optreden", [](R& r) { r.facts["optreden"] = "eigen"; }},
        Spoiled{"context.facts.zelfde-organisatie",
                [](R& r) { r.facts["zelfde-organisatie"] = "yes"; }},
        Spoiled{"context.approvals[0].role",
                [](R& r) {
                  r.approvals = {{"burgemeester", "a-1", r.time}};
                }},
        Spoiled{"context.approvals[0].person", [](R& r) {
                  r.approvals = {{"teamleider", "", r.time}};
                }}));

TEST(InvalidRequest, SuggestsTheNearestWordAndNeverRepeatsTheOneSent) {
  EvaluationRequest request = PoliceRequest();
  request.purpose = "openbare-order";
  const Decision decision = Evaluate(ThePack(), request);
  EXPECT_THAT(decision.invalid.message, HasSubstr("did you mean `openbare-orde`?"));
  EXPECT_THAT(decision.invalid.message, ::testing::Not(HasSubstr("openbare-order")));
}

}  // namespace
}  // namespace sluis::policy

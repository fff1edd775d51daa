// The emergency path (rulebook §2.12): opens little, for a short time, never over an absolute
// prohibition.
#include <gmock/gmock.h>

#include "policy/engine/evaluate.h"
#include "tests/policy/the_pack.h"

namespace sluis::policy {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::PoliceRequest;
using testing::ThePack;

// E-01: a weapon in premises, investigation data, no case, nobody approved.
EvaluationRequest Weapon() {
  EvaluationRequest request = PoliceRequest();
  request.emergency = true;
  request.regime = "wpg-9";
  request.case_phase = "geen";
  request.fields = {"pand-adres", "ant-vuurwapen"};
  request.facts.clear();
  return request;
}

TEST(Emergency, PermitsWithoutApprovalUnderReview) {
  const Decision decision = Evaluate(ThePack(), Weapon());
  ASSERT_EQ(decision.outcome, Outcome::kPermitted);
  EXPECT_THAT(decision.deciding_rules, ElementsAre("E-01"));
  EXPECT_TRUE(decision.emergency);
  EXPECT_EQ(decision.retention, "P3D");
  EXPECT_EQ(decision.onward, "none");
  EXPECT_EQ(decision.emergency_terms.max_access, "PT24H");
  EXPECT_EQ(decision.emergency_terms.review_within, "P3D");
  EXPECT_THAT(decision.emergency_terms.review_by, ElementsAre("privacy-officer", "teamleider"));
  EXPECT_THAT(decision.notify, ElementsAre("burgemeester", "korpschef"));
  EXPECT_THAT(decision.approvals_needed, IsEmpty());
}

TEST(Emergency, MustBeClaimed) {
  EvaluationRequest request = Weapon();
  request.emergency = false;
  EXPECT_EQ(Evaluate(ThePack(), request).outcome, Outcome::kDeniedNoBasis);
}

TEST(Emergency, DoesNotOpenFieldsItDoesNotName) {
  EvaluationRequest request = Weapon();
  request.fields.push_back("p-adres");
  EXPECT_EQ(Evaluate(ThePack(), request).outcome, Outcome::kDeniedNoBasis);
}

TEST(Emergency, ClaimingItChangesNothingThatIsPermittedAnyway) {
  EvaluationRequest request = PoliceRequest();
  request.approvals = {{"politie-verstrekker", "a-1", request.time}};
  request.emergency = true;
  const Decision decision = Evaluate(ThePack(), request);
  EXPECT_THAT(decision.deciding_rules, ElementsAre("C-01", "P-11"));
  EXPECT_FALSE(decision.emergency);
  EXPECT_EQ(decision.retention, "P1Y");
}

TEST(Emergency, TakesTheShorterTermsWhenBothWaysCarryARequest) {
  EvaluationRequest request = PoliceRequest();
  request.approvals = {{"politie-verstrekker", "a-1", request.time}};
  request.emergency = true;
  // P-11 carries the report; only E-01 carries the danger.
  request.fields = {"ant-politiemelding", "pand-gevaarzetting"};
  const Decision decision = Evaluate(ThePack(), request);
  ASSERT_EQ(decision.outcome, Outcome::kPermitted);
  EXPECT_THAT(decision.deciding_rules, ElementsAre("C-01", "E-01", "P-11"));
  EXPECT_TRUE(decision.emergency);
  EXPECT_EQ(decision.retention, "P3D");
  EXPECT_EQ(decision.onward, "none");
}

TEST(Emergency, AnAbsoluteProhibitionStandsAndOnlyItIsNamed) {
  EvaluationRequest request = Weapon();
  // Acting for another without a mandate.
  request.subject_organisation = "00000099100000002000";
  EXPECT_THAT(Evaluate(ThePack(), request).deciding_rules, ElementsAre("N-19"));
  request = Weapon();
  request.regime = "wpg-12";
  EXPECT_THAT(Evaluate(ThePack(), request).deciding_rules, ElementsAre("N-01"));
}

TEST(Emergency, AnOrdinaryProhibitionYieldsToAnEmergencyRuleAlone) {
  EvaluationRequest request = Weapon();
  request.subject_organisation = request.provider_organisation;
  request.subject_unit = request.provider_unit = "gemeente/sociaal-domein";
  request.subject_organisation = request.provider_organisation = "00000099100000001000";
  request.recipient_organisation = "00000099200000001000";
  request.recipient_unit = "politie/basisteam";
  request.action = "disclose";
  request.purpose = "acute-hulpverlening";
  request.basis = "avg-6-1-d";
  request.regime = "jeugd";
  request.subject_category = "minderjarige";
  request.fields = {"p-naam"};
  EXPECT_THAT(Evaluate(ThePack(), request).deciding_rules, ElementsAre("E-02"));
  // No emergency rule for this field: then the ordinary prohibition is the answer.
  request.fields = {"p-schoolverzuim"};
  EXPECT_THAT(Evaluate(ThePack(), request).deciding_rules, ElementsAre("N-16"));
  request.fields = {"p-naam"};
  request.emergency = false;
  EXPECT_THAT(Evaluate(ThePack(), request).deciding_rules, ElementsAre("N-16"));
}

}  // namespace
}  // namespace sluis::policy

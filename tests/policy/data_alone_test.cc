// A new purpose, a new unit and a new field are each a matter of data: one file more in the pack,
// and no line of code.
#include <gmock/gmock.h>

#include "policy/engine/compiled_pack.h"
#include "policy/engine/evaluate.h"
#include "policy/engine/possible.h"
#include "policy/engine/prove.h"
#include "tests/policy/the_pack.h"
#include "tests/support/status_matchers.h"

namespace sluis::policy {
namespace {

std::string PermitFor(const std::string& purpose, const std::string& recipient,
                      const std::string& field) {
  return R"(permit {
  head {
    id: "P-900" title: "Nieuw" law: "AVG 6(1)e" review: TO_BE_CONFIRMED_BY_JURIST
    reason { nl: "Dit is nieuw." en: "This is new." }
  }
  box {
    action: "disclose" purpose: ")" +
         purpose + R"(" provider: "gemeente/toezicht" recipient: ")" + recipient + R"("
    basis: "avg-6-1-e+gemeentewet-172" regime: "avg" subject_category: "pand" case_phase: "signaal"
  }
  release { form: "exact" field: ")" +
         field + R"(" }
  obligations { retention: "P6M" onward: "none" handling: "vertrouwelijk" }
})";
}

// The pack with one file more, and what it decides.
void ExpectPermitted(const std::string& words, const EvaluationRequest& request,
                     const std::string& permit) {
  EXPECT_EQ(Evaluate(testing::ThePack(), request).outcome, Outcome::kInvalid)
      << "the word is not new";
  std::vector<PackText> texts = testing::ThePackTexts();
  texts.push_back({"new.txtpb", words + permit});
  const auto pack = LoadPackTexts(texts);
  ASSERT_OK(pack);
  const CompiledPack compiled(*pack);
  const Decision decision = compiled.Evaluate(request);
  EXPECT_EQ(decision.outcome, Outcome::kPermitted) << decision.reason_en << decision.invalid.member;
  EXPECT_THAT(decision.deciding_rules, ::testing::Contains("P-900"));
  EXPECT_TRUE(decision == Evaluate(**pack, request));
  EXPECT_TRUE(RequireProved(**pack, {}).ok()) << "the invariants hold for the new word too";
}

EvaluationRequest Request() {
  EvaluationRequest request = testing::SignalInside();
  request.subject_category = "pand";
  request.fields = {"pand-adres"};
  return request;
}

TEST(DataAlone, ANewPurpose) {
  EvaluationRequest request = Request();
  request.purpose = "nieuw-doel";
  ExpectPermitted(
      R"(purpose_group { id: "nieuwe-groep"
           purpose { id: "nieuw-doel" meaning { nl: "nieuw" en: "new" } } }
)",
      request, PermitFor("nieuw-doel", "gemeente/oov", "pand-adres"));
}

TEST(DataAlone, ANewUnit) {
  EvaluationRequest request = Request();
  request.recipient_unit = "waterschap/handhaving";
  ExpectPermitted("kind { id: \"waterschap\" department: \"handhaving\" }\n", request,
                  PermitFor("signaal-intake", "waterschap/handhaving", "pand-adres"));
}

TEST(DataAlone, ANewField) {
  EvaluationRequest request = Request();
  request.fields = {"pand-nieuw"};
  ExpectPermitted(
      R"(field { id: "pand-nieuw" category: "pand" type: "string" sensitivity: "normal"
                 form: ["presence", "exact"] meaning { nl: "nieuw" en: "new" } }
)",
      request, PermitFor("signaal-intake", "gemeente/oov", "pand-nieuw"));
}

}  // namespace
}  // namespace sluis::policy

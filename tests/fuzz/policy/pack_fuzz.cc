// Pack text, beside a small vocabulary. Properties: an accepted pack has canonical bytes, says the
// same when it is read again, decides without an approval only what a permit or an emergency rule
// carries, and compiled it decides the same; proofs and checks end.
#include <cstdint>
#include <cstdlib>

#include "lib/base/json.h"
#include "policy/engine/compiled_pack.h"
#include "policy/engine/evaluate.h"
#include "policy/engine/lint.h"
#include "policy/engine/loader.h"
#include "policy/engine/options.h"
#include "policy/engine/prove.h"

namespace {

using namespace sluis::policy;

constexpr char kWords[] = R"(
bundle: "klein" version: "1"
action { id: "request" meaning { nl: "n" en: "e" } }
purpose_group { id: "orde" purpose { id: "openbare-orde" meaning { nl: "n" en: "e" } } }
kind { id: "gemeente" department: ["oov", "toezicht"] }
regime { id: "avg" meaning { nl: "n" en: "e" } }
subject_category { id: "pand" meaning { nl: "n" en: "e" } }
case_phase { id: "casus" meaning { nl: "n" en: "e" } }
form { id: "presence" meaning { nl: "n" en: "e" } }
form { id: "exact" meaning { nl: "n" en: "e" } }
field { id: "p-naam" category: "persoon" type: "string" sensitivity: "normal"
        form: ["presence", "exact"] meaning { nl: "n" en: "e" } }
fact { id: "zaak-open" value: ["yes", "no", "unknown"] meaning { nl: "n" en: "e" } }
approval_role { id: "teamleider" given_by: REQUESTER meaning { nl: "n" en: "e" } }
handling { id: "intern" meaning { nl: "n" en: "e" } }
onward { id: "named" meaning { nl: "n" en: "e" } }
onward { id: "none" meaning { nl: "n" en: "e" } }
basis { id: "avg-6" law: "AVG" law_id: "2016/679" article: "6" review: VERIFIED
        meaning { nl: "n" en: "e" } }
)";

void Require(bool holds) {
  if (!holds) std::abort();
}

EvaluationRequest Request() {
  EvaluationRequest request;
  request.subject_id = "f-001";
  request.subject_organisation = request.provider_organisation = "00000099100000001000";
  request.subject_unit = request.recipient_unit = "gemeente/oov";
  request.provider_unit = "gemeente/toezicht";
  request.action = "request";
  request.purpose = "openbare-orde";
  request.basis = "avg-6";
  request.resource_id = "z";
  request.regime = "avg";
  request.subject_category = "pand";
  request.case_phase = "casus";
  request.fields = {"p-naam"};
  request.facts = {{"zaak-open", "yes"}};
  request.time = absl::FromUnixSeconds(1795424400);
  return request;
}

void CheckDecision(const Pack& pack) {
  const CompiledPack compiled(std::shared_ptr<const Pack>(std::shared_ptr<const Pack>(), &pack));
  EvaluationRequest request = Request();
  Decision decision = Evaluate(pack, request);
  Require(compiled.Evaluate(request) == decision);
  Require(decision.outcome != Outcome::kInvalid);
  Require((decision.outcome == Outcome::kPermitted) == !decision.fields.empty());
  if (pack.rules().permits.empty()) Require(decision.outcome > Outcome::kNeedsApproval);
  request.emergency = true;
  decision = Evaluate(pack, request);
  Require(compiled.Evaluate(request) == decision);
  Require(!decision.emergency || !pack.rules().emergencies.empty());
  OptionsQuery query;
  query.unit = "gemeente/oov";
  query.time = request.time;
  if (decision.outcome <= Outcome::kNeedsApproval) Require(!ListOptions(pack, query).empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string input(reinterpret_cast<const char*>(data), size);
  (void)LoadPackTexts({{"alone", input}});
  const auto pack = LoadPackTexts({{"words", kWords}, {"rules", input}});
  if (!pack.ok()) return 0;
  const std::string canonical = CanonicalBytes(**pack);
  Require(sluis::ParseCanonicalJson(canonical).ok());
  const auto again = LoadPackTexts({{"rules", input}, {"words", kWords}});
  Require(again.ok());
  CheckDecision(**pack);
  constexpr std::uint64_t kFewSteps = 20'000;
  for (const Proof& proof : ProveAll(**pack, {kFewSteps}))
    Require(proof.counterexample.has_value() == (proof.verdict == Verdict::kViolated));
  Steps steps(kFewSteps);
  (void)LintPack(**pack, Request().time, steps);
  return 0;
}

#include "broker/authzen/exchange_point.h"

#include <utility>

#include "broker/authzen/exchange_approval.h"
#include "broker/authzen/exchange_question.h"
#include "broker/authzen/exchange_search.h"
#include "broker/authzen/exchange_verdict.h"
#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"

namespace sluis::authzen {
namespace {

class ExchangeHearing : public Hearing {
 public:
  ExchangeHearing(exchange::Service& service, const DenialTokens& denials,
                  std::unique_ptr<exchange::Moment> moment)
      : service_(service), denials_(denials), moment_(std::move(moment)) {}

  absl::StatusOr<Verdict> Decide(const Question& question) override {
    SLUIS_ASSIGN_OR_RETURN(Weighed weighed, WeighOne(question, &tried_));
    return std::move(weighed.verdict);
  }

  absl::StatusOr<std::vector<Json>> Search(Searched searched, const Question& question) override {
    ExchangeSearch search(*moment_, [this](const Question& one) { return WeighOne(one, nullptr); });
    switch (searched) {
      case Searched::kSubject:
        return search.Subjects(question);
      case Searched::kAction:
        return search.Actions(question);
      case Searched::kResource:
        return search.Resources(question);
      case Searched::kNothing:
        break;
    }
    return std::vector<Json>();
  }

  absl::Status Close() override { return service_.NoteTrials(*moment_, tried_); }

  std::string Policy() const override { return HexEncode(AsView(moment_->policy().digest)); }

 private:
  // `noted` takes what must be in the log.
  absl::StatusOr<Weighed> WeighOne(const Question& question,
                                   std::vector<exchange::ExchangeResult>* noted) const {
    const ExchangeQuestion mapped = MapToExchange(question, moment_->caller());
    if (mapped.fault.found()) return Weighed{InvalidVerdict(mapped.fault, *moment_), {}};
    if (mapped.subject_mismatch) return Weighed{MismatchVerdict(*moment_), {}};
    SLUIS_ASSIGN_OR_RETURN(const BroughtApproval approval, LookUpApproval(mapped, *moment_));
    absl::StatusOr<exchange::ExchangeResult> decided =
        moment_->TryOut(mapped.ask, approval.approvals);
    if (!decided.ok()) {
      const Fault fault = FaultOf(decided.status());
      if (!fault.found()) return decided.status();
      return Weighed{InvalidVerdict(fault, *moment_), {}};
    }
    Weighed weighed{VerdictOf(mapped, *decided, *moment_), {}};
    TellNextStep(approval, weighed.verdict);
    Bind(question, weighed.verdict);
    for (const auto& [field, form] : decided->decision.fields) weighed.fields.push_back(field);
    if (noted != nullptr) noted->push_back(*std::move(decided));
    return weighed;
  }

  // What can be asked for by this denial can be asked for by nobody else, and for nothing else.
  void Bind(const Question& question, Verdict& verdict) const {
    if (!verdict.context.contains("access_request")) return;
    verdict.context["evaluation_id"] =
        denials_.Make(BoundOf(question, moment_->caller()), moment_->now());
  }

  exchange::Service& service_;
  const DenialTokens& denials_;
  const std::unique_ptr<exchange::Moment> moment_;
  std::vector<exchange::ExchangeResult> tried_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<Hearing>> ExchangePoint::Open(const exchange::Caller& caller) {
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<exchange::Moment> moment, service_.Look(caller));
  return std::make_unique<ExchangeHearing>(service_, denials_, std::move(moment));
}

}  // namespace sluis::authzen

// The rules read backwards for one caller: what may I ask, of whom, who may get this from me. The
// candidates come from the proofs of policy/engine/possible.h, the directory and the caller's own
// cases; each is then decided as a single question, so that only what is true is a result.
#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "broker/authzen/decision_point.h"
#include "broker/exchange/moment.h"

namespace sluis::authzen {

// A verdict, and what it releases.
struct Weighed {
  Verdict verdict;
  std::vector<std::string> fields;
};

// For one search; one thread at a time. Everything given outlives it.
class ExchangeSearch {
 public:
  using Weigh = std::function<absl::StatusOr<Weighed>(const Question&)>;
  ExchangeSearch(const exchange::Moment& moment, Weigh weigh)
      : moment_(moment), weigh_(std::move(weigh)) {}

  // The caller himself, or nobody: the broker keeps no list of employees.
  absl::StatusOr<std::vector<Json>> Subjects(const Question& question);
  // Names with purpose and basis.
  absl::StatusOr<std::vector<Json>> Actions(const Question& question);
  // The caller's cases. Of the other side, regime, subject category and fields, what the question
  // leaves open is filled in, result by result.
  absl::StatusOr<std::vector<Json>> Resources(const Question& question);

 private:
  using Given = std::map<std::string, std::vector<std::string>>;
  absl::Status InCase(const Question& question, const storage::CaseRecord& the_case);
  absl::Status WithUnit(Question question, Given given, const std::string& unit);
  absl::Status WithLabels(const Question& question, const Given& given,
                          const std::vector<PartyId>& desks);
  absl::Status WithDesk(Question question, const std::vector<std::string>& fields);
  absl::Status WithBases(Question question, const Given& given);

  absl::StatusOr<std::vector<std::string>> Possible(const std::string& wanted, const Given& given);
  // What the question says of it, else what is possible.
  absl::StatusOr<std::vector<std::string>> SaidOrPossible(const Question& question,
                                                          const std::string& property,
                                                          const Given& given);
  std::vector<PartyId> DesksOf(const Question& question, const std::string& unit) const;
  absl::StatusOr<Weighed> Try(const Question& question);
  void Add(Json result, const Weighed& weighed);

  const exchange::Moment& moment_;
  const Weigh weigh_;
  std::map<std::string, std::vector<std::string>> known_;
  int tried_ = 0;
  std::vector<Json> results_;
};

}  // namespace sluis::authzen

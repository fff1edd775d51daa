#include "policy/engine/merge.h"

#include <algorithm>

namespace sluis::policy {
namespace {

void KeepShortest(std::optional<Period>& kept, const std::optional<Period>& other) {
  if (other.has_value() && (!kept.has_value() || *other < *kept)) kept = other;
}

std::vector<std::string> Sorted(const CodeSet& set) { return {set.begin(), set.end()}; }

std::string TextOf(const std::optional<Period>& period) {
  return period.has_value() ? period->text : "";
}

}  // namespace

void ObligationMerge::AddOnward(const Obligations& obligations) {
  const int rank = pack_.OnwardRank(obligations.onward), kept = pack_.OnwardRank(onward_);
  if (rank < kept || obligations.onward.empty()) return;
  if (rank > kept) {
    onward_ = obligations.onward;
    onward_to_ = obligations.onward_to;
    return;
  }
  // Two rules name whom: only who stands in both lists may get it.
  CodeSet both;
  std::set_intersection(onward_to_.begin(), onward_to_.end(), obligations.onward_to.begin(),
                        obligations.onward_to.end(), std::inserter(both, both.end()));
  onward_to_ = std::move(both);
}

void ObligationMerge::Add(const Obligations& obligations) {
  KeepShortest(retention_, obligations.retention);
  KeepShortest(feedback_due_, obligations.feedback_due);
  AddOnward(obligations);
  if (pack_.HandlingRank(obligations.handling) > pack_.HandlingRank(handling_)) {
    handling_ = obligations.handling;
  }
  notify_.insert(obligations.notify.begin(), obligations.notify.end());
  if (!obligations.mark.empty()) marks_.insert(obligations.mark);
  if (obligations.min_cell.has_value())
    min_cell_ = std::max(min_cell_.value_or(0), *obligations.min_cell);
}

void ObligationMerge::AddEmergency(const Emergency& rule) {
  Add(rule.obligations);
  KeepShortest(max_use_, rule.max_use);
  KeepShortest(review_within_, rule.review_within);
  review_roles_.insert(rule.review_roles.begin(), rule.review_roles.end());
}

void ObligationMerge::WriteTo(Decision& decision) const {
  decision.retention = TextOf(retention_);
  decision.feedback_due = TextOf(feedback_due_);
  decision.onward = onward_;
  decision.onward_to = Sorted(onward_to_);
  decision.handling = handling_;
  decision.notify = Sorted(notify_);
  decision.marks = Sorted(marks_);
  decision.min_cell = min_cell_;
  if (!max_use_.has_value()) return;
  decision.emergency = true;
  decision.emergency_terms = {TextOf(max_use_), TextOf(review_within_), Sorted(review_roles_)};
}

}  // namespace sluis::policy

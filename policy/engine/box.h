// Does a request lie in a box (rulebook §2.1 to §2.5)?
#pragma once

#include <map>
#include <string>

#include "policy/engine/request.h"
#include "policy/engine/rules.h"

namespace sluis::policy {

// True for disclose and recall, where the provider acts; else the recipient does.
bool ProviderActs(std::string_view action);

// A valid request with the facts filled in: derived ones computed, those not sent unknown.
class Situation {
 public:
  // `request` must outlive it.
  explicit Situation(const EvaluationRequest& request);

  // Every dimension of the request but the field is in the box.
  bool LiesIn(const Box& box) const;
  // Every fact the box names has a value it lists, as it stands for this field.
  bool HasFactsOf(const Box& box, const std::string& field) const;
  // The whole box, its own list of fields included.
  bool Matches(const Box& box, const std::string& field) const;

  const EvaluationRequest& request() const { return request_; }

 private:
  std::string FactValue(const std::string& fact, const std::string& field) const;

  const EvaluationRequest& request_;
  std::map<std::string, std::string> facts_;
};

}  // namespace sluis::policy

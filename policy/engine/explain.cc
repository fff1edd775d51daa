#include "policy/engine/explain.h"

#include <algorithm>

#include "absl/strings/str_cat.h"

namespace sluis::policy {
namespace {

void Append(std::string& text, const std::string& sentence) {
  if (sentence.empty() || text.find(sentence) != std::string::npos) return;
  if (!text.empty()) text += ' ';
  text += sentence;
}

void Append(Text& text, const Text& sentences) {
  Append(text.nl, sentences.nl);
  Append(text.en, sentences.en);
}

bool IsPartial(const Decision& decision) {
  return decision.fields.size() < decision.field_outcomes.size();
}

Text Opening(const Decision& decision) {
  switch (decision.outcome) {
    case Outcome::kPermitted:
      if (IsPartial(decision))
        return {"U krijgt een deel van de gegevens.", "Part of the data may be shared."};
      return {"Dit mag.", "This is permitted."};
    case Outcome::kNeedsApproval:
      return {"Dit mag nog niet.", "This is not permitted yet."};
    case Outcome::kDeniedNoBasis:
      return {
          "Dit mag niet: er is geen regel die dit toestaat. Kijk of het doel, de grondslag en de "
          "zaak kloppen, "
          "of vraag uw privacy-officer.",
          "This is not permitted: no rule allows it. Check the purpose, the legal basis and the "
          "case, or ask "
          "your privacy officer."};
    case Outcome::kDeniedProhibited:
      return {"Dit mag niet.", "This is not permitted."};
    case Outcome::kInvalid:
      break;
  }
  return {absl::StrCat("Deze vraag klopt niet. Kijk naar dit onderdeel: ", decision.invalid.member,
                       "."),
          absl::StrCat("This request is not valid. Look at ", decision.invalid.member, ": ",
                       decision.invalid.message, ".")};
}

void AppendReasons(const Pack& pack, const std::vector<std::string>& ids, Text& text) {
  for (const std::string& id : ids) {
    if (const Rule* rule = pack.FindRule(id)) Append(text, rule->reason);
  }
}

const Condition* FindCondition(const Pack& pack, const std::string& id) {
  const auto& conditions = pack.rules().conditions;
  const auto found = std::find_if(conditions.begin(), conditions.end(),
                                  [&](const Condition& condition) { return condition.id == id; });
  return found == conditions.end() ? nullptr : &*found;
}

// A condition that is met asks nothing any more; its line would say that somebody must still
// approve.
std::vector<std::string> Speaking(const Pack& pack, const Decision& decision) {
  std::vector<std::string> ids = decision.deciding_rules;
  if (decision.outcome != Outcome::kPermitted) return ids;
  std::erase_if(ids, [&](const std::string& id) {
    const Condition* condition = FindCondition(pack, id);
    return condition != nullptr && condition->approval.has_value();
  });
  // The permit's line first, what comes on top after it.
  std::stable_partition(ids.begin(), ids.end(),
                        [&](const std::string& id) { return FindCondition(pack, id) == nullptr; });
  return ids;
}

}  // namespace

Text Explain(const Pack& pack, const Decision& decision) {
  Text text = Opening(decision);
  AppendReasons(pack, Speaking(pack, decision), text);
  if (decision.outcome == Outcome::kPermitted && !decision.approvals_needed.empty()) {
    Append(text, {"De rest wacht op akkoord.", "The rest waits for approval."});
    std::vector<std::string> waiting;
    for (const auto& [id, need] : decision.approvals_needed) waiting.push_back(id);
    AppendReasons(pack, waiting, text);
  }
  return text;
}

}  // namespace sluis::policy

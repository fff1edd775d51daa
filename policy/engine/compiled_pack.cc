#include "policy/engine/compiled_pack.h"

#include <set>
#include <utility>

#include "policy/engine/bits.h"
#include "policy/engine/compiled_rules.h"
#include "policy/engine/evaluate.h"
#include "policy/engine/explain.h"
#include "policy/engine/ruling.h"

namespace sluis::policy {
namespace {

// A ruling in words.
class Teller {
 public:
  Teller(const Pack& pack, const CompiledRules& rules, const Ruling& ruling)
      : pack_(pack), rules_(rules), r_(ruling), words_(rules.interner.field_words) {}

  Decision Tell() const;

 private:
  Outcome OutcomeOf(std::size_t field) const {
    if (HasBit(r_.permitted.data(), field) || HasBit(r_.by_emergency.data(), field))
      return Outcome::kPermitted;
    if (HasBit(r_.needs_approval.data(), field)) return Outcome::kNeedsApproval;
    if (HasBit(r_.prohibited.data(), field)) return Outcome::kDeniedProhibited;
    return Outcome::kDeniedNoBasis;
  }
  bool Meets(const Matches& matches, std::size_t match,
             const std::vector<std::uint64_t>& fields) const {
    std::uint64_t both = 0;
    for (std::size_t w = 0; w < words_; ++w) both |= matches.masks[match * words_ + w] & fields[w];
    return both != 0;
  }
  std::string PeriodText(std::int32_t place) const {
    return place < 0 ? "" : rules_.periods[static_cast<std::size_t>(place)].text;
  }
  std::vector<std::string> WordsOf(const std::vector<std::uint64_t>& set) const {
    std::vector<std::string> words;
    ForEachBit(set.data(), set.size(),
               [&](std::size_t word) { words.push_back(rules_.words.word(word)); });
    return words;  // numbered in the order of the alphabet
  }
  void TellRelease(Decision& decision) const;
  void TellObligations(Decision& decision) const;
  void TellApprovals(Decision& decision) const;
  void TellProhibitions(Decision& decision) const;

  const Pack& pack_;
  const CompiledRules& rules_;
  const Ruling& r_;
  const std::size_t words_;
};

template <typename RuleType>
const std::string& IdOf(const std::vector<RuleType>& rules, const Match& match) {
  return rules[match.row].id;
}

void Teller::TellRelease(Decision& decision) const {
  const Rules& rules = pack_.rules();
  std::set<std::string> deciding;
  for (std::size_t i = 0; i < r_.fields.size(); ++i) {
    if (OutcomeOf(r_.fields[i]) != Outcome::kPermitted) continue;
    decision.fields.emplace(rules_.interner.fields.word(r_.fields[i]),
                            rules_.interner.forms.word(r_.forms[i]));
  }
  for (std::size_t m = 0; m < r_.permits.list.size(); ++m) {
    if (Meets(r_.permits, m, r_.permitted))
      deciding.insert(IdOf(rules.permits, r_.permits.list[m]));
  }
  for (std::size_t m = 0; m < r_.emergencies.list.size(); ++m) {
    if (Meets(r_.emergencies, m, r_.by_emergency))
      deciding.insert(IdOf(rules.emergencies, r_.emergencies.list[m]));
  }
  for (std::size_t m = 0; m < r_.conditions.list.size(); ++m) {
    const Condition& condition = rules.conditions[r_.conditions.list[m].row];
    if (Meets(r_.conditions, m, r_.permitted) ||
        (condition.has_obligation && Meets(r_.conditions, m, r_.by_emergency))) {
      deciding.insert(condition.id);
    }
  }
  decision.deciding_rules.assign(deciding.begin(), deciding.end());
}

void Teller::TellObligations(Decision& decision) const {
  const MergedObligations& merged = r_.obligations;
  const CompiledObligations& terms = merged.terms;
  const Vocabulary& vocabulary = pack_.vocabulary();
  decision.retention = PeriodText(terms.retention);
  decision.feedback_due = PeriodText(terms.feedback_due);
  if (terms.onward >= 0)
    decision.onward = vocabulary.onward[static_cast<std::size_t>(terms.onward)].id;
  if (terms.handling >= 0)
    decision.handling = vocabulary.handling[static_cast<std::size_t>(terms.handling)].id;
  decision.onward_to = WordsOf(merged.onward_to);
  decision.notify = WordsOf(merged.notify);
  decision.marks = WordsOf(merged.marks);
  if (terms.min_cell >= 0) decision.min_cell = terms.min_cell;
  if (terms.max_use < 0) return;
  decision.emergency = true;
  decision.emergency_terms = {PeriodText(terms.max_use), PeriodText(terms.review_within),
                              WordsOf(merged.reviewers)};
}

void Teller::TellApprovals(Decision& decision) const {
  for (std::size_t m = 0; m < r_.conditions.list.size(); ++m) {
    const Match& match = r_.conditions.list[m];
    if (!match.unmet || !Meets(r_.conditions, m, r_.needs_approval)) continue;
    const Condition& condition = pack_.rules().conditions[match.row];
    decision.approvals_needed[condition.id] = {condition.approval->count,
                                               condition.approval->roles};
  }
}

void Teller::TellProhibitions(Decision& decision) const {
  std::set<std::string> deciding;
  std::vector<std::uint64_t> any = r_.prohibited, absolutely = r_.prohibited;
  for (std::size_t w = 0; w < words_; ++w) {
    absolutely[w] &= r_.absolutely[w];
    // Where an absolute one stands in the way of an emergency, only those are named.
    if (r_.emergency) any[w] &= ~r_.absolutely[w];
  }
  for (std::size_t m = 0; m < r_.prohibitions.list.size(); ++m) {
    const Prohibition& rule = pack_.rules().prohibitions[r_.prohibitions.list[m].row];
    if (Meets(r_.prohibitions, m, any) || (rule.absolute && Meets(r_.prohibitions, m, absolutely)))
      deciding.insert(rule.id);
  }
  decision.deciding_rules.assign(deciding.begin(), deciding.end());
}

Decision Teller::Tell() const {
  Decision decision;
  decision.outcome = r_.outcome;
  for (const std::uint32_t field : r_.fields)
    decision.field_outcomes.emplace(rules_.interner.fields.word(field), OutcomeOf(field));
  switch (r_.outcome) {
    case Outcome::kPermitted:
      TellRelease(decision);
      TellObligations(decision);
      TellApprovals(decision);
      break;
    case Outcome::kNeedsApproval:
      TellApprovals(decision);
      for (const auto& [id, need] : decision.approvals_needed)
        decision.deciding_rules.push_back(id);
      break;
    case Outcome::kDeniedProhibited:
      TellProhibitions(decision);
      break;
    case Outcome::kDeniedNoBasis:
    case Outcome::kInvalid:
      break;
  }
  Text reason = Explain(pack_, decision);
  decision.reason_nl = std::move(reason.nl);
  decision.reason_en = std::move(reason.en);
  return decision;
}

}  // namespace

CompiledPack::Room::Room(const CompiledPack& pack)
    : ruling_(std::make_unique<Ruling>(*pack.rules_)) {}
CompiledPack::Room::Room(Room&&) noexcept = default;
CompiledPack::Room::~Room() = default;

CompiledPack::CompiledPack(std::shared_ptr<const Pack> pack)
    : pack_(std::move(pack)), rules_(std::make_unique<const CompiledRules>(CompileRules(*pack_))) {}
CompiledPack::~CompiledPack() = default;

Outcome CompiledPack::Judge(const EvaluationRequest& request, Room& room) const {
  Ruling& ruling = *room.ruling_;
  ruling.outcome = Outcome::kInvalid;
  if (Intern(*rules_, request, ruling)) policy::Judge(*rules_, request, ruling);
  return ruling.outcome;
}

Decision CompiledPack::Evaluate(const EvaluationRequest& request) const {
  Room room(*this);
  // What is INVALID is told by the plain scan, which finds the member at fault.
  if (Judge(request, room) == Outcome::kInvalid) return policy::Evaluate(*pack_, request);
  return Teller(*pack_, *rules_, *room.ruling_).Tell();
}

}  // namespace sluis::policy

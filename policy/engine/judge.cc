#include <algorithm>
#include <cstring>
#include <limits>

#include "policy/engine/bits.h"
#include "policy/engine/ruling.h"

namespace sluis::policy {
namespace {

// Calls `visit` with the rows whose box holds every code of the request.
template <typename Visit>
void ForEachCandidate(const Sort& sort, const Codes& codes, Visit&& visit) {
  const std::uint64_t* columns[kDimensions];
  const std::size_t used = sort.order.size();
  std::size_t first = 0, last = sort.words;
  for (std::size_t i = 0; i < used; ++i) {
    const std::size_t d = sort.order.data()[i];
    columns[i] = sort.columns[d].data() + codes[d] * sort.words;
    const Sort::Range range = sort.ranges[d].data()[codes[d]];
    first = std::max<std::size_t>(first, range.first);
    last = std::min<std::size_t>(last, range.last);
  }
  for (std::size_t w = first; w < last; w += kBlock) {
    std::uint64_t block[kBlock];
    std::memcpy(block, columns[0] + w, sizeof block);
    std::uint64_t any = 1;  // of the first column alone nothing is known
    for (std::size_t i = 1; i < used && any != 0; ++i) {
      any = 0;
      for (std::size_t k = 0; k < kBlock; ++k) any |= block[k] &= columns[i][w + k];
    }
    if (any == 0) continue;
    for (std::size_t k = 0; k < kBlock; ++k) {
      for (std::uint64_t left = block[k]; left != 0; left &= left - 1) {
        visit((w + k) * 64 + static_cast<std::size_t>(std::countr_zero(left)));
      }
    }
  }
}

// Judging in steps; each reads what the ones before it left in the ruling. `kWords` is the number
// of words of a set of fields, 0 if only the pack knows.
template <std::size_t kWords>
class Judgement {
 public:
  Judgement(const CompiledRules& rules, const EvaluationRequest& request, Ruling& ruling)
      : rules_(rules), request_(request), r_(ruling), words_(rules.interner.field_words) {}

  void Judge() {
    Collect();
    JudgeFields();
    Combine(request_.subset);
    if (r_.outcome == Outcome::kPermitted) Release();
  }

 private:
  void Collect();
  void JudgeFields();
  void Combine(bool subset);
  void Release();
  template <typename Note>
  void CollectSort(const Sort& sort, Matches& matches, Note note);
  // The asked fields for which the facts of the row hold and that it names.
  bool FieldsOf(const Sort& sort, std::size_t row, std::uint64_t* mask) const;
  void CollectConditions();
  void LowerForms(const Sort& sort, const Matches& matches, const std::vector<std::uint64_t>& of);
  void CapForms();
  void Merge(std::uint32_t obligations);
  void MergeOnward(const CompiledObligations& terms);
  const std::uint64_t* Set(std::uint32_t set) const {
    return rules_.code_sets.data() + set * rules_.word_words;
  }
  bool Meets(const std::uint64_t* a, const std::vector<std::uint64_t>& b) const {
    std::uint64_t both = 0;
    for (std::size_t w = 0; w < words_; ++w) both |= a[w] & b.data()[w];
    return both != 0;
  }

  // The number of words as a constant where it is one, so that loops over it vanish.
  struct Words {
    explicit Words(std::size_t count) : count_(count) {}
    operator std::size_t() const {
      return kWords > 0 ? kWords : count_;
    }  // NOLINT(google-explicit-constructor): stands for the number
    const std::size_t count_;
  };
  void AddTo(std::vector<std::uint64_t>& set, const std::uint64_t* mask) const {
    for (std::size_t w = 0; w < words_; ++w) set.data()[w] |= mask[w];
  }
  void AddWords(std::vector<std::uint64_t>& set, const std::uint64_t* mask) const {
    for (std::size_t w = 0; w < set.size(); ++w) set.data()[w] |= mask[w];
  }

  const CompiledRules& rules_;
  const EvaluationRequest& request_;
  Ruling& r_;
  const Words words_;
};

template <std::size_t kWords>
bool Judgement<kWords>::FieldsOf(const Sort& sort, std::size_t row, std::uint64_t* mask) const {
  const std::size_t fact_words = rules_.interner.fact_words;
  const std::uint64_t* const facts = sort.facts.data() + row * fact_words;
  const std::uint64_t* const fields = sort.fields.data() + row * words_;
  const bool named = Includes(facts, r_.facts.data(), fact_words);
  const bool unnamed = r_.by_field ? Includes(facts, r_.facts_unnamed.data(), fact_words) : named;
  if (!named && !unnamed) return false;
  std::uint64_t any = 0;
  for (std::size_t w = 0; w < words_; ++w) {
    std::uint64_t held = fields[w] & r_.asked.data()[w];
    if (named != unnamed) held &= named ? r_.named.data()[w] : ~r_.named.data()[w];
    mask[w] = held;
    any |= held;
  }
  return any != 0;
}

template <std::size_t kWords>
template <typename Note>
void Judgement<kWords>::CollectSort(const Sort& sort, Matches& matches, Note note) {
  matches.Clear();
  if (sort.count == 0) return;
  ForEachCandidate(sort, r_.codes, [&](std::size_t row) {
    const Row& rule = sort.rows.data()[row];
    if (r_.epoch < rule.from_epoch || r_.epoch >= rule.until_epoch) return;
    const std::size_t at = matches.masks.size();
    matches.masks.resize(at + words_);
    if (!FieldsOf(sort, row, matches.masks.data() + at)) {
      matches.masks.resize(at);
      return;
    }
    matches.list.push_back({static_cast<std::uint32_t>(row), false});
    note(rule, matches.list.back(), matches.masks.data() + at);
  });
}

void Empty(std::vector<std::uint64_t>& set) { std::fill(set.begin(), set.end(), 0); }

template <std::size_t kWords>
void Judgement<kWords>::CollectConditions() {
  for (const std::uint32_t demand : r_.demands_seen) r_.demand_met.data()[demand] = -1;
  r_.demands_seen.clear();
  CollectSort(rules_.conditions, r_.conditions,
              [&](const Row& rule, Match& match, const std::uint64_t* mask) {
                if (rule.demand < 0) return;
                const auto demand = static_cast<std::size_t>(rule.demand);
                std::int8_t& met = r_.demand_met[demand];
                if (met < 0) {
                  if (!r_.approvals_counted) CountApprovals(request_, r_);
                  met = IsMet(rules_.demands[demand], r_) ? 1 : 0;
                  r_.demands_seen.push_back(static_cast<std::uint32_t>(demand));
                }
                match.unmet = met == 0;
                if (match.unmet) AddTo(r_.needs_approval, mask);
              });
}

// After this `permitted` holds what a permit carries, `by_emergency` what an emergency rule does
// and `needs_approval` what an unmet condition covers.
template <std::size_t kWords>
void Judgement<kWords>::Collect() {
  for (auto* set :
       {&r_.permitted, &r_.by_emergency, &r_.needs_approval, &r_.prohibited, &r_.absolutely}) {
    Empty(*set);
  }
  r_.conditions.Clear();
  r_.emergencies.Clear();
  CollectSort(rules_.permits, r_.permits,
              [&](const Row&, Match&, const std::uint64_t* mask) { AddTo(r_.permitted, mask); });
  CollectSort(rules_.prohibitions, r_.prohibitions,
              [&](const Row& rule, Match&, const std::uint64_t* mask) {
                AddTo(r_.prohibited, mask);
                if (rule.absolute) AddTo(r_.absolutely, mask);
              });
  if (r_.emergency) {
    CollectSort(
        rules_.emergencies, r_.emergencies,
        [&](const Row&, Match&, const std::uint64_t* mask) { AddTo(r_.by_emergency, mask); });
  }
  std::uint64_t open = 0;
  for (std::size_t w = 0; w < words_; ++w)
    open |= (r_.permitted.data()[w] & ~r_.prohibited.data()[w]) | r_.by_emergency.data()[w];
  if (open != 0) CollectConditions();
}

template <std::size_t kWords>
void Judgement<kWords>::JudgeFields() {
  for (std::size_t w = 0; w < words_; ++w) {
    const std::uint64_t carried = r_.permitted.data()[w] & ~r_.prohibited.data()[w];
    const std::uint64_t waits = carried & r_.needs_approval.data()[w];
    const std::uint64_t permitted = carried & ~waits;
    const std::uint64_t emergency =
        r_.by_emergency.data()[w] & ~permitted & ~r_.absolutely.data()[w];
    r_.permitted.data()[w] = permitted;
    r_.by_emergency.data()[w] = emergency;
    r_.needs_approval.data()[w] = waits & ~emergency;
    r_.prohibited.data()[w] &= ~emergency;
  }
}

template <std::size_t kWords>
void Judgement<kWords>::Combine(bool subset) {
  std::uint64_t released = 0, waits = 0, prohibited = 0, nothing = 0;
  for (std::size_t w = 0; w < words_; ++w) {
    const std::uint64_t free = r_.permitted.data()[w] | r_.by_emergency.data()[w];
    released |= free;
    waits |= r_.needs_approval.data()[w];
    prohibited |= r_.prohibited.data()[w];
    nothing |= r_.asked.data()[w] & ~(free | r_.needs_approval.data()[w] | r_.prohibited.data()[w]);
  }
  constexpr Outcome kBestFirst[] = {Outcome::kPermitted, Outcome::kNeedsApproval,
                                    Outcome::kDeniedNoBasis, Outcome::kDeniedProhibited};
  const bool seen[] = {released != 0, waits != 0, nothing != 0, prohibited != 0};
  for (std::size_t i = 0; i < 4; ++i) {
    if (!seen[i]) continue;
    r_.outcome = kBestFirst[i];
    if (subset) break;
  }
}

template <std::size_t kWords>
void Judgement<kWords>::LowerForms(const Sort& sort, const Matches& matches,
                                   const std::vector<std::uint64_t>& of) {
  for (std::size_t m = 0; m < matches.list.size(); ++m) {
    const std::uint64_t* const mask = matches.masks.data() + m * words_;
    if (!Meets(mask, of)) continue;
    const std::size_t row = matches.list.data()[m].row;
    const std::uint64_t* const formed = sort.formed.data() + row * words_;
    const std::uint16_t* const forms = sort.forms.data() + sort.rows.data()[row].first_form;
    for (std::size_t i = 0; i < r_.fields.size(); ++i) {
      const std::size_t field = r_.fields.data()[i];
      if (!HasBit(mask, field) || !HasBit(of.data(), field)) continue;
      r_.forms.data()[i] = std::min(r_.forms.data()[i], forms[RankOf(formed, field)]);
    }
    Merge(sort.rows.data()[row].obligations);
  }
}

// A cap is a form of the field (the loader sees to it), so the most revealing form at or below it
// is the cap itself.
template <std::size_t kWords>
void Judgement<kWords>::CapForms() {
  const Sort& sort = rules_.conditions;
  for (std::size_t m = 0; m < r_.conditions.list.size(); ++m) {
    const std::uint64_t* const mask = r_.conditions.masks.data() + m * words_;
    const std::size_t row = r_.conditions.list.data()[m].row;
    const Row& rule = sort.rows.data()[row];
    if (!Meets(mask, r_.permitted) && !(rule.has_obligation && Meets(mask, r_.by_emergency)))
      continue;
    const std::uint64_t* const capped = sort.formed.data() + row * words_;
    const std::uint16_t* const caps = sort.forms.data() + rule.first_form;
    for (std::size_t i = 0; i < r_.fields.size(); ++i) {
      const std::size_t field = r_.fields.data()[i];
      if (!HasBit(mask, field) || !HasBit(capped, field)) continue;
      r_.forms.data()[i] = std::min(r_.forms.data()[i], caps[RankOf(capped, field)]);
    }
    Merge(rule.obligations);
  }
}

void KeepSmaller(std::int32_t& kept, std::int32_t other) {
  if (other >= 0 && (kept < 0 || other < kept)) kept = other;
}

// Like ObligationMerge::AddOnward.
template <std::size_t kWords>
void Judgement<kWords>::MergeOnward(const CompiledObligations& terms) {
  MergedObligations& merged = r_.obligations;
  if (terms.onward < 0 || terms.onward < merged.terms.onward) return;
  const std::uint64_t* const to = Set(terms.onward_to);
  if (terms.onward > merged.terms.onward) {
    merged.terms.onward = terms.onward;
    std::copy_n(to, rules_.word_words, merged.onward_to.data());
    return;
  }
  for (std::size_t w = 0; w < rules_.word_words; ++w) merged.onward_to.data()[w] &= to[w];
}

template <std::size_t kWords>
void Judgement<kWords>::Merge(std::uint32_t obligations) {
  // Many rules bind to the same.
  if (r_.merged_in.data()[obligations] == r_.release) return;
  r_.merged_in.data()[obligations] = r_.release;
  const CompiledObligations& terms = rules_.obligations.data()[obligations];
  MergedObligations& merged = r_.obligations;
  KeepSmaller(merged.terms.retention, terms.retention);
  KeepSmaller(merged.terms.feedback_due, terms.feedback_due);
  KeepSmaller(merged.terms.max_use, terms.max_use);
  KeepSmaller(merged.terms.review_within, terms.review_within);
  MergeOnward(terms);
  merged.terms.handling = std::max(merged.terms.handling, terms.handling);
  merged.terms.min_cell = std::max(merged.terms.min_cell, terms.min_cell);
  if (terms.notify != 0) AddWords(merged.notify, Set(terms.notify));
  if (terms.reviewers != 0) AddWords(merged.reviewers, Set(terms.reviewers));
  if (terms.mark >= 0) SetBit(merged.marks.data(), static_cast<std::size_t>(terms.mark));
}

template <std::size_t kWords>
void Judgement<kWords>::Release() {
  if (++r_.release == 0) {  // came round: what the numbers said is forgotten
    std::fill(r_.merged_in.begin(), r_.merged_in.end(), 0);
    r_.release = 1;
  }
  MergedObligations& merged = r_.obligations;
  merged.terms = {};
  for (auto* set : {&merged.onward_to, &merged.notify, &merged.marks, &merged.reviewers})
    Empty(*set);
  r_.forms.assign(r_.fields.size(), std::numeric_limits<std::uint16_t>::max());
  LowerForms(rules_.permits, r_.permits, r_.permitted);
  LowerForms(rules_.emergencies, r_.emergencies, r_.by_emergency);
  CapForms();
}

}  // namespace

Ruling::Ruling(const CompiledRules& rules)
    : asked(rules.interner.field_words),
      permitted(asked.size()),
      by_emergency(asked.size()),
      needs_approval(asked.size()),
      prohibited(asked.size()),
      absolutely(asked.size()),
      facts(rules.interner.fact_words),
      facts_unnamed(facts.size()),
      named(asked.size()),
      demand_met(rules.demands.size(), -1),
      merged_in(rules.obligations.size(), 0) {
  for (auto* set :
       {&obligations.onward_to, &obligations.notify, &obligations.marks, &obligations.reviewers}) {
    set->assign(rules.word_words, 0);
  }
}

void Judge(const CompiledRules& rules, const EvaluationRequest& request, Ruling& ruling) {
  switch (rules.interner.field_words) {
    case 1:
      return Judgement<1>(rules, request, ruling).Judge();
    case 2:
      return Judgement<2>(rules, request, ruling).Judge();
    default:
      return Judgement<0>(rules, request, ruling).Judge();
  }
}

// Roles get persons by augmenting paths, as in approvals.cc.
bool IsMet(const CompiledDemand& demand, Ruling& ruling) {
  if (ruling.approvals.size() < static_cast<std::size_t>(demand.count)) return false;
  std::uint32_t persons = 0;
  for (const Ruling::Standing& standing : ruling.approvals)
    persons = std::max(persons, standing.person + 1);
  ruling.role_of.assign(persons, -1);
  int filled = 0;
  const auto assign = [&](const auto& self, std::size_t role) -> bool {
    for (const Ruling::Standing& standing : ruling.approvals) {
      if (standing.role != demand.roles[role] || standing.age > demand.max_age ||
          ruling.tried[standing.person])
        continue;
      ruling.tried[standing.person] = true;
      const std::int32_t taken = ruling.role_of[standing.person];
      if (taken < 0 || self(self, static_cast<std::size_t>(taken))) {
        ruling.role_of[standing.person] = static_cast<std::int32_t>(role);
        return true;
      }
    }
    return false;
  };
  for (std::size_t role = 0; role < demand.roles.size() && filled < demand.count; ++role) {
    ruling.tried.assign(persons, false);
    if (assign(assign, role)) ++filled;
  }
  return filled >= demand.count;
}

}  // namespace sluis::policy

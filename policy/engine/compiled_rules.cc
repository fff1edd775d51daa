#include "policy/engine/compiled_rules.h"

#include <algorithm>
#include <map>
#include <numeric>
#include <optional>
#include <set>
#include <tuple>

#include "policy/engine/bits.h"
#include "policy/engine/box.h"

namespace sluis::policy {
namespace {

constexpr CodeSet Box::*kSets[kDimensions] = {
    &Box::actions, &Box::purposes, &Box::providers,          &Box::recipients,
    &Box::bases,   &Box::regimes,  &Box::subject_categories, &Box::case_phases};

std::vector<std::string> FormIds(const Pack& pack) {
  std::vector<std::string> ids;
  for (const Code& form : pack.vocabulary().forms) ids.push_back(form.id);
  return ids;
}

std::vector<std::string> FactValues(const Vocabulary& vocabulary) {
  std::set<std::string> values;
  for (const Fact& fact : vocabulary.facts) values.insert(fact.values.begin(), fact.values.end());
  return {values.begin(), values.end()};
}

// A fact takes one bit for each value and one for whatever the pack does not list.
void NumberFacts(const std::vector<Fact>& facts, Interner& in) {
  const std::size_t values = in.fact_values.size();
  in.fact_bit.assign(facts.size() * values, WordIndex::kNone);
  std::int32_t next = 0;
  for (std::size_t f = 0; f < facts.size(); ++f) {
    for (const std::string& value : facts[f].values) {
      const auto v = static_cast<std::size_t>(in.fact_values.Find(value));
      in.fact_bit[f * values + v] = next++;
    }
    in.other.push_back(next++);
    const int unknown = in.fact_values.Find("unknown");
    const std::int32_t bit =
        unknown < 0 ? -1 : in.fact_bit[f * values + static_cast<std::size_t>(unknown)];
    in.when_not_given.push_back(bit >= 0 ? bit : in.other.back());
    in.derived.push_back(facts[f].derived);
  }
  in.fact_words = WordsFor(static_cast<std::size_t>(next));
  in.nothing_given.assign(in.fact_words, 0);
  for (const std::int32_t bit : in.when_not_given) {
    SetBit(in.nothing_given.data(), static_cast<std::size_t>(bit));
  }
}

Interner MakeInterner(const Pack& pack) {
  Interner in;
  in.codes = {WordIndex(pack.ActionIds()),
              WordIndex(pack.PurposeIds()),
              WordIndex(pack.UnitIds()),
              WordIndex(pack.UnitIds()),
              WordIndex(pack.BasisIds()),
              WordIndex(pack.RegimeIds()),
              WordIndex(pack.SubjectCategoryIds()),
              WordIndex(pack.CasePhaseIds())};
  in.fields = WordIndex(pack.FieldIds());
  in.facts = WordIndex(pack.FactIds());
  in.roles = WordIndex(pack.ApprovalRoleIds());
  in.forms = WordIndex(FormIds(pack));
  in.fact_values = WordIndex(FactValues(pack.vocabulary()));
  for (const std::string& action : pack.ActionIds())
    in.provider_acts.push_back(ProviderActs(action));
  in.article20 = in.facts.Find("artikel-20-besluit");
  in.acting = in.facts.Find("optreden");
  in.same_organisation = in.facts.Find("zelfde-organisatie");
  in.field_words = WordsFor(in.fields.size());
  NumberFacts(pack.vocabulary().facts, in);
  return in;
}

// Numbers what rules share: times, periods, sets of words, obligations and demands.
class Tables {
 public:
  Tables(const Pack& pack, CompiledRules& out) : pack_(pack), out_(out) {
    ForEachRule([&](const Rule& rule) { AddTimes(rule); });
    out_.epochs.assign(times_.begin(), times_.end());
    ForEachObligations([&](const Obligations& obligations) { AddWords(obligations); });
    for (const Emergency& rule : pack.rules().emergencies) AddWords(rule);
    out_.periods.assign(periods_.begin(), periods_.end());
    out_.words = WordIndex({words_.begin(), words_.end()});
    out_.word_words = WordsFor(words_.size());
    SetOf({});
  }

  std::uint32_t EpochOf(absl::Time time) const {
    return static_cast<std::uint32_t>(
        std::upper_bound(out_.epochs.begin(), out_.epochs.end(), time) - out_.epochs.begin());
  }
  std::uint32_t ObligationsOf(const Obligations& obligations, const Emergency* emergency);
  std::int32_t DemandOf(const ApprovalDemand& demand);

 private:
  template <typename Visit>
  void ForEachRule(Visit visit) const {
    const Rules& rules = pack_.rules();
    for (const Rule& rule : rules.permits) visit(rule);
    for (const Rule& rule : rules.prohibitions) visit(rule);
    for (const Rule& rule : rules.conditions) visit(rule);
    for (const Rule& rule : rules.emergencies) visit(rule);
  }
  template <typename Visit>
  void ForEachObligations(Visit visit) const {
    for (const Permit& rule : pack_.rules().permits) visit(rule.obligations);
    for (const Condition& rule : pack_.rules().conditions) visit(rule.obligations);
    for (const Emergency& rule : pack_.rules().emergencies) visit(rule.obligations);
  }
  void AddTimes(const Rule& rule) {
    for (const absl::Time time : {rule.valid_from, rule.valid_until}) {
      if (time != absl::InfinitePast() && time != absl::InfiniteFuture()) times_.insert(time);
    }
  }
  void AddWords(const Obligations& obligations) {
    words_.insert(obligations.onward_to.begin(), obligations.onward_to.end());
    words_.insert(obligations.notify.begin(), obligations.notify.end());
    if (!obligations.mark.empty()) words_.insert(obligations.mark);
    if (obligations.retention.has_value()) periods_.insert(*obligations.retention);
    if (obligations.feedback_due.has_value()) periods_.insert(*obligations.feedback_due);
  }
  void AddWords(const Emergency& rule) {
    words_.insert(rule.review_roles.begin(), rule.review_roles.end());
    periods_.insert(rule.max_use);
    periods_.insert(rule.review_within);
  }
  std::int32_t PlaceOf(const Period& period) const {
    return static_cast<std::int32_t>(
        std::lower_bound(out_.periods.begin(), out_.periods.end(), period) - out_.periods.begin());
  }
  std::int32_t PlaceOf(const std::optional<Period>& period) const {
    return period.has_value() ? PlaceOf(*period) : -1;
  }
  std::uint32_t SetOf(const CodeSet& codes);

  const Pack& pack_;
  CompiledRules& out_;
  std::set<absl::Time> times_;
  std::set<std::string> words_;
  std::set<Period> periods_;
  std::map<CodeSet, std::uint32_t> sets_;
  std::map<std::vector<std::int64_t>, std::uint32_t> obligations_;
  std::map<std::tuple<int, std::vector<std::string>, absl::Duration>, std::int32_t> demands_;
};

std::uint32_t Tables::SetOf(const CodeSet& codes) {
  const auto [entry, is_new] = sets_.emplace(codes, static_cast<std::uint32_t>(sets_.size()));
  if (!is_new) return entry->second;
  out_.code_sets.resize(out_.code_sets.size() + out_.word_words, 0);
  std::uint64_t* set = out_.code_sets.data() + out_.code_sets.size() - out_.word_words;
  for (const std::string& code : codes) {
    SetBit(set, static_cast<std::size_t>(out_.words.Find(code)));
  }
  return entry->second;
}

std::uint32_t Tables::ObligationsOf(const Obligations& in, const Emergency* emergency) {
  CompiledObligations made;
  made.retention = PlaceOf(in.retention);
  made.feedback_due = PlaceOf(in.feedback_due);
  made.onward = pack_.OnwardRank(in.onward);
  made.handling = pack_.HandlingRank(in.handling);
  made.min_cell = in.min_cell.value_or(-1);
  made.mark = in.mark.empty() ? -1 : out_.words.Find(in.mark);
  made.onward_to = SetOf(in.onward_to);
  made.notify = SetOf(in.notify);
  if (emergency != nullptr) {
    made.max_use = PlaceOf(emergency->max_use);
    made.review_within = PlaceOf(emergency->review_within);
    made.reviewers = SetOf(emergency->review_roles);
  }
  const std::vector<std::int64_t> key = {made.retention,     made.feedback_due, made.max_use,
                                         made.review_within, made.onward,       made.handling,
                                         made.min_cell,      made.mark,         made.onward_to,
                                         made.notify,        made.reviewers};
  const auto [entry, is_new] =
      obligations_.emplace(key, static_cast<std::uint32_t>(out_.obligations.size()));
  if (is_new) out_.obligations.push_back(made);
  return entry->second;
}

std::int32_t Tables::DemandOf(const ApprovalDemand& demand) {
  const auto [entry, is_new] =
      demands_.emplace(std::tuple(demand.count, demand.roles, demand.max_age.length),
                       static_cast<std::int32_t>(out_.demands.size()));
  if (is_new) {
    CompiledDemand made{demand.count, {}, demand.max_age.length};
    for (const std::string& role : demand.roles) {
      made.roles.push_back(static_cast<std::uint32_t>(out_.interner.roles.Find(role)));
    }
    out_.demands.push_back(std::move(made));
  }
  return entry->second;
}

// Fills one Sort rule by rule.
class SortMaker {
 public:
  SortMaker(const Interner& interner, Tables& tables, std::size_t count, Sort& sort)
      : in_(interner), tables_(tables), sort_(sort) {
    sort_.count = count;
    sort_.words = (WordsFor(count) + kBlock - 1) / kBlock * kBlock;
    for (std::size_t d = 0; d < kDimensions; ++d) {
      sort_.columns[d].assign(in_.codes[d].size() * sort_.words, 0);
    }
    sort_.facts.assign(count * in_.fact_words, ~std::uint64_t{0});
    sort_.fields.assign(count * in_.field_words, 0);
    sort_.formed.assign(count * in_.field_words, 0);
    sort_.rows.resize(count);
  }

  Row& Add(const Rule& rule, const FieldForms& forms) {
    const std::size_t row = next_++;
    for (std::size_t d = 0; d < kDimensions; ++d) AddToColumns(d, rule.box.*kSets[d], row);
    AddFacts(rule.box, sort_.facts.data() + row * in_.fact_words);
    AddFields(rule.box.fields, sort_.fields.data() + row * in_.field_words);
    AddForms(forms, row);
    sort_.rows[row].from_epoch =
        rule.valid_from == absl::InfinitePast() ? 0 : tables_.EpochOf(rule.valid_from);
    sort_.rows[row].until_epoch = rule.valid_until == absl::InfiniteFuture()
                                      ? ~std::uint32_t{0}
                                      : tables_.EpochOf(rule.valid_until);
    return sort_.rows[row];
  }
  // Permits and emergencies carry the fields that have a form, no others.
  void OnlyFormedFields() { sort_.fields = sort_.formed; }
  void Finish();

 private:
  Sort::Range RangeOf(const std::uint64_t* column) const {
    std::size_t first = 0, last = sort_.words;
    while (first < last && IsEmpty(column + first, kBlock)) first += kBlock;
    while (first < last && IsEmpty(column + last - kBlock, kBlock)) last -= kBlock;
    return {static_cast<std::uint32_t>(first), static_cast<std::uint32_t>(last)};
  }
  void AddToColumns(std::size_t d, const CodeSet& codes, std::size_t row) {
    std::vector<std::uint64_t>& columns = sort_.columns[d];
    if (codes.empty()) {
      for (std::size_t c = 0; c < in_.codes[d].size(); ++c)
        SetBit(columns.data() + c * sort_.words, row);
    }
    for (const std::string& code : codes) {
      const auto c = static_cast<std::size_t>(in_.codes[d].Find(code));
      SetBit(columns.data() + c * sort_.words, row);
    }
    set_bits_[d] += codes.empty() ? in_.codes[d].size() : codes.size();
  }
  void AddFacts(const Box& box, std::uint64_t* bits) const {
    for (const auto& [id, values] : box.facts) {
      const auto fact = static_cast<std::size_t>(in_.facts.Find(id));
      ClearBit(bits, static_cast<std::size_t>(in_.other[fact]));
      for (std::size_t v = 0; v < in_.fact_values.size(); ++v) {
        const std::int32_t bit = in_.fact_bit[fact * in_.fact_values.size() + v];
        if (bit >= 0 && values.count(in_.fact_values.word(v)) == 0)
          ClearBit(bits, static_cast<std::size_t>(bit));
      }
    }
  }
  void AddFields(const CodeSet& fields, std::uint64_t* bits) const {
    for (std::size_t f = 0; f < in_.fields.size(); ++f) {
      if (fields.empty() || fields.count(in_.fields.word(f)) > 0) SetBit(bits, f);
    }
  }
  void AddForms(const FieldForms& forms, std::size_t row) {
    sort_.rows[row].first_form = static_cast<std::uint32_t>(sort_.forms.size());
    std::map<int, std::uint16_t> by_number;
    for (const auto& [field, form] : forms) {
      by_number[in_.fields.Find(field)] = static_cast<std::uint16_t>(in_.forms.Find(form));
    }
    for (const auto& [field, form] : by_number) {
      SetBit(sort_.formed.data() + row * in_.field_words, static_cast<std::size_t>(field));
      sort_.forms.push_back(form);
    }
  }

  const Interner& in_;
  Tables& tables_;
  Sort& sort_;
  std::size_t next_ = 0;
  std::array<std::size_t, kDimensions> set_bits_{};
};

void SortMaker::Finish() {
  const auto density = [&](std::size_t d) {
    return static_cast<double>(set_bits_[d]) / static_cast<double>(in_.codes[d].size());
  };
  for (std::size_t d = 0; d < kDimensions; ++d) {
    for (std::size_t c = 0; c < in_.codes[d].size(); ++c)
      sort_.ranges[d].push_back(RangeOf(sort_.columns[d].data() + c * sort_.words));
  }
  // A dimension that every rule leaves open says nothing.
  for (std::size_t d = 0; d < kDimensions; ++d) {
    if (set_bits_[d] < in_.codes[d].size() * sort_.count) sort_.order.push_back(d);
  }
  if (sort_.order.empty()) sort_.order.push_back(kAction);
  std::stable_sort(sort_.order.begin(), sort_.order.end(),
                   [&](std::size_t a, std::size_t b) { return density(a) < density(b); });
}

}  // namespace

CompiledRules CompileRules(const Pack& pack) {
  CompiledRules out;
  out.interner = MakeInterner(pack);
  Tables tables(pack, out);
  const Rules& rules = pack.rules();
  SortMaker permits(out.interner, tables, rules.permits.size(), out.permits);
  for (const Permit& rule : rules.permits) {
    permits.Add(rule, rule.fields).obligations = tables.ObligationsOf(rule.obligations, nullptr);
  }
  permits.OnlyFormedFields();
  permits.Finish();
  SortMaker prohibitions(out.interner, tables, rules.prohibitions.size(), out.prohibitions);
  for (const Prohibition& rule : rules.prohibitions)
    prohibitions.Add(rule, {}).absolute = rule.absolute;
  prohibitions.Finish();
  SortMaker conditions(out.interner, tables, rules.conditions.size(), out.conditions);
  for (const Condition& rule : rules.conditions) {
    Row& row = conditions.Add(rule, rule.max_form);
    row.has_obligation = rule.has_obligation;
    row.obligations = tables.ObligationsOf(rule.obligations, nullptr);
    if (rule.approval.has_value()) row.demand = tables.DemandOf(*rule.approval);
  }
  conditions.Finish();
  SortMaker emergencies(out.interner, tables, rules.emergencies.size(), out.emergencies);
  for (const Emergency& rule : rules.emergencies) {
    emergencies.Add(rule, rule.fields).obligations = tables.ObligationsOf(rule.obligations, &rule);
  }
  emergencies.OnlyFormedFields();
  emergencies.Finish();
  return out;
}

}  // namespace sluis::policy

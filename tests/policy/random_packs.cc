#include "tests/policy/random_packs.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "policy/engine/box.h"
#include "tests/policy/the_pack.h"

namespace sluis::policy::testing {
namespace {

using Names = std::vector<std::string>;

// Names that the engine has a meaning for come first, so that small packs have them.
const Names kActions = {"request", "disclose",        "inquire",   "recall",
                        "promote", "compile-picture", "reidentify"};
const Names kForms = {"presence", "category", "generalised", "exact"};
const Names kPeriods = {"P14D", "P1M", "P30D", "P6M", "P1Y", "P5Y", "P4Y6M"};
const Names kTimes = {"2024-01-01T00:00:00Z", "2026-01-01T00:00:00+01:00", "2026-12-31T23:00:00Z",
                      "2027-07-01T00:00:00+02:00"};

class Maker {
 public:
  Maker(const PackShape& shape, unsigned seed) : shape_(shape), random_(seed) { MakeVocabulary(); }

  std::shared_ptr<const Pack> Make() {
    for (std::size_t i = 0; i < shape_.permits; ++i) rules_.permits.push_back(MakePermit(i));
    for (std::size_t i = 0; i < shape_.prohibitions; ++i)
      rules_.prohibitions.push_back(MakeProhibition(i));
    for (std::size_t i = 0; i < shape_.conditions; ++i)
      rules_.conditions.push_back(MakeCondition(i));
    for (std::size_t i = 0; i < shape_.emergencies; ++i)
      rules_.emergencies.push_back(MakeEmergency(i));
    for (std::size_t i = 0; i < shape_.invariants; ++i)
      rules_.invariants.push_back(MakeInvariant(i));
    return std::make_shared<const Pack>("random", "1", std::move(words_), std::move(rules_));
  }

 private:
  std::size_t Below(std::size_t limit) { return random_() % limit; }
  bool Chance(int percent) { return Below(100) < static_cast<std::size_t>(percent); }
  const std::string& Pick(const Names& names) { return names[Below(names.size())]; }

  static std::vector<Code> Codes(const std::string& name, std::size_t count) {
    std::vector<Code> codes;
    for (std::size_t i = 0; i < count; ++i) codes.push_back({absl::StrCat(name, i), {"nl", "en"}});
    return codes;
  }
  static Names Ids(const std::vector<Code>& codes) {
    Names ids;
    for (const Code& code : codes) ids.push_back(code.id);
    return ids;
  }

  void MakeVocabulary();
  void MakeFields();
  CodeSet Some(const Names& all, int open, std::size_t most);
  CodeSet SomeOfTree(const Names& all, std::size_t branch, int open);
  void FillHead(const char* letter, std::size_t number, Rule& rule);
  void FillFacts(bool opens, Box& box);
  void FillBox(bool opens, Box& box);
  FieldForms SomeForms(std::size_t most);
  Obligations SomeObligations(bool complete);
  Period SomePeriod() { return ParsePeriod(Pick(kPeriods)).value(); }
  Permit MakePermit(std::size_t i);
  Prohibition MakeProhibition(std::size_t i);
  Condition MakeCondition(std::size_t i);
  Emergency MakeEmergency(std::size_t i);
  Invariant MakeInvariant(std::size_t i);

  const PackShape shape_;
  std::mt19937 random_;
  Vocabulary words_;
  Names purposes_, roles_, field_ids_;
  Rules rules_;
};

void Maker::MakeFields() {
  for (std::size_t i = 0; i < shape_.fields; ++i) {
    Field field{absl::StrCat("field", i), "category", "text", "normal", {}, "", {"nl", "en"}};
    const std::size_t first = Below(kForms.size());
    for (std::size_t f = first; f < kForms.size(); ++f) {
      if (f == first || Chance(60)) field.forms.push_back(kForms[f]);
    }
    field_ids_.push_back(field.id);
    words_.fields.push_back(std::move(field));
  }
}

void Maker::MakeVocabulary() {
  for (std::size_t i = 0; i < shape_.actions && i < kActions.size(); ++i)
    words_.actions.push_back({kActions[i], {"nl", "en"}});
  for (std::size_t g = 0; g < shape_.groups; ++g) {
    words_.purpose_groups.push_back(absl::StrCat("group", g));
    for (std::size_t l = 0; l < shape_.leaves; ++l) {
      purposes_.push_back(absl::StrFormat("purpose%d-%d", g, l));
      words_.purposes.push_back({purposes_.back(), {"nl", "en"}, words_.purpose_groups.back()});
    }
  }
  for (std::size_t k = 0; k < shape_.kinds; ++k) {
    words_.kinds.push_back(absl::StrCat("kind", k));
    for (std::size_t d = 0; d < shape_.departments; ++d)
      words_.units.push_back(absl::StrFormat("kind%d/department%d", k, d));
  }
  for (const Code& basis : Codes("basis", shape_.bases))
    words_.bases.push_back({basis.id, "law", "BWBR0000000", "1", basis.meaning, Review::kVerified});
  words_.regimes = Codes("regime", shape_.regimes);
  words_.subject_categories = Codes("category", shape_.categories);
  words_.case_phases = Codes("phase", shape_.phases);
  for (const std::string& form : kForms) words_.forms.push_back({form, {"nl", "en"}});
  words_.facts = {{"artikel-20-besluit", {"valid", "expired", "absent", "unknown"}, false, {}},
                  {"zelfde-organisatie", {"yes", "no"}, true, {}},
                  {"optreden", {"eigen", "namens-ander"}, true, {}},
                  {"zaak-open", {"yes", "no", "unknown"}, false, {}},
                  {"mandaat", {"valid", "absent", "unknown"}, false, {}}};
  for (const Code& role : Codes("role", shape_.roles)) {
    words_.approval_roles.push_back({role.id, role.meaning, GivenBy::kSource, {}});
    roles_.push_back(role.id);
  }
  words_.handling = Codes("handling", 3);
  words_.onward = {{"named", {"nl", "en"}}, {"within-case", {"nl", "en"}}, {"none", {"nl", "en"}}};
  MakeFields();
}

CodeSet Maker::Some(const Names& all, int open, std::size_t most) {
  CodeSet some;
  if (Chance(open)) return some;
  for (std::size_t n = 1 + Below(most); n > 0; --n) some.insert(Pick(all));
  return some;
}

// Whole branches of a tree whose branches are equally long.
CodeSet Maker::SomeOfTree(const Names& all, std::size_t branch, int open) {
  if (!shape_.whole_trees) return Some(all, open, shape_.named);
  CodeSet some;
  if (Chance(open)) return some;
  for (std::size_t n = 1 + Below(shape_.named); n > 0; --n) {
    const std::size_t first = Below(all.size() / branch) * branch;
    for (std::size_t i = first; i < first + branch; ++i) some.insert(all[i]);
  }
  return some;
}

void Maker::FillHead(const char* letter, std::size_t number, Rule& rule) {
  rule.id = absl::StrFormat("%s-%06d", letter, number + 1);
  rule.title = "title";
  rule.law = "law";
  rule.reason = {absl::StrCat("nl ", rule.id, "."), absl::StrCat("en ", rule.id, ".")};
  if (Chance(15)) rule.valid_from = At(Pick(kTimes));
  if (Chance(15)) {
    const absl::Time until = At(Pick(kTimes));
    if (until > rule.valid_from) rule.valid_until = until;
  }
}

void Maker::FillFacts(bool opens, Box& box) {
  for (const Fact& fact : words_.facts) {
    if (!Chance(shape_.facts_named)) continue;
    CodeSet values;
    for (const std::string& value : fact.values) {
      if (Chance(50) && !(opens && value == "unknown")) values.insert(value);
    }
    if (values.empty()) values.insert(fact.values.front());
    const bool helps = values.size() == 1 && values.count(fact.values.front()) > 0;
    if (shape_.loadable && !opens && !fact.derived && !helps) values.insert("unknown");
    box.facts[fact.id] = std::move(values);
  }
}

void Maker::FillBox(bool opens, Box& box) {
  const int open = opens ? 0 : shape_.open;
  const Names actions = Ids(words_.actions);
  box.actions = Some(actions, open, shape_.named);
  box.purposes = SomeOfTree(purposes_, shape_.leaves, open);
  box.providers = SomeOfTree(words_.units, shape_.departments, open);
  box.recipients = SomeOfTree(words_.units, shape_.departments, open);
  if (shape_.one_pair) {
    box.actions = {actions.front()};
    box.purposes = {purposes_.front()};
    box.providers = {words_.units.front()};
    box.recipients = {words_.units.back()};
  }
  Names bases;
  for (const Basis& basis : words_.bases) bases.push_back(basis.id);
  box.bases = Some(bases, open, shape_.named);
  box.regimes = Some(Ids(words_.regimes), open, shape_.named);
  box.subject_categories = Some(Ids(words_.subject_categories), open, shape_.named);
  box.case_phases = Some(Ids(words_.case_phases), open, shape_.named);
  if (!opens) box.fields = Some(field_ids_, open, 2 * shape_.named);
  if (shape_.loadable && box.actions.empty()) box.actions = Some(actions, 0, shape_.named);
  FillFacts(opens, box);
}

FieldForms Maker::SomeForms(std::size_t most) {
  FieldForms forms;
  for (std::size_t n = 1 + Below(most); n > 0; --n) {
    const Field& field = words_.fields[Below(words_.fields.size())];
    forms[field.id] = Pick(field.forms);
  }
  return forms;
}

Obligations Maker::SomeObligations(bool complete) {
  Obligations some;
  if (complete || Chance(20)) some.retention = SomePeriod();
  if (complete || Chance(20)) some.handling = Pick(Ids(words_.handling));
  if (complete || Chance(20)) some.onward = Pick(Ids(words_.onward));
  if (some.onward == "named") some.onward_to = Some({"a", "b", "c"}, 0, 3);
  if (Chance(20)) some.feedback_due = SomePeriod();
  if (Chance(20)) some.notify = Some({"x", "y", "z"}, 0, 2);
  if (Chance(10)) some.mark = Pick({"mark-a", "mark-b"});
  if (Chance(10)) some.min_cell = static_cast<int>(5 + Below(6));
  return some;
}

Permit Maker::MakePermit(std::size_t i) {
  Permit permit;
  FillHead("P", i, permit);
  FillBox(true, permit.box);
  permit.fields = SomeForms(8);
  permit.obligations = SomeObligations(true);
  return permit;
}

Prohibition Maker::MakeProhibition(std::size_t i) {
  Prohibition prohibition;
  FillHead("N", i, prohibition);
  FillBox(false, prohibition.box);
  prohibition.absolute = Chance(40);
  return prohibition;
}

Condition Maker::MakeCondition(std::size_t i) {
  Condition condition;
  FillHead("C", i, condition);
  FillBox(false, condition.box);
  if (Chance(60)) {
    ApprovalDemand demand;
    for (const std::string& role : Some(roles_, 0, 3)) demand.roles.push_back(role);
    demand.count = static_cast<int>(1 + Below(demand.roles.size()));
    demand.max_age = ParsePeriod("P30D").value();
    condition.approval = std::move(demand);
  }
  if (!condition.approval.has_value() || Chance(40)) {
    condition.obligations = SomeObligations(false);
    condition.max_form = SomeForms(4);
    condition.has_obligation = true;
  }
  return condition;
}

Emergency Maker::MakeEmergency(std::size_t i) {
  Emergency emergency;
  FillHead("E", i, emergency);
  FillBox(true, emergency.box);
  emergency.fields = SomeForms(6);
  emergency.obligations = SomeObligations(true);
  emergency.max_use = SomePeriod();
  emergency.review_within = SomePeriod();
  emergency.review_roles = Some(roles_, 0, 2);
  return emergency;
}

Invariant Maker::MakeInvariant(std::size_t i) {
  Invariant invariant;
  FillHead("I", i, invariant);
  invariant.valid_from = absl::InfinitePast();
  invariant.valid_until = absl::InfiniteFuture();
  FillBox(false, invariant.box);
  invariant.min_form = Pick(kForms);
  invariant.unless_approved = Chance(40);
  return invariant;
}

}  // namespace

std::shared_ptr<const Pack> RandomPack(const PackShape& shape, unsigned seed) {
  return Maker(shape, seed).Make();
}

PackShape RandomShape(std::mt19937& random) {
  const auto between = [&](std::size_t low, std::size_t high) {
    return low + random() % (high - low + 1);
  };
  PackShape shape;
  shape.actions = between(2, 7);
  shape.groups = between(1, 3);
  shape.leaves = between(1, 3);
  shape.kinds = between(1, 3);
  shape.departments = between(1, 3);
  shape.bases = between(1, 4);
  shape.regimes = between(1, 4);
  shape.categories = between(1, 4);
  shape.phases = between(1, 3);
  // Now and then more fields than one word holds.
  shape.fields = random() % 4 == 0 ? between(60, 140) : between(2, 12);
  shape.roles = between(1, 4);
  shape.permits = random() % 8 == 0 ? between(250, 300) : between(1, 20);
  shape.prohibitions = between(1, 8);
  shape.conditions = between(1, 8);
  shape.emergencies = between(1, 4);
  shape.invariants = between(1, 3);
  shape.open = static_cast<int>(between(40, 95));
  shape.facts_named = static_cast<int>(between(0, 40));
  shape.named = between(1, 4);
  shape.whole_trees = random() % 4 == 0;
  shape.one_pair = random() % 8 == 0;
  return shape;
}

}  // namespace sluis::policy::testing

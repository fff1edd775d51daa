#include "policy/engine/lint.h"

#include <algorithm>
#include <set>
#include <tuple>
#include <utility>

namespace sluis::policy {
namespace {

template <typename T>
struct Placed {
  const T* rule = nullptr;
  Region region;
};

auto Key(const Obligations& o) {
  const auto text = [](const std::optional<Period>& p) { return p.has_value() ? p->text : ""; };
  return std::tuple(text(o.retention), o.onward, o.onward_to, o.handling, text(o.feedback_due),
                    o.notify, o.mark, o.min_cell);
}

class Linter {
 public:
  Linter(const Pack& pack, absl::Time now, Steps& steps)
      : pack_(pack), now_(now), steps_(steps), space_({&pack}) {}

  Findings Run();

 private:
  static CodeSet FieldsOf(const FieldForms& forms) {
    CodeSet fields;
    for (const auto& [field, form] : forms) fields.insert(field);
    return fields;
  }
  template <typename T>
  std::vector<Placed<T>> PlaceCarrying(const std::vector<T>& rules) {
    std::vector<Placed<T>> placed;
    for (const T& rule : rules) Place(rule, FieldsOf(rule.fields), placed);
    return placed;
  }
  template <typename T>
  std::vector<Placed<T>> PlaceAll(const std::vector<T>& rules) {
    std::vector<Placed<T>> placed;
    for (const T& rule : rules) Place(rule, rule.box.fields, placed);
    return placed;
  }
  template <typename T>
  void Place(const T& rule, const CodeSet& fields, std::vector<Placed<T>>& placed) {
    if (rule.valid_until <= now_) Add(Lint::kExpired, rule.id);
    if (auto region = space_.Of(pack_, rule, fields)) {
      placed.push_back({&rule, *std::move(region)});
    } else {
      Add(Lint::kVacuous, rule.id);
    }
  }
  void Add(Lint lint, const std::string& about, std::vector<std::string> others = {}) {
    findings_.list.push_back({lint, about, std::move(others)});
  }
  bool IsCoveredBy(const Region& region, const std::vector<Region>& cover) {
    return Without(space_, {region}, cover, steps_, 1).empty();
  }
  template <typename T, typename Keep>
  void CheckShadowed(const std::vector<Placed<T>>& rules, Keep keep);
  template <typename T>
  void CheckOverridden(const std::vector<Placed<T>>& rules);
  template <typename T>
  void CheckFires(const std::vector<Placed<T>>& rules, Lint lint);
  void CheckPermits();
  void CheckProhibitions();
  void CheckPurposes();
  bool AgreeOnForms(const Permit& a, const Permit& b) const;

  const Pack& pack_;
  const absl::Time now_;
  Steps& steps_;
  const Space space_;
  Findings findings_;
  std::vector<Placed<Permit>> permits_;
  std::vector<Placed<Prohibition>> prohibitions_;
  std::vector<Placed<Condition>> conditions_;
  std::vector<Placed<Emergency>> emergencies_;
};

template <typename T, typename Keep>
void Linter::CheckShadowed(const std::vector<Placed<T>>& rules, Keep keep) {
  for (const Placed<T>& rule : rules) {
    std::vector<Region> cover;
    std::vector<std::string> ids;
    for (const Placed<Prohibition>& prohibition : prohibitions_) {
      if (!keep(*prohibition.rule) || !space_.Overlap(prohibition.region, rule.region)) continue;
      cover.push_back(prohibition.region);
      ids.push_back(prohibition.rule->id);
    }
    if (!cover.empty() && IsCoveredBy(rule.region, cover))
      Add(Lint::kShadowed, rule.rule->id, std::move(ids));
  }
}

// A field whose form never leaves: conditions cap it everywhere.
template <typename T>
void Linter::CheckOverridden(const std::vector<Placed<T>>& rules) {
  for (const Placed<T>& rule : rules) {
    std::vector<std::string> fields;
    for (const auto& [field, form] : rule.rule->fields) {
      const auto region = space_.Of(pack_, *rule.rule, {field});
      std::vector<Region> caps;
      for (const Placed<Condition>& condition : conditions_) {
        const auto cap = condition.rule->max_form.find(field);
        if (cap != condition.rule->max_form.end() &&
            pack_.FormRank(cap->second) < pack_.FormRank(form))
          caps.push_back(condition.region);
      }
      if (!caps.empty() && region.has_value() && IsCoveredBy(*region, caps))
        fields.push_back(field);
    }
    if (!fields.empty()) Add(Lint::kOverridden, rule.rule->id, std::move(fields));
  }
}

template <typename T>
void Linter::CheckFires(const std::vector<Placed<T>>& rules, Lint lint) {
  for (const Placed<T>& rule : rules) {
    const auto meets = [&](const auto& other) { return space_.Overlap(rule.region, other.region); };
    const bool any = std::any_of(permits_.begin(), permits_.end(), meets) ||
                     std::any_of(emergencies_.begin(), emergencies_.end(), meets);
    if (!any) Add(lint, rule.rule->id);
  }
}

bool Linter::AgreeOnForms(const Permit& a, const Permit& b) const {
  return std::all_of(a.fields.begin(), a.fields.end(), [&](const auto& field) {
    const auto other = b.fields.find(field.first);
    return other == b.fields.end() || other->second == field.second;
  });
}

void Linter::CheckPermits() {
  for (const Placed<Permit>& a : permits_) {
    std::vector<Region> cover;
    std::vector<std::string> ids;
    for (const Placed<Permit>& b : permits_) {
      if (a.rule == b.rule || !space_.Overlap(a.region, b.region)) continue;
      const bool same = Key(a.rule->obligations) == Key(b.rule->obligations);
      if (!same && a.rule->id < b.rule->id) Add(Lint::kOverlap, a.rule->id, {b.rule->id});
      if (!same || !AgreeOnForms(*a.rule, *b.rule)) continue;
      // Of two that cover each other the later one is redundant.
      if (space_.Covers(a.region, b.region) && a.rule->id < b.rule->id) continue;
      cover.push_back(b.region);
      ids.push_back(b.rule->id);
    }
    if (!cover.empty() && IsCoveredBy(a.region, cover))
      Add(Lint::kRedundant, a.rule->id, std::move(ids));
  }
}

void Linter::CheckProhibitions() {
  for (const Placed<Prohibition>& a : prohibitions_) {
    for (const Placed<Prohibition>& b : prohibitions_) {
      if (a.rule == b.rule || (a.rule->absolute && !b.rule->absolute)) continue;
      if (!space_.Covers(b.region, a.region)) continue;
      if (space_.Covers(a.region, b.region) && a.rule->id < b.rule->id) continue;
      Add(Lint::kRedundant, a.rule->id, {b.rule->id});
      break;
    }
  }
}

void Linter::CheckPurposes() {
  std::set<std::string> used;
  for (const Placed<Permit>& permit : permits_)
    used.insert(permit.rule->box.purposes.begin(), permit.rule->box.purposes.end());
  for (const Placed<Emergency>& rule : emergencies_)
    used.insert(rule.rule->box.purposes.begin(), rule.rule->box.purposes.end());
  for (const Purpose& purpose : pack_.vocabulary().purposes) {
    if (used.count(purpose.id) == 0) Add(Lint::kUnusedPurpose, purpose.id);
  }
}

Findings Linter::Run() {
  permits_ = PlaceCarrying(pack_.rules().permits);
  emergencies_ = PlaceCarrying(pack_.rules().emergencies);
  prohibitions_ = PlaceAll(pack_.rules().prohibitions);
  conditions_ = PlaceAll(pack_.rules().conditions);
  CheckShadowed(permits_, [](const Prohibition&) { return true; });
  CheckShadowed(emergencies_, [](const Prohibition& p) { return p.absolute; });
  CheckOverridden(permits_);
  CheckOverridden(emergencies_);
  CheckFires(conditions_, Lint::kNeverFires);
  CheckFires(prohibitions_, Lint::kGuard);
  CheckPermits();
  CheckProhibitions();
  CheckPurposes();
  std::stable_sort(findings_.list.begin(), findings_.list.end(),
                   [](const Finding& a, const Finding& b) { return a.about < b.about; });
  findings_.complete = !steps_.AreUsedUp();
  return std::move(findings_);
}

}  // namespace

std::string_view LintName(Lint lint) {
  switch (lint) {
    case Lint::kExpired:
      return "expired";
    case Lint::kVacuous:
      return "vacuous";
    case Lint::kShadowed:
      return "shadowed";
    case Lint::kRedundant:
      return "redundant";
    case Lint::kOverridden:
      return "overridden";
    case Lint::kNeverFires:
      return "never-fires";
    case Lint::kGuard:
      return "guard";
    case Lint::kOverlap:
      return "overlap";
    case Lint::kUnusedPurpose:
      return "unused-purpose";
    case Lint::kUncovered:
      break;
  }
  return "uncovered";
}

bool IsMistake(Lint lint) { return lint != Lint::kGuard && lint != Lint::kUncovered; }

Findings LintPack(const Pack& pack, absl::Time now, Steps& steps) {
  return Linter(pack, now, steps).Run();
}

}  // namespace sluis::policy

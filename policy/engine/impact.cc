#include "policy/engine/impact.h"

#include <algorithm>
#include <map>
#include <tuple>
#include <utility>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"

namespace sluis::policy {
namespace {

// What is let through: a point that lies in an opening and in no closing one.
struct Openness {
  struct Opening {
    std::string rule;
    Region region;
  };
  std::vector<Opening> openings;
  std::vector<Region> closings;
};

class Reader {
 public:
  Reader(const Space& space, const Pack& pack) : space_(space), pack_(pack) {}

  Openness Possible() const { return Normal(-1, false); }
  Openness WithoutApproval() const { return Normal(-1, true); }
  // In this form or a more revealing one.
  Openness FromForm(int rank) const { return Normal(rank, false); }
  Openness InEmergency() const {
    Openness open;
    Open(pack_.rules().emergencies, -1, open);
    Close(
        pack_.rules().prohibitions, [](const Prohibition& p) { return p.absolute; }, open);
    return open;
  }

 private:
  Openness Normal(int rank, bool unapproved) const {
    Openness open;
    Open(pack_.rules().permits, rank, open);
    Close(
        pack_.rules().prohibitions, [](const Prohibition&) { return true; }, open);
    if (unapproved) {
      Close(
          pack_.rules().conditions, [](const Condition& c) { return c.approval.has_value(); },
          open);
    }
    if (rank >= 0) CloseLowerForms(rank, open);
    return open;
  }
  template <typename Keep>
  CodeSet FieldsWhere(const FieldForms& forms, Keep keep) const {
    CodeSet fields;
    for (const auto& [field, form] : forms) {
      if (keep(pack_.FormRank(form))) fields.insert(field);
    }
    return fields;
  }
  template <typename RuleType>
  void Open(const std::vector<RuleType>& rules, int rank, Openness& open) const {
    for (const RuleType& rule : rules) {
      const CodeSet fields = FieldsWhere(rule.fields, [&](int form) { return form >= rank; });
      if (fields.empty()) continue;
      if (auto region = space_.Of(pack_, rule, fields))
        open.openings.push_back({rule.id, *std::move(region)});
    }
  }
  template <typename RuleType, typename Keep>
  void Close(const std::vector<RuleType>& rules, Keep keep, Openness& open) const {
    for (const RuleType& rule : rules) {
      if (!keep(rule)) continue;
      if (auto region = space_.Of(pack_, rule)) open.closings.push_back(*std::move(region));
    }
  }
  void CloseLowerForms(int rank, Openness& open) const {
    const auto lower = [&](int form) { return form < rank; };
    for (const Permit& permit : pack_.rules().permits) {
      const CodeSet fields = FieldsWhere(permit.fields, lower);
      if (fields.empty()) continue;
      if (auto region = space_.Of(pack_, permit, fields))
        open.closings.push_back(*std::move(region));
    }
    for (const Condition& condition : pack_.rules().conditions) {
      CodeSet fields = FieldsWhere(condition.max_form, lower);
      std::erase_if(fields, [&](const std::string& field) {
        return !condition.box.fields.empty() && condition.box.fields.count(field) == 0;
      });
      if (fields.empty()) continue;
      if (auto region = space_.Of(pack_, condition, fields))
        open.closings.push_back(*std::move(region));
    }
  }

  const Space& space_;
  const Pack& pack_;
};

class Comparer {
 public:
  Comparer(const Space& space, Steps& steps) : space_(space), steps_(steps) {}

  // What `wide` lets through and `narrow` does not; with `within`, only what that lets through too.
  void Add(const Openness& wide, const Openness& narrow, const Openness* within, ChangeKind kind,
           const std::string& form, std::vector<Change>& changes) {
    for (const Openness::Opening& opening : wide.openings) {
      std::vector<Region> differ = Outside(opening, narrow);
      // Only what differs is worth taking the closings out of.
      differ = Without(space_, std::move(differ), wide.closings, steps_);
      if (within != nullptr) differ = Inside(differ, *within);
      for (Region& region : Joined(std::move(differ)))
        changes.push_back({kind, opening.rule, form, std::move(region)});
    }
  }

 private:
  // The parts of the opening that `other` does not let through.
  std::vector<Region> Outside(const Openness::Opening& opening, const Openness& other) {
    std::vector<Region> open;
    // The rule of the same id first: mostly it is the same rule.
    for (const bool same : {true, false}) {
      for (const Openness::Opening& rule : other.openings) {
        if ((rule.rule == opening.rule) == same) open.push_back(rule.region);
      }
    }
    std::vector<Region> parts = Without(space_, {opening.region}, open, steps_);
    std::vector<Region> rest = {opening.region};
    for (const Region& closed : other.closings) {
      for (const Region& region : rest) {
        auto both = space_.Meet(region, closed);
        if (!both.has_value()) continue;
        // Where no opening was, the first list has it already.
        for (Region& part : Meeting(*both, open)) parts.push_back(std::move(part));
      }
      rest = Without(space_, std::move(rest), {closed}, steps_);
    }
    return parts;
  }
  // The parts of `region` in any of `open`, disjoint.
  std::vector<Region> Meeting(const Region& region, const std::vector<Region>& open) {
    std::vector<Region> parts, rest = {region};
    for (const Region& one : open) {
      for (const Region& left : rest) {
        if (auto both = space_.Meet(left, one)) parts.push_back(*std::move(both));
      }
      rest = Without(space_, std::move(rest), {one}, steps_);
      if (rest.empty()) break;
    }
    return parts;
  }
  std::vector<Region> Inside(const std::vector<Region>& regions, const Openness& openness) {
    std::vector<Region> open, parts;
    for (const Openness::Opening& opening : openness.openings) open.push_back(opening.region);
    for (const Region& region : regions) {
      for (Region& part : Meeting(region, open)) parts.push_back(std::move(part));
    }
    return Without(space_, std::move(parts), openness.closings, steps_);
  }
  // Regions that differ on one axis alone are one: fewer lines to read.
  std::vector<Region> Joined(std::vector<Region> regions) const {
    for (bool joined = true; joined;) {
      joined = false;
      for (std::size_t a = 0; a < regions.size() && !joined; ++a) {
        for (std::size_t b = a + 1; b < regions.size() && !joined; ++b) {
          auto both = space_.Join(regions[a], regions[b]);
          if (!both.has_value()) continue;
          regions[a] = *std::move(both);
          regions.erase(regions.begin() + static_cast<std::ptrdiff_t>(b));
          joined = true;
        }
      }
    }
    return regions;
  }

  const Space& space_;
  Steps& steps_;
};

std::string MeaningOf(const Pack& pack, const std::string& axis, const std::string& code,
                      bool dutch) {
  const auto said = [&](const Text& text) { return dutch ? text.nl : text.en; };
  const Vocabulary& words = pack.vocabulary();
  const auto find = [&](const std::vector<Code>& codes) {
    for (const Code& known : codes) {
      if (known.id == code) return said(known.meaning);
    }
    return code;
  };
  if (axis == "field") {
    const Field* field = pack.FindField(code);
    return field == nullptr ? code : said(field->meaning);
  }
  if (axis == "purpose") {
    for (const Purpose& purpose : words.purposes) {
      if (purpose.id == code) return said(purpose.meaning);
    }
  }
  if (axis == "regime") return find(words.regimes);
  return code;
}

std::string_view AxisText(const std::string& axis, bool dutch) {
  static const auto* const kTexts = new std::map<std::string, std::pair<std::string, std::string>>{
      {"action", {"handeling", "action"}},
      {"purpose", {"doel", "purpose"}},
      {"provider", {"van", "from"}},
      {"recipient", {"aan", "to"}},
      {"basis", {"grondslag", "legal basis"}},
      {"regime", {"soort gegevens", "regime"}},
      {"subject_category", {"over wie", "about whom"}},
      {"case_phase", {"fase van de zaak", "phase of the case"}},
      {"field", {"gegeven", "field"}},
      {"time", {"in de tijd vanaf", "in the time from"}}};
  const auto found = kTexts->find(axis);
  if (found == kTexts->end()) return axis;
  return dutch ? found->second.first : found->second.second;
}

}  // namespace

std::string_view ChangeName(ChangeKind kind) {
  switch (kind) {
    case ChangeKind::kOpens:
      return "opens";
    case ChangeKind::kCloses:
      return "closes";
    case ChangeKind::kNeedsNoApproval:
      return "needs-no-approval";
    case ChangeKind::kNeedsApproval:
      return "needs-approval";
    case ChangeKind::kMoreRevealing:
      return "more-revealing";
    case ChangeKind::kLessRevealing:
      return "less-revealing";
    case ChangeKind::kOpensInEmergency:
      return "opens-in-emergency";
    case ChangeKind::kClosesInEmergency:
      break;
  }
  return "closes-in-emergency";
}

bool IsWider(ChangeKind kind) {
  return kind == ChangeKind::kOpens || kind == ChangeKind::kNeedsNoApproval ||
         kind == ChangeKind::kMoreRevealing || kind == ChangeKind::kOpensInEmergency;
}

Impact Compare(const Space& space, const Pack& before, const Pack& after, Steps& steps) {
  Impact impact;
  Comparer comparer(space, steps);
  const Reader old_rules(space, before), new_rules(space, after);
  const auto both_ways = [&](const Openness& was, const Openness& is, bool only_possible,
                             ChangeKind wider, ChangeKind narrower, const std::string& form) {
    const Openness was_possible = only_possible ? old_rules.Possible() : Openness{};
    const Openness is_possible = only_possible ? new_rules.Possible() : Openness{};
    comparer.Add(is, was, only_possible ? &was_possible : nullptr, wider, form, impact.changes);
    comparer.Add(was, is, only_possible ? &is_possible : nullptr, narrower, form, impact.changes);
  };
  both_ways(old_rules.Possible(), new_rules.Possible(), false, ChangeKind::kOpens,
            ChangeKind::kCloses, "");
  both_ways(old_rules.WithoutApproval(), new_rules.WithoutApproval(), true,
            ChangeKind::kNeedsNoApproval, ChangeKind::kNeedsApproval, "");
  both_ways(old_rules.InEmergency(), new_rules.InEmergency(), false, ChangeKind::kOpensInEmergency,
            ChangeKind::kClosesInEmergency, "");
  for (const Code& form : after.vocabulary().forms) {
    const int rank = after.FormRank(form.id);
    if (rank == 0 || before.FormRank(form.id) < 0) continue;
    both_ways(old_rules.FromForm(before.FormRank(form.id)), new_rules.FromForm(rank), true,
              ChangeKind::kMoreRevealing, ChangeKind::kLessRevealing, form.id);
  }
  std::stable_sort(
      impact.changes.begin(), impact.changes.end(), [](const Change& a, const Change& b) {
        return std::tuple(!IsWider(a.kind), a.rule) < std::tuple(!IsWider(b.kind), b.rule);
      });
  impact.complete = !steps.AreUsedUp();
  return impact;
}

Text Describe(const Space& space, const Pack& pack, const Region& region) {
  std::vector<std::string> nl, en;
  for (std::size_t axis = 0; axis < space.axes(); ++axis) {
    if (space.IsAny(region, axis, pack)) continue;
    const std::string& name = space.AxisName(axis);
    std::vector<std::string> nl_codes, en_codes;
    for (const std::string& code : space.Codes(region, axis)) {
      nl_codes.push_back(MeaningOf(pack, name, code, true));
      en_codes.push_back(MeaningOf(pack, name, code, false));
    }
    nl.push_back(absl::StrFormat("%s: %s", AxisText(name, true), absl::StrJoin(nl_codes, ", ")));
    en.push_back(absl::StrFormat("%s: %s", AxisText(name, false), absl::StrJoin(en_codes, ", ")));
  }
  return {absl::StrJoin(nl, "; "), absl::StrJoin(en, "; ")};
}

}  // namespace sluis::policy

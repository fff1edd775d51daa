#include "policy/engine/region.h"

#include <algorithm>
#include <set>
#include <utility>

#include "policy/engine/bits.h"
#include "policy/engine/box.h"

namespace sluis::policy {
namespace {

constexpr CodeSet Box::*kRegionSets[] = {
    &Box::actions, &Box::purposes, &Box::providers,          &Box::recipients,
    &Box::bases,   &Box::regimes,  &Box::subject_categories, &Box::case_phases};
using Ids = std::vector<std::string>;
constexpr Ids (Pack::*kIds[])() const = {&Pack::ActionIds,
                                         &Pack::PurposeIds,
                                         &Pack::UnitIds,
                                         &Pack::UnitIds,
                                         &Pack::BasisIds,
                                         &Pack::RegimeIds,
                                         &Pack::SubjectCategoryIds,
                                         &Pack::CasePhaseIds};
constexpr const char* kNames[] = {"action", "purpose", "provider",         "recipient",
                                  "basis",  "regime",  "subject_category", "case_phase"};

constexpr char kOwn[] = "00000099100000001000";
constexpr char kPartner[] = "00000099200000001000";
constexpr char kThird[] = "00000099300000001000";

// Of one that the engine works out, only the values that it can take.
Ids ReachableValues(const Fact& fact) {
  Ids values = fact.values;
  if (fact.derived) {
    const CodeSet reachable =
        fact.id == "optreden" ? CodeSet{"eigen", "namens-ander"} : CodeSet{"yes", "no"};
    std::erase_if(values, [&](const std::string& value) { return reachable.count(value) == 0; });
  }
  return values;
}

// The union, in the order in which the codes are met first.
void AddNew(const Ids& codes, Ids& all) {
  for (const std::string& code : codes) {
    if (std::find(all.begin(), all.end(), code) == all.end()) all.push_back(code);
  }
}

void AddTimes(const Rules& rules, std::set<absl::Time>& times) {
  const auto add = [&](const auto& list) {
    for (const Rule& rule : list) {
      for (const absl::Time time : {rule.valid_from, rule.valid_until}) {
        if (time != absl::InfinitePast() && time != absl::InfiniteFuture()) times.insert(time);
      }
    }
  };
  add(rules.permits);
  add(rules.prohibitions);
  add(rules.conditions);
  add(rules.emergencies);
  add(rules.invariants);
}

}  // namespace

Space::Space(std::vector<const Pack*> packs) {
  for (std::size_t d = 0; d < kFieldAxis; ++d) {
    Ids codes;
    // A name for it, because sanitizers of GCC 12 take the index of a called member for another
    // one.
    const auto ids_of = kIds[d];
    for (const Pack* pack : packs) AddNew((pack->*ids_of)(), codes);
    AddAxis(kNames[d], std::move(codes));
  }
  Ids fields, facts;
  std::map<std::string, Ids> values;
  std::set<absl::Time> times;
  for (const Pack* pack : packs) {
    AddNew(pack->FieldIds(), fields);
    AddNew(pack->FactIds(), facts);
    for (const Fact& fact : pack->vocabulary().facts)
      AddNew(ReachableValues(fact), values[fact.id]);
    AddTimes(pack->rules(), times);
  }
  AddAxis("field", std::move(fields));
  for (const std::string& fact : facts) {
    // What a pack does not know cannot be sent to it: there it is as if unknown.
    AddNew({"unknown"}, values[fact]);
    AddAxis(fact, values[fact]);
  }
  times_.assign(times.begin(), times.end());
  Ids stretches = {"before"};
  for (const absl::Time time : times_)
    stretches.push_back(absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone()));
  AddAxis("time", std::move(stretches));
  for (const Pack* pack : packs) {
    Region all(words_, 0);
    Fill(*pack, nullptr, {}, all);
    all_.emplace(pack, std::move(all));
  }
}

void Space::AddAxis(std::string name, Ids codes) {
  Axis axis{std::move(name), std::move(codes), words_, 0};
  axis.words = WordsFor(axis.codes.size());
  words_ += axis.words;
  std::map<std::string, std::size_t, std::less<>> places;
  for (std::size_t i = 0; i < axis.codes.size(); ++i) places.emplace(axis.codes[i], i);
  places_.push_back(std::move(places));
  axes_.push_back(std::move(axis));
}

void Space::Set(std::size_t axis, const std::string& code, Region& region) const {
  const auto found = places_[axis].find(code);
  if (found != places_[axis].end()) SetBit(region.data() + axes_[axis].first_word, found->second);
}

void Space::FillTimes(const Rule* rule, Region& region) const {
  for (std::size_t i = 0; i < axes_.back().codes.size(); ++i) {
    const absl::Time start = i == 0 ? absl::InfinitePast() : times_[i - 1];
    const bool in_force =
        rule == nullptr || (rule->valid_from <= start && start < rule->valid_until);
    if (in_force) SetBit(region.data() + axes_.back().first_word, i);
  }
}

// Without a rule: everything that the pack knows.
void Space::Fill(const Pack& pack, const Rule* rule, const CodeSet& fields, Region& region) const {
  const auto fill = [&](std::size_t axis, const CodeSet& named, const Ids& all) {
    if (named.empty()) {
      for (const std::string& code : all) Set(axis, code, region);
    }
    for (const std::string& code : named) Set(axis, code, region);
  };
  for (std::size_t d = 0; d < kFieldAxis; ++d) {
    const auto ids_of = kIds[d];
    fill(d, rule == nullptr ? CodeSet{} : rule->box.*kRegionSets[d], (pack.*ids_of)());
  }
  fill(kFieldAxis, fields, pack.FieldIds());
  for (std::size_t axis = kFieldAxis + 1; axis < TimeAxis(); ++axis) {
    const Fact* fact = pack.FindFact(axes_[axis].name);
    if (fact == nullptr) {
      fill(axis, {}, axes_[axis].codes);
      continue;
    }
    const auto named = rule == nullptr ? std::map<std::string, CodeSet>::const_iterator{}
                                       : rule->box.facts.find(fact->id);
    const bool is_named = rule != nullptr && named != rule->box.facts.end();
    fill(axis, is_named ? named->second : CodeSet{}, ReachableValues(*fact));
  }
  FillTimes(rule, region);
}

bool Space::HasEmptyAxis(const Region& region) const {
  return std::any_of(axes_.begin(), axes_.end(), [&](const Axis& axis) {
    return IsEmpty(region.data() + axis.first_word, axis.words);
  });
}

Region Space::All(const Pack& pack) const { return all_.at(&pack); }

std::optional<Region> Space::Of(const Pack& pack, const Rule& rule) const {
  return Of(pack, rule, rule.box.fields);
}

std::optional<Region> Space::Of(const Pack& pack, const Rule& rule, const CodeSet& fields) const {
  Region region(words_, 0);
  Fill(pack, &rule, fields, region);
  // A fact that the engine works out may be named with a value that it never takes.
  return Meet(region, all_.at(&pack));
}

std::optional<Region> Space::At(const Region& region, absl::Time time) const {
  const auto stretch = static_cast<std::size_t>(
      std::upper_bound(times_.begin(), times_.end(), time) - times_.begin());
  const Axis& axis = axes_.back();
  if (!HasBit(region.data() + axis.first_word, stretch)) return std::nullopt;
  return Only(region, TimeAxis(), axis.codes[stretch]);
}

bool Space::Overlap(const Region& a, const Region& b) const {
  for (const Axis& axis : axes_) {
    std::uint64_t both = 0;
    for (std::size_t w = axis.first_word; w < axis.first_word + axis.words; ++w)
      both |= a[w] & b[w];
    if (both == 0) return false;
  }
  return true;
}

std::optional<Region> Space::Meet(const Region& a, const Region& b) const {
  Region both = a;
  for (std::size_t w = 0; w < words_; ++w) both[w] &= b[w];
  if (HasEmptyAxis(both)) return std::nullopt;
  return both;
}

bool Space::Covers(const Region& outer, const Region& inner) const {
  return Includes(outer.data(), inner.data(), words_);
}

void Space::Subtract(const Region& a, const Region& b, std::vector<Region>& pieces) const {
  if (!Overlap(a, b)) {
    pieces.push_back(a);
    return;
  }
  Region rest = a;
  for (const Axis& axis : axes_) {
    std::uint64_t outside = 0;
    for (std::size_t w = axis.first_word; w < axis.first_word + axis.words; ++w)
      outside |= rest[w] & ~b[w];
    if (outside == 0) continue;
    Region piece = rest;
    for (std::size_t w = axis.first_word; w < axis.first_word + axis.words; ++w) {
      piece[w] &= ~b[w];
      rest[w] &= b[w];
    }
    pieces.push_back(std::move(piece));
  }
}

std::optional<Region> Space::Join(const Region& a, const Region& b) const {
  int different = 0;
  for (const Axis& axis : axes_) {
    const auto first = static_cast<std::ptrdiff_t>(axis.first_word);
    const auto last = first + static_cast<std::ptrdiff_t>(axis.words);
    different += std::equal(a.begin() + first, a.begin() + last, b.begin() + first) ? 0 : 1;
  }
  if (different > 1) return std::nullopt;
  Region both = a;
  for (std::size_t w = 0; w < words_; ++w) both[w] |= b[w];
  return both;
}

Ids Space::Codes(const Region& region, std::size_t axis) const {
  Ids codes;
  ForEachBit(region.data() + axes_[axis].first_word, axes_[axis].words,
             [&](std::size_t code) { codes.push_back(axes_[axis].codes[code]); });
  return codes;
}

Region Space::Only(const Region& region, std::size_t axis, const std::string& code) const {
  Region only = region;
  const auto first = only.begin() + static_cast<std::ptrdiff_t>(axes_[axis].first_word);
  std::fill_n(first, axes_[axis].words, 0);
  Set(axis, code, only);
  return only;
}

bool Space::IsAny(const Region& region, std::size_t axis, const Pack& pack) const {
  const Region& all = all_.at(&pack);
  return Includes(region.data() + axes_[axis].first_word, all.data() + axes_[axis].first_word,
                  axes_[axis].words);
}

void Space::FillOrganisations(const Region& region, EvaluationRequest& request) const {
  const auto value = [&](const char* fact, const char* otherwise) {
    for (std::size_t axis = kFieldAxis + 1; axis < TimeAxis(); ++axis) {
      if (axes_[axis].name == fact) return Codes(region, axis).front();
    }
    return std::string(otherwise);
  };
  const bool provider_acts = ProviderActs(request.action);
  request.provider_organisation = kOwn;
  request.recipient_organisation = value("zelfde-organisatie", "no") == "yes" ? kOwn : kPartner;
  const std::string& acting =
      provider_acts ? request.provider_organisation : request.recipient_organisation;
  request.subject_organisation = value("optreden", "eigen") == "eigen" ? acting : kThird;
  request.subject_unit = provider_acts ? request.provider_unit : request.recipient_unit;
}

EvaluationRequest Space::RequestIn(const Region& region) const {
  const auto first = [&](std::size_t axis) { return Codes(region, axis).front(); };
  EvaluationRequest request;
  request.subject_id = "functionary-1";
  request.resource_id = "case-1";
  std::string EvaluationRequest::*const members[] = {&EvaluationRequest::action,
                                                     &EvaluationRequest::purpose,
                                                     &EvaluationRequest::provider_unit,
                                                     &EvaluationRequest::recipient_unit,
                                                     &EvaluationRequest::basis,
                                                     &EvaluationRequest::regime,
                                                     &EvaluationRequest::subject_category,
                                                     &EvaluationRequest::case_phase};
  for (std::size_t d = 0; d < kFieldAxis; ++d) request.*members[d] = first(d);
  request.fields = {first(kFieldAxis)};
  FillOrganisations(region, request);
  for (std::size_t axis = kFieldAxis + 1; axis < TimeAxis(); ++axis) {
    const std::string& fact = axes_[axis].name;
    const std::string value = first(axis);
    if (fact == "optreden" || fact == "zelfde-organisatie" || value == "unknown") continue;
    request.facts[fact] = value;
    if (fact == "artikel-20-besluit" && value == "valid")
      request.artikel_20_velden = request.fields;
  }
  std::size_t stretch = 0;
  while (!HasBit(region.data() + axes_.back().first_word, stretch)) ++stretch;
  const absl::Time someday = absl::FromCivil(absl::CivilDay(2026, 1, 1), absl::UTCTimeZone());
  request.time = times_.empty() ? someday
                 : stretch == 0 ? times_.front() - absl::Hours(24)
                                : times_[stretch - 1];
  return request;
}

std::vector<Region> Without(const Space& space, std::vector<Region> from,
                            const std::vector<Region>& cuts, Steps& steps, std::size_t enough) {
  // Depth first: one region left is often all that is asked.
  std::vector<std::pair<Region, std::size_t>> open;
  for (Region& region : from) open.emplace_back(std::move(region), 0);
  std::vector<Region> left;
  while (!open.empty()) {
    auto [region, next] = std::move(open.back());
    open.pop_back();
    while (next < cuts.size() && !space.Overlap(region, cuts[next])) ++next;
    if (next == cuts.size()) {
      left.push_back(std::move(region));
      if (left.size() == enough) return left;
      continue;
    }
    if (!steps.Take()) {
      left.push_back(std::move(region));
      return left;
    }
    std::vector<Region> pieces;
    space.Subtract(region, cuts[next], pieces);
    for (Region& piece : pieces) open.emplace_back(std::move(piece), next + 1);
  }
  return left;
}

}  // namespace sluis::policy

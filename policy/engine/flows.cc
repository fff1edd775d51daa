#include "policy/engine/flows.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <utility>

namespace sluis::policy {
namespace {

constexpr std::size_t kPurposeAxis = 1, kProviderAxis = 2, kRecipientAxis = 3, kPhaseAxis = 7;

// One permit carries the category from one unit to another.
struct Step {
  const Permit* permit = nullptr;
  std::set<std::string> purposes, phases;
};
using Carriers = std::map<const Permit*, Step>;

class Finder {
 public:
  Finder(const Pack& pack, absl::Time time, Steps& steps)
      : pack_(pack), time_(time), steps_(steps), space_({&pack}) {}

  Flows Find();

 private:
  using Pair = std::pair<std::string, std::string>;  // category and from
  void AddPermit(const Permit& permit, const std::vector<Region>& closed);
  void AddPiece(const Permit& permit, const Region& piece);
  bool MayGoOn(const Step& first, const Step& second, const std::string& to) const;
  void Follow(const Pair& start, const std::string& through, const Carriers& first);

  const Pack& pack_;
  const absl::Time time_;
  Steps& steps_;
  const Space space_;
  std::map<Pair, std::map<std::string, Carriers>> steps_from_;  // to whom, by which permits
  Flows flows_;
};

void Finder::AddPiece(const Permit& permit, const Region& piece) {
  std::set<std::string> categories;
  for (const std::string& field : space_.Codes(piece, Space::kFieldAxis))
    categories.insert(pack_.FindField(field)->category);
  const auto purposes = space_.Codes(piece, kPurposeAxis), phases = space_.Codes(piece, kPhaseAxis);
  for (const std::string& category : categories) {
    for (const std::string& from : space_.Codes(piece, kProviderAxis)) {
      for (const std::string& to : space_.Codes(piece, kRecipientAxis)) {
        if (from == to) continue;
        Step& step = steps_from_[{category, from}][to][&permit];
        step.permit = &permit;
        step.purposes.insert(purposes.begin(), purposes.end());
        step.phases.insert(phases.begin(), phases.end());
      }
    }
  }
}

void Finder::AddPermit(const Permit& permit, const std::vector<Region>& closed) {
  CodeSet fields;
  for (const auto& [field, form] : permit.fields) fields.insert(field);
  const std::optional<Region> all = space_.Of(pack_, permit, fields);
  const std::optional<Region> now = all.has_value() ? space_.At(*all, time_) : std::nullopt;
  if (!now.has_value()) return;
  for (const Region& piece : Without(space_, {*now}, closed, steps_)) AddPiece(permit, piece);
}

bool Share(const std::set<std::string>& a, const std::set<std::string>& b) {
  return std::any_of(a.begin(), a.end(), [&](const auto& code) { return b.count(code) > 0; });
}

bool Finder::MayGoOn(const Step& first, const Step& second, const std::string& to) const {
  const Obligations& bound = first.permit->obligations;
  if (bound.onward == "none") return false;
  if (bound.onward == "named") return bound.onward_to.count(to) > 0;
  return Share(first.purposes, second.purposes) && Share(first.phases, second.phases);
}

void Finder::Follow(const Pair& start, const std::string& through, const Carriers& first) {
  const auto onward = steps_from_.find({start.first, through});
  if (onward == steps_from_.end()) return;
  for (const auto& [to, second] : onward->second) {
    if (to == start.second) continue;
    std::set<std::string> firsts, seconds;
    for (const auto& [a, step] : first) {
      for (const auto& [b, next] : second) {
        if (!MayGoOn(step, next, to)) continue;
        firsts.insert(a->id);
        seconds.insert(b->id);
      }
    }
    if (firsts.empty()) continue;
    const bool direct = steps_from_.at(start).count(to) > 0;
    flows_.list.push_back({start.first,
                           start.second,
                           through,
                           to,
                           {firsts.begin(), firsts.end()},
                           {seconds.begin(), seconds.end()},
                           direct});
  }
}

Flows Finder::Find() {
  std::vector<Region> closed;
  for (const Prohibition& prohibition : pack_.rules().prohibitions) {
    if (auto region = space_.Of(pack_, prohibition)) closed.push_back(*std::move(region));
  }
  for (const Permit& permit : pack_.rules().permits) AddPermit(permit, closed);
  for (const auto& [start, targets] : steps_from_) {
    for (const auto& [through, first] : targets) Follow(start, through, first);
  }
  flows_.complete = !steps_.AreUsedUp();
  return std::move(flows_);
}

}  // namespace

Flows FindFlows(const Pack& pack, absl::Time time, Steps& steps) {
  return Finder(pack, time, steps).Find();
}

}  // namespace sluis::policy

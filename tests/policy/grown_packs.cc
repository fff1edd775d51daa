#include "tests/policy/grown_packs.h"

#include <algorithm>
#include <random>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"

namespace sluis::policy::testing {
namespace {

// Copies of rules with codes left out; at least one code stays of each list.
class Grower {
 public:
  explicit Grower(unsigned seed) : random_(seed) {}

  template <typename RuleType>
  std::vector<RuleType> Grow(const std::vector<RuleType>& from, std::size_t count,
                             const char* letter) {
    std::vector<RuleType> grown;
    for (std::size_t i = 0; i < std::max<std::size_t>(count, 1); ++i) {
      RuleType rule = from[random_() % from.size()];
      rule.id = absl::StrFormat("%s-%06d", letter, i + 1);
      Thin(rule.box);
      grown.push_back(std::move(rule));
    }
    return grown;
  }

 private:
  void Thin(CodeSet& codes) {
    for (auto code = codes.begin(); code != codes.end() && codes.size() > 1;)
      code = random_() % 3 == 0 ? codes.erase(code) : std::next(code);
  }
  void Thin(Box& box) {
    for (CodeSet* codes : {&box.actions, &box.purposes, &box.providers, &box.recipients, &box.bases,
                           &box.regimes, &box.subject_categories, &box.case_phases, &box.fields})
      Thin(*codes);
  }

  std::mt19937 random_;
};

}  // namespace

std::shared_ptr<const Pack> ThinnedPack(const Pack& pack, std::size_t rules, unsigned seed) {
  const Rules& from = pack.rules();
  const std::size_t all = from.permits.size() + from.prohibitions.size() + from.conditions.size() +
                          from.emergencies.size();
  const auto share = [&](std::size_t sort) { return rules * sort / all; };
  Grower grower(seed);
  Rules grown;
  grown.permits = grower.Grow(from.permits, share(from.permits.size()), "P");
  grown.prohibitions = grower.Grow(from.prohibitions, share(from.prohibitions.size()), "N");
  grown.conditions = grower.Grow(from.conditions, share(from.conditions.size()), "C");
  grown.emergencies = grower.Grow(from.emergencies, share(from.emergencies.size()), "E");
  grown.invariants = from.invariants;
  return std::make_shared<const Pack>("grown", "1", pack.vocabulary(), std::move(grown));
}

namespace {

class Repeater {
 public:
  Repeater(const Pack& pack, std::size_t times) : pack_(pack), times_(times) {}

  template <typename RuleType>
  std::vector<RuleType> Repeat(const std::vector<RuleType>& from, const char* letter) const {
    std::vector<RuleType> all;
    for (std::size_t copy = 0; copy < times_; ++copy) {
      for (RuleType rule : from) {
        rule.id = absl::StrFormat("%s-%06d", letter, all.size() + 1);
        if (rule.box.purposes.empty()) rule.box.purposes = AllPurposes();
        CodeSet own;
        for (const std::string& purpose : rule.box.purposes) own.insert(Own(purpose, copy));
        rule.box.purposes = std::move(own);
        all.push_back(std::move(rule));
      }
    }
    return all;
  }

  Vocabulary Words() const {
    Vocabulary words = pack_.vocabulary();
    words.purposes.clear();
    words.purpose_groups.clear();
    for (std::size_t copy = 0; copy < times_; ++copy) {
      for (const std::string& group : pack_.vocabulary().purpose_groups)
        words.purpose_groups.push_back(Own(group, copy));
      for (Purpose purpose : pack_.vocabulary().purposes) {
        purpose.id = Own(purpose.id, copy);
        purpose.group = Own(purpose.group, copy);
        words.purposes.push_back(std::move(purpose));
      }
    }
    return words;
  }

 private:
  static std::string Own(const std::string& code, std::size_t copy) {
    return copy == 0 ? code : absl::StrFormat("%s-%d", code, copy);
  }
  CodeSet AllPurposes() const {
    const std::vector<std::string> ids = pack_.PurposeIds();
    return {ids.begin(), ids.end()};
  }

  const Pack& pack_;
  const std::size_t times_;
};

}  // namespace

std::shared_ptr<const Pack> RepeatedPack(const Pack& pack, std::size_t rules) {
  const Rules& from = pack.rules();
  const std::size_t all = from.permits.size() + from.prohibitions.size() + from.conditions.size() +
                          from.emergencies.size();
  const Repeater repeater(pack, (rules + all - 1) / all);
  Rules made;
  made.permits = repeater.Repeat(from.permits, "P");
  made.prohibitions = repeater.Repeat(from.prohibitions, "N");
  made.conditions = repeater.Repeat(from.conditions, "C");
  made.emergencies = repeater.Repeat(from.emergencies, "E");
  made.invariants = from.invariants;
  return std::make_shared<const Pack>("repeated", "1", repeater.Words(), std::move(made));
}

}  // namespace sluis::policy::testing

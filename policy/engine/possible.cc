#include "policy/engine/possible.h"

#include <algorithm>
#include <set>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "policy/engine/region.h"

namespace sluis::policy {
namespace {

constexpr std::uint64_t kMostSteps = 2'000'000;

struct Found {
  std::set<std::string> rules;
  bool without_approval = false;
};

absl::Status Unknown(const std::string& about, const std::string& word,
                     const std::vector<std::string>& known) {
  const std::string near = word.size() > 64 ? "" : Nearest(word, known);
  return Error(ErrorCode::kInvalid, "QUERY_INVALID",
               absl::StrFormat("`%s` is no %s of this pack%s", word.substr(0, 64), about,
                               near.empty() ? "" : absl::StrFormat("; did you mean `%s`?", near)));
}

class Searcher {
 public:
  Searcher(const Pack& pack, const PossibleQuery& query)
      : pack_(pack), query_(query), space_({&pack}), steps_(kMostSteps) {}

  absl::StatusOr<PossiblePage> Search();

 private:
  absl::StatusOr<std::size_t> AxisOf(const std::string& name) const;
  absl::StatusOr<std::optional<Region>> Given() const;
  void Add(const Permit& permit, const Region& given, const std::vector<Region>& closed,
           const std::vector<Region>& approvals);
  PossiblePage Page() const;

  const Pack& pack_;
  const PossibleQuery& query_;
  const Space space_;
  Steps steps_;
  std::size_t wanted_ = 0;
  std::map<std::string, Found> found_;
};

absl::StatusOr<std::size_t> Searcher::AxisOf(const std::string& name) const {
  std::vector<std::string> known;
  for (std::size_t axis = 0; axis < space_.TimeAxis(); ++axis) {
    if (space_.AxisName(axis) == name) return axis;
    known.push_back(space_.AxisName(axis));
  }
  return Unknown("question", name, known);
}

// Everything at that time that the query leaves open; nothing if it leaves nothing.
absl::StatusOr<std::optional<Region>> Searcher::Given() const {
  std::optional<Region> region = space_.At(space_.All(pack_), query_.time);
  for (const auto& [name, codes] : query_.given) {
    SLUIS_ASSIGN_OR_RETURN(const std::size_t axis, AxisOf(name));
    const std::vector<std::string>& known = space_.CodesOf(axis);
    std::optional<Region> any;
    for (const std::string& code : codes) {
      if (std::find(known.begin(), known.end(), code) == known.end())
        return Unknown(name, code, known);
      const Region only = space_.Only(*region, axis, code);
      any = any.has_value() ? space_.Join(*any, only) : only;
    }
    if (any.has_value()) region = std::move(any);
  }
  return region;
}

void Searcher::Add(const Permit& permit, const Region& given, const std::vector<Region>& closed,
                   const std::vector<Region>& approvals) {
  CodeSet fields;
  for (const auto& [field, form] : permit.fields) fields.insert(field);
  const std::optional<Region> carried = space_.Of(pack_, permit, fields);
  const std::optional<Region> asked =
      carried.has_value() ? space_.Meet(*carried, given) : std::nullopt;
  if (!asked.has_value()) return;
  const std::vector<Region> open = Without(space_, {*asked}, closed, steps_);
  for (const Region& region : open) {
    for (const std::string& code : space_.Codes(region, wanted_))
      found_[code].rules.insert(permit.id);
  }
  for (const Region& region : Without(space_, open, approvals, steps_)) {
    for (const std::string& code : space_.Codes(region, wanted_))
      found_[code].without_approval = true;
  }
}

PossiblePage Searcher::Page() const {
  PossiblePage page;
  auto entry = query_.after.empty() ? found_.begin() : found_.upper_bound(query_.after);
  for (; entry != found_.end(); ++entry) {
    if (query_.page_size != 0 && page.list.size() == query_.page_size) {
      page.next = page.list.back().code;
      break;
    }
    const Found& found = entry->second;
    page.list.push_back(
        {entry->first, {found.rules.begin(), found.rules.end()}, found.without_approval});
  }
  return page;
}

absl::StatusOr<PossiblePage> Searcher::Search() {
  SLUIS_ASSIGN_OR_RETURN(wanted_, AxisOf(query_.wanted));
  if (wanted_ > Space::kFieldAxis) return Unknown("question", query_.wanted, {});
  SLUIS_ASSIGN_OR_RETURN(const std::optional<Region> given, Given());
  if (!given.has_value()) return PossiblePage{};
  std::vector<Region> closed, approvals;
  for (const Prohibition& rule : pack_.rules().prohibitions) {
    if (auto region = space_.Of(pack_, rule)) closed.push_back(*std::move(region));
  }
  for (const Condition& rule : pack_.rules().conditions) {
    auto region = space_.Of(pack_, rule);
    if (rule.approval.has_value() && region.has_value()) approvals.push_back(*std::move(region));
  }
  for (const Permit& permit : pack_.rules().permits) Add(permit, *given, closed, approvals);
  if (steps_.AreUsedUp())
    return Error(ErrorCode::kExhausted, "STEPS_USED_UP", "the rules are too entangled to answer");
  return Page();
}

}  // namespace

absl::StatusOr<PossiblePage> FindPossible(const Pack& pack, const PossibleQuery& query) {
  return Searcher(pack, query).Search();
}

}  // namespace sluis::policy

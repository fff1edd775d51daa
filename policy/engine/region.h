// Exact sets of requests: what proofs, comparisons of packs and checks of rules reckon with.
//
// A request about one field is a point: one code on each axis. Axes are the eight dimensions, the
// field, every fact and the time, which counts as the stretches between the moments where some rule
// starts or ends. A rule is a region: on each axis a set of codes. Regions can be cut out of each
// other without rest, so a question about all requests is answered exactly. Approvals and the
// emergency flag are no axes: who asks says which he means.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "policy/engine/pack.h"
#include "policy/engine/request.h"

namespace sluis::policy {

// Bits of all axes in one row; meaning only together with the Space that made it. One with an empty
// axis holds no request; Space never returns such a region but as nothing.
using Region = std::vector<std::uint64_t>;

// The axes of one or more packs. Thread-safe after construction; the packs must outlive it.
class Space {
 public:
  explicit Space(std::vector<const Pack*> packs);

  // The first eight are those of Box, in its order.
  static constexpr std::size_t kFieldAxis = 8;
  std::size_t axes() const { return axes_.size(); }
  // `action`, `purpose`, ..., `field`, a fact's id, `time`.
  const std::string& AxisName(std::size_t axis) const { return axes_[axis].name; }
  const std::vector<std::string>& CodesOf(std::size_t axis) const { return axes_[axis].codes; }
  std::size_t FactAxis(std::size_t fact) const { return kFieldAxis + 1 + fact; }
  std::size_t TimeAxis() const { return axes_.size() - 1; }

  // Every valid request of a pack.
  Region All(const Pack& pack) const;
  // The rule's box with its own list of fields, or with `fields` instead; nothing if no request of
  // the pack lies in it.
  std::optional<Region> Of(const Pack& pack, const Rule& rule) const;
  std::optional<Region> Of(const Pack& pack, const Rule& rule, const CodeSet& fields) const;
  // Only the requests at `time`.
  std::optional<Region> At(const Region& region, absl::Time time) const;

  bool Overlap(const Region& a, const Region& b) const;
  std::optional<Region> Meet(const Region& a, const Region& b) const;
  bool Covers(const Region& outer, const Region& inner) const;
  // `a` without `b` as disjoint regions, appended to `pieces`.
  void Subtract(const Region& a, const Region& b, std::vector<Region>& pieces) const;
  // Both as one region, if they differ on one axis at most.
  std::optional<Region> Join(const Region& a, const Region& b) const;
  // The codes of a region on one axis; `is_any` says that it holds all that the pack knows.
  std::vector<std::string> Codes(const Region& region, std::size_t axis) const;
  // The part of a region with this code; the code must be one of its axis.
  Region Only(const Region& region, std::size_t axis, const std::string& code) const;
  bool IsAny(const Region& region, std::size_t axis, const Pack& pack) const;

  // One request of the region, the first by the order of the codes. Its organisations are those of
  // the demonstration; nobody approved anything.
  EvaluationRequest RequestIn(const Region& region) const;

 private:
  struct Axis {
    std::string name;
    std::vector<std::string> codes;
    std::size_t first_word = 0, words = 1;
  };
  void AddAxis(std::string name, std::vector<std::string> codes);
  void Fill(const Pack& pack, const Rule* rule, const CodeSet& fields, Region& region) const;
  void Set(std::size_t axis, const std::string& code, Region& region) const;
  void FillTimes(const Rule* rule, Region& region) const;
  bool HasEmptyAxis(const Region& region) const;
  void FillOrganisations(const Region& region, EvaluationRequest& request) const;

  std::vector<Axis> axes_;
  std::vector<std::map<std::string, std::size_t, std::less<>>> places_;  // by axis
  std::vector<absl::Time> times_;                                        // ascending
  std::size_t words_ = 0;
  std::map<const Pack*, Region> all_;
};

// Steps that a question may take; one is one region cut out of another.
class Steps {
 public:
  explicit Steps(std::uint64_t most) : left_(most) {}
  bool Take() { return left_ > 0 && left_-- > 0; }
  bool AreUsedUp() const { return left_ == 0; }
  std::uint64_t left() const { return left_; }

 private:
  std::uint64_t left_;
};

// `from` without any of `cuts`, as disjoint regions; stops with an incomplete list when the steps
// are used up, or after `enough` regions (0: all).
std::vector<Region> Without(const Space& space, std::vector<Region> from,
                            const std::vector<Region>& cuts, Steps& steps, std::size_t enough = 0);

}  // namespace sluis::policy

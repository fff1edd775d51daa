#include "lib/tlog/classify.h"

#include <algorithm>
#include <set>
#include <utility>

#include "lib/tlog/order_note.h"

namespace sluis::tlog {
namespace {

constexpr std::uint64_t kMaxForOneOfficer = 100;
constexpr std::uint64_t kClockTolerance = 300;

bool IsErasing(LeafKind kind) { return kind == LeafKind::kErase || kind == LeafKind::kDestroy; }

bool IsNeverErased(LeafKind kind) {
  return IsErasing(kind) || kind == LeafKind::kGenesis || kind == LeafKind::kClose ||
         kind == LeafKind::kKeyChange;
}

// The content of a record that is there and right.
std::optional<Json> Content(const LogView& log, std::uint64_t index) {
  const auto opening = log.openings.find(index);
  if (opening == log.openings.end()) return std::nullopt;
  auto content = OpenLeaf(log.leaves[index], opening->second);
  if (!content.ok()) return std::nullopt;
  return *std::move(content);
}

bool ValidAt(const OrderKey& key, std::uint64_t time) {
  return key.valid_from <= time && (!key.valid_until || time < *key.valid_until);
}

// Decides about one erasing leaf of one log, whose target is `target`.
class OrderJudge {
 public:
  OrderJudge(const LogView& target, const Leaf& erasing, std::span<const OrderKey> keys)
      : target_(target), erasing_(erasing), range_(*erasing.reference), keys_(keys) {}

  bool Allows(const Json& content) const {
    const auto note = content.find("order_note");
    if (note == content.end() || !note->is_string() || range_.end > target_.leaves.size())
      return false;
    std::vector<VerifierKey> known;
    for (const OrderKey& key : keys_) known.push_back(key.key);
    auto order = VerifyOrder(note->get_ref<const std::string&>(), known);
    return order.ok() && RangeFits(order->order) && TimeFits(order->order) && SignersFit(*order);
  }

 private:
  bool RangeFits(const OrderNote& order) const {
    const bool at_term = order.ground == EraseGround::kTerm;
    return order.origin == target_.origin && order.first == range_.first &&
           order.end == range_.end && at_term == (erasing_.kind == LeafKind::kDestroy);
  }

  bool TimeFits(const OrderNote& order) const {
    const std::int64_t last = target_.leaves[range_.end - 1].hour;
    const std::int64_t latest = erasing_.hour + kSecondsPerHour;
    return order.time >= static_cast<std::uint64_t>(last) &&
           order.time < static_cast<std::uint64_t>(latest) + kClockTolerance;
  }

  bool SignersFit(const SignedOrder& order) const {
    const bool needs_two =
        erasing_.kind == LeafKind::kErase && range_.end - range_.first > kMaxForOneOfficer;
    return order.signers.size() >= (needs_two ? 2U : 1U) &&
           std::all_of(order.signers.begin(), order.signers.end(),
                       [&](const VerifierKey& key) { return SignerFits(key, order.order.time); });
  }

  bool SignerFits(const VerifierKey& signer, std::uint64_t time) const {
    const bool valid = std::any_of(keys_.begin(), keys_.end(), [&](const OrderKey& key) {
      return key.key == signer && ValidAt(key, time);
    });
    auto role = OrderSignerOf(signer.name());
    if (!valid || !role.ok() || role->retention != (erasing_.kind == LeafKind::kDestroy))
      return false;
    if (role->retention && target_.leaves.front().acting == role->oin) return true;
    return std::all_of(
        target_.leaves.begin() + static_cast<std::ptrdiff_t>(range_.first),
        target_.leaves.begin() + static_cast<std::ptrdiff_t>(range_.end),
        [&](const Leaf& leaf) { return leaf.acting == role->oin || leaf.other == role->oin; });
  }

  const LogView& target_;
  const Leaf& erasing_;
  const LeafReference& range_;
  std::span<const OrderKey> keys_;
};

// Whether the reference of leaf `index` of a log names earlier leaves of `target`: of the log
// itself, or by the year of the origin when the log is a later one.
bool RefersTo(const LogView& target, const LeafReference& reference, bool later,
              std::uint64_t index) {
  if (later) return target.year != 0 && reference.year == target.year;
  return reference.year == 0 && reference.end <= index;
}

// Which leaves of `target` are covered by an erasing leaf of `log`; `later` if log is a later
// origin.
void MarkErased(const LogView& target, const LogView& log, bool later,
                std::span<const OrderKey> keys, std::vector<bool>& erased) {
  for (std::uint64_t i = 0; i < log.leaves.size(); ++i) {
    const Leaf& leaf = log.leaves[i];
    if (!IsErasing(leaf.kind) || !leaf.reference) continue;
    if (!RefersTo(target, *leaf.reference, later, i)) continue;
    const std::optional<Json> content = Content(log, i);
    if (!content || !OrderJudge(target, leaf, keys).Allows(*content)) continue;
    for (std::uint64_t j = leaf.reference->first; j < leaf.reference->end; ++j) erased[j] = true;
  }
}

}  // namespace

std::string VerdictName(LeafVerdict verdict) {
  switch (verdict) {
    case LeafVerdict::kVerified:
      return "VERIFIED";
    case LeafVerdict::kErasedWithOrder:
      return "ERASED-WITH-ORDER";
    case LeafVerdict::kMissing:
      return "MISSING";
  }
  return "MISSING";
}

std::vector<LeafVerdict> ClassifyLeaves(std::span<const LogView> logs,
                                        std::span<const OrderKey> keys) {
  if (logs.empty()) return {};
  const LogView& target = logs.front();
  std::vector<bool> erased(target.leaves.size());
  for (std::size_t i = 0; i < logs.size(); ++i) MarkErased(target, logs[i], i > 0, keys, erased);
  std::vector<LeafVerdict> verdicts;
  for (std::uint64_t i = 0; i < target.leaves.size(); ++i) {
    const Leaf& leaf = target.leaves[i];
    const bool absent = !target.openings.contains(i);
    LeafVerdict verdict = LeafVerdict::kMissing;
    if (!leaf.commitment || Content(target, i)) {
      verdict = LeafVerdict::kVerified;
    } else if (absent && erased[i] && !IsNeverErased(leaf.kind)) {
      verdict = LeafVerdict::kErasedWithOrder;
    }
    verdicts.push_back(verdict);
  }
  return verdicts;
}

}  // namespace sluis::tlog

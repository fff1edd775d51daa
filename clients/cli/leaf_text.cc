#include "clients/cli/leaf_text.h"

#include "absl/strings/str_format.h"
#include "absl/time/time.h"
#include "lib/base/encoding.h"

namespace sluis::cli {

std::string HourText(std::int64_t hour) {
  return absl::FormatTime("%Y-%m-%dT%H:00Z", absl::FromUnixSeconds(hour), absl::UTCTimeZone());
}

Json DescribeLeaf(const tlog::Leaf& leaf) {
  Json described = {{"kind", tlog::KindName(leaf.kind)},
                    {"outcome", tlog::OutcomeName(leaf.outcome)},
                    {"hour", HourText(leaf.hour)},
                    {"acting", leaf.acting},
                    {"policy_digest", HexEncode(AsView(leaf.policy_digest))}};
  if (!leaf.exchange.empty()) described["exchange"] = leaf.exchange.hex();
  if (!leaf.other.empty()) described["other"] = leaf.other;
  if (leaf.purpose != tlog::PurposeReference{}) {
    described["purpose_reference"] = HexEncode(AsView(leaf.purpose));
  }
  if (leaf.commitment) described["commitment"] = HexEncode(AsView(*leaf.commitment));
  if (leaf.reference) {
    described["refers_to"] = {{"year", leaf.reference->year},
                              {"first", leaf.reference->first},
                              {"end", leaf.reference->end}};
  }
  return described;
}

Json DescribeCheckpoint(const tlog::TrustedCheckpoint& trusted) {
  return {{"origin", trusted.checkpoint.origin},
          {"size", trusted.checkpoint.size},
          {"root", HexEncode(AsView(trusted.checkpoint.root))},
          {"witnesses", trusted.witnesses},
          {"no_quorum", trusted.no_quorum}};
}

}  // namespace sluis::cli

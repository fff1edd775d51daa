// Receipts: every answer's proofs that its leaves stand in the log, checked at once and kept as
//   receipts/<topic>/<index>-<KIND>.tlog-proof
// where the topic is the exchange's id, `case-<id>`, `arrangement-<id>` or `log-reads`.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "clients/lib/names.h"
#include "lib/base/clock.h"
#include "lib/tlog/leaf.h"
#include "lib/tlog/receipt.h"
#include "lib/tlog/trust_policy.h"
#include "sluis/v1/log.pb.h"

namespace sluis::edge {

using WireReceipts = google::protobuf::RepeatedPtrField<wire::Receipt>;

// What an answer must prove.
struct ReceiptClaim {
  std::string topic;  // folder name; made by us, never by the broker
  std::optional<ExchangeId>
      exchange;  // no leaf is about another exchange, those of `kinds` about this
  // At least one leaf is of one of these kinds; empty: no receipt is demanded.
  std::vector<tlog::LeafKind> kinds;
};

// Safe between processes.
class ReceiptStore {
 public:
  // Everything given outlives the store.
  ReceiptStore(std::filesystem::path folder, const tlog::TrustPolicy& trust, const Clock& clock)
      : folder_(std::move(folder)), trust_(trust), clock_(clock) {}

  // DATA_LOSS / LOG_INCONSISTENT unless every receipt verifies under the pinned key, is the leaf
  // that it says, is about the exchange, contradicts none that was kept before, and the claim is
  // met; its metadata says `index` and `why`. Nothing of an answer is kept when one fails.
  absl::Status Keep(const ReceiptClaim& claim, const WireReceipts& receipts) const;

  // Files of a topic, by index.
  absl::StatusOr<std::vector<std::filesystem::path>> List(const std::string& topic) const;

 private:
  struct Checked;
  absl::StatusOr<Checked> Check(const ReceiptClaim& claim, const wire::Receipt& receipt,
                                tlog::ReceiptVerifier& verifier) const;
  std::filesystem::path folder_;
  const tlog::TrustPolicy& trust_;
  const Clock& clock_;
};

}  // namespace sluis::edge

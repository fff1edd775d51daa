#include "clients/lib/receipt_store.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "clients/lib/private_files.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"

namespace sluis::edge {
namespace {

absl::Status Inconsistent(std::int64_t index, std::string_view why) {
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
               absl::StrFormat("the broker's proof of log entry %d is wrong (%s); do not rely on "
                               "this answer, and tell your privacy officer and the auditor",
                               index, why),
               {{"index", absl::StrFormat("%d", index)}, {"why", std::string(why)}});
}

absl::Status Unproven() {
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
               "the broker did not prove that it logged this; do not rely on this answer, and tell "
               "your privacy officer and the auditor",
               {{"why", "no-receipt"}});
}

}  // namespace

struct ReceiptStore::Checked {
  std::filesystem::path file;
  tlog::LeafKind kind;
  bool on_topic;  // about the exchange of the claim
};

absl::StatusOr<ReceiptStore::Checked> ReceiptStore::Check(const ReceiptClaim& claim,
                                                          const wire::Receipt& receipt,
                                                          tlog::ReceiptVerifier& verifier) const {
  const auto verified = verifier.Verify(receipt.text());
  if (!verified.ok()) return Inconsistent(receipt.index(), ReasonOf(verified.status()));
  const std::string kind = tlog::KindName(verified->leaf.kind);
  if (receipt.index() < 0 || verified->index != static_cast<std::uint64_t>(receipt.index())) {
    return Inconsistent(receipt.index(), "other-index");
  }
  if (kind != receipt.kind()) return Inconsistent(receipt.index(), "other-kind");
  // A leaf about no exchange is that of the case, which the same call opened or changed.
  const ExchangeId& about = verified->leaf.exchange;
  if (claim.exchange && !about.empty() && about != *claim.exchange) {
    return Inconsistent(receipt.index(), "other-exchange");
  }
  Checked checked{
      folder_ / claim.topic / absl::StrFormat("%d-%s.tlog-proof", verified->index, kind),
      verified->leaf.kind, !claim.exchange || about == *claim.exchange};
  // A log has one entry at one index, for ever.
  const auto kept = ReadFile(checked.file, tlog::kMaxReceiptSize);
  if (kept.ok()) {
    const auto before = tlog::ParseReceipt(*kept);
    if (before.ok() && before->extra != verified->leaf_bytes) {
      return Inconsistent(receipt.index(), "other-leaf-before");
    }
  }
  return checked;
}

absl::Status ReceiptStore::Keep(const ReceiptClaim& claim, const WireReceipts& receipts) const {
  std::vector<Checked> checked;
  tlog::ReceiptVerifier verifier(trust_, clock_.Now());
  for (const wire::Receipt& receipt : receipts) {
    SLUIS_ASSIGN_OR_RETURN(Checked one, Check(claim, receipt, verifier));
    checked.push_back(std::move(one));
  }
  const auto wanted = [&claim](const Checked& one) {
    return one.on_topic &&
           std::find(claim.kinds.begin(), claim.kinds.end(), one.kind) != claim.kinds.end();
  };
  if (!claim.kinds.empty() && std::none_of(checked.begin(), checked.end(), wanted)) {
    return Unproven();
  }
  if (checked.empty()) return absl::OkStatus();
  SLUIS_RETURN_IF_ERROR(EnsurePrivateFolder(folder_ / claim.topic));
  for (std::size_t i = 0; i < checked.size(); ++i) {
    SLUIS_RETURN_IF_ERROR(WriteFileAtomic(checked[i].file, receipts[static_cast<int>(i)].text()));
  }
  return absl::OkStatus();
}

absl::StatusOr<std::vector<std::filesystem::path>> ReceiptStore::List(
    const std::string& topic) const {
  if (!std::filesystem::exists(folder_ / topic)) return std::vector<std::filesystem::path>();
  SLUIS_ASSIGN_OR_RETURN(std::vector<std::filesystem::path> files,
                         FilesOf(folder_ / topic, ".tlog-proof"));
  const auto index = [](const std::filesystem::path& file) {
    const std::string name = file.filename().string();
    return std::make_pair(name.find('-'), name);
  };
  std::sort(files.begin(), files.end(),
            [&index](const auto& a, const auto& b) { return index(a) < index(b); });
  return files;
}

}  // namespace sluis::edge

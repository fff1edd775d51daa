#include "lib/tlog/receipt.h"

#include <limits>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/tlog/signed_note.h"

namespace sluis::tlog {
namespace {

constexpr std::string_view kReceiptHeader = "c2sp.org/tlog-proof@v1";
constexpr std::string_view kExtra = "extra ";
constexpr std::string_view kIndex = "index ";

absl::Status BadReceipt(int line, std::string_view what) {
  return Error(ErrorCode::kInvalid, "E_RECEIPT",
               absl::StrFormat("receipt, line %d: %s", line, what));
}

// The lines before the checkpoint, one at a time.
class Lines {
 public:
  explicit Lines(std::string_view text) : rest_(text) {}
  int number() const { return number_; }
  std::string_view rest() const { return rest_; }
  absl::StatusOr<std::string_view> Next() {
    ++number_;
    const std::size_t end = rest_.find('\n');
    if (end == std::string_view::npos) return BadReceipt(number_, "the receipt ends here");
    const std::string_view line = rest_.substr(0, end);
    rest_.remove_prefix(end + 1);
    return line;
  }

 private:
  std::string_view rest_;
  int number_ = 0;
};

absl::StatusOr<Proof> ReadProof(Lines& lines) {
  Proof proof;
  while (true) {
    SLUIS_ASSIGN_OR_RETURN(const std::string_view line, lines.Next());
    if (line.empty()) return proof;
    if (proof.size() == kMaxProofHashes) return BadReceipt(lines.number(), "more than 63 hashes");
    auto raw = Base64Decode(line);
    auto hash = DigestFromBytes(raw.ok() ? *raw : Bytes());
    if (!hash.ok()) return BadReceipt(lines.number(), "not the base64 of a hash");
    proof.push_back(*hash);
  }
}

}  // namespace

absl::StatusOr<Receipt> ParseReceipt(std::string_view text) {
  if (text.size() > kMaxReceiptSize) return BadReceipt(1, "the receipt is too long");
  Lines lines(text);
  SLUIS_ASSIGN_OR_RETURN(std::string_view line, lines.Next());
  if (line != kReceiptHeader) return BadReceipt(lines.number(), "not a receipt of a known version");
  Receipt receipt;
  SLUIS_ASSIGN_OR_RETURN(line, lines.Next());
  if (line.starts_with(kExtra)) {
    auto extra = Base64Decode(line.substr(kExtra.size()));
    if (!extra.ok()) return BadReceipt(lines.number(), "not base64");
    receipt.extra = *std::move(extra);
    SLUIS_ASSIGN_OR_RETURN(line, lines.Next());
  }
  if (!line.starts_with(kIndex)) return BadReceipt(lines.number(), "no index");
  auto index = ParseDecimal(line.substr(kIndex.size()), std::numeric_limits<std::int64_t>::max());
  if (!index.ok()) return BadReceipt(lines.number(), "not an index");
  receipt.index = *index;
  SLUIS_ASSIGN_OR_RETURN(receipt.proof, ReadProof(lines));
  receipt.checkpoint = std::string(lines.rest());
  if (auto note = ParseNote(receipt.checkpoint); !note.ok()) {
    return BadReceipt(lines.number() + 1, MessageOf(note.status()));
  }
  return receipt;
}

std::string FormatReceipt(const Receipt& receipt) {
  std::string text = absl::StrFormat("%s\n", kReceiptHeader);
  if (receipt.extra) text += absl::StrFormat("%s%s\n", kExtra, Base64Encode(*receipt.extra));
  text += absl::StrFormat("%s%d\n", kIndex, receipt.index);
  for (const Digest& hash : receipt.proof) text += Base64Encode(AsView(hash)) + "\n";
  return text + "\n" + receipt.checkpoint;
}

absl::StatusOr<TrustedCheckpoint> ReceiptVerifier::Trusted(const std::string& note) {
  if (trusted_ && note == note_) return *trusted_;
  SLUIS_ASSIGN_OR_RETURN(TrustedCheckpoint checkpoint, policy_.Verify(note, now_));
  note_ = note;
  trusted_ = checkpoint;
  return checkpoint;
}

absl::StatusOr<VerifiedReceipt> ReceiptVerifier::Verify(std::string_view text) {
  SLUIS_ASSIGN_OR_RETURN(Receipt receipt, ParseReceipt(text));
  if (!receipt.extra) return BadReceipt(2, "the leaf is missing (extra)");
  SLUIS_ASSIGN_OR_RETURN(TrustedCheckpoint checkpoint, Trusted(receipt.checkpoint));
  SLUIS_RETURN_IF_ERROR(VerifyInclusion(receipt.index, checkpoint.checkpoint.size,
                                        LeafHash(*receipt.extra), receipt.proof,
                                        checkpoint.checkpoint.root));
  SLUIS_ASSIGN_OR_RETURN(Leaf leaf, DecodeLeaf(*receipt.extra, receipt.index));
  return VerifiedReceipt{receipt.index, *std::move(receipt.extra), std::move(leaf),
                         std::move(checkpoint)};
}

absl::StatusOr<VerifiedReceipt> VerifyReceipt(std::string_view text, const TrustPolicy& policy,
                                              absl::Time now) {
  return ReceiptVerifier(policy, now).Verify(text);
}

}  // namespace sluis::tlog

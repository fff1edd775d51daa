// What the broker hands out about one decision: the whole question with its facts, the pack and the
// answer, signed with its decision key. Whoever holds the pack decides again by the plain scan and
// sees whether it is what was decided.
//
// Four lines, each with its line feed, and nothing behind them:
//   sluis-decision-receipt/v1
//   one line of RFC 8785 JSON {answer, bundle, exchange, pack, request, version}
//   the signer's key id, 64 hex characters (SHA-256 of the public key)
//   the signature in base64, Ed25519 over "sluis/decision-receipt/v1" || 00 || SHA-256(JSON line)
//   answer     the AuthZEN response of policy/engine/authzen.h, without the members that are null
//   bundle, version, pack   name, version and digest (64 hex) of the pack
//   exchange   id of the exchange, 32 hex
//   request    the AuthZEN request as it was decided on, `context.time` being the moment
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/base/json.h"
#include "lib/crypto/ed25519.h"
#include "policy/engine/decision.h"
#include "policy/engine/pack.h"

namespace sluis::policy {

inline constexpr std::size_t kMaxReceipt = 256 << 10;

struct ReceiptTerms {
  std::string exchange, bundle, version;
  Digest pack{};
  Json request, answer;
};

class DecisionReceipt {
 public:
  // INVALID_ARGUMENT: RECEIPT_MALFORMED (not these four lines, not canonical, a member unknown,
  // missing or wrong), RECEIPT_KEY_UNKNOWN (another key signed), E_SIGNATURE.
  static absl::StatusOr<DecisionReceipt> Verify(BytesView wire, const Ed25519PublicKey& broker);
  // RECEIPT_MALFORMED for terms that make no receipt.
  static absl::StatusOr<DecisionReceipt> Sign(const ReceiptTerms& terms,
                                              const Ed25519PrivateKey& broker);

  const ReceiptTerms& terms() const { return terms_; }
  const Bytes& wire() const { return wire_; }

 private:
  DecisionReceipt(ReceiptTerms terms, Bytes wire)
      : terms_(std::move(terms)), wire_(std::move(wire)) {}
  ReceiptTerms terms_;
  Bytes wire_;
};

// The member `answer` of a decision.
Json ReceiptAnswer(const Decision& decision);

// A member of the answer that the plain scan gives otherwise; `-` stands for one that is not there.
struct ReceiptDifference {
  std::string member, receipt, scan;
};

// Decides again by the plain scan (policy/engine/evaluate.h). Empty if the answer is the same to
// the letter. FAILED_PRECONDITION / PACK_OTHER when `pack` is not the one that the receipt names;
// INVALID_ARGUMENT / RECEIPT_MALFORMED when the request is none.
absl::StatusOr<std::vector<ReceiptDifference>> DecideAgain(const DecisionReceipt& receipt,
                                                           const Pack& pack);

}  // namespace sluis::policy

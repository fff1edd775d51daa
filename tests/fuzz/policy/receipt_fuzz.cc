// Receipts of decisions. First byte 'R': the rest is a receipt as it comes; 'J': the rest is a JSON
// line that the broker signed. Property: what was accepted is written again as the same bytes, and
// is decided again without a fault.
#include <cstdint>
#include <cstdlib>

#include "lib/base/encoding.h"
#include "lib/crypto/hash.h"
#include "policy/engine/loader.h"
#include "policy/signed/decision_receipt.h"

namespace {

using namespace sluis;  // NOLINT(google-build-using-namespace): a single translation unit

Bytes Signed(std::string_view line, const Ed25519PrivateKey& broker) {
  const Bytes prefix("sluis/decision-receipt/v1\0", 26);
  return "sluis-decision-receipt/v1\n" + std::string(line) + "\n" +
         HexEncode(AsView(broker.public_key().KeyId())) + "\n" +
         Base64Encode(broker.Sign(prefix + Bytes(AsView(Sha256(line))))) + "\n";
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Ed25519PrivateKey broker = Ed25519PrivateKey::Generate();
  static const auto pack = policy::LoadPackDirectory(SLUIS_PACK_FOLDER).value();
  static const Digest digest = Sha256(policy::CanonicalBytes(*pack));
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  const auto receipt = policy::DecisionReceipt::Verify(
      data[0] == 'J' ? Signed(rest, broker) : Bytes(rest), broker.public_key());
  if (!receipt.ok()) return 0;
  policy::ReceiptTerms terms = receipt->terms();
  const auto again = policy::DecisionReceipt::Sign(terms, broker);
  if (!again.ok() || again->wire() != receipt->wire()) std::abort();
  terms.bundle = pack->bundle();
  terms.version = pack->version();
  terms.pack = digest;
  const auto fitted = policy::DecisionReceipt::Sign(terms, broker);
  if (!fitted.ok()) std::abort();
  // Deciding again gives differences or a reason, and the same ones each time.
  const auto first = policy::DecideAgain(*fitted, *pack),
             second = policy::DecideAgain(*fitted, *pack);
  if (first.ok() != second.ok() || (first.ok() && first->size() != second->size())) std::abort();
  return 0;
}

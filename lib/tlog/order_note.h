// Orders to erase or destroy records (log.md B7): a signed note of privacy officers, or of a
// retention key at the end of a term, kept in the record of the ERASE or DESTROY leaf. Pure,
// thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/tlog/signed_note.h"
#include "lib/tlog/vkey.h"

namespace sluis::tlog {

enum class EraseGround { kAvg17, kWpg28, kCourt, kTerm };  // avg-17, wpg-28, court, term

struct OrderNote {
  std::string origin;       // of the log whose records go
  std::uint64_t first = 0;  // records of leaves [first, end)
  std::uint64_t end = 0;
  EraseGround ground = EraseGround::kAvg17;
  std::string
      reference;  // 1 to 64 of A-Z a-z 0-9 . _ / -, nothing that looks like a citizen number
  std::uint64_t time = 0;  // seconds since 1970, when it was signed
  bool operator==(const OrderNote&) const = default;
};

// The text that is signed. E_ORDER naming the field for an order that its own text could not give
// back.
absl::StatusOr<std::string> FormatOrder(const OrderNote& order);
absl::StatusOr<OrderNote> ParseOrder(std::string_view text);

// Who may order: `<OIN>/officer/<n>` or `<OIN>/retention/<n>`.
struct OrderSigner {
  std::string oin;
  bool retention = false;
};
// E_VKEY for any other name.
absl::StatusOr<OrderSigner> OrderSignerOf(std::string_view key_name);

// An order with the keys that signed it, each once.
struct SignedOrder {
  OrderNote order;
  std::vector<VerifierKey> signers;
};
// Reasons of signed_note.h, and E_ORDER.
absl::StatusOr<SignedOrder> VerifyOrder(std::string_view note, std::span<const VerifierKey> keys);

}  // namespace sluis::tlog

// Whether an answer is the answer to what was sent, and what it must prove.
#pragma once

#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/lib/receipt_store.h"
#include "lib/base/bytes.h"

namespace sluis::edge {

// An answer with the receipts that came in it.
struct ReceiptedAnswer {
  ReceiptClaim claim;
  WireReceipts receipts;
};

// Takes request and answer of an act apart, into one part for each exchange that it is about.
// DATA_LOSS / ANSWER_MISMATCH if the answer is not one of this method or is about something else
// than was asked.
absl::StatusOr<std::vector<ReceiptedAnswer>> Settle(std::string_view method, BytesView request,
                                                    BytesView answer);

// After this error nothing can have been done under the request_id, nor will it ever be: the act
// may be forgotten. After any other the act waits to be repeated.
bool NothingHappened(const absl::Status& error);

// What was signed is too old: its session, its statement or its own time ended. Nothing happened,
// and signed anew it may be taken.
bool WantsFreshness(const absl::Status& error);

absl::Status AnswerMismatch(std::string_view what);

}  // namespace sluis::edge

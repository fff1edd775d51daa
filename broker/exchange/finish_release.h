// A release that waited for a transcryptor goes on (architecture §5, QUEUED to ANSWERED). A turn of
// the operator: nobody is on the line.
#pragma once

#include <vector>

#include "broker/exchange/turn.h"
#include "broker/storage/records.h"

namespace sluis::exchange {

// `passage` is what the transcryptors made of it, or their refusal. Delivers after a fresh
// decision; if that, or a transcryptor, says no, the exchange is with its provider again, who finds
// the reason in `release_refusal` and his inbox. Nothing when the exchange does not wait for a
// transcryptor any more.
// The leaves are those of who released it, marked as late.
absl::Status FinishIn(Turn& turn, const storage::ErrandRecord& trip,
                      absl::StatusOr<std::vector<storage::TranscryptionRecord>> passage);

}  // namespace sluis::exchange

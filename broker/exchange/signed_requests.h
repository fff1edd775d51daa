// Signed requests as they came with a release (pseudonyms.md §8.1, §11.3 TRIP row 1): what the
// broker checks before it asks a transcryptor for anything. The transcryptors check all of it
// again, and more.
#pragma once

#include <vector>

#include "absl/status/statusor.h"
#include "broker/exchange/release.h"
#include "broker/exchange/statement.h"
#include "broker/exchange/transcryptors.h"
#include "lib/identity/directory.h"
#include "lib/pseudonym/signed_request.h"

namespace sluis::exchange {

// What a check looks at besides the bytes.
struct RequestSurroundings {
  const PseudonymPlane& plane;
  const identity::Directory& directory;
  const Digest& policy_digest;
  std::vector<Bytes> live_contexts;  // of the receiving desk
  absl::Time now;
};

// Decodes and checks the release's signed requests against its header, its sealed fields and the
// exchange: form, signature, mandate, parties and domains, time, payload digests. The reason is the
// code of §17.
absl::StatusOr<std::vector<pseudonym::SignedRequest>> CheckSignedRequests(
    const VerifiedRelease& release, const storage::ExchangeRecord& exchange,
    const RequestSurroundings& surroundings);

// The same for what SendSubject brings: of kind 04 and by the asker, into the index that the
// directory names, towards a live session of the provider; one item for a `request`.
absl::StatusOr<pseudonym::SignedRequest> CheckSubjectRequest(
    BytesView signed_request, const storage::ExchangeRecord& exchange,
    const RequestSurroundings& surroundings);
// What of it hangs on the directory, for one that waited.
absl::Status CheckSubjectStillSigned(const pseudonym::SignedRequest& request,
                                     const storage::ExchangeRecord& exchange,
                                     const identity::Directory& directory);

// Until when these requests under this statement may wait: at most three days from `now`.
// InfinitePast when one of them was not signed to wait (flag bit 2).
absl::Time MayWaitUntil(const std::vector<pseudonym::SignedRequest>& requests,
                        const pseudonym::DecisionStatement& statement, absl::Time now);

}  // namespace sluis::exchange

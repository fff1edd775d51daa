#include "broker/exchange/transcribe.h"

#include <memory>

#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/hop_signature.h"

namespace sluis::exchange {
namespace {

using pseudonym::Hop;
using pseudonym::SignedRequest;

constexpr std::size_t kCommitments = 4;  // S_from, S_to, K_from, K_to

bool NamesPayloads(const SignedRequest& request, const Bytes& digests) {
  Bytes expected;
  for (const Digest& digest : request.Payloads()) expected += Bytes(AsView(digest));
  // Only batches without any payload are shuffled, so the order never changes what stands here.
  return digests == expected;
}

bool NamesRoute(const pseudonym::RequestHead& head,
                const std::vector<storage::CommitmentRecord>& commitments) {
  return commitments.size() == kCommitments && commitments[0].subject == head.d_from &&
         commitments[1].subject == head.d_to && commitments[2].subject == head.c_from &&
         commitments[3].subject == head.c_to;
}

// Is this an answer of that transcryptor to this batch? The proofs are for the next hop and the
// recipient.
absl::StatusOr<pseudonym::BatchResponse> CheckHop(int hop, const SignedRequest& request,
                                                  const pseudonym::BatchRequest& asked,
                                                  const storage::HopRecord& answer,
                                                  const Ed25519PublicKey& key) {
  absl::StatusOr<pseudonym::BatchResponse> response =
      pseudonym::BatchResponse::Decode(answer.batch_response);
  if (!response.ok()) return TranscryptorFault(hop, "encoding");
  if (response->items.size() != request.items().size()) return TranscryptorFault(hop, "count");
  if (!NamesPayloads(request, answer.payload_digests)) return TranscryptorFault(hop, "payloads");
  if (answer.proof_digest.size() != Digest{}.size()) return TranscryptorFault(hop, "proof_digest");
  if (request.head().verifiable() == answer.sealed_proof.empty())
    return TranscryptorFault(hop, "proof");
  if (!NamesRoute(request.head(), answer.commitments)) return TranscryptorFault(hop, "commitments");
  pseudonym::HopDigests digests{.hop = hop == 1 ? Hop::kFirst : Hop::kSecond,
                                .signed_request = request.digest(),
                                .batch_request = Sha256(asked.Encode()),
                                .batch_response = Sha256(answer.batch_response),
                                .payloads = Sha256(answer.payload_digests),
                                .proof_block = {}};
  std::copy(answer.proof_digest.begin(), answer.proof_digest.end(), digests.proof_block.begin());
  if (!pseudonym::VerifyHopSignature(digests, answer.signature, key).ok()) {
    return TranscryptorFault(hop, "signature");
  }
  return response;
}

// One release on its way. Owns itself through the replies it waits for.
class Trip : public std::enable_shared_from_this<Trip> {
 public:
  Trip(const PseudonymPlane& plane, std::vector<SignedRequest> requests, Bytes statement,
       Reply<std::vector<storage::TranscryptionRecord>> reply)
      : plane_(plane),
        requests_(std::move(requests)),
        statement_(std::move(statement)),
        reply_(std::move(reply)) {}

  void Next() {
    if (done_.size() == requests_.size()) return reply_(std::move(done_));
    plane_.first.Transcrypt({request().bytes(), statement_, std::nullopt},
                            [self = shared_from_this()](absl::StatusOr<storage::HopRecord> answer) {
                              self->First(std::move(answer));
                            });
  }

 private:
  const SignedRequest& request() const { return requests_[done_.size()]; }

  void First(absl::StatusOr<storage::HopRecord> answer) {
    if (!answer.ok()) return reply_(TranscryptorRefused(1, answer.status()));
    const absl::StatusOr<pseudonym::BatchResponse> response =
        CheckHop(1, request(), request().FirstBatch(), *answer, plane_.first_key);
    if (!response.ok()) return reply_(response.status());
    second_batch_ = request().SecondBatch(*response);
    first_ = *std::move(answer);
    plane_.second.Transcrypt(
        {request().bytes(), statement_, first_},
        [self = shared_from_this()](absl::StatusOr<storage::HopRecord> second) {
          self->Second(std::move(second));
        });
  }

  void Second(absl::StatusOr<storage::HopRecord> answer) {
    if (!answer.ok()) return reply_(TranscryptorRefused(2, answer.status()));
    const absl::StatusOr<pseudonym::BatchResponse> response =
        CheckHop(2, request(), *second_batch_, *answer, plane_.second_key);
    if (!response.ok()) return reply_(response.status());
    // T1's proof block is for T2 alone: whoever has both could undo the order.
    first_.sealed_proof.clear();
    done_.push_back({std::move(first_), *std::move(answer)});
    Next();
  }

  const PseudonymPlane& plane_;
  const std::vector<SignedRequest> requests_;
  const Bytes statement_;
  const Reply<std::vector<storage::TranscryptionRecord>> reply_;
  std::vector<storage::TranscryptionRecord> done_;
  storage::HopRecord first_;
  std::optional<pseudonym::BatchRequest> second_batch_;
};

}  // namespace

void Transcribe(const PseudonymPlane& plane, std::vector<SignedRequest> requests, Bytes statement,
                Reply<std::vector<storage::TranscryptionRecord>> reply) {
  std::make_shared<Trip>(plane, std::move(requests), std::move(statement), std::move(reply))
      ->Next();
}

}  // namespace sluis::exchange

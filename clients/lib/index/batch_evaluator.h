// One batch of a register: blinded, signed, sent, both answers verified, the blinds taken off
// (pseudonyms.md §11.1). Nothing of a transcryptor is believed before it is proved.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/lib/index/enrolment_port.h"
#include "clients/lib/party_folder.h"
#include "lib/base/clock.h"
#include "lib/base/mutex.h"
#include "lib/pseudonym/commitment.h"
#include "lib/pseudonym/decision_statement.h"
#include "lib/pseudonym/enrolment.h"
#include "lib/sealing/subject.h"

namespace sluis::edge {

// Who enrols what, and whom it believes. All referenced objects outlive the evaluator.
struct EnrolmentTerms {
  pseudonym::Party party;
  const Ed25519PrivateKey& signing;
  const PseudonymTrust& trust;
  pseudonym::CommitmentStore& commitments;
  pseudonym::Domain d_index;
  pseudonym::EnrolmentId enrolment{};
  const Clock& clock;
};

struct SubjectBatch {
  SubjectKind kind = SubjectKind::kBsn;
  std::uint32_t number = 0;
  std::vector<Subject> subjects;  // 1..4096, all of `kind`
};

// Thread-safe: batches are computed side by side; the port is called by one at a time.
class BatchEvaluator {
 public:
  BatchEvaluator(EnrolmentTerms terms, EnrolmentPort& port)
      : terms_(std::move(terms)), port_(port) {}
  // Index records (record_file.h), sorted by key. DATA_LOSS with metadata `transcryptor` (E_PROOF,
  // E_SIGNATURE, E_FACTOR_TRIVIAL) for the one whose answer does not hold; errors of the port. A
  // statement that ended on the way is asked for again once.
  absl::StatusOr<SecretBytes> Evaluate(const SubjectBatch& batch);

 private:
  struct Sent {
    pseudonym::SignedEnrolment enrolment;
    wire::EvaluateEnrolmentResponse answer;
  };
  absl::StatusOr<SecretBytes> EvaluateOnce(const SubjectBatch& batch);
  absl::StatusOr<Sent> Send(const SubjectBatch& batch, const pseudonym::EnrolBatch& blinded);
  absl::Status EnsureStatement() SLUIS_REQUIRES(mutex_);

  EnrolmentTerms terms_;
  Mutex mutex_;  // held over calls of the port
  EnrolmentPort& port_;
  std::optional<pseudonym::DecisionStatement> statement_ SLUIS_GUARDED_BY(mutex_);
};

}  // namespace sluis::edge

// Enrolment of a register (pseudonyms.md §11.1), no exchange: its rule is the entry of the register
// in the partner directory. The broker carries batches past both transcryptors, logs digests and
// counts, and keeps nothing of them.
#pragma once

#include <array>
#include <string>

#include "absl/status/statusor.h"
#include "broker/exchange/commands.h"
#include "broker/exchange/transcryptors.h"
#include "broker/exchange/turn.h"
#include "lib/pseudonym/enrolment.h"

namespace sluis::exchange {

// The statement for a register of the caller's own party, in wire form: KEY_CHANGE. FIELD_INVALID
// for one that the directory does not name. Precondition: the turn has transcryptors.
absl::StatusOr<Bytes> PrepareEnrolmentIn(Turn& turn, const std::string& register_name);

// What a check of a batch looks at besides the bytes.
struct EnrolmentSurroundings {
  const PseudonymPlane& plane;
  const identity::Directory& directory;
  const Digest& policy_digest;
  absl::Time now;
};

// Of the caller's own party and signed by it, in the form, time and epoch that the directory names,
// covered by its statement. The codes of §17.
absl::StatusOr<pseudonym::SignedEnrolment> CheckEnrolment(
    const Caller& caller, const EnrolmentBatch& batch, const EnrolmentSurroundings& surroundings);

using EnrolmentHops = std::array<EnrolmentHop, 2>;

// First T1, then T2 with T1's answer; each answer is checked as those of a release are. UNAVAILABLE
// / TRANSCRYPTOR_UNAVAILABLE when one is away. `plane` outlives the reply.
void EvaluateAtBoth(const PseudonymPlane& plane, pseudonym::SignedEnrolment enrolment,
                    Bytes statement, Reply<EnrolmentHops> reply);

// KEY_CHANGE: digest, batch number and count.
absl::Status NoteBatchIn(Turn& turn, const pseudonym::SignedEnrolment& enrolment);

}  // namespace sluis::exchange

// Decision statements (pseudonyms.md §8.2): the broker's signed word about one decision, with the
// whole question, so that each transcryptor decides again by its own pack. Signed and read by
// lib/pseudonym.
#pragma once

#include "absl/status/statusor.h"
#include "broker/exchange/decide.h"
#include "broker/exchange/turn.h"
#include "broker/storage/records.h"
#include "lib/pseudonym/decision_statement.h"

namespace sluis::exchange {

// The three days that a release may wait for a transcryptor, and an hour to make and send it.
inline constexpr absl::Duration kStatementLife = absl::Hours(24 * 3 + 1);

// False for a recall, which names nobody, and under a mandate: a statement names the parties of the
// decision, and their keys alone may act on it.
bool MayHaveStatement(const storage::ExchangeRecord& exchange);

// The statement of `decided`, in wire form. `decided` was taken in this turn, and is permitted or,
// of a subject that is still to be brought, waits for the provider alone. Preconditions: the turn
// has transcryptors; MayHaveStatement().
absl::StatusOr<Bytes> MakeStatement(const Turn& turn, const storage::ExchangeRecord& exchange,
                                    const Decided& decided);

// The exchange's own newest statement. E_MANDATE when it has none.
absl::StatusOr<pseudonym::DecisionStatement> StatementOf(const PseudonymPlane& plane,
                                                         const storage::ExchangeRecord& exchange);

// ANSWER_EXCEEDS_DECISION unless the statement was made for the labels of the release: what the
// transcryptors judged must be what the recipient is told.
struct ReleaseLabels {
  std::string regime, subject_category;
  bool subject_verified = false;
};
absl::Status CheckLabels(const pseudonym::DecisionStatement& statement,
                         const ReleaseLabels& released);

}  // namespace sluis::exchange

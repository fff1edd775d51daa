// The steps that preparing, answering and finishing a release have in common: whose words count,
// what is logged, and how the content comes to the recipient.
#pragma once

#include <vector>

#include "broker/exchange/answer_exchange.h"
#include "broker/exchange/decide.h"
#include "broker/exchange/statement.h"
#include "broker/exchange/turn.h"

namespace sluis::exchange {

// The exchange as the provider labels it; his own words count from here on.
storage::ExchangeRecord Relabelled(const storage::ExchangeRecord& exchange,
                                   const storage::CaseRecord& the_case, const std::string& regime,
                                   const std::string& subject_category);

// OK when the decision permits; else APPROVAL_MISSING or ANSWER_EXCEEDS_DECISION.
absl::Status CheckPermitted(const policy::Decision& decision);

// What the answering act brings: an APPROVAL leaf when it is one, and the DECISION. The decision is
// kept.
absl::Status LogAct(Turn& turn, storage::ExchangeRecord& exchange, const Decided& decided,
                    const std::vector<storage::ApprovalRecord>& given);

// The exchange keeps its state; only the log knows more. `why` is FAILED_PRECONDITION.
absl::StatusOr<AnswerOutcome> RefuseWhole(Turn& turn, storage::ExchangeRecord exchange,
                                          const Decided& decided, absl::Status why);

// From now on the content waits for the recipient, and its term is known: ANSWER, the mailbox, the
// inbox. Stores the exchange.
absl::Status HandOver(Turn& turn, storage::ExchangeRecord& exchange,
                      const policy::Decision& decision, const ReleaseHeader& header,
                      storage::MailboxRecord content);

}  // namespace sluis::exchange

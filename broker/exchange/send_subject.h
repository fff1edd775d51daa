// The asker brings whom his question is about (pseudonyms.md §11.2): through both transcryptors
// into the index of the provider's register. What arrived is kept until it is answered; only then
// the provider is told.
#pragma once

#include <optional>
#include <vector>

#include "absl/status/statusor.h"
#include "broker/exchange/answer_exchange.h"
#include "broker/exchange/turn.h"
#include "lib/pseudonym/signed_request.h"

namespace sluis::exchange {

// A subject on its way from the caller to its turn.
struct SubjectToSend {
  ExchangeId exchange;
  storage::QuestionRecord question;  // with its transcryption once both have passed it on
  std::optional<pseudonym::SignedRequest> request;  // that the transcryptors are to pass on
  std::int64_t directory_version = 0;               // that it was checked with
  // How it fared: OK, or who refused it and why. With `wait_until` a transcryptor is away and it
  // may wait that long.
  absl::Status passage;
  std::optional<absl::Time> wait_until;
};

// A subject that is refused is refused in the log too; the asker gets a fresh statement and may
// sign again.
absl::StatusOr<AnswerOutcome> SendSubjectIn(Turn& turn, const SubjectToSend& sent);

// The end of one that waited for a transcryptor, in the name of who sent it. Both are told.
absl::Status FinishSubject(Turn& turn, storage::ExchangeRecord exchange, std::int64_t checked_with,
                           absl::StatusOr<std::vector<storage::TranscryptionRecord>> passage);

}  // namespace sluis::exchange

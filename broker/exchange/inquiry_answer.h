// The answer to an inquiry (pseudonyms.md §11.2): hit and no-hit are the same act, so nothing that
// others can see of it may differ.
#pragma once

#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "broker/exchange/release.h"
#include "broker/storage/store.h"

namespace sluis::exchange {

// ANSWER_EXCEEDS_DECISION unless the release has the labels of the question, exactly the fields
// that were asked, each in form `presence` and of the size that the positions need, and names
// nobody. OK for an exchange that is no inquiry.
absl::Status CheckInquiryAnswer(const storage::ExchangeRecord& asked,
                                const VerifiedRelease& release);

// What SendSubject brought, if it is still kept.
absl::StatusOr<std::optional<storage::QuestionRecord>> QuestionOf(storage::Reader& store,
                                                                  const ExchangeId& id);

}  // namespace sluis::exchange

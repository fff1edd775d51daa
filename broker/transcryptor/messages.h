// Between the contract's messages and the library's structures.
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/pseudonym/commitment.h"
#include "sluis/transcryptor/v1/transcryptor.pb.h"

namespace sluis::transcryptor {

void ToWire(const pseudonym::Commitment& from, v1::Commitment* to);

// INVALID_ARGUMENT / FIELD_INVALID naming `field`, unless `first` came exactly where it belongs:
// what T1 answered, at T2 and nowhere else.
absl::Status CheckFirst(bool has_first, bool is_second);

// A message that this process serialised itself. DATA_LOSS / ANSWER_DAMAGED if it is none.
template <typename Message>
absl::StatusOr<Message> ParseKept(const Bytes& bytes);

absl::Status Damaged();

template <typename Message>
absl::StatusOr<Message> ParseKept(const Bytes& bytes) {
  Message message;
  if (!message.ParseFromString(bytes)) return Damaged();
  return message;
}

}  // namespace sluis::transcryptor

#include "broker/transcryptor/messages.h"

#include "lib/base/error.h"

namespace sluis::transcryptor {

void ToWire(const pseudonym::Commitment& from, v1::Commitment* to) {
  to->set_subject(from.id);
  to->set_point(Bytes(from.value.bytes()));
  to->set_signature(from.signature);
}

absl::Status CheckFirst(bool has_first, bool is_second) {
  if (has_first == is_second) return absl::OkStatus();
  return InvalidField("FIELD_INVALID", "first",
                      is_second
                          ? "the second transcryptor needs what the first answered"
                          : "the first transcryptor comes first: send it nothing of the other");
}

absl::Status Damaged() {
  return Error(ErrorCode::kDataLoss, "ANSWER_DAMAGED", "a kept answer cannot be read");
}

}  // namespace sluis::transcryptor

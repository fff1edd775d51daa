#include "broker/exchange/subject.h"

#include "broker/exchange/states.h"
#include "broker/exchange/waiting.h"
#include "lib/base/error.h"

namespace sluis::exchange {

absl::Status CheckSubjectSent(const storage::ExchangeRecord& exchange) {
  if (!AwaitsSubject(exchange)) return absl::OkStatus();
  return Error(ErrorCode::kPrecondition, "SUBJECT_NOT_SENT",
               "the asker has not said yet whom this is about; wait for the question");
}

absl::Status CheckAwaitsSubject(const storage::ExchangeRecord& exchange) {
  if (!AwaitsSubject(exchange)) {
    return Error(ErrorCode::kPrecondition, "EXCHANGE_CLOSED",
                 "this exchange takes no subject any more, or never did; ask anew");
  }
  if (WaitsFor(exchange, QueueReason::kTranscryptor)) {
    return Error(ErrorCode::kPrecondition, "EXCHANGE_CLOSED",
                 "the subject was sent already and is on its way; it goes on by itself");
  }
  if (WaitsFor(exchange, QueueReason::kRecipientSession)) {
    return Error(ErrorCode::kPrecondition, "E_SESSION",
                 "the provider has no session yet; it goes on by itself when there is one");
  }
  return NextState(exchange.state, Verb::kSend).status();
}

const identity::Register* FindRegister(const identity::Directory& directory, const PartyId& party,
                                       std::string_view name) {
  const identity::UnitEntry* unit = directory.FindParty(party);
  if (unit == nullptr) return nullptr;
  for (const identity::Register& entry : unit->registers) {
    if (entry.id == name) return &entry;
  }
  return nullptr;
}

}  // namespace sluis::exchange

#include "broker/exchange/lookup.h"

#include <algorithm>

#include "broker/exchange/subject.h"
#include "lib/base/error.h"

namespace sluis::exchange {
namespace {

bool KeepsIndex(const identity::Directory& directory, const PartyId& provider,
                std::string_view regime) {
  const identity::UnitEntry* unit = directory.FindParty(provider);
  return unit != nullptr &&
         std::any_of(unit->registers.begin(), unit->registers.end(),
                     [&](const identity::Register& entry) { return entry.regime == regime; });
}

// Nobody is named where the blind way exists.
absl::Status CheckAttended(const Turn& turn, const CreateExchange& ask) {
  if (ask.action != kInquire) return absl::OkStatus();
  if (KeepsIndex(turn.directory, ask.provider, ask.regime)) {
    constexpr char kName[] =
        "this provider keeps an index under this regime: name its register, and nobody by name";
    return ask.subject ? InvalidField("FIELD_INVALID", "exchange.subject", kName)
                       : InvalidField("FIELD_MISSING", "exchange.register", kName);
  }
  if (ask.subject || ask.validate_only) return absl::OkStatus();
  return InvalidField("FIELD_MISSING", "exchange.subject",
                      "this provider keeps no index under this regime, so a person looks it up; "
                      "seal the identity to its desk");
}

}  // namespace

absl::Status CheckLookup(const Turn& turn, const CreateExchange& ask) {
  if (ask.register_name.empty()) return CheckAttended(turn, ask);
  if (turn.pseudonyms == nullptr) {
    return Error(ErrorCode::kPrecondition, "NO_TRANSCRYPTOR",
                 "this broker has no transcryptors, so nobody can be looked up in an index");
  }
  if (ask.recipient != turn.caller.party) {
    return Error(ErrorCode::kPrecondition, "E_MANDATE",
                 "under a mandate nobody can be looked up in an index: the parties themselves must "
                 "act");
  }
  const identity::Register* entry = FindRegister(turn.directory, ask.provider, ask.register_name);
  if (entry != nullptr && entry->regime == ask.regime) return absl::OkStatus();
  return InvalidField("FIELD_INVALID", "exchange.register",
                      "the partner directory names no such register of this provider under this "
                      "regime; look there");
}

absl::Status CheckAskedPurpose(const CreateExchange& ask) {
  if (!IsQuestion(ask.action) || ask.from_purpose == ask.purpose) return absl::OkStatus();
  return InvalidField("FIELD_INVALID", "exchange.from_purpose",
                      "must be the purpose of the question: a pseudonym is looked up for the "
                      "purpose for which it is known");
}

bool IsQuestion(std::string_view action) { return action == kInquire || action == "request"; }

void AddLookup(const storage::ExchangeRecord& exchange, Json& members) {
  if (!exchange.register_name.empty()) members["register"] = exchange.register_name;
  if (exchange.action == kInquire && exchange.subject) members["lookup"] = "attended";
}

}  // namespace sluis::exchange

#include "broker/exchange/access.h"

#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::exchange {
namespace {

using Matches = bool (*)(const storage::ExchangeRecord&, const PartyId&);

absl::StatusOr<storage::ExchangeRecord> Find(storage::Reader& store, const Caller& caller,
                                             const ExchangeId& id, Matches matches) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::ExchangeRecord> found, store.FindExchange(id));
  if (!found || !matches(*found, caller.party)) return NotAccessible();
  return *std::move(found);
}

}  // namespace

absl::Status NotAccessible() {
  return Error(ErrorCode::kDenied, "RESOURCE_NOT_ACCESSIBLE",
               "there is nothing here that your unit may see or change");
}

absl::StatusOr<storage::ExchangeRecord> ExchangeOf(storage::Reader& store, const Caller& caller,
                                                   const ExchangeId& id) {
  return Find(store, caller, id, [](const storage::ExchangeRecord& exchange, const PartyId& party) {
    return exchange.owner == party || exchange.provider_desk == party ||
           exchange.recipient_desk == party;
  });
}

absl::StatusOr<storage::ExchangeRecord> AsProvider(storage::Reader& store, const Caller& caller,
                                                   const ExchangeId& id) {
  return Find(store, caller, id, [](const storage::ExchangeRecord& exchange, const PartyId& party) {
    return exchange.provider_desk == party;
  });
}

absl::StatusOr<storage::ExchangeRecord> AsRecipient(storage::Reader& store, const Caller& caller,
                                                    const ExchangeId& id) {
  return Find(store, caller, id, [](const storage::ExchangeRecord& exchange, const PartyId& party) {
    return exchange.recipient_desk == party;
  });
}

absl::StatusOr<storage::ExchangeRecord> AsOwner(storage::Reader& store, const Caller& caller,
                                                const ExchangeId& id) {
  return Find(store, caller, id, [](const storage::ExchangeRecord& exchange, const PartyId& party) {
    return exchange.owner == party;
  });
}

absl::StatusOr<storage::CaseRecord> CaseOf(storage::Reader& store, const Caller& caller,
                                           const CaseId& id) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::CaseRecord> found, store.FindCase(id));
  if (!found ||
      (found->holder.oin != caller.party.oin && !found->participants.contains(caller.party))) {
    return NotAccessible();
  }
  return *std::move(found);
}

absl::StatusOr<storage::CaseRecord> AsHolder(storage::Reader& store, const Caller& caller,
                                             const CaseId& id) {
  SLUIS_ASSIGN_OR_RETURN(storage::CaseRecord found, CaseOf(store, caller, id));
  if (found.holder != caller.party) return NotAccessible();
  return found;
}

absl::StatusOr<storage::CaseRecord> CaseOfExchange(storage::Reader& store,
                                                   const storage::ExchangeRecord& exchange) {
  SLUIS_ASSIGN_OR_RETURN(std::optional<storage::CaseRecord> found,
                         store.FindCase(exchange.case_id));
  if (found) return *std::move(found);
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
               "the case of an exchange is gone; call the operator");
}

absl::Status OwnParty(const Caller& caller, const PartyId& parent) {
  if (parent == caller.party) return absl::OkStatus();
  return Error(ErrorCode::kDenied, "OIN_MISMATCH",
               "parent must be your own organisation and unit, as certificate and assertion say");
}

}  // namespace sluis::exchange

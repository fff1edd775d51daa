#include "broker/exchange/sessions.h"

#include "lib/base/status_macros.h"

namespace sluis::exchange {

absl::StatusOr<std::vector<Bytes>> LiveContexts(storage::Reader& store, const PartyId& party,
                                                absl::Time now) {
  SLUIS_ASSIGN_OR_RETURN(std::vector<storage::LiveSessionRecord> sessions,
                         store.ListSessions(party, now, kMostSessions));
  std::vector<Bytes> contexts;
  for (storage::LiveSessionRecord& session : sessions)
    contexts.push_back(std::move(session.context));
  return contexts;
}

absl::StatusOr<Bytes> NewestContext(storage::Reader& store, const PartyId& party, absl::Time now) {
  SLUIS_ASSIGN_OR_RETURN(const std::vector<storage::LiveSessionRecord> sessions,
                         store.ListSessions(party, now, 1));
  return sessions.empty() ? Bytes() : sessions.front().context;
}

}  // namespace sluis::exchange

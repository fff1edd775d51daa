// One act inside the journal's transaction: who acts, on what database, under which policy and
// directory, at which moment. Everything an act decides, it decides in its turn, so nothing can
// change underneath it.
#pragma once

#include <memory>
#include <set>

#include "broker/exchange/caller.h"
#include "broker/exchange/surroundings.h"
#include "broker/exchange/view.h"
#include "broker/journal/journal.h"
#include "broker/storage/store.h"

namespace sluis::exchange {

struct Turn {
  storage::Transaction& store;
  journal::LeafSink& log;
  const Caller& caller;
  const PolicyInForce& policy;
  const identity::Directory& directory;
  absl::Time now;
  std::set<PartyId> told = {};  // parties that got an inbox line

  operator View() const { return {store, caller, policy, directory, now}; }
};

}  // namespace sluis::exchange

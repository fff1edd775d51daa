// All that a decision looks at: who acts, on what database, under which policy and directory, at
// which moment. The same for an act in its turn and for a look that changes nothing.
#pragma once

#include "absl/time/time.h"
#include "broker/exchange/caller.h"
#include "broker/exchange/surroundings.h"
#include "broker/storage/store.h"
#include "lib/identity/directory.h"

namespace sluis::exchange {

struct View {
  storage::Reader& store;
  const Caller& caller;
  const PolicyInForce& policy;
  const identity::Directory& directory;
  absl::Time now;
};

}  // namespace sluis::exchange

// The tables of the SQLite engine and their version.
#pragma once

#include "absl/status/status.h"
#include "broker/storage/sqlite/connection.h"

namespace sluis::storage {

inline constexpr int kSchemaVersion = 2;       // PRAGMA user_version
inline constexpr int kApplicationId = 0x534c5549;  // "SLUI", PRAGMA application_id

// Makes the tables in an empty database, and adds to one of an older version what came since. UNAVAILABLE / STORE_UNAVAILABLE for a database of another program or of
// a newer version of this one: those are left as they are.
absl::Status PrepareSchema(Connection& connection);

}  // namespace sluis::storage

// The tables of the SQLite engine and their version.
#pragma once

#include "absl/status/status.h"
#include "broker/storage/sqlite/connection.h"

namespace sluis::storage {

inline constexpr int kSchemaVersion = 3;       // PRAGMA user_version
inline constexpr int kApplicationId = 0x534c5549;  // "SLUI", PRAGMA application_id

// A kind of database: what marks its files, what an empty one is filled with, and what its second version added. The
// third has no other tables; its records hold more, which an older program would not read.
struct Schema {
  int application_id = 0;
  int version = 1;  // 1 to 3
  const char* tables = "";
  const char* added_in_2 = "";
};

// Makes the tables of `schema` in an empty database, and adds to one of an older version what came since.
// UNAVAILABLE / STORE_UNAVAILABLE for a database of another program or of
// a newer version of this one: those are left as they are.
absl::Status PrepareSchema(Connection& connection, const Schema& schema);
// The same for the tables of the broker.
absl::Status PrepareSchema(Connection& connection);

}  // namespace sluis::storage

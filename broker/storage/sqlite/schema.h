// The tables of the SQLite engine and their version.
#pragma once

#include "absl/status/status.h"
#include "broker/storage/sqlite/connection.h"

namespace sluis::storage {

inline constexpr int kSchemaVersion = 1;       // PRAGMA user_version
inline constexpr int kApplicationId = 0x534c5549;  // "SLUI", PRAGMA application_id

// A kind of database: what marks its files, and what an empty one is filled with.
struct Schema {
  int application_id = 0;
  int version = 1;
  const char* tables = "";
};

// Makes the tables of `schema` in an empty database. UNAVAILABLE / STORE_UNAVAILABLE for a database of another program or of
// a newer version of this one: those are left as they are.
absl::Status PrepareSchema(Connection& connection, const Schema& schema);
// The same for the tables of the broker.
absl::Status PrepareSchema(Connection& connection);

}  // namespace sluis::storage

#include "broker/storage/sqlite/schema.h"

#include "absl/strings/str_format.h"
#include "broker/storage/engine_rules.h"
#include "lib/base/status_macros.h"

namespace sluis::storage {
namespace {

// Version 1. Bodies are record_codec.h form; *_ns are nanoseconds since 1970. Tables that are only an index over
// another are WITHOUT ROWID: their key is all there is. Records and salts stand apart, so that erasing either ends
// what the leaf commits to.
constexpr char kTables[] = R"(
CREATE TABLE case_file (
  id BLOB PRIMARY KEY CHECK (length(id) = 16), create_ns INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE case_party (
  party TEXT NOT NULL, create_ns INTEGER NOT NULL, case_id BLOB NOT NULL REFERENCES case_file (id),
  PRIMARY KEY (party, create_ns, case_id)) STRICT, WITHOUT ROWID;
CREATE INDEX case_party_case ON case_party (case_id);

CREATE TABLE exchange (
  id BLOB PRIMARY KEY CHECK (length(id) = 16), create_ns INTEGER NOT NULL,
  expire_ns INTEGER, keeps_requests INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
CREATE INDEX exchange_expiry ON exchange (expire_ns, id) WHERE expire_ns IS NOT NULL;
CREATE TABLE exchange_party (
  party TEXT NOT NULL, create_ns INTEGER NOT NULL, exchange_id BLOB NOT NULL REFERENCES exchange (id),
  case_id BLOB NOT NULL, PRIMARY KEY (party, create_ns, exchange_id)) STRICT, WITHOUT ROWID;
CREATE INDEX exchange_party_exchange ON exchange_party (exchange_id);
CREATE INDEX exchange_party_case ON exchange_party (party, case_id, create_ns, exchange_id);
CREATE TABLE mailbox (
  exchange BLOB PRIMARY KEY REFERENCES exchange (id), body BLOB NOT NULL) STRICT;

CREATE TABLE arrangement (
  id TEXT NOT NULL, serial INTEGER NOT NULL, body BLOB NOT NULL, PRIMARY KEY (id, serial)) STRICT;
CREATE TABLE arrangement_organisation (
  organisation TEXT NOT NULL, id TEXT NOT NULL, serial INTEGER NOT NULL, PRIMARY KEY (organisation, id),
  FOREIGN KEY (id, serial) REFERENCES arrangement (id, serial)) STRICT, WITHOUT ROWID;
CREATE INDEX arrangement_organisation_id ON arrangement_organisation (id, serial);

CREATE TABLE inbox (
  party TEXT NOT NULL, sequence INTEGER NOT NULL CHECK (sequence > 0), event INTEGER NOT NULL,
  exchange BLOB NOT NULL CHECK (length(exchange) = 16), create_ns INTEGER NOT NULL,
  PRIMARY KEY (party, sequence)) STRICT, WITHOUT ROWID;
CREATE TABLE request (
  organisation TEXT NOT NULL, method TEXT NOT NULL, request_id TEXT NOT NULL, time_ns INTEGER NOT NULL,
  exchange BLOB, body BLOB NOT NULL, PRIMARY KEY (organisation, method, request_id)) STRICT;
CREATE INDEX request_time ON request (time_ns);
CREATE TABLE assertion (
  issuer TEXT NOT NULL, jti TEXT NOT NULL, expires_ns INTEGER NOT NULL,
  PRIMARY KEY (issuer, jti)) STRICT, WITHOUT ROWID;
CREATE INDEX assertion_expiry ON assertion (expires_ns);
CREATE TABLE directory (id INTEGER PRIMARY KEY CHECK (id = 1), version INTEGER NOT NULL) STRICT;
INSERT INTO directory (id, version) VALUES (1, 0);

CREATE TABLE log_head (
  id INTEGER PRIMARY KEY CHECK (id = 1), size INTEGER NOT NULL CHECK (size >= 0),
  root BLOB NOT NULL CHECK (length(root) = 32), note BLOB NOT NULL) STRICT;
INSERT INTO log_head (id, size, root, note) VALUES (1, 0, zeroblob(32), x'');
CREATE TABLE log_leaf (
  idx INTEGER PRIMARY KEY CHECK (idx >= 0), bytes BLOB NOT NULL CHECK (length(bytes) = 192)) STRICT;
CREATE TABLE log_tile (
  level INTEGER NOT NULL, n INTEGER NOT NULL, hashes BLOB NOT NULL CHECK (length(hashes) % 32 = 0),
  PRIMARY KEY (level, n)) STRICT;
CREATE TABLE log_record (idx INTEGER PRIMARY KEY REFERENCES log_leaf (idx), sealed BLOB NOT NULL) STRICT;
CREATE TABLE log_salt (
  idx INTEGER PRIMARY KEY REFERENCES log_leaf (idx), salt BLOB NOT NULL CHECK (length(salt) = 32)) STRICT;
CREATE TABLE record_party (
  party TEXT NOT NULL, idx INTEGER NOT NULL REFERENCES log_leaf (idx), time_ns INTEGER NOT NULL,
  PRIMARY KEY (party, idx)) STRICT, WITHOUT ROWID;
CREATE INDEX record_party_idx ON record_party (idx);
)";

// What version 2 adds: pseudonym sessions, weighing tables, work that waits.
constexpr char kTablesOfVersion2[] = R"(
CREATE TABLE session (
  context BLOB PRIMARY KEY, organisation TEXT NOT NULL, unit TEXT NOT NULL, issued_ns INTEGER NOT NULL,
  end_ns INTEGER NOT NULL) STRICT;
CREATE INDEX session_party ON session (organisation, unit, issued_ns DESC, context);
CREATE INDEX session_end ON session (end_ns);
CREATE TABLE weighing_table (
  riec TEXT NOT NULL, quarter TEXT NOT NULL, domain BLOB NOT NULL UNIQUE CHECK (length(domain) = 16),
  create_ns INTEGER NOT NULL, PRIMARY KEY (riec, quarter)) STRICT;
CREATE TABLE errand (
  queue TEXT NOT NULL, id TEXT NOT NULL, create_ns INTEGER NOT NULL, body BLOB NOT NULL,
  PRIMARY KEY (queue, id)) STRICT;
)";

absl::Status Upgrade(Connection& connection, std::int64_t from, const Schema& schema) {
  if (from < 2) SLUIS_RETURN_IF_ERROR(connection.Run(schema.added_in_2));
  return connection.Run(absl::StrFormat("PRAGMA user_version = %d", schema.version));
}

absl::Status MakeTables(Connection& connection, const Schema& schema) {
  SLUIS_RETURN_IF_ERROR(connection.Run(schema.tables));
  SLUIS_RETURN_IF_ERROR(connection.Run(absl::StrFormat("PRAGMA application_id = %d", schema.application_id)));
  return Upgrade(connection, 1, schema);
}

// Inside a write transaction, so that two processes that start at once do not both make tables.
absl::Status CheckOrMake(Connection& connection, const Schema& schema) {
  SLUIS_ASSIGN_OR_RETURN(const std::int64_t version, connection.Ask("PRAGMA user_version"));
  SLUIS_ASSIGN_OR_RETURN(const std::int64_t application, connection.Ask("PRAGMA application_id"));
  SLUIS_ASSIGN_OR_RETURN(const std::int64_t objects, connection.Ask("SELECT count(*) FROM sqlite_schema"));
  if (version == 0 && application == 0 && objects == 0) return MakeTables(connection, schema);
  if (application != schema.application_id || version < 1) {
    return StoreUnavailable("the database belongs to another program; name another file");
  }
  if (version > schema.version) {
    return StoreUnavailable(absl::StrFormat(
        "the database has form %d, this program knows up to %d; start the newer one", version, schema.version));
  }
  return version == schema.version ? absl::OkStatus() : Upgrade(connection, version, schema);
}

}  // namespace

absl::Status PrepareSchema(Connection& connection, const Schema& schema) {
  SLUIS_RETURN_IF_ERROR(connection.Run("BEGIN IMMEDIATE"));
  const absl::Status status = CheckOrMake(connection, schema);
  if (status.ok()) return connection.Run("COMMIT");
  connection.Run("ROLLBACK").IgnoreError();  // the first fault is the one to tell
  return status;
}

absl::Status PrepareSchema(Connection& connection) {
  return PrepareSchema(connection, {kApplicationId, kSchemaVersion, kTables, kTablesOfVersion2});
}

}  // namespace sluis::storage

#include "broker/storage/sqlite/transcryptor_statements.h"

#include <algorithm>
#include <array>

#include "broker/storage/engine_rules.h"

namespace sluis::storage {
namespace {

// Times are nanoseconds since 1970.
constexpr char kReplayTables[] = R"(
CREATE TABLE identity (id INTEGER PRIMARY KEY CHECK (id = 1), value BLOB NOT NULL CHECK (length(value) = 16)) STRICT;
INSERT INTO identity (id, value) VALUES (1, randomblob(16));
CREATE TABLE nonce (
  signer TEXT NOT NULL, nonce BLOB NOT NULL CHECK (length(nonce) = 16),
  request BLOB NOT NULL CHECK (length(request) = 32), forget_ns INTEGER NOT NULL, response BLOB,
  PRIMARY KEY (signer, nonce)) STRICT;
CREATE INDEX nonce_forget ON nonce (forget_ns);
CREATE TABLE counter (
  name BLOB PRIMARY KEY, items INTEGER NOT NULL, forget_ns INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX counter_forget ON counter (forget_ns);
CREATE TABLE charge (
  request BLOB PRIMARY KEY CHECK (length(request) = 32), forget_ns INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX charge_forget ON charge (forget_ns);
)";

// A salt row has a sealed salt or a time of destruction, never both.
constexpr char kStateTables[] = R"(
CREATE TABLE head (
  id INTEGER PRIMARY KEY CHECK (id = 1), first_start BLOB NOT NULL, replay_identity BLOB NOT NULL,
  unknown_until_ns INTEGER NOT NULL) STRICT;
INSERT INTO head (id, first_start, replay_identity, unknown_until_ns) VALUES (1, x'', x'', 0);
CREATE TABLE salt (
  domain BLOB PRIMARY KEY, sealed BLOB NOT NULL, shred_ns INTEGER, destroyed_ns INTEGER,
  CHECK (destroyed_ns IS NULL OR (length(sealed) = 0 AND shred_ns IS NULL))) STRICT, WITHOUT ROWID;
CREATE INDEX salt_shred ON salt (shred_ns) WHERE shred_ns IS NOT NULL;
CREATE TABLE session (
  context BLOB PRIMARY KEY, oin TEXT NOT NULL, unit TEXT NOT NULL, head BLOB NOT NULL CHECK (length(head) = 32),
  key BLOB CHECK (length(key) = 32), end_ns INTEGER NOT NULL) STRICT, WITHOUT ROWID;
CREATE INDEX session_end ON session (end_ns);
CREATE TABLE commitment (
  hop INTEGER NOT NULL, id BLOB NOT NULL, value BLOB NOT NULL CHECK (length(value) = 32),
  PRIMARY KEY (hop, id)) STRICT, WITHOUT ROWID;
CREATE TABLE arrangement (id TEXT PRIMARY KEY, serial INTEGER NOT NULL, body BLOB NOT NULL) STRICT;
CREATE TABLE arrangement_organisation (
  organisation TEXT NOT NULL, id TEXT NOT NULL REFERENCES arrangement (id),
  PRIMARY KEY (organisation, id)) STRICT, WITHOUT ROWID;
CREATE INDEX arrangement_organisation_id ON arrangement_organisation (id);
)";

constexpr std::array<const char*, static_cast<std::size_t>(ReplaySql::kEnd)> kReplayTexts = {
    "SELECT value FROM identity WHERE id = 1",
    "SELECT request, response FROM nonce WHERE signer = ?1 AND nonce = ?2",
    "INSERT INTO nonce (signer, nonce, request, forget_ns) VALUES (?1, ?2, ?3, ?4)",
    "UPDATE nonce SET response = ?1 WHERE signer = ?2 AND nonce = ?3",
    "SELECT items FROM counter WHERE name = ?1",
    "INSERT INTO counter (name, items, forget_ns) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (name) DO UPDATE SET items = items + ?2, forget_ns = ?3",
    "DELETE FROM nonce WHERE forget_ns < ?1",
    "DELETE FROM counter WHERE forget_ns < ?1",
    "INSERT INTO charge (request, forget_ns) VALUES (?1, ?2) ON CONFLICT (request) DO NOTHING",
    "DELETE FROM charge WHERE forget_ns < ?1",
};

constexpr std::array<const char*, static_cast<std::size_t>(StateSql::kEnd)> kStateTexts = {
    "SELECT first_start, replay_identity, unknown_until_ns FROM head WHERE id = 1",
    "UPDATE head SET first_start = ?1, replay_identity = ?2, unknown_until_ns = ?3 WHERE id = 1",
    "SELECT sealed, shred_ns, destroyed_ns FROM salt WHERE domain = ?1",
    "INSERT INTO salt (domain, sealed, shred_ns, destroyed_ns) VALUES (?1, ?2, ?3, ?4)"
    " ON CONFLICT (domain) DO NOTHING",
    "INSERT INTO salt (domain, sealed, shred_ns, destroyed_ns) VALUES (?1, x'', NULL, ?2)"
    " ON CONFLICT (domain) DO UPDATE SET sealed = x'', shred_ns = NULL, destroyed_ns = ?2"
    " WHERE destroyed_ns IS NULL",
    "SELECT domain FROM salt WHERE shred_ns IS NOT NULL AND shred_ns <= ?1 ORDER BY shred_ns LIMIT 1000",
    "SELECT oin, unit, head, key, end_ns FROM session WHERE context = ?1",
    "INSERT INTO session (context, oin, unit, head, key, end_ns) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
    " ON CONFLICT (context) DO UPDATE SET oin = ?2, unit = ?3, head = ?4, key = ?5, end_ns = ?6",
    "DELETE FROM session WHERE end_ns < ?1",
    "SELECT body FROM arrangement WHERE id = ?1",
    "INSERT INTO arrangement (id, serial, body) VALUES (?1, ?2, ?3)"
    " ON CONFLICT (id) DO UPDATE SET serial = ?2, body = ?3 WHERE serial < ?2",
    "DELETE FROM arrangement_organisation WHERE id = ?1",
    "INSERT INTO arrangement_organisation (organisation, id) VALUES (?1, ?2)",
    "SELECT body FROM arrangement_organisation o JOIN arrangement a ON a.id = o.id"
    " WHERE o.organisation = ?1 ORDER BY o.id LIMIT ?2",
    "INSERT INTO commitment (hop, id, value) VALUES (?1, ?2, ?3) ON CONFLICT (hop, id) DO NOTHING",
    "SELECT value FROM commitment WHERE hop = ?1 AND id = ?2",
};

}  // namespace

const char* TextOf(ReplaySql sql) { return kReplayTexts[static_cast<std::size_t>(sql)]; }
const char* TextOf(StateSql sql) { return kStateTexts[static_cast<std::size_t>(sql)]; }

Schema ReplaySchema() { return {0x534c5452, 1, kReplayTables}; }  // "SLTR"
Schema StateSchema() { return {0x534c5453, 1, kStateTables}; }    // "SLTS"

absl::StatusOr<Digest> DigestAt(const Statement& statement, int column) {
  const Bytes bytes = statement.BlobAt(column);
  Digest digest;
  if (bytes.size() != digest.size()) return StoreInconsistent("a digest has another length");
  std::copy(bytes.begin(), bytes.end(), digest.begin());
  return digest;
}

}  // namespace sluis::storage

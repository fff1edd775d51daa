#include "broker/storage/sqlite/statements.h"

#include <array>

namespace sluis::storage {
namespace {

// In the order of the enumeration.
constexpr std::array kTexts = {
    // kFindCase
    "SELECT body FROM case_file WHERE id = ?1",
    // kCasePlace
    "SELECT create_ns FROM case_file WHERE id = ?1",
    // kListCases
    "SELECT c.body FROM case_party p JOIN case_file c ON c.id = p.case_id "
    "WHERE p.party = ?1 AND (p.create_ns, p.case_id) < (?2, ?3) "
    "ORDER BY p.create_ns DESC, p.case_id DESC LIMIT ?4",
    // kFindExchange
    "SELECT body FROM exchange WHERE id = ?1",
    // kExchangePlace
    "SELECT create_ns FROM exchange WHERE id = ?1",
    // kListExchanges
    "SELECT e.body FROM exchange_party p JOIN exchange e ON e.id = p.exchange_id "
    "WHERE p.party = ?1 AND (p.create_ns, p.exchange_id) < (?2, ?3) "
    "ORDER BY p.create_ns DESC, p.exchange_id DESC LIMIT ?4",
    // kListExchangesInCase
    "SELECT e.body FROM exchange_party p JOIN exchange e ON e.id = p.exchange_id "
    "WHERE p.party = ?1 AND (p.create_ns, p.exchange_id) < (?2, ?3) AND p.case_id = ?5 "
    "ORDER BY p.create_ns DESC, p.exchange_id DESC LIMIT ?4",
    // kExchangeParties
    "SELECT party, create_ns, case_id FROM exchange_party WHERE exchange_id = ?1",
    // kListExpired
    "SELECT id FROM exchange WHERE expire_ns <= ?1 ORDER BY expire_ns, id LIMIT ?2",
    // kFindMailbox
    "SELECT body FROM mailbox WHERE exchange = ?1",
    // kListArrangements
    "SELECT a.body FROM arrangement_organisation o "
    "JOIN arrangement a ON a.id = o.id AND a.serial = o.serial "
    "WHERE o.organisation = ?1 AND o.id > ?2 ORDER BY o.id LIMIT ?3",
    // kFindArrangement
    "SELECT body FROM arrangement WHERE id = ?1 ORDER BY serial DESC LIMIT 1",
    // kListInbox
    "SELECT sequence, event, exchange, create_ns FROM inbox "
    "WHERE party = ?1 AND sequence > ?2 ORDER BY sequence LIMIT ?3",
    // kFindRequest
    "SELECT body FROM request WHERE organisation = ?1 AND method = ?2 AND request_id = ?3",
    // kListSessions
    "SELECT context, issued_ns, end_ns FROM session WHERE organisation = ?1 AND unit = ?2 AND end_ns > ?3 "
    "ORDER BY issued_ns DESC, context LIMIT ?4",
    // kFindWeighingTable
    "SELECT domain, riec, quarter, create_ns FROM weighing_table WHERE riec = ?1 AND quarter = ?2",
    // kFindWeighingTableOf
    "SELECT domain, riec, quarter, create_ns FROM weighing_table WHERE domain = ?1",
    // kListErrands
    "SELECT id, body, create_ns FROM errand WHERE queue = ?1 AND id > ?2 ORDER BY id LIMIT ?3",
    // kDirectoryVersion
    "SELECT version FROM directory WHERE id = 1",
    // kReadHead
    "SELECT size, root, note FROM log_head WHERE id = 1",
    // kLastLeaf
    "SELECT max(idx) FROM log_leaf",
    // kReadLeaves
    "SELECT idx, bytes FROM log_leaf WHERE idx >= ?1 AND idx < ?2 ORDER BY idx",
    // kReadTile
    "SELECT hashes FROM log_tile WHERE level = ?1 AND n = ?2",
    // kReadRecord
    "SELECT r.sealed, s.salt FROM log_record r LEFT JOIN log_salt s ON s.idx = r.idx WHERE r.idx = ?1",
    // kListRecordIndices
    "SELECT idx FROM record_party "
    "WHERE party = ?1 AND idx >= ?2 AND time_ns >= ?3 AND time_ns < ?4 ORDER BY idx LIMIT ?5",
    // kPutCase
    "INSERT INTO case_file (id, create_ns, body) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (id) DO UPDATE SET create_ns = excluded.create_ns, body = excluded.body",
    // kDropCaseParties
    "DELETE FROM case_party WHERE case_id = ?1",
    // kAddCaseParty
    "INSERT INTO case_party (party, create_ns, case_id) VALUES (?1, ?2, ?3)",
    // kPutExchange
    "INSERT INTO exchange (id, create_ns, expire_ns, keeps_requests, body) VALUES (?1, ?2, ?3, ?4, ?5) "
    "ON CONFLICT (id) DO UPDATE SET create_ns = excluded.create_ns, expire_ns = excluded.expire_ns, "
    "keeps_requests = excluded.keeps_requests, body = excluded.body",
    // kDropExchangeParties
    "DELETE FROM exchange_party WHERE exchange_id = ?1",
    // kAddExchangeParty
    "INSERT INTO exchange_party (party, create_ns, exchange_id, case_id) VALUES (?1, ?2, ?3, ?4)",
    // kPutMailbox
    "INSERT INTO mailbox (exchange, body) VALUES (?1, ?2) "
    "ON CONFLICT (exchange) DO UPDATE SET body = excluded.body",
    // kDeleteMailbox
    "DELETE FROM mailbox WHERE exchange = ?1",
    // kPutArrangement
    "INSERT INTO arrangement (id, serial, body) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (id, serial) DO UPDATE SET body = excluded.body",
    // kDropArrangementOrganisations
    "DELETE FROM arrangement_organisation WHERE id = ?1",
    // kAddArrangementOrganisation
    "INSERT INTO arrangement_organisation (organisation, id, serial) VALUES (?1, ?2, ?3)",
    // kLastInbox
    "SELECT max(sequence) FROM inbox WHERE party = ?1",
    // kAddInbox
    "INSERT INTO inbox (party, sequence, event, exchange, create_ns) VALUES (?1, ?2, ?3, ?4, ?5)",
    // kPutRequest
    "INSERT INTO request (organisation, method, request_id, time_ns, exchange, body) "
    "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (organisation, method, request_id) "
    "DO UPDATE SET time_ns = excluded.time_ns, exchange = excluded.exchange, body = excluded.body",
    // kUseAssertion
    "INSERT INTO assertion (issuer, jti, expires_ns) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    // kPutSession
    "INSERT INTO session (context, organisation, unit, issued_ns, end_ns) VALUES (?1, ?2, ?3, ?4, ?5) "
    "ON CONFLICT (context) DO UPDATE SET organisation = excluded.organisation, unit = excluded.unit, "
    "issued_ns = excluded.issued_ns, end_ns = excluded.end_ns",
    // kDeleteSession
    "DELETE FROM session WHERE context = ?1",
    // kPutWeighingTable
    "INSERT INTO weighing_table (riec, quarter, domain, create_ns) VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING",
    // kPutErrand
    "INSERT INTO errand (queue, id, body, create_ns) VALUES (?1, ?2, ?3, ?4) "
    "ON CONFLICT (queue, id) DO UPDATE SET body = excluded.body, create_ns = excluded.create_ns",
    // kDeleteErrand
    "DELETE FROM errand WHERE queue = ?1 AND id = ?2",
    // kPruneAssertions
    "DELETE FROM assertion WHERE expires_ns <= ?1",
    // kPruneSessions
    "DELETE FROM session WHERE end_ns <= ?1",
    // kPruneRequests
    "DELETE FROM request WHERE time_ns < ?1 AND NOT EXISTS "
    "(SELECT 1 FROM exchange e WHERE e.id = request.exchange AND e.keeps_requests)",
    // kPutDirectoryVersion
    "UPDATE directory SET version = max(version, ?1) WHERE id = 1",
    // kAddLeaf
    "INSERT INTO log_leaf (idx, bytes) VALUES (?1, ?2)",
    // kAddRecord
    "INSERT INTO log_record (idx, sealed) VALUES (?1, ?2)",
    // kAddSalt
    "INSERT INTO log_salt (idx, salt) VALUES (?1, ?2)",
    // kAddRecordParty
    "INSERT INTO record_party (party, idx, time_ns) VALUES (?1, ?2, ?3) ON CONFLICT DO NOTHING",
    // kPutTile
    "INSERT INTO log_tile (level, n, hashes) VALUES (?1, ?2, ?3) "
    "ON CONFLICT (level, n) DO UPDATE SET hashes = excluded.hashes",
    // kSwapHead
    "UPDATE log_head SET size = ?1, root = ?2, note = ?3 WHERE id = 1 AND size = ?4 AND root = ?5",
};
static_assert(kTexts.size() == kSqlCount);

}  // namespace

const char* TextOf(Sql statement) { return kTexts[static_cast<std::size_t>(statement)]; }

}  // namespace sluis::storage

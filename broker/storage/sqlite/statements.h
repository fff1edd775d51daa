// Every SQL statement of the engine, by name. Each is answered from an index: a test reads SQLite's plan for it.
#pragma once

#include <cstddef>

namespace sluis::storage {

enum class Sql {
  kFindCase,
  kCasePlace,
  kListCases,
  kFindExchange,
  kExchangePlace,
  kListExchanges,
  kListExchangesInCase,
  kExchangeParties,
  kListExpired,
  kFindMailbox,
  kListArrangements,
  kFindArrangement,
  kListInbox,
  kFindRequest,
  kListSessions,
  kFindWeighingTable,
  kFindWeighingTableOf,
  kListErrands,
  kDirectoryVersion,
  kReadHead,
  kLastLeaf,
  kReadLeaves,
  kReadTile,
  kReadRecord,
  kListRecordIndices,
  kPutCase,
  kDropCaseParties,
  kAddCaseParty,
  kPutExchange,
  kDropExchangeParties,
  kAddExchangeParty,
  kPutMailbox,
  kDeleteMailbox,
  kPutArrangement,
  kDropArrangementOrganisations,
  kAddArrangementOrganisation,
  kLastInbox,
  kAddInbox,
  kPutRequest,
  kUseAssertion,
  kPutSession,
  kDeleteSession,
  kPutWeighingTable,
  kPutErrand,
  kDeleteErrand,
  kPruneAssertions,
  kPruneSessions,
  kPruneRequests,
  kPutDirectoryVersion,
  kAddLeaf,
  kAddRecord,
  kAddSalt,
  kAddRecordParty,
  kPutTile,
  kSwapHead,
  kCount,
};

inline constexpr std::size_t kSqlCount = static_cast<std::size_t>(Sql::kCount);

const char* TextOf(Sql statement);

}  // namespace sluis::storage

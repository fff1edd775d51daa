// Tables and statements of the transcryptor's two databases. Each statement is answered from an index: a test reads
// SQLite's plan for it.
#pragma once

#include <cstddef>

#include "absl/status/statusor.h"
#include "broker/storage/sqlite/connection.h"
#include "broker/storage/sqlite/schema.h"

namespace sluis::storage {

enum class ReplaySql {
  kIdentity,
  kFindNonce,
  kAddNonce,
  kKeepResponse,
  kCount,
  kAddCount,
  kPruneNonces,
  kPruneCounts,
  kAddCharge,
  kPruneCharges,
  kEnd,
};

enum class StateSql {
  kReadHead,
  kPutHead,
  kFindSalt,
  kAddSalt,
  kPutTombstone,
  kListDue,
  kFindSession,
  kPutSession,
  kPruneSessions,
  kFindArrangement,
  kPutArrangement,
  kDropOrganisations,
  kAddOrganisation,
  kListArrangements,
  kKeepCommitment,
  kFindCommitment,
  kEnd,
};

const char* TextOf(ReplaySql sql);
const char* TextOf(StateSql sql);

Schema ReplaySchema();
Schema StateSchema();

// The 32 bytes of a column; DATA_LOSS / LOG_INCONSISTENT for any other length.
absl::StatusOr<Digest> DigestAt(const Statement& statement, int column);

}  // namespace sluis::storage

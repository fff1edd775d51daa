// Everything that the memory engine keeps: tables and the indices over them, as one value.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <tuple>
#include <utility>

#include "absl/time/time.h"
#include "broker/storage/memory/persistent_map.h"
#include "broker/storage/records.h"

namespace sluis::storage {

// Place in a list that starts with the newest: time, then id, both descending.
template <typename Id>
struct Recent {
  absl::Time time;
  Id id;
  bool operator<(const Recent& other) const {
    return time != other.time ? other.time < time : other.id < id;
  }
  // Before every other place.
  static Recent First() {
    std::array<std::uint8_t, 16> highest;
    highest.fill(0xff);
    return {absl::InfiniteFuture(), Id::FromBytes(highest)};
  }
};

struct MemoryState {
  PersistentMap<CaseId, CaseRecord> cases;
  PersistentMap<std::pair<PartyId, Recent<CaseId>>, bool> case_parties;

  PersistentMap<ExchangeId, ExchangeRecord> exchanges;
  PersistentMap<std::pair<PartyId, Recent<ExchangeId>>, CaseId> exchange_parties;
  PersistentMap<std::pair<absl::Time, ExchangeId>, bool> expiries;
  PersistentMap<ExchangeId, MailboxRecord> mailboxes;

  PersistentMap<std::pair<std::string, std::int64_t>, ArrangementRecord> arrangement_history;
  PersistentMap<std::string, ArrangementRecord> arrangements;  // newest serial
  PersistentMap<std::pair<Oin, std::string>, bool> arrangement_organisations;

  PersistentMap<std::pair<PartyId, std::int64_t>, InboxRecord> inbox;
  PersistentMap<PartyId, std::int64_t> inbox_last;

  PersistentMap<Bytes, LiveSessionRecord> sessions;
  PersistentMap<std::pair<PartyId, std::pair<std::int64_t, Bytes>>, bool> party_sessions;  // newest first
  PersistentMap<std::pair<Oin, std::string>, WeighingTableRecord> weighing_tables;
  PersistentMap<CaseId, std::pair<Oin, std::string>> weighing_domains;
  PersistentMap<std::pair<std::string, std::string>, ErrandRecord> errands;

  PersistentMap<RequestKey, RequestRecord> requests;
  PersistentMap<std::pair<std::string, std::string>, absl::Time> assertions;
  std::int64_t directory_version = 0;

  LogHead head;
  std::uint64_t leaf_count = 0;
  PersistentMap<std::uint64_t, Bytes> leaves;
  PersistentMap<std::pair<int, std::uint64_t>, Bytes> tiles;
  PersistentMap<std::uint64_t, LogRecord> records;
  PersistentMap<std::pair<PartyId, std::uint64_t>, absl::Time> record_parties;
};

}  // namespace sluis::storage

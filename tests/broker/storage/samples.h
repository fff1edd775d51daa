// Records for tests of the store: every field filled with something of its own, so that a field that is lost
// or swapped on the way shows.
#pragma once

#include <cstdint>
#include <string_view>

#include "broker/storage/records.h"

namespace sluis::storage::testing {

// 2026-03-02T10:00:00Z plus `seconds`.
absl::Time At(int seconds);

PartyId Municipality();
PartyId Police();
PartyId Prosecution();
PartyId Riec();

// Ids by number, in the order of their numbers.
CaseId CaseNumber(std::uint32_t number);
ExchangeId ExchangeNumber(std::uint32_t number);

// Held by Municipality(), with Police().
CaseRecord SampleCase(std::uint32_t number, absl::Time created);
// Forwarded, owned by Municipality(), provided by Police(), in case 1.
ExchangeRecord SampleExchange(std::uint32_t number, absl::Time created);
MailboxRecord SampleMailbox(std::uint32_t exchange);
LiveSessionRecord SampleSession(const PartyId& party, std::string_view session, absl::Time issued, absl::Time end);
WeighingTableRecord SampleWeighingTable(std::uint32_t domain, std::string_view quarter);
ErrandRecord SampleErrand(std::string_view queue, std::string_view id);
ArrangementRecord SampleArrangement(std::string_view id, std::int64_t serial);
RequestKey SampleKey(std::uint32_t number);
RequestRecord SampleRequest(std::string_view answer, absl::Time time);
// 192 bytes that name their index; a sealed record and salt that do too.
Bytes SampleLeaf(std::uint64_t index);
LogRecord SampleLogRecord(std::uint64_t index);
// `count` hashes that depend on their place alone, so that a shorter list begins a longer one.
Bytes SampleHashes(int count);
LogHead SampleHead(std::uint64_t size);

}  // namespace sluis::storage::testing

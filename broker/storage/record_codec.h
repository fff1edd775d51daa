// How an engine with columns keeps the records whose inside it does not query: one byte string each.
//
// A byte with the form (01, or 02 for exchanges and mailboxes), then the fields in the order of records.h. Integers big-endian, 8 bytes; truth values 1 byte;
// strings and lists with a u32 count in front; optional values with a byte 00 or 01 in front; times and durations
// in nanoseconds, the largest and smallest value standing for infinite. A changed record gets a new form byte; what an
// older form lacks keeps its default.
#pragma once

#include "absl/status/statusor.h"
#include "broker/storage/records.h"
#include "lib/base/bytes.h"

namespace sluis::storage {

// For CaseRecord, ExchangeRecord, MailboxRecord, ArrangementRecord and RequestRecord.
template <typename Record>
Bytes EncodeRecord(const Record& record);

// DATA_LOSS / LOG_INCONSISTENT for anything that EncodeRecord does not write.
template <typename Record>
absl::StatusOr<Record> DecodeRecord(BytesView bytes);

// Nanoseconds since 1970; InfiniteFuture and InfinitePast are the largest and smallest value.
std::int64_t NanosOf(absl::Time time);
absl::Time TimeOf(std::int64_t nanos);

}  // namespace sluis::storage

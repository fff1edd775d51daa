// From a draft to what the log stores: leaf, sealed record, salt (log.md B3, B6), and back.
#pragma once

#include <cstdint>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/journal/journal.h"
#include "broker/storage/records.h"
#include "lib/crypto/aead.h"
#include "lib/crypto/secret.h"
#include "lib/tlog/record.h"

namespace sluis::journal {

// What is stored of one leaf.
struct Entry {
  std::uint64_t index = 0;
  tlog::LeafKind kind;
  Digest policy_digest{};
  Bytes leaf;
  storage::LogRecord record;
};

// Immutable, thread-safe.
class EntryMaker {
 public:
  // INVALID_ARGUMENT / E_LENGTH unless `store_key` has 32 bytes.
  static absl::StatusOr<EntryMaker> Create(std::string_view origin, SecretBytes store_key);

  // Every leaf gets a record and a fresh salt. INTERNAL with E_LEAF or E_RECORD for a draft that
  // cannot be logged, naming the member.
  absl::StatusOr<Entry> Make(std::uint64_t index, const LeafDraft& draft, absl::Time time) const;

  // The record and salt, if they are those of the leaf; DATA_LOSS / LOG_INCONSISTENT otherwise.
  absl::StatusOr<tlog::Opening> Open(std::uint64_t index, BytesView leaf,
                                     const storage::LogRecord& record) const;

 private:
  EntryMaker(std::string_view origin, AeadKey key) : origin_(origin), key_(std::move(key)) {}
  Bytes AdditionalData(std::uint64_t index) const;

  std::string origin_;
  AeadKey key_;
};

}  // namespace sluis::journal

// What both transcryptors committed themselves to (pseudonyms.md §7.2), kept as first seen: a
// transcryptor that later proves against another factor is found out. Public values.
//   commitments/<hop>-<SHA-256 of the domain or session>
#pragma once

#include <filesystem>
#include <optional>

#include "lib/pseudonym/commitment.h"

namespace sluis::edge {

// Safe between threads and processes; durable.
class CommitmentBook : public pseudonym::CommitmentStore {
 public:
  explicit CommitmentBook(std::filesystem::path folder) : folder_(std::move(folder)) {}
  // DATA_LOSS / STORE_DAMAGED naming the file.
  absl::StatusOr<std::optional<GroupElement>> Find(pseudonym::Hop hop, BytesView id) override;
  absl::StatusOr<GroupElement> KeepFirst(pseudonym::Hop hop, BytesView id,
                                         const GroupElement& value) override;

 private:
  std::filesystem::path FileOf(pseudonym::Hop hop, BytesView id) const;
  std::filesystem::path folder_;
};

}  // namespace sluis::edge

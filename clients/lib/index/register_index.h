// The complete index of one of our registers (pseudonyms.md §11): whom an inquiry is about, if we
// know the subject. Only read here; index_builder.h makes it.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "absl/status/statusor.h"
#include "clients/lib/index/index_folder.h"
#include "clients/lib/index/record_file.h"
#include "clients/lib/party_folder.h"
#include "lib/pseudonym/secret_element.h"
#include "lib/sealing/subject.h"

namespace sluis::edge {

// Constant after Open, thread-safe; in memory are eight bytes per 256 subjects. Goes on reading
// what it opened when a newer index replaces it.
class RegisterIndex {
 public:
  // FAILED_PRECONDITION: INDEX_MISSING (nothing was enrolled), INDEX_INCOMPLETE (an enrolment was
  // begun and not finished), INDEX_OF_ANOTHER_EPOCH (of another epoch than `epoch`, or made under
  // another key set). DATA_LOSS / STORE_DAMAGED naming the file.
  static absl::StatusOr<std::unique_ptr<RegisterIndex>> Open(const PartyFolder& party,
                                                             const std::string& register_id,
                                                             std::int64_t epoch);

  // Nothing: not in this register. Keeps nothing of the pseudonym. STORE_DAMAGED.
  absl::StatusOr<std::optional<Subject>> Find(const pseudonym::IndexPseudonym& pseudonym) const;

  std::int64_t size() const { return manifest_.subjects(); }
  const v1::IndexManifest& manifest() const { return manifest_; }

 private:
  RegisterIndex(IndexFolder folder, v1::IndexManifest manifest)
      : folder_(std::move(folder)), manifest_(std::move(manifest)) {}
  IndexFolder folder_;
  v1::IndexManifest manifest_;
  std::optional<RecordFile> records_;
};

}  // namespace sluis::edge

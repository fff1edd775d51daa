// Whom our open questions to a register are about: the broker, the transcryptors and who is asked
// see only items, so which of them is whom stands here and nowhere else. Encrypted at rest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/lib/exchange_terms.h"
#include "clients/lib/sealed_folder.h"

namespace sluis::edge {

// Move-only.
struct KeptQuestion {
  std::string action;
  std::vector<ReleasedSubject> subjects;
  std::vector<std::uint32_t> positions;  // of each subject; as many, once it was signed
  std::size_t size = 0;                  // items that were sent, fillers included; 0: not signed
};

// Safe between processes. `key` is the name of an exchange, or PlanKey.
class QuestionBook {
 public:
  explicit QuestionBook(SealedFolder folder) : folder_(std::move(folder)) {}

  // Under which subjects are kept while the broker has not named the exchanges yet.
  static std::string PlanKey(std::string_view request_id);

  // Unless something stands there already.
  absl::Status Note(const std::string& key, const std::string& action,
                    const std::vector<ReleasedSubject>& subjects) const;
  // What is about to be signed; positions of an earlier attempt, which nobody got, go.
  absl::Status NotePositions(const std::string& key, const std::vector<std::uint32_t>& positions,
                             std::size_t size) const;
  // DATA_LOSS / STORE_DAMAGED.
  absl::StatusOr<std::optional<KeptQuestion>> Find(const std::string& key) const;
  // OK too if there is none. Durable when it returns.
  absl::Status Forget(const std::string& key) const;

 private:
  SealedFolder folder_;
};

}  // namespace sluis::edge

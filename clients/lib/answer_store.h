// Opened answers: the only place of an edge where what partners sent lies in the clear.
//   answers/<exchange>/header           AnswerHeader, nothing about a person
//   answers/<exchange>/01, 02, ...      the values, one file each, mode 0600
// A folder appears as a whole or not at all.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/ids.h"
#include "lib/crypto/secret.h"
#include "sluis/edge/v1/store.pb.h"

namespace sluis::edge {

// Move-only.
struct OpenedAnswer {
  v1::AnswerHeader header;
  std::vector<SecretBytes> values;  // as many as header.fields, in its order
};

// Safe between processes.
class AnswerStore {
 public:
  explicit AnswerStore(std::filesystem::path folder) : folder_(std::move(folder)) {}

  bool Has(const ExchangeId& id) const;
  // Durable when it returns. Of two writers of one answer the first wins; both succeed.
  absl::Status Write(const ExchangeId& id, const OpenedAnswer& answer) const;
  // NOT_FOUND / ANSWER_NOT_HERE; DATA_LOSS / ANSWER_DAMAGED naming the file.
  absl::StatusOr<OpenedAnswer> Read(const ExchangeId& id) const;
  // OK too if there is none. Durable when it returns.
  absl::Status Remove(const ExchangeId& id) const;
  // Headers of all answers here, by exchange id.
  absl::StatusOr<std::vector<v1::AnswerHeader>> List() const;

 private:
  absl::StatusOr<v1::AnswerHeader> ReadHeader(const std::filesystem::path& folder) const;
  std::filesystem::path folder_;
};

}  // namespace sluis::edge

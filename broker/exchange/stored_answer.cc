#include "broker/exchange/stored_answer.h"

#include "lib/base/error.h"
#include "lib/base/json.h"

namespace sluis::exchange {
namespace {

constexpr std::string_view kRefused = "refused ";

absl::StatusOr<StoredAnswer> ReadRefusal(const std::string& text) {
  const std::size_t slash = text.rfind('/');
  if (slash == std::string::npos || slash < kRefused.size()) return absl::DataLossError("");
  const Json json = Json::parse(text.substr(kRefused.size(), slash - kRefused.size()));
  // Only FAILED_PRECONDITION is ever logged and stored.
  return StoredAnswer{text.substr(slash + 1),
                      Error(ErrorCode::kPrecondition, json.at("reason").get<std::string>(),
                            json.at("message").get<std::string>(),
                            json.at("metadata").get<std::map<std::string, std::string>>())};
}

}  // namespace

std::string WriteStoredAnswer(const StoredAnswer& stored) {
  if (stored.refused.ok()) return stored.answer;
  const ErrorDetail detail = DetailOf(stored.refused);
  const Json json = {{"reason", detail.reason},
                     {"message", MessageOf(stored.refused)},
                     {"metadata", detail.metadata}};
  return std::string(kRefused) + json.dump() + "/" + stored.answer;
}

absl::StatusOr<StoredAnswer> ReadStoredAnswer(const std::string& text) {
  if (!text.starts_with(kRefused)) return StoredAnswer{text, absl::OkStatus()};
  try {
    absl::StatusOr<StoredAnswer> refusal = ReadRefusal(text);
    if (refusal.ok()) return refusal;
  } catch (const Json::exception&) {
    // The library's text would quote what was stored.
  }
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
               "a stored answer cannot be read; call the operator");
}

}  // namespace sluis::exchange

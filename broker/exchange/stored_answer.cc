#include "broker/exchange/stored_answer.h"

#include "lib/base/error.h"
#include "lib/base/json.h"

namespace sluis::exchange {

std::string WriteStoredAnswer(const StoredAnswer& stored) {
  Json json = {{"answer", stored.answer}};
  if (!stored.refused.ok()) {
    const ErrorDetail detail = DetailOf(stored.refused);
    json["reason"] = detail.reason;
    json["message"] = MessageOf(stored.refused);
    json["metadata"] = detail.metadata;
  }
  return json.dump();
}

absl::StatusOr<StoredAnswer> ReadStoredAnswer(const std::string& text) {
  try {
    const Json json = Json::parse(text);
    StoredAnswer stored{json.at("answer").get<std::string>(), absl::OkStatus()};
    if (json.contains("reason")) {
      // Only FAILED_PRECONDITION is ever logged and stored.
      stored.refused = Error(ErrorCode::kPrecondition, json.at("reason").get<std::string>(),
                             json.at("message").get<std::string>(),
                             json.at("metadata").get<std::map<std::string, std::string>>());
    }
    return stored;
  } catch (const Json::exception&) {
    return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT", "a stored answer cannot be read; call the operator");
  }
}

}  // namespace sluis::exchange

#include "lib/pseudonym/refusal.h"

#include <algorithm>
#include <iterator>

#include "lib/base/error.h"

namespace sluis::pseudonym {
namespace {

constexpr std::string_view kAboutBytes[] = {
    "E_LENGTH",   "E_ELEMENT",     "E_IDENTITY", "E_SCALAR",  "E_SCALAR_ZERO", "E_TRUNCATED",
    "E_TRAILING", "E_EMPTY_BATCH", "E_TYPE",     "E_VERSION", "E_FLAGS",       "E_BATCH_SIZE",
    "E_PAYLOAD",  "E_UTF8",        "E_TLV",      "E_BSN",     "E_SUBJECT",     "E_STATEMENT"};
constexpr std::string_view kAboutRequest[] = {
    "E_SAME_CONTEXT", "E_SAME_DOMAIN", "E_SENDER",  "E_RECIPIENT",   "E_SELF",
    "E_LIFETIME",     "E_EXPIRED",     "E_SESSION", "E_REPLAY",      "E_REPLAY_UNKNOWN",
    "E_DUPLICATE_B",  "E_QUOTA",       "E_MANDATE", "E_CASE_CLOSED", "E_SIGNATURE"};
constexpr std::string_view kAboutSecrets[] = {"E_YFROM", "E_FACTOR_TRIVIAL", "E_POK",
                                              "E_PROOF", "E_CANARY",         "E_PADDING",
                                              "E_OPEN",  "E_STREAM",         "E_DH_ZERO"};

template <typename Range>
bool Holds(const Range& codes, std::string_view code) {
  return std::find(std::begin(codes), std::end(codes), code) != std::end(codes);
}

ErrorCode CodeOf(std::string_view code) {
  if (code == "E_QUOTA") return ErrorCode::kExhausted;
  return ClassOf(code) == RefusalClass::kBytes ? ErrorCode::kInvalid : ErrorCode::kPrecondition;
}

}  // namespace

RefusalClass ClassOf(std::string_view code) {
  if (Holds(kAboutBytes, code)) return RefusalClass::kBytes;
  if (Holds(kAboutRequest, code)) return RefusalClass::kRequest;
  if (Holds(kAboutSecrets, code)) return RefusalClass::kSecret;
  return RefusalClass::kOther;
}

absl::Status Refuse(std::string_view code, std::string_view message) {
  return Error(CodeOf(code), code, message);
}

absl::Status Classified(const absl::Status& status) {
  if (status.ok()) return status;
  const ErrorDetail detail = DetailOf(status);
  if (ClassOf(detail.reason) == RefusalClass::kOther) return status;
  return Error(CodeOf(detail.reason), detail.reason, MessageOf(status), detail.metadata);
}

absl::Status ForSender(const absl::Status& status) {
  if (status.ok()) return status;
  const RefusalClass refusal = ClassOf(ReasonOf(status));
  if (refusal == RefusalClass::kBytes || refusal == RefusalClass::kRequest) {
    return Classified(status);
  }
  return Error(ErrorCode::kPrecondition, "E_REFUSED", "the request was refused");
}

}  // namespace sluis::pseudonym

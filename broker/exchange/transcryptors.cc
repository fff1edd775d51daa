#include "broker/exchange/transcryptors.h"

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::exchange {
namespace {

constexpr char kAway[] = "TRANSCRYPTOR_UNAVAILABLE";
constexpr absl::Duration kRetry = absl::Seconds(30);

}  // namespace

absl::Status TranscryptorAway(int hop) {
  return WithRetry(
      Error(ErrorCode::kUnavailable, kAway,
            absl::StrFormat("transcryptor %d cannot be reached; send the same again later", hop),
            {{"transcryptor", absl::StrFormat("%d", hop)}}),
      kRetry);
}

bool IsAway(const absl::Status& status) { return ReasonOf(status) == kAway; }

absl::Status TranscryptorFault(int hop, std::string_view what) {
  LogEvent(LogLevel::kError, "transcryptor_fault", absl::StrFormat("hop=%d what=%s", hop, what));
  return Error(
      ErrorCode::kPrecondition, "TRANSCRYPTOR_FAULT",
      absl::StrFormat("transcryptor %d answered something else than it was asked; nothing was "
                      "delivered, and its operator has to explain",
                      hop),
      {{"transcryptor", absl::StrFormat("%d", hop)}});
}

absl::Status TranscryptorRefused(int hop, const absl::Status& status) {
  if (IsAway(status)) return status;
  LogEvent(LogLevel::kWarning, "transcryptor_refused",
           absl::StrFormat("hop=%d reason=%s", hop, ReasonOf(status)));
  const absl::Status told = pseudonym::ForSender(status);
  return Error(ErrorCode::kPrecondition, ReasonOf(told), MessageOf(told),
               {{"transcryptor", absl::StrFormat("%d", hop)}});
}

}  // namespace sluis::exchange

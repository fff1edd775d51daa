#include "broker/exchange/transcryptors.h"

#include "absl/strings/str_format.h"
#include "lib/base/error.h"

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

}  // namespace sluis::exchange

#include "lib/tlog/cosignature.h"

#include <limits>

#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/tlog/signed_note.h"
#include "lib/tlog/vkey.h"

namespace sluis::tlog {
namespace {

constexpr std::uint64_t kMaxSeconds = std::numeric_limits<std::int64_t>::max();

std::string SignedText(std::string_view checkpoint_text, std::uint64_t seconds) {
  return absl::StrFormat("cosignature/v1\ntime %d\n%s", seconds, checkpoint_text);
}

}  // namespace

absl::StatusOr<std::uint64_t> VerifyCosignature(std::string_view checkpoint_text, BytesView payload,
                                                const Ed25519PublicKey& key) {
  ByteReader reader(payload);
  auto seconds = reader.U64();
  if (!seconds.ok() || reader.remaining() != kEd25519SignatureSize || *seconds > kMaxSeconds) {
    return Error(ErrorCode::kInvalid, "E_SIGNATURE", "not a cosignature");
  }
  const BytesView signature = payload.substr(payload.size() - kEd25519SignatureSize);
  SLUIS_RETURN_IF_ERROR(key.Verify(SignedText(checkpoint_text, *seconds), signature));
  return *seconds;
}

absl::Status CheckCosignatureTime(std::uint64_t seconds, absl::Time now) {
  const std::int64_t latest = absl::ToUnixSeconds(now + kCosignatureTolerance);
  if (latest >= 0 && seconds <= static_cast<std::uint64_t>(latest)) return absl::OkStatus();
  return Error(ErrorCode::kInvalid, "E_COSIGNATURE_TIME", "cosignature from the future");
}

absl::StatusOr<std::string> CosignatureLine(std::string_view checkpoint_text, std::string_view name,
                                            const Ed25519PrivateKey& key, std::uint64_t seconds) {
  if (seconds == 0 || seconds > kMaxSeconds) {
    return Error(ErrorCode::kInvalid, "E_COSIGNATURE_TIME", "a cosignature has a time");
  }
  SLUIS_ASSIGN_OR_RETURN(const VerifierKey verifier,
                         VerifierKey::Create(name, KeyType::kCosignature, key.public_key()));
  ByteWriter payload;
  payload.U64(seconds).Raw(key.Sign(SignedText(checkpoint_text, seconds)));
  return FormatSignatureLine(verifier, payload.bytes());
}

}  // namespace sluis::tlog

// Cosignatures (C2SP tlog-cosignature, cosignature/v1; log.md A5): a witness says that at some time
// a checkpoint was the largest consistent tree it had seen for the origin. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ed25519.h"

namespace sluis::tlog {

// How far the clock of a cosigner may run ahead of ours.
inline constexpr absl::Duration kCosignatureTolerance = absl::Seconds(300);

// `payload` = u64be(seconds) || signature. Returns the seconds; E_SIGNATURE. The time is signed but
// not judged: see CheckCosignatureTime.
absl::StatusOr<std::uint64_t> VerifyCosignature(std::string_view checkpoint_text, BytesView payload,
                                                const Ed25519PublicKey& key);

// E_COSIGNATURE_TIME when `seconds` lies more than 300 s after `now`.
absl::Status CheckCosignatureTime(std::uint64_t seconds, absl::Time now);

// The note line, with its LF. E_COSIGNATURE_TIME for a time of 0 or beyond 2^63-1, E_VKEY for a bad
// name.
absl::StatusOr<std::string> CosignatureLine(std::string_view checkpoint_text, std::string_view name,
                                            const Ed25519PrivateKey& key, std::uint64_t seconds);

}  // namespace sluis::tlog

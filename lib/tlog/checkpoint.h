// Checkpoints (C2SP tlog-checkpoint 1.0.0; log.md A4): `origin LF size LF base64(root) LF` as a
// signed note, which says how far a log goes and what is in it. Pure, thread-safe.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ed25519.h"
#include "lib/tlog/signed_note.h"
#include "lib/tlog/vkey.h"

namespace sluis::tlog {

struct Checkpoint {
  std::string origin;      // URL without scheme and trailing slash: no space, no '+'
  std::uint64_t size = 0;  // below 2^63
  Digest root{};
  std::vector<std::string> extensions;  // lines of others, kept as they are; we write none
  bool operator==(const Checkpoint&) const = default;
};

// A checkpoint whose log signature was verified, with every further verified signature.
struct SignedCheckpoint {
  Checkpoint checkpoint;
  std::vector<VerifiedSignature> signatures;
};

// E_CHECKPOINT for a checkpoint that its own text could not give back.
absl::StatusOr<std::string> FormatCheckpoint(const Checkpoint& checkpoint);
// The text of a note, with its final LF. E_CHECKPOINT naming the line.
absl::StatusOr<Checkpoint> ParseCheckpoint(std::string_view text);
// As ParseCheckpoint, but the root of an empty tree is not judged: a witness answers that case by
// itself.
absl::StatusOr<Checkpoint> ParseCheckpointSyntax(std::string_view text);

// The note; the key name is the origin.
absl::StatusOr<std::string> SignCheckpoint(const Checkpoint& checkpoint,
                                           const Ed25519PrivateKey& key);

// OK iff the note is a checkpoint of `origin`, signed by a type 01 key of `keys` with that name,
// and no signature of any of `keys` is wrong. The reasons of signed_note.h, and E_CHECKPOINT.
absl::StatusOr<SignedCheckpoint> VerifyCheckpoint(std::string_view note, std::string_view origin,
                                                  std::span<const VerifierKey> keys);

}  // namespace sluis::tlog

// Signed notes (C2SP signed-note 1.0.0; log.md A4): a short text with lines that sign it. The text
// ends in LF; an empty line and the signature lines follow. Pure, thread-safe.
//
// Reasons: E_MALFORMED (not a note, or beyond a limit), E_SIGNATURE (a known key with a wrong
// signature), E_NO_KNOWN_SIGNATURE (no line of a known key), E_VKEY (two known keys that a line
// cannot tell apart).
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ed25519.h"
#include "lib/tlog/vkey.h"

namespace sluis::tlog {

inline constexpr std::size_t kMaxNoteSize = 64 * 1024;
inline constexpr std::size_t kMaxNoteTextSize = 8 * 1024;
inline constexpr std::size_t kMaxSignatureLines = 64;

// Sizes in bytes. The defaults are those of the log's notes; a larger document that travels as a
// signed note, such as the partner directory, brings its own.
struct NoteLimits {
  std::size_t max_note = kMaxNoteSize;
  std::size_t max_text = kMaxNoteTextSize;
};

struct SignatureLine {
  std::string name;
  KeyId key_id{};
  Bytes signature;  // behind the key id; at least one byte
};

struct Note {
  std::string text;  // with its final LF
  std::vector<SignatureLine> signatures;
};

// A signature that was verified.
struct VerifiedSignature {
  VerifierKey key;
  std::uint64_t time = 0;  // seconds since 1970 for KeyType::kCosignature, else 0
};

struct VerifiedNote {
  std::string text;
  std::vector<VerifiedSignature> signatures;  // one per key, in the order of the note; never empty
};

absl::StatusOr<Note> ParseNote(std::string_view note, const NoteLimits& limits = {});

// One wrong signature of a known key rejects the note, whatever else is right.
absl::StatusOr<VerifiedNote> VerifyNote(std::string_view note, std::span<const VerifierKey> keys,
                                        const NoteLimits& limits = {});

// `text` as a note with one Ed25519 line. E_MALFORMED for a text no note can hold, E_VKEY for a bad
// name.
absl::StatusOr<std::string> SignNote(std::string_view text, std::string_view name,
                                     const Ed25519PrivateKey& key, const NoteLimits& limits = {});
// That line alone, with its LF, to be put behind the lines of others.
absl::StatusOr<std::string> SignNoteLine(std::string_view text, std::string_view name,
                                         const Ed25519PrivateKey& key,
                                         const NoteLimits& limits = {});

// `— name base64(keyid || signature) LF`, for makers of other signature types.
std::string FormatSignatureLine(const VerifierKey& key, BytesView signature);
// The line without its LF; E_MALFORMED.
absl::StatusOr<SignatureLine> ParseSignatureLine(std::string_view line);

}  // namespace sluis::tlog

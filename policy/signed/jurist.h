// The rules that a jurist signed, in a signed note (C2SP signed-note): `sluis-jurist/v1`, the
// digest of the pack, then one rule a line. A pack that says anything else has another digest, and
// no signature holds.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ed25519.h"
#include "lib/tlog/vkey.h"
#include "policy/engine/pack.h"

namespace sluis::policy {

// A note by which this jurist signs these rules of `pack`, each once and in the order of their ids.
// INVALID_ARGUMENT / RULE_UNKNOWN for a rule that the pack has not, and for none at all; E_VKEY for
// a bad name; E_MALFORMED for more rules than a note can hold (8 KiB).
absl::StatusOr<Bytes> SignRules(const Pack& pack, const CodeSet& rules, std::string_view name,
                                const Ed25519PrivateKey& key);

// The rules of `pack` that these notes list. INVALID_ARGUMENT / JURIST_NOTE_INVALID for a note that
// no jurist of `jurists` signed, that is about another pack, or that names a rule the pack has not.
absl::StatusOr<CodeSet> RulesSigned(const Pack& pack, std::span<const Bytes> notes,
                                    std::span<const tlog::VerifierKey> jurists);

// FAILED_PRECONDITION / RULE_NOT_SIGNED with metadata `count` and `rules` (the first ten) unless
// every rule is among `rules`.
absl::Status RequireRulesSigned(const Pack& pack, const CodeSet& rules);

}  // namespace sluis::policy

// Decision statements (pseudonyms.md §8.2): what the broker decided about one exchange, in the form
// in which each transcryptor judges it again. One JSON object in RFC 8785 form:
//   v 1 · exchange (id) · issued, expires (Unix seconds) · pack (64 hex: SHA-256 of the signed
//   pack) · request (the AuthZEN evaluation request, whole) · decision {outcome, fields, rules} ·
//   bulk (optional integer: items allowed under this statement together; of an enrolment or a move)
// and nothing else. On the wire u32 len || JSON || key id 32 || Ed25519 signature 64 over
// "sluis/decision/v1\0" || SHA256(JSON). The mandate digest of a head is SHA256(JSON).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/base/json.h"
#include "lib/crypto/ed25519.h"
#include "lib/pseudonym/hop_factors.h"
#include "lib/pseudonym/signed_request.h"

namespace sluis::pseudonym {

// Outcome of a decision that waits for an approval.
inline constexpr char kNeedsApproval[] = "NEEDS_APPROVAL";

struct StatementTerms {
  std::string exchange;
  std::int64_t issued = 0, expires = 0;  // Unix seconds
  Digest pack{};
  Json request = Json::object();
  std::string outcome;                        // PERMITTED, PERMITTED_PARTLY, ...
  std::map<std::string, std::string> fields;  // field to form
  std::vector<std::string> rules;
  std::optional<std::int64_t> bulk;
};

// A statement whose signature was checked. Immutable, copyable, thread-safe.
class DecisionStatement {
 public:
  // In this order: E_TRUNCATED, E_TRAILING; E_SIGNATURE (key id as well); E_STATEMENT.
  static absl::StatusOr<DecisionStatement> Verify(BytesView wire, const Ed25519PublicKey& broker);
  // E_STATEMENT for terms that make no statement.
  static absl::StatusOr<DecisionStatement> Sign(const StatementTerms& terms,
                                                const Ed25519PrivateKey& broker);

  const StatementTerms& terms() const { return terms_; }
  const Bytes& wire() const { return wire_; }
  BytesView json() const;
  Digest digest() const;

 private:
  DecisionStatement(StatementTerms terms, Bytes wire)
      : terms_(std::move(terms)), wire_(std::move(wire)) {}
  StatementTerms terms_;
  Bytes wire_;
};

// The pack digests that count now: the current one, and the previous one during a change-over.
using PackDigests = std::span<const Digest>;

// Does the statement cover this head and so many items now? E_MANDATE: not its digest, not its time
// [issued - 60 s, expires], another pack, an outcome that permits nothing (NEEDS_APPROVAL is enough
// for kind 04 alone: who answers decides when he answers), more items than `bulk`, `bulk` for
// another kind than 03, or an action, party, case, purpose or register other than the head's.
// Whether the pack permits the request is asked of the pack itself (MandateJudge). `route` is that
// of the head.
absl::Status CheckCovers(const DecisionStatement& statement, const RequestHead& head,
                         const Route& route, std::uint64_t items, absl::Time now,
                         PackDigests packs);

// The same for an enrolment by `owner` into `index`.
absl::Status CheckCoversEnrolment(const DecisionStatement& statement, const Digest& mandate,
                                  const Party& owner, const Domain& index, std::uint64_t items,
                                  absl::Time now, PackDigests packs);

}  // namespace sluis::pseudonym

// Arrangement statements (pseudonyms.md §8.2): covenants, mandates, article 20 decisions and the
// like, which every party that they bind has signed, so that nobody needs the broker's word for
// them. The decision engine sees them only as facts, and only when they name these parties, this
// purpose and this moment: what a statement leaves open never helps.
//
// Statement = one JSON object in RFC 8785 form of at most 64 KiB:
//   v            1
//   arrangement  id, a code of [a-z0-9-]
//   serial       1..2^53-1; a higher one replaces
//   fact         code of the fact that it supports
//   value        "yes", or "no": withdrawn
//   parties      [{oin, unit}] who sign, 1..64, none twice
//   from, until  Unix seconds; in force while from <= now < until
// optional for every fact:
//   purposes     [code] the leaf purposes that it is for. Absent: for none, so that the statement
//                can be shown but not used
//   case         32 hex: for this case only
// and of one fact alone, refused with any other:
//   artikel-20-besluit:     recipients [{oin, unit}] to whom a party may provide, who need not
//                           sign; fields [code] that may be provided
//   bevoegd-gezag-akkoord:  authority {oin, unit} who agrees, one of the parties; recipients,
//                           optional, as above
//   mandaat:                principal {oin, unit} the municipality that gives the mandate; agent
//                           {oin, unit} who acts in its name; both of the parties
//   verordening-151d:       none; its parties are of one municipality, whose by-law it is
// Any other member is refused.
//
// Signature = Ed25519 by the party's signing key over
// "sluis/arrangement/v1\0" || SHA256(statement).
#pragma once

#include <cstdint>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"
#include "lib/crypto/ed25519.h"

namespace sluis::identity {

class Directory;

inline constexpr char kFactCovenant[] = "convenant";
inline constexpr char kFactMandate[] = "mandaat";
inline constexpr char kFactArticle20[] = "artikel-20-besluit";
inline constexpr char kFactAuthority[] = "bevoegd-gezag-akkoord";
inline constexpr char kFactByLaw[] = "verordening-151d";

// What a statement says; plain data.
struct ArrangementTerms {
  std::string id;
  std::int64_t serial = 1;
  std::string fact;
  bool in_force = true;  // `value`
  std::vector<PartyId> parties;
  absl::Time from, until;
  std::set<std::string> purposes;
  std::optional<CaseId> only_case;
  std::vector<PartyId> recipients;
  std::set<std::string> fields;
  std::optional<PartyId> authority;
  std::optional<PartyId> principal, agent;
  bool operator==(const ArrangementTerms&) const = default;
};

// Between whom, for what and when a fact is asked. Under a mandate `provider` and `recipient` are
// whom the policy sees (the principal), and AppliesTo takes (agent, principal).
struct ArrangementQuery {
  PartyId provider, recipient;
  std::string purpose;
  std::optional<CaseId> case_id;
  absl::Time now;
};

// A statement in canonical form whose terms are in order. Immutable, copyable, thread-safe. It says
// nothing about signatures: see VerifyArrangement.
class Arrangement {
 public:
  // INVALID_ARGUMENT naming the member; E_STATEMENT for bytes that are not their own canonical
  // form.
  static absl::StatusOr<Arrangement> Parse(BytesView statement);
  // The statement of these terms, under the same checks.
  static absl::StatusOr<Arrangement> Create(const ArrangementTerms& terms);

  const ArrangementTerms& terms() const { return terms_; }
  const Bytes& statement() const { return statement_; }
  Digest digest() const;  // SHA-256 of the statement
  Bytes SignedBytes() const;

  // Does it name them, the purpose and the case, at any time? For `mandaat` provider is the agent,
  // recipient the principal.
  bool Names(const ArrangementQuery& query) const;
  // Names them, is not withdrawn, and is in force at that moment.
  bool AppliesTo(const ArrangementQuery& query) const;

 private:
  Arrangement() = default;
  ArrangementTerms terms_;
  Bytes statement_;
};

using PartySignatures = std::vector<std::pair<PartyId, Bytes>>;

Bytes SignArrangement(const Arrangement& arrangement, const Ed25519PrivateKey& key);

// The statement, if each of its parties stands in the directory and signed it: exactly one
// signature of each, in any order. INVALID_ARGUMENT: FIELD_MISSING, FIELD_INVALID or E_SIGNATURE,
// naming `signatures`; the metadata `party` says whose.
absl::StatusOr<Arrangement> VerifyArrangement(BytesView statement,
                                              const PartySignatures& signatures,
                                              const Directory& directory);

// May `candidate` take the place of `current`? OK also for the same bytes again. A replacement has
// the same id and fact, a higher serial, and every party of the current one among its own, so that
// nobody can replace what he did not sign. Else ABORTED / CONFLICTING_CHANGE (serial) or
// ALREADY_EXISTS / ID_TAKEN (anything else).
absl::Status CheckReplaces(const Arrangement& current, const Arrangement& candidate);

// The value of an arrangement fact (rulebook §3.9), from the newest statement of each arrangement.
enum class FactValue { kValid, kExpired, kAbsent };
std::string_view FactValueName(FactValue value);

struct ArrangementFact {
  FactValue value = FactValue::kAbsent;
  std::set<std::string> fields;           // of the valid ones; for artikel-20-besluit
  std::vector<std::string> arrangements;  // ids of the valid ones, for the record
};

// Valid if one of them applies; else expired if one that names them has ended; else absent.
ArrangementFact FactFrom(std::span<const Arrangement> newest, std::string_view fact,
                         const ArrangementQuery& query);

}  // namespace sluis::identity

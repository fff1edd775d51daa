// The two ends of a question to the index of a register (pseudonyms.md §11.2): the asker's signed
// request of kind 04, and what the owner of the register makes of it. Of an `inquire` with fillers,
// of a `request` with exactly one item. No network, no disk.
#pragma once

#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/lib/exchange_terms.h"
#include "clients/lib/transcribed.h"
#include "lib/identity/directory.h"
#include "lib/pseudonym/decision_statement.h"
#include "lib/pseudonym/secret_element.h"

namespace sluis::edge {

// Register of this party in the signed directory; null if it has none of that name.
const identity::Register* FindRegister(const identity::Directory& directory, const PartyId& party,
                                       std::string_view name);
// The one under this regime that holds this kind of number (of whom we know by pseudonym alone: any
// kind, nullopt); null if the directory names none under the regime: it is looked up by hand.
// PARTY_UNKNOWN; FAILED_PRECONDITION / REGISTER_UNCLEAR naming the party when it has several, or
// none of the kind.
absl::StatusOr<const identity::Register*> RegisterFor(const identity::Directory& directory,
                                                      const PartyId& party,
                                                      const std::string& regime,
                                                      std::optional<SubjectKind> kind);

// INVALID_ARGUMENT unless 1 to 256 people or things, each once, all of one kind of number or all
// known in the one domain that the terms name: SUBJECT_MISSING, E_BATCH_SIZE, SUBJECTS_MIXED,
// SUBJECT_TWICE, PSEUDONYM_OF_ANOTHER_DOMAIN.
absl::Status CheckAbout(std::span<const ReleasedSubject> about, const std::string& from_domain,
                        const std::string& from_purpose);

// --- the asker ---

// What a signed request stands on, checked: E_MANDATE, E_TLV, E_RECIPIENT; the index is that of the
// signed directory (REGISTER_UNKNOWN). References outlive it.
struct QuestionTerms {
  const pseudonym::DecisionStatement& statement;
  const HeldSession& session;  // of ours: c_from
  pseudonym::Context c_to;     // of the owner
  pseudonym::Domain d_to;      // his index
};
absl::StatusOr<QuestionTerms> MakeQuestionTerms(const wire::Exchange& exchange,
                                                const pseudonym::DecisionStatement& statement,
                                                const HeldSession& session,
                                                const identity::Directory& directory);

// Where each of them goes among how many items.
struct Mixed {
  std::vector<std::uint32_t> positions;
  std::size_t size = 0;
};
// At random, among fillers up to the size of InquirySize; of a `request` alone.
absl::StatusOr<Mixed> MixAbout(const std::string& action, std::size_t about);

// Fresh blinds and fillers with each call. Checked against the statement before it leaves.
absl::StatusOr<pseudonym::SignedRequest> SignQuestion(const QuestionTerms& terms,
                                                      std::span<const ReleasedSubject> about,
                                                      const Mixed& mixed, const PartyId& own,
                                                      const Ed25519PrivateKey& key, absl::Time now);

// --- the owner ---

// The index of a register: the subject behind an index pseudonym, if it stands there.
using LookUp = std::function<absl::StatusOr<std::optional<Subject>>(
    const pseudonym::IndexPseudonym& pseudonym)>;

// The register that the question goes to, with the epoch of its index. FAILED_PRECONDITION /
// SUBJECT_MISSING if nothing was sent; REGISTER_UNKNOWN.
struct AskedIndex {
  std::string register_id;
  std::int64_t epoch = 1;
};
absl::StatusOr<AskedIndex> IndexOf(const wire::Exchange& exchange, const PartyId& own,
                                   const identity::Directory& directory);

// Per position the subject that is meant, or nothing. Which pseudonyms were asked is known nowhere
// once it returns. The errors of transcribed.h; E_PROOF and others mean: answer nothing.
absl::StatusOr<std::vector<std::optional<Subject>>> ReadQuestionItems(
    const wire::Exchange& exchange, const AskedIndex& index, const ReceivingTerms& terms,
    const LookUp& look_up);

// How many positions an answer to this inquiry has: one where it is looked up by hand. E_TRUNCATED
// and others for a signed request that is none; SUBJECT_MISSING.
absl::StatusOr<std::size_t> PositionsOf(const wire::Exchange& exchange);

}  // namespace sluis::edge

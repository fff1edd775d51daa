// Two transcryptors in one process, as two organisations would run them, and edges that sign as the
// real ones do: the real pack, a signed directory, a broker key that signs whatever a test wants it
// to.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/storage/memory/memory_transcryptor.h"
#include "broker/transcryptor/transcryptor.h"
#include "lib/base/clock.h"
#include "lib/pseudonym/decision_statement.h"
#include "lib/pseudonym/hop_proof.h"
#include "lib/pseudonym/sealed_parts.h"
#include "tests/lib/identity/region.h"
#include "tests/support/status_matchers.h"

namespace sluis::transcryptor::testing {

inline constexpr char kRiecOin[] = "00000099400000001000";
inline constexpr char kFirstOin[] = "00000099900000001000";
inline constexpr char kSecondOin[] = "00000099900000002000";

// The secrets and the public set of one ceremony.
struct Ceremony {
  Secrets first, second;
  pseudonym::KeySet set;
  static Ceremony Hold();
};

// One transcryptor with its stores.
struct Half {
  std::unique_ptr<storage::MemoryStateStore> state = std::make_unique<storage::MemoryStateStore>();
  std::unique_ptr<storage::MemoryReplayStore> replay =
      std::make_unique<storage::MemoryReplayStore>(Bytes(16, 'r'));
  std::unique_ptr<Transcryptor> process;
};

// A party's live session, with its key.
struct Session {
  pseudonym::Context context;
  pseudonym::SessionKey key;
};

// A desk: a unit of a partner.
struct Desk {
  const identity::testing::TestPartner* partner;
  std::string unit;
  PartyId party() const { return {partner->entry.oin, UnitPath::Parse(unit).value()}; }
  pseudonym::Party signer() const { return pseudonym::Party::Of(party()); }
  const Ed25519PrivateKey& key() const { return partner->SigningKey(unit); }
};

// A signed request and the statement that covers it: what a broker carries.
struct Call {
  pseudonym::SignedRequest request;
  pseudonym::DecisionStatement statement;
};

// What both answered.
struct Answers {
  wire::Hop first, second;
};

class World : public ::testing::Test {
 protected:
  World();

  Desk Oov() const { return {&town, "gemeente/oov"}; }
  Desk Toezicht() const { return {&town, "gemeente/toezicht"}; }
  Desk Police() const { return {&police, "politie/informatie"}; }
  Desk Team() const { return {&police, "politie/basisteam"}; }
  Desk Riec() const { return {&riec, "riec/bureau"}; }

  // Puts a transcryptor over the stores of its half; the one before it is gone, as after a crash.
  void Start(pseudonym::Hop hop, absl::Time replay_unknown_until = absl::UnixEpoch());
  Half& half(pseudonym::Hop hop) { return hop == pseudonym::Hop::kFirst ? first : second; }

  Session Open(const Desk& desk);
  absl::Status TryOpen(const Desk& desk, const pseudonym::SignedSession& signed_session,
                       std::optional<Session>* session);

  // The terms of a line of a scenario file, decided now, about `case_id`.
  pseudonym::StatementTerms Terms(const std::string& file, int line, const std::string& case_id);
  pseudonym::DecisionStatement Sign(const pseudonym::StatementTerms& terms) {
    return pseudonym::DecisionStatement::Sign(terms, broker).value();
  }
  // STORY-001: toezicht tells OOV of its own town, one field as a pseudonym.
  pseudonym::StatementTerms InsideTerms() { return Terms("story", 0, kCase); }
  // STORY-003: OOV tells the RIEC, for the weighing table.
  pseudonym::StatementTerms TableTerms() { return Terms("story", 2, kTable); }
  // STORY-008: the RIEC asks the police, hit or no hit.
  pseudonym::StatementTerms InquiryTerms();
  // STORY-014: the RIEC promotes to a casus.
  pseudonym::StatementTerms PromotionTerms();

  pseudonym::Domain CaseOf(const Desk& desk, const std::string& case_id, const std::string& purpose,
                           std::uint32_t epoch = 1) const;
  pseudonym::Domain TableDomain() const { return CaseOf(Riec(), kTable, "riec-signaalweging"); }

  // Of kind 01 from `sender` to the weighing table, about these numbers.
  Call ToTable(const std::vector<std::string>& bsns,
               const std::string& exchange = "0123456789abcdef0123456789abcdef");
  pseudonym::RequestTerms TermsOf(pseudonym::RequestKind kind, const Desk& signer,
                                  const Session& from, const pseudonym::Context& to,
                                  const pseudonym::Domain& d_from, const pseudonym::Domain& d_to,
                                  const pseudonym::DecisionStatement& statement);
  std::vector<pseudonym::ItemToSend> ItemsOf(const std::vector<std::string>& bsns,
                                             const GroupElement& y);

  absl::StatusOr<wire::Hop> Hop1(const Call& call);
  absl::StatusOr<wire::Hop> Hop2(const Call& call, const wire::Hop& first_hop);
  absl::StatusOr<Answers> Trip(const Call& call);
  // Opens what arrived as the receiver does: verifies T2's proofs, then decrypts.
  absl::StatusOr<std::vector<pseudonym::CasePseudonym>> Receive(const Call& call,
                                                                const Answers& answers,
                                                                const Desk& receiver,
                                                                const Session& session);
  // The RIEC's pseudonym of a number, by kind 01 from OOV.
  pseudonym::CasePseudonym TablePseudonym(const std::string& bsn);

  absl::StatusOr<absl::Time> Shred(pseudonym::Hop hop, const pseudonym::Domain& domain,
                                   const Desk& desk);

  // BSNs of the test range that pass the check.
  static std::string Bsn(int number);

  static constexpr char kCase[] = "d650e0677e0f30192abafc8744ddb9e8";
  static constexpr char kTable[] = "ed9204cd1160fd9a3ed27bfbf2466bdd";
  static constexpr char kCasus[] = "0a1b2c3d4e5f60718293a4b5c6d7e8f9";

  ManualClock clock;
  std::uint32_t current_epoch = 1;  // of what Start starts
  identity::testing::TestPartner town, police, riec;
  std::shared_ptr<const identity::Directory> directory;
  std::shared_ptr<const policy::Pack> pack;
  Digest pack_digest{};
  std::shared_ptr<const policy::Pack> previous;  // the pack before it, until previous_until
  Digest previous_digest{};
  absl::Time previous_until = absl::InfinitePast();
  absl::Time stale_after = absl::InfiniteFuture();
  Ed25519PrivateKey broker = Ed25519PrivateKey::Generate();
  Ed25519PrivateKey officer_a = Ed25519PrivateKey::Generate();
  Ed25519PrivateKey officer_b = Ed25519PrivateKey::Generate();
  std::optional<pseudonym::KeySet> set;
  Half first, second;
  std::optional<Session> oov_session, riec_session, riec_session_2, toezicht_session,
      police_session;
};

}  // namespace sluis::transcryptor::testing

// The broker core with two real transcryptors behind its port, in one process but each with its own
// keys, stores and checks; and edges that open sessions, encrypt, sign and open as the real ones
// do.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "broker/exchange/transcryptors.h"
#include "broker/storage/memory/memory_transcryptor.h"
#include "broker/transcryptor/transcryptor.h"
#include "lib/pseudonym/session.h"
#include "tests/broker/exchange/world.h"

namespace sluis::exchange::testing {

// A transcryptor behind the port, without a network between. Switches say what may go wrong on the
// way.
class PortToOne : public Transcryptor {
 public:
  void Transcrypt(HopAsk ask, Reply<storage::HopRecord> reply) override;
  void EvaluateEnrolment(EnrolmentAsk ask, Reply<EnrolmentHop> reply) override;
  void OpenSession(SignedBytes head, std::optional<SessionEvaluation> first,
                   Reply<SessionHalf> reply) override;
  void RecordSession(SignedBytes head, SessionEvaluation first, SessionEvaluation second,
                     Reply<Nothing> reply) override;
  void RevokeSession(SignedBytes head, Reply<Nothing> reply) override;
  void ShredDomain(SignedBytes order, Reply<absl::Time> reply) override;
  void PutArrangement(storage::ArrangementRecord arrangement, Reply<Nothing> reply) override;

  int hop = 1;
  bool away = false;
  int transcribed = 0;  // batches that it made or refused
  int arrangements = 0;
  std::vector<std::string> orders;    // that reached it, by name, also those it refused
  absl::Status refuses_arrangements;  // what it says to every arrangement, if not OK
  std::vector<HopAsk> asked;
  std::function<void(storage::HopRecord&)> corrupt;  // what a dishonest one answers instead
  bool signs_it = false;                             // and signs; the first alone
  std::optional<Ed25519PrivateKey> signing;
  std::function<void(EnrolmentHop&)> corrupt_enrolment;
  int evaluated = 0;                // batches of a register
  std::function<void()> meanwhile;  // happens while it makes a batch
  std::unique_ptr<storage::MemoryStateStore> state = std::make_unique<storage::MemoryStateStore>();
  std::unique_ptr<storage::MemoryReplayStore> replay =
      std::make_unique<storage::MemoryReplayStore>(Bytes(16, 'r'));
  std::unique_ptr<transcryptor::Transcryptor> process;
};

// A party's live session with its key.
struct Session {
  pseudonym::Context context;
  pseudonym::SessionKey key;
};

// How an edge makes its release; tests bend it.
struct SendTerms {
  pseudonym::RequestKind kind = pseudonym::RequestKind::kTranscrypt;
  bool queued = false;
  absl::Duration lifetime = absl::Seconds(300);
  std::optional<pseudonym::Domain> d_from, d_to;
  std::optional<Bytes> c_to, statement;
  Digest payload{};                   // instead of the right one, if not zero
  std::optional<GroupElement> known;  // a pseudonym of the sender, where he knows no number
  std::string regime = "avg", category = "bestuurder";
};

class PseudonymWorld : public World {
 protected:
  PseudonymWorld();
  ~PseudonymWorld() override;

  // The broker starts again, with the same store and transcryptors.
  void Restart() { StartService(plane_.get()); }

  Session OpenSessionOf(const Desk& desk);
  absl::StatusOr<SessionResult> TryOpenSession(const Desk& desk,
                                               const pseudonym::SignedSession& head);

  // The town's or small town's OOV tells the RIEC, for the weighing table (STORY-003).
  CreateExchange Signal(const Desk& from);
  // The supervisor tells OOV of its own town (STORY-001).
  CreateExchange InsideSignal();
  absl::StatusOr<ExchangeResult> PrepareWith(const Desk& desk, const ExchangeId& id,
                                             const std::string& regime,
                                             const std::string& category);
  std::vector<Released> SignalFields() const;

  // A release about these numbers; the first stands in every field of form pseudonym.
  Answer SendAbout(const ExchangeResult& exchange, const Session& from,
                   const std::vector<std::string>& bsns, const std::vector<Released>& fields,
                   const SendTerms& terms = {});
  // What the recipient's edge decrypts from the first transcription.
  absl::StatusOr<GroupElement> Receive(const Desk& desk, const ExchangeId& id,
                                       const Session& session);
  absl::StatusOr<DeliveryResult> Fetch(const Desk& desk, const ExchangeId& id);

  absl::StatusOr<OrderResult> Shred(const Desk& desk, const pseudonym::Domain& domain);
  absl::StatusOr<OrderResult> ShredAs(const Caller& caller, const RequestStamp& stamp,
                                      const pseudonym::Domain& domain);
  // A mandate of the small town for the town's OOV.
  absl::Status RegisterMandate();
  absl::StatusOr<OrderResult> Revoke(const Desk& desk, const Session& session);
  storage::ExchangeRecord Stored(const ExchangeId& id);
  std::vector<int> InboxEvents(const Desk& desk);
  const Ed25519PrivateKey& KeyOf(const Desk& desk) const;
  const Ed25519PublicKey& DecisionKey() const { return plane_->decision_key.public_key(); }

  PortToOne first, second;

 private:
  std::optional<pseudonym::KeySet> set_;
  std::unique_ptr<PseudonymPlane> plane_;
};

inline constexpr char kBsn[] = "999990019";
inline constexpr char kOtherBsn[] = "999990020";

}  // namespace sluis::exchange::testing

// The use cases of the broker. Each act is one turn in the journal's transaction; what it does
// there stands in the file named after it (create_exchange, answer_exchange, ...) and reads from
// top to bottom. What needs no database, such as checking signatures, happens before the turn. No
// gRPC, SQL or OpenSSL here.
#pragma once

#include <functional>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "broker/exchange/caller.h"
#include "broker/exchange/commands.h"
#include "broker/exchange/enrolments.h"
#include "broker/exchange/moment.h"
#include "broker/exchange/party_orders.h"
#include "broker/exchange/refused_logins.h"
#include "broker/exchange/release.h"
#include "broker/exchange/send_subject.h"
#include "broker/exchange/surroundings.h"
#include "broker/exchange/turn.h"
#include "broker/exchange/under_way.h"
#include "broker/journal/journal.h"
#include "broker/storage/store.h"
#include "lib/base/clock.h"

namespace sluis::exchange {

struct ServiceOptions {
  Oin operator_oin;  // acts of nobody else: what time brings about
  std::set<PartyId>
      bundle_readers;  // desks with a mandate to read whole entry bundles (log.md B10)
  // None: a broker without transcryptors, where nobody can stand in an answer as a pseudonym.
  // Outlives the service.
  const PseudonymPlane* pseudonyms = nullptr;
};

// A session as both transcryptors made it.
struct SessionResult {
  Bytes context;
  SessionHalves halves;
  absl::Time end;
  Receipts receipts;
};

// An order that both transcryptors were given.
struct OrderResult {
  std::vector<absl::Time> done;  // when each carried it out; fewer than two while one is away
  Receipts receipts;
};

// A statement for an enrolment, wire form.
struct StatementResult {
  Bytes statement;
  Receipts receipts;
};

// What both transcryptors made of a batch of a register.
struct EnrolmentResult {
  EnrolmentHops hops;
  Receipts receipts;
};

// What one round of work that waits came to.
struct ErrandReport {
  int done = 0;       // pieces of work that ended, well or with a refusal
  bool away = false;  // a transcryptor is away; the rest waits for the next round
};

// Thread-safe. Everything given outlives it. Replies come on the journal's thread, or at once when
// the call is refused before it gets there.
class Service {
 public:
  Service(ServiceOptions options, journal::Journal& journal, storage::Store& store,
          const PolicySource& policies, const DirectorySource& directories, const Clock& clock);

  // --- acts: each is one turn, logged, repeatable by its stamp. While one runs, another with the
  // same method, organisation and request_id is ABORTED / REQUEST_IN_PROGRESS. ---
  void Create(const Caller& caller, const RequestStamp& stamp, CreateExchange ask,
              Reply<ExchangeResult> reply);
  // Asks for an approval on its own: the exchange of a disclosure, whose content comes later
  // (approval_task.h). `admit` says in the turn whether it may be asked; a repeat gets what the
  // first got without being asked again.
  void AskApproval(const Caller& caller, const RequestStamp& stamp, CreateExchange ask,
                   std::function<absl::Status(absl::Time now)> admit, Reply<ExchangeResult> reply);
  // Takes it back while nobody has decided it.
  void CancelApproval(const Caller& caller, const RequestStamp& stamp, ExchangeId id,
                      Reply<ExchangeResult> reply);
  // All in one turn, or none; the answers in their order.
  void CreateMany(const Caller& caller, const RequestStamp& stamp, std::vector<CreateExchange> asks,
                  Reply<std::vector<ExchangeResult>> reply);
  // The transcryptors are asked before the turn; while one is away the subject is kept and goes on
  // by itself.
  void BringSubject(const Caller& caller, const RequestStamp& stamp, const SendSubject& send,
                    Reply<ExchangeResult> reply);
  void NoteHit(const Caller& caller, const RequestStamp& stamp, RecordHit hit,
               Reply<ExchangeResult> reply);
  void ApproveOne(const Caller& caller, const RequestStamp& stamp, Approve approve,
                  Reply<ExchangeResult> reply);
  void PrepareOne(const Caller& caller, const RequestStamp& stamp, Prepare prepare,
                  Reply<ExchangeResult> reply);
  // The transcryptors are asked before the turn; while one is away the release is kept and goes on
  // by itself.
  void AnswerOne(const Caller& caller, const RequestStamp& stamp, const Answer& answer,
                 Reply<ExchangeResult> reply);
  void RefuseOne(const Caller& caller, const RequestStamp& stamp, Refuse refuse,
                 Reply<ExchangeResult> reply);
  void Withdraw(const Caller& caller, const RequestStamp& stamp, ExchangeId id,
                Reply<ExchangeResult> reply);
  void OpenDelivery(const Caller& caller, const RequestStamp& stamp, ExchangeId id,
                    Reply<DeliveryResult> reply);
  void ConfirmOpening(const Caller& caller, const RequestStamp& stamp, ExchangeId id,
                      Reply<ExchangeResult> reply);
  void ConfirmDestruction(const Caller& caller, const RequestStamp& stamp, ExchangeId id,
                          Reply<ExchangeResult> reply);
  void OpenCase(const Caller& caller, const RequestStamp& stamp, CreateCase create,
                Reply<CaseResult> reply);
  void ChangeCaseOf(const Caller& caller, const RequestStamp& stamp, ChangeCase change,
                    Reply<CaseResult> reply);
  // The id of the record, if any, must be that of its statement.
  void RegisterArrangement(const Caller& caller, const RequestStamp& stamp,
                           storage::ArrangementRecord record, Reply<ArrangementResult> reply);
  // Asked of both transcryptors first; UNAVAILABLE while one is away.
  void OpenSession(const Caller& caller, const RequestStamp& stamp, const PartyOrder& order,
                   Reply<SessionResult> reply);
  // In the log before it is carried out; goes on by itself to a transcryptor that is away.
  void RevokeSession(const Caller& caller, const RequestStamp& stamp, const PartyOrder& order,
                     Reply<OrderResult> reply);
  void ShredDomain(const Caller& caller, const RequestStamp& stamp, const PartyOrder& order,
                   Reply<OrderResult> reply);
  void PrepareEnrolment(const Caller& caller, const RequestStamp& stamp, const PartyId& parent,
                        const std::string& register_name, Reply<StatementResult> reply);
  // Both transcryptors are asked, also for a repeat: nothing of a batch is kept here.
  void EvaluateEnrolment(const Caller& caller, const RequestStamp& stamp,
                         const EnrolmentBatch& batch, Reply<EnrolmentResult> reply);
  void ReadRecords(const Caller& caller, const RequestStamp& stamp, ListRecords list,
                   Reply<RecordsResult> reply);
  // Leaves [first, end) as an entry bundle, for a use of the law (sluis.v1.LogUse): admits desks
  // with a mandate, and says OK after LOG_READ and the single use of the assertion are durable.
  // Waits for it; not from the journal's thread.
  absl::Status AdmitBundleRead(const Caller& caller, int use, std::uint64_t first,
                               std::uint64_t end);
  // A log-in that was refused: AUTH_FAILURE, with the reason alone. A flood is counted, not written
  // out.
  void NoteRefusedLogin(std::string_view reason);

  // --- reads of one moment; the caller sees what its party takes part in ---
  absl::StatusOr<ExchangeResult> Get(const Caller& caller, const ExchangeId& id);
  absl::StatusOr<std::vector<ExchangeResult>> List(const Caller& caller,
                                                   const std::optional<CaseId>& in_case,
                                                   const std::optional<ExchangeId>& after,
                                                   int limit);
  absl::StatusOr<storage::CaseRecord> GetCase(const Caller& caller, const CaseId& id);
  absl::StatusOr<std::vector<storage::CaseRecord>> ListCases(const Caller& caller,
                                                             const std::optional<CaseId>& after,
                                                             int limit);
  absl::StatusOr<std::vector<storage::ArrangementRecord>> ListArrangements(const Caller& caller,
                                                                           const std::string& after,
                                                                           int limit);
  absl::StatusOr<Receipts> ListReceipts(const Caller& caller, const ExchangeId& id);
  struct InboxLine {
    storage::InboxRecord line;
    ExchangeResult exchange;
  };
  absl::StatusOr<std::vector<InboxLine>> ReadInbox(const Caller& caller, std::int64_t after,
                                                   int limit);

  // What the policy says of acts that nobody makes: one snapshot, one policy, one directory, for as
  // many questions as the caller has. The service outlives it.
  absl::StatusOr<std::unique_ptr<Moment>> Look(const Caller& caller);
  // Puts what was tried out at that moment into the log: a DRY_RUN leaf each, all in one turn.
  // Waits for it; not from the journal's thread.
  absl::Status NoteTrials(const Moment& moment, const std::vector<ExchangeResult>& tried);

  // Called after a commit for each party that got an inbox line; must be quick. Set before the
  // first call.
  void OnInbox(std::function<void(const PartyId&)> listener) {
    inbox_listener_ = std::move(listener);
  }

  // Called after a commit that left work which goes on by itself; must be quick. Set before the
  // first call.
  void OnErrand(std::function<void()> listener) { errand_listener_ = std::move(listener); }

  // --- work that goes on by itself, driven by a thread of its own ---
  // One round; waits for the transcryptors. Not from the journal's thread, and not twice at once.
  absl::StatusOr<ErrandReport> RunErrands();
  // Every arrangement is to be given to both transcryptors again: at start, and when one was away.
  absl::Status RelayArrangements();

  // --- upkeep, driven by sluisd's timer ---
  // Ends what expired and reminds of what must be destroyed; returns how many exchanges were due.
  absl::StatusOr<int> SweepExpired(int limit);
  // Drops used assertions that expired and request ids that need not be remembered (api.md §4).
  absl::Status Prune();
  // Puts the current directory version into force: a PARTNER_CHANGE leaf, once per version.
  // FAILED_PRECONDITION / DIRECTORY_ROLLBACK when a higher version was in force before.
  absl::Status AnnounceDirectory();
  // Puts into the log that the current policy came into force: a POLICY_CHANGE leaf with its name,
  // version and time of issue and the key names of the persons who signed it.
  absl::Status AnnouncePolicy(absl::Time issued, const std::vector<std::string>& signers);

 private:
  // Of the newest decision, for this caller; empty without a decision key, for a decision that an
  // older broker stored, and for who may not see yet under which labels the provider was about to
  // answer.
  absl::StatusOr<Bytes> ReceiptFor(const Caller& caller,
                                   const storage::ExchangeRecord& exchange) const;
  // What the body of an act leaves: the text that a repeat is answered with and, for a refusal that
  // is itself in the log, that refusal.
  struct Outcome {
    std::string answer;
    absl::Status refused;
  };
  using Body = std::function<absl::StatusOr<Outcome>(Turn&)>;
  struct Settled {
    std::string answer;
    absl::Status refused;
    bool repeat = false;
    Receipts receipts;
  };
  struct Act;
  // For acts that first ask the transcryptors: uses up the assertion and holds the request_id, so
  // that they are asked once. Says whether the stamp was used before. After OK it ends with a Take
  // that is kAdmitted, or with Abandon.
  void Admit(const Caller& caller, const RequestStamp& stamp,
             std::function<void(absl::StatusOr<bool> repeat)> go);
  void Abandon(const Caller& caller, const RequestStamp& stamp);
  absl::StatusOr<bool> AdmitIn(const Caller& caller, const RequestStamp& stamp,
                               storage::Transaction& store);
  enum class Entry { kFresh, kAdmitted };
  // Runs `body` in a turn of its own unless the stamp was used before; `load` reads, in the same
  // transaction, what the answer shows.
  void Take(const Caller& caller, const RequestStamp& stamp, Body body,
            std::function<absl::Status(Turn&, const std::string& answer)> load,
            std::function<void(absl::StatusOr<Settled>)> done, Entry entry = Entry::kFresh);
  absl::Status RunTurn(Act& act, storage::Transaction& store, journal::LeafSink& log);
  absl::StatusOr<Settled> Settle(Act& act, absl::StatusOr<Receipts> committed);
  void TryOut(const Caller& caller, const RequestStamp& stamp, CreateExchange ask,
              Reply<ExchangeResult> reply);
  void TakeOnExchange(const Caller& caller, const RequestStamp& stamp, Body body,
                      Reply<ExchangeResult> reply, Entry entry = Entry::kFresh);
  void TakeOnCase(const Caller& caller, const RequestStamp& stamp, const CaseId& id,
                  std::function<absl::Status(Turn&)> body, Reply<CaseResult> reply);
  void TellInboxes(const std::set<PartyId>& told);
  // What the caller may see of it: the statement and the recipient's session are for the desk that
  // sends.
  absl::Status ShowTo(const Caller& caller, storage::Reader& reader, ExchangeResult& result) const;

  struct Sending;
  static absl::StatusOr<bool> IsRepeat(storage::Reader& reader, const Caller& caller,
                                       const RequestStamp& stamp);
  absl::StatusOr<Sending> CheckAnswer(const Caller& caller, const RequestStamp& stamp,
                                      const Answer& answer);
  void TakePassage(const Caller& caller, const RequestStamp& stamp, Sending sending,
                   absl::StatusOr<std::vector<storage::TranscryptionRecord>> passage,
                   Reply<ExchangeResult> reply);
  void TakeAnswer(const Caller& caller, const RequestStamp& stamp, VerifiedRelease release,
                  Entry entry, Reply<ExchangeResult> reply);
  void SendOut(const Caller& caller, const RequestStamp& stamp, std::shared_ptr<Sending> sending,
               Reply<ExchangeResult> reply);

  absl::StatusOr<SubjectToSend> CheckSubject(const Caller& caller, const RequestStamp& stamp,
                                             const SendSubject& send);
  void SendSubjectOut(const Caller& caller, const RequestStamp& stamp,
                      std::shared_ptr<SubjectToSend> sent, Reply<ExchangeResult> reply);
  void TakeSubject(const Caller& caller, const RequestStamp& stamp, const SubjectToSend& sent,
                   Entry entry, Reply<ExchangeResult> reply);
  absl::StatusOr<pseudonym::SignedEnrolment> CheckBatch(const Caller& caller,
                                                        const EnrolmentBatch& batch) const;
  void TakeBatch(const Caller& caller, const RequestStamp& stamp,
                 const pseudonym::SignedEnrolment& enrolment, EnrolmentHops hops,
                 Reply<EnrolmentResult> reply);
  // FAILED_PRECONDITION / NO_TRANSCRYPTOR unless this broker has them.
  absl::Status RequireTranscryptors() const;

  absl::StatusOr<SignedBytes> CheckOrder(const Caller& caller, const PartyOrder& order) const;
  void TakeSession(const Caller& caller, const RequestStamp& stamp,
                   const pseudonym::SessionHead& head, const SignedBytes& order,
                   const SessionHalves& halves, Reply<SessionResult> reply);
  void PassOrder(const Caller& caller, const RequestStamp& stamp, OrderKind kind,
                 const SignedBytes& order, const Bytes& context, Reply<OrderResult> reply);
  void CarryOut(const Caller& caller, OrderKind kind, const SignedBytes& order, Receipts ordered,
                Reply<OrderResult> reply);

  // A release that waits for a transcryptor.
  struct WaitingTrip {
    std::vector<pseudonym::SignedRequest> requests;
    Bytes statement;
    absl::Time until;
  };
  // Page by page; ends early when `run` says false. An errand that fails stays, is noted, and does
  // not keep the others waiting; returns how many failed.
  absl::StatusOr<int> ForEachErrand(
      const std::string& queue,
      const std::function<absl::StatusOr<bool>(const storage::ErrandRecord&)>& run);
  absl::Status DropErrand(const storage::ErrandRecord& errand);
  absl::Status RunReady(ErrandReport& report);
  // Those of this kind to this transcryptor; false when it is away.
  absl::StatusOr<bool> RunOrders(int hop, OrderKind kind, ErrandReport& report);
  absl::Status RunTrips(ErrandReport& report);
  absl::Status PassOn(int hop, const Order& order);
  absl::StatusOr<std::optional<WaitingTrip>> FindTrip(const ExchangeId& id);
  // Runs `body` as the operator's own turn and waits.
  absl::Status TakeAsOperator(std::function<absl::Status(Turn&)> body);
  absl::Status TakeAndWait(const Caller& caller, const std::function<absl::Status(Turn&)>& body);
  // What goes on after an act, in its caller's name: a turn without an assertion or a request_id.
  void TakeAfter(const Caller& caller, std::function<absl::Status(Turn&)> body,
                 std::function<void(absl::StatusOr<Receipts>)> done);
  absl::StatusOr<RecordsResult> OpenRecords(const std::string& answer, Receipts receipts);

  const ServiceOptions options_;
  journal::Journal& journal_;
  storage::Store& store_;
  const PolicySource& policies_;
  const DirectorySource& directories_;
  const Clock& clock_;
  RefusedLogins refused_logins_;
  UnderWay under_way_;
  std::function<void(const PartyId&)> inbox_listener_;
  std::function<void()> errand_listener_;
};

}  // namespace sluis::exchange

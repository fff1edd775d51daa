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
#include "broker/exchange/refused_logins.h"
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
  void ApproveOne(const Caller& caller, const RequestStamp& stamp, Approve approve,
                  Reply<ExchangeResult> reply);
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

  // Called after a commit for each party that got an inbox line; must be quick. Set before the
  // first call.
  void OnInbox(std::function<void(const PartyId&)> listener) {
    inbox_listener_ = std::move(listener);
  }

  // --- upkeep, driven by sluisd's timer ---
  // Ends what expired and reminds of what must be destroyed; returns how many exchanges were due.
  absl::StatusOr<int> SweepExpired(int limit);
  // Drops used assertions that expired and request ids that need not be remembered (api.md §4).
  absl::Status Prune();
  // Puts the current directory version into force: a PARTNER_CHANGE leaf, once per version.
  // FAILED_PRECONDITION / DIRECTORY_ROLLBACK when a higher version was in force before.
  absl::Status AnnounceDirectory();

 private:
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
  // Runs `body` in a turn of its own unless the stamp was used before; `load` reads, in the same
  // transaction, what the answer shows.
  void Take(const Caller& caller, const RequestStamp& stamp, Body body,
            std::function<absl::Status(Turn&, const std::string& answer)> load,
            std::function<void(absl::StatusOr<Settled>)> done);
  absl::Status RunTurn(Act& act, storage::Transaction& store, journal::LeafSink& log);
  absl::StatusOr<Settled> Settle(Act& act, absl::StatusOr<Receipts> committed);
  void TryOut(const Caller& caller, const RequestStamp& stamp, CreateExchange ask,
              Reply<ExchangeResult> reply);
  void TakeOnExchange(const Caller& caller, const RequestStamp& stamp, Body body,
                      Reply<ExchangeResult> reply);
  void TakeOnCase(const Caller& caller, const RequestStamp& stamp, const CaseId& id,
                  std::function<absl::Status(Turn&)> body, Reply<CaseResult> reply);
  void TellInboxes(const std::set<PartyId>& told);
  // Runs `body` as the operator's own turn and waits.
  absl::Status TakeAsOperator(std::function<absl::Status(Turn&)> body);
  absl::Status TakeAndWait(const Caller& caller, const std::function<absl::Status(Turn&)>& body);
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
};

}  // namespace sluis::exchange

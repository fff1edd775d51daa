// The use cases of the broker. Each public method checks what needs no database, then takes one turn in the
// journal's transaction; the functions it calls there are in the file named after the act, and each reads from
// top to bottom. No gRPC, SQL or OpenSSL here.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "broker/exchange/caller.h"
#include "broker/exchange/commands.h"
#include "broker/exchange/surroundings.h"
#include "broker/journal/journal.h"
#include "broker/storage/store.h"
#include "lib/base/clock.h"

namespace sluis::exchange {

struct Turn;

// Thread-safe. Everything given outlives it. Replies come on the journal's thread, or at once when the call is
// refused before it gets there.
class Service {
 public:
  Service(journal::Journal& journal, storage::Store& store, const PolicySource& policies,
          const DirectorySource& directories, const Clock& clock);

  // --- acts: each is one turn, logged, repeatable by its stamp ---
  void Create(const Caller& caller, const RequestStamp& stamp, CreateExchange ask, Reply<ExchangeResult> reply);
  void ApproveOne(const Caller& caller, const RequestStamp& stamp, Approve approve, Reply<ExchangeResult> reply);
  void AnswerOne(const Caller& caller, const RequestStamp& stamp, Answer answer, Reply<ExchangeResult> reply);
  void RefuseOne(const Caller& caller, const RequestStamp& stamp, Refuse refuse, Reply<ExchangeResult> reply);
  void Withdraw(const Caller& caller, const RequestStamp& stamp, ExchangeId id, Reply<ExchangeResult> reply);
  void OpenDelivery(const Caller& caller, const RequestStamp& stamp, ExchangeId id, Reply<DeliveryResult> reply);
  void ConfirmOpening(const Caller& caller, const RequestStamp& stamp, ExchangeId id, Reply<ExchangeResult> reply);
  void ConfirmDestruction(const Caller& caller, const RequestStamp& stamp, ExchangeId id,
                          Reply<ExchangeResult> reply);
  void OpenCase(const Caller& caller, const RequestStamp& stamp, CreateCase create, Reply<CaseResult> reply);
  void ChangeCaseOf(const Caller& caller, const RequestStamp& stamp, ChangeCase change, Reply<CaseResult> reply);
  void RegisterArrangement(const Caller& caller, const RequestStamp& stamp, storage::ArrangementRecord record,
                           Reply<ArrangementResult> reply);
  void ReadRecords(const Caller& caller, const RequestStamp& stamp, ListRecords list, Reply<RecordsResult> reply);
  // Entry bundles [first, end): admits auditors and privacy officers and writes LOG_READ before it says OK.
  absl::Status AdmitBundleRead(const Caller& caller, std::uint64_t first, std::uint64_t end);
  // A log-in that was refused (AUTH_FAILURE). Nothing of what was typed is logged.
  void NoteRefusedLogin(std::string_view reason, const Oin& organisation);

  // --- reads of one moment; the caller sees what it is a party to ---
  absl::StatusOr<ExchangeResult> Get(const Caller& caller, const ExchangeId& id);
  absl::StatusOr<std::vector<ExchangeResult>> List(const Caller& caller, const std::optional<CaseId>& in_case,
                                                   const std::optional<ExchangeId>& after, int limit);
  absl::StatusOr<storage::CaseRecord> GetCase(const Caller& caller, const CaseId& id);
  absl::StatusOr<std::vector<storage::CaseRecord>> ListCases(const Caller& caller,
                                                             const std::optional<CaseId>& after, int limit);
  absl::StatusOr<std::vector<storage::ArrangementRecord>> ListArrangements(const Caller& caller,
                                                                           const std::string& after, int limit);
  absl::StatusOr<Receipts> ListReceipts(const Caller& caller, const ExchangeId& id);
  struct InboxLine {
    storage::InboxRecord line;
    ExchangeResult exchange;
  };
  absl::StatusOr<std::vector<InboxLine>> ReadInbox(const Caller& caller, std::int64_t after, int limit);

  // --- upkeep, driven by sluisd's timer ---
  // Ends what expired and reminds of what must be destroyed; returns how many exchanges it touched.
  absl::StatusOr<int> SweepExpired(int limit);
  // Puts a directory version into force: a PARTNER_CHANGE leaf, once per version.
  absl::Status AnnounceDirectory();

 private:
  // The body of an act: what it answers is the id or name that a repeat is answered with, or, for an error
  // that was itself logged, that error.
  struct Outcome {
    std::string answer;
    absl::Status logged_error;
  };
  using Body = std::function<absl::StatusOr<Outcome>(Turn&)>;
  // What the turn left: the stored answer and the receipts of its leaves.
  struct Settled {
    std::string answer;
    absl::Status logged_error;
    Receipts receipts;
  };
  void Act(const Caller& caller, const RequestStamp& stamp, Body body, Reply<Settled> reply);
  void ActOnExchange(const Caller& caller, const RequestStamp& stamp,
                     std::function<absl::StatusOr<ExchangeId>(Turn&)> body, Reply<ExchangeResult> reply);
  void ActOnCase(const Caller& caller, const RequestStamp& stamp, const CaseId& id,
                 std::function<absl::Status(Turn&)> body, Reply<CaseResult> reply);
  absl::StatusOr<ExchangeResult> Load(storage::Reader& reader, const ExchangeId& id) const;

  journal::Journal& journal_;
  storage::Store& store_;
  const PolicySource& policies_;
  const DirectorySource& directories_;
  const Clock& clock_;
};

}  // namespace sluis::exchange

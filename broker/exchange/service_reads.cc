// What the service shows without changing anything: reads of one moment, and the opening of records
// after their look was logged.
#include "broker/exchange/access.h"
#include "broker/exchange/answer_exchange.h"
#include "broker/exchange/decision_json.h"
#include "broker/exchange/exchange_result.h"
#include "broker/exchange/inquiry_answer.h"
#include "broker/exchange/read_records.h"
#include "broker/exchange/record_hit.h"
#include "broker/exchange/service.h"
#include "broker/exchange/sessions.h"
#include "broker/exchange/states.h"
#include "broker/exchange/subject.h"
#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"
#include "lib/tlog/merkle.h"
#include "policy/signed/decision_receipt.h"

namespace sluis::exchange {
namespace {

// The labels of a prepared answer become the exchange's own when it is released.
bool IsUnderOwnLabels(const storage::ExchangeRecord& exchange, const Json& request) {
  const auto label = [&](const char* pointer) {
    return request.value(Json::json_pointer(pointer), std::string());
  };
  return label("/resource/properties/regime") == exchange.regime &&
         label("/resource/properties/subject_category") == exchange.subject_category;
}

}  // namespace

absl::Status Service::ShowTo(const Caller& caller, storage::Reader& reader,
                             ExchangeResult& result) const {
  storage::ExchangeRecord& exchange = result.exchange;
  if (exchange.action == kInquire) {
    SLUIS_ASSIGN_OR_RETURN(const storage::CaseRecord the_case, CaseOfExchange(reader, exchange));
    result.recorded_hits = RecordedHits(the_case, exchange.id);
  }
  if (caller.party != SendingDesk(exchange)) exchange.statement.clear();
  const bool sends =
      exchange.state == ExchangeState::kForwarded || exchange.state == ExchangeState::kQueued;
  if (!sends || caller.party != SendingDesk(exchange) || options_.pseudonyms == nullptr) {
    return absl::OkStatus();
  }
  SLUIS_ASSIGN_OR_RETURN(result.recipient_context,
                         NewestContext(reader, ReceivingDesk(exchange), clock_.Now()));
  return absl::OkStatus();
}

absl::StatusOr<Bytes> Service::ReceiptFor(const Caller& caller,
                                          const storage::ExchangeRecord& exchange) const {
  SLUIS_ASSIGN_OR_RETURN(const StoredDecision stored, DecisionFromJson(exchange.decision));
  if (options_.pseudonyms == nullptr || !stored.request.is_object()) return Bytes();
  if (caller.party != exchange.provider_desk && !IsUnderOwnLabels(exchange, stored.request)) {
    return Bytes();
  }
  policy::ReceiptTerms terms{.exchange = exchange.id.hex(),
                             .bundle = stored.bundle,
                             .version = stored.version,
                             .pack = {},
                             .request = stored.request,
                             .answer = policy::ReceiptAnswer(stored.decision)};
  SLUIS_ASSIGN_OR_RETURN(const Bytes digest, HexDecode(stored.policy_digest));
  SLUIS_ASSIGN_OR_RETURN(terms.pack, tlog::DigestFromBytes(digest));
  SLUIS_ASSIGN_OR_RETURN(const policy::DecisionReceipt receipt,
                         policy::DecisionReceipt::Sign(terms, options_.pseudonyms->decision_key));
  return receipt.wire();
}

absl::StatusOr<ExchangeResult> Service::Get(const Caller& caller, const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
  SLUIS_ASSIGN_OR_RETURN(storage::ExchangeRecord exchange, ExchangeOf(*reader, caller, id));
  const PolicyInForce policy = policies_.Current();
  const std::shared_ptr<const identity::Directory> directory = directories_.Current();
  const View view{*reader, caller, policy, *directory, clock_.Now()};
  SLUIS_ASSIGN_OR_RETURN(auto answerable, AnswerableIn(view, exchange));
  std::optional<storage::QuestionRecord> question;
  if (caller.party == exchange.provider_desk && CheckAwaitsAnswer(exchange).ok()) {
    SLUIS_ASSIGN_OR_RETURN(question, QuestionOf(*reader, id));
  }
  SLUIS_ASSIGN_OR_RETURN(Bytes receipt, ReceiptFor(caller, exchange));
  SLUIS_ASSIGN_OR_RETURN(ExchangeResult result, ToResult(std::move(exchange)));
  result.decision_receipt = std::move(receipt);
  result.answerable = std::move(answerable);
  result.question = std::move(question);
  SLUIS_RETURN_IF_ERROR(ShowTo(caller, *reader, result));
  return result;
}

absl::StatusOr<std::vector<ExchangeResult>> Service::List(const Caller& caller,
                                                          const std::optional<CaseId>& in_case,
                                                          const std::optional<ExchangeId>& after,
                                                          int limit) {
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
  SLUIS_ASSIGN_OR_RETURN(std::vector<storage::ExchangeRecord> found,
                         reader->ListExchanges(caller.party, in_case, after, limit));
  std::vector<ExchangeResult> results;
  for (storage::ExchangeRecord& exchange : found) {
    SLUIS_ASSIGN_OR_RETURN(ExchangeResult result, ToResult(std::move(exchange)));
    SLUIS_RETURN_IF_ERROR(ShowTo(caller, *reader, result));
    results.push_back(std::move(result));
  }
  return results;
}

absl::StatusOr<storage::CaseRecord> Service::GetCase(const Caller& caller, const CaseId& id) {
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
  SLUIS_ASSIGN_OR_RETURN(storage::CaseRecord found, CaseOf(*reader, caller, id));
  return AsSeenBy(caller, std::move(found));
}

absl::StatusOr<std::vector<storage::CaseRecord>> Service::ListCases(
    const Caller& caller, const std::optional<CaseId>& after, int limit) {
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
  SLUIS_ASSIGN_OR_RETURN(std::vector<storage::CaseRecord> found,
                         reader->ListCases(caller.party, after, limit));
  for (storage::CaseRecord& one : found) one = AsSeenBy(caller, std::move(one));
  return found;
}

absl::StatusOr<std::vector<storage::ArrangementRecord>> Service::ListArrangements(
    const Caller& caller, const std::string& after, int limit) {
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
  return reader->ListArrangements(caller.party.oin, after, limit);
}

absl::StatusOr<Receipts> Service::ListReceipts(const Caller& caller, const ExchangeId& id) {
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
  SLUIS_ASSIGN_OR_RETURN(const storage::ExchangeRecord exchange, ExchangeOf(*reader, caller, id));
  return journal_.ReceiptsFor(*reader, exchange.leaves);
}

absl::StatusOr<std::vector<Service::InboxLine>> Service::ReadInbox(const Caller& caller,
                                                                   std::int64_t after, int limit) {
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
  SLUIS_ASSIGN_OR_RETURN(std::vector<storage::InboxRecord> lines,
                         reader->ListInbox(caller.party, after, limit));
  std::vector<InboxLine> result;
  for (storage::InboxRecord& line : lines) {
    SLUIS_ASSIGN_OR_RETURN(ExchangeResult exchange, LoadResult(*reader, line.exchange));
    SLUIS_RETURN_IF_ERROR(ShowTo(caller, *reader, exchange));
    result.push_back({std::move(line), std::move(exchange)});
  }
  return result;
}

absl::StatusOr<RecordsResult> Service::OpenRecords(const std::string& answer, Receipts receipts) {
  SLUIS_ASSIGN_OR_RETURN(const RecordsFound found, RecordsFound::FromJson(answer));
  SLUIS_ASSIGN_OR_RETURN(StoredDecision stored, DecisionFromJson(found.decision));
  SLUIS_ASSIGN_OR_RETURN(std::unique_ptr<storage::Reader> reader, store_.Snapshot());
  RecordsResult result{.decision = std::move(stored.decision),
                       .policy_digest = std::move(stored.policy_digest),
                       .decided = stored.time,
                       .records = {},
                       .more = found.more,
                       .receipts = std::move(receipts)};
  for (const std::uint64_t index : found.indices) {
    SLUIS_ASSIGN_OR_RETURN(journal::Journal::OpenedRecord opened,
                           journal_.OpenRecord(*reader, index));
    result.records.push_back({index, std::move(opened)});
  }
  return result;
}

}  // namespace sluis::exchange

#include "clients/lib/settle.h"

#include <functional>
#include <map>
#include <set>

#include "absl/strings/str_format.h"
#include "clients/lib/methods.h"
#include "clients/lib/remote_error.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/session.h"

namespace sluis::edge {
namespace {

using tlog::LeafKind;
using Settler = std::function<absl::StatusOr<ReceiptedAnswer>(BytesView, BytesView)>;

template <typename Message>
absl::StatusOr<Message> ParseWire(BytesView bytes) {
  Message message;
  if (message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return message;
  return AnswerMismatch("cannot be read");
}

absl::StatusOr<ReceiptedAnswer> OfExchange(const wire::Exchange& exchange,
                                           std::vector<LeafKind> kinds) {
  const auto name = ParseExchangeName(exchange.name());
  if (!name.ok()) return AnswerMismatch("carries no exchange name");
  return ReceiptedAnswer{{name->id.hex(), name->id, std::move(kinds)}, exchange.receipts()};
}

bool SameParty(const wire::Party& a, const wire::Party& b) {
  return a.organisation() == b.organisation() && a.unit() == b.unit();
}

bool SameTerms(const wire::Exchange& a, const wire::Exchange& b) {
  return a.action() == b.action() && a.purpose() == b.purpose() &&
         a.legal_basis() == b.legal_basis() && a.case_() == b.case_() &&
         SameParty(a.provider(), b.provider()) && SameParty(a.recipient(), b.recipient());
}

absl::StatusOr<ReceiptedAnswer> Created(const std::string& parent, const wire::Exchange& sent,
                                        const wire::Exchange& got) {
  if (!SameTerms(sent, got)) return AnswerMismatch("is about another question");
  if (!got.name().starts_with(parent + "/exchanges/")) {
    return AnswerMismatch("is about the exchange of another party");
  }
  return OfExchange(got, {LeafKind::kRequest});
}

absl::StatusOr<ReceiptedAnswer> SettleCreate(BytesView request, BytesView answer) {
  SLUIS_ASSIGN_OR_RETURN(const auto sent, ParseWire<wire::CreateExchangeRequest>(request));
  SLUIS_ASSIGN_OR_RETURN(const auto got, ParseWire<wire::Exchange>(answer));
  return Created(sent.parent(), sent.exchange(), got);
}

// Each exchange for itself: all of them were made, in their order, and no two are the same.
absl::StatusOr<std::vector<ReceiptedAnswer>> SettleMany(BytesView request, BytesView answer) {
  SLUIS_ASSIGN_OR_RETURN(const auto sent, ParseWire<wire::BatchCreateExchangesRequest>(request));
  SLUIS_ASSIGN_OR_RETURN(const auto got, ParseWire<wire::BatchCreateExchangesResponse>(answer));
  if (sent.exchanges_size() != got.exchanges_size()) {
    return AnswerMismatch("is about more or fewer questions");
  }
  std::set<std::string> names;
  std::vector<ReceiptedAnswer> settled;
  for (int i = 0; i < got.exchanges_size(); ++i) {
    SLUIS_ASSIGN_OR_RETURN(ReceiptedAnswer one,
                           Created(sent.parent(), sent.exchanges(i), got.exchanges(i)));
    if (!names.insert(got.exchanges(i).name()).second) {
      return AnswerMismatch("names one exchange twice");
    }
    settled.push_back(std::move(one));
  }
  return settled;
}

// An act on an exchange that exists.
template <typename Request>
Settler ActOn(std::vector<LeafKind> kinds) {
  return [kinds](BytesView request, BytesView answer) -> absl::StatusOr<ReceiptedAnswer> {
    SLUIS_ASSIGN_OR_RETURN(const auto sent, ParseWire<Request>(request));
    SLUIS_ASSIGN_OR_RETURN(const auto got, ParseWire<wire::Exchange>(answer));
    if (got.name() != sent.name()) return AnswerMismatch("is about another exchange");
    return OfExchange(got, kinds);
  };
}

// A release that waits for a transcryptor is logged as not delivered yet; the ANSWER follows with
// it.
absl::StatusOr<ReceiptedAnswer> SettleAnswer(BytesView request, BytesView answer) {
  SLUIS_ASSIGN_OR_RETURN(const auto got, ParseWire<wire::Exchange>(answer));
  const bool waits = got.state() == wire::EXCHANGE_STATE_QUEUED;
  return ActOn<wire::AnswerExchangeRequest>(
      waits ? std::vector<LeafKind>{LeafKind::kDelivery, LeafKind::kDecision}
            : std::vector<LeafKind>{LeafKind::kAnswer, LeafKind::kRecall, LeafKind::kCorrection})(
      request, answer);
}

// The leaf is one of the case, and names no exchange.
absl::StatusOr<ReceiptedAnswer> SettleHit(BytesView request, BytesView answer) {
  SLUIS_ASSIGN_OR_RETURN(ReceiptedAnswer settled,
                         ActOn<wire::RecordHitRequest>({LeafKind::kCaseChange})(request, answer));
  settled.claim.exchange.reset();
  return settled;
}

// About a session or domain of ours: a change of keys, and of no exchange.
template <typename Response>
absl::StatusOr<ReceiptedAnswer> SettleKeys(BytesView, BytesView answer) {
  SLUIS_ASSIGN_OR_RETURN(const auto got, ParseWire<Response>(answer));
  return ReceiptedAnswer{{"keys", std::nullopt, {LeafKind::kKeyChange}}, got.receipts()};
}

absl::StatusOr<ReceiptedAnswer> SettleSession(BytesView request, BytesView answer) {
  SLUIS_ASSIGN_OR_RETURN(const auto sent, ParseWire<wire::OpenSessionRequest>(request));
  SLUIS_ASSIGN_OR_RETURN(const auto got, ParseWire<wire::Session>(answer));
  const auto head = pseudonym::SessionHead::Decode(sent.head());
  if (!head.ok() || got.context() != head->context) {
    return AnswerMismatch("is about another session");
  }
  return SettleKeys<wire::Session>(request, answer);
}

absl::StatusOr<ReceiptedAnswer> SettleDelivery(BytesView request, BytesView answer) {
  SLUIS_ASSIGN_OR_RETURN(const auto sent, ParseWire<wire::OpenDeliveryRequest>(request));
  SLUIS_ASSIGN_OR_RETURN(const auto got, ParseWire<wire::Delivery>(answer));
  if (got.exchange().name() != sent.name()) return AnswerMismatch("is about another exchange");
  SLUIS_ASSIGN_OR_RETURN(ReceiptedAnswer settled,
                         OfExchange(got.exchange(), {LeafKind::kDelivery}));
  settled.receipts = got.receipts();
  return settled;
}

absl::StatusOr<ReceiptedAnswer> OfCase(const std::string& name, const wire::Case& got) {
  const auto id = ParseCaseName(name);
  if (!id.ok() || got.name() != name) return AnswerMismatch("is about another case");
  return ReceiptedAnswer{{"case-" + id->hex(), std::nullopt, {LeafKind::kCaseChange}},
                         got.receipts()};
}

absl::StatusOr<ReceiptedAnswer> SettleNewCase(BytesView request, BytesView answer) {
  SLUIS_ASSIGN_OR_RETURN(const auto sent, ParseWire<wire::CreateCaseRequest>(request));
  SLUIS_ASSIGN_OR_RETURN(const auto got, ParseWire<wire::Case>(answer));
  return OfCase("cases/" + sent.case_id(), got);
}

template <typename Request>
absl::StatusOr<ReceiptedAnswer> SettleCase(BytesView request, BytesView answer) {
  SLUIS_ASSIGN_OR_RETURN(const auto sent, ParseWire<Request>(request));
  SLUIS_ASSIGN_OR_RETURN(const auto got, ParseWire<wire::Case>(answer));
  return OfCase(sent.name(), got);
}

absl::StatusOr<ReceiptedAnswer> SettleArrangement(BytesView request, BytesView answer) {
  SLUIS_ASSIGN_OR_RETURN(const auto sent, ParseWire<wire::RegisterArrangementRequest>(request));
  SLUIS_ASSIGN_OR_RETURN(const auto got, ParseWire<wire::Arrangement>(answer));
  const std::string& name = sent.arrangement().name();
  const std::string id = name.substr(name.find('/') + 1);
  if (got.name() != name || !IsResourceId(id))
    return AnswerMismatch("is about another arrangement");
  return ReceiptedAnswer{
      {"arrangement-" + id, std::nullopt, {LeafKind::kMandateChange, LeafKind::kConfigChange}},
      got.receipts()};
}

absl::StatusOr<ReceiptedAnswer> SettleRecords(BytesView, BytesView answer) {
  SLUIS_ASSIGN_OR_RETURN(const auto got, ParseWire<wire::ListRecordsResponse>(answer));
  return ReceiptedAnswer{{"log-reads", std::nullopt, {LeafKind::kLogRead, LeafKind::kDecision}},
                         got.receipts()};
}

const std::map<std::string_view, Settler>& Settlers() {
  static const auto* settlers = new std::map<std::string_view, Settler>{
      {kCreateExchange.path, SettleCreate},
      {kApproveExchange.path, ActOn<wire::ApproveExchangeRequest>({LeafKind::kApproval})},
      {kAnswerExchange.path, SettleAnswer},
      {kPrepareAnswer.path,
       ActOn<wire::PrepareAnswerRequest>({LeafKind::kDecision, LeafKind::kDelivery})},
      {kSendSubject.path,
       ActOn<wire::SendSubjectRequest>({LeafKind::kDelivery, LeafKind::kDecision})},
      {kRecordHit.path, SettleHit},
      {kOpenSession.path, SettleSession},
      {kRevokeSession.path, SettleKeys<wire::RevokeSessionResponse>},
      {kShredDomain.path, SettleKeys<wire::ShredDomainResponse>},
      {kPrepareEnrolment.path, SettleKeys<wire::PrepareEnrolmentResponse>},
      {kEvaluateEnrolment.path, SettleKeys<wire::EvaluateEnrolmentResponse>},
      {kRefuseExchange.path, ActOn<wire::RefuseExchangeRequest>({LeafKind::kAnswer})},
      {kWithdrawExchange.path, ActOn<wire::WithdrawExchangeRequest>({LeafKind::kCancel})},
      {kOpenDelivery.path, SettleDelivery},
      {kConfirmOpening.path, ActOn<wire::ConfirmOpeningRequest>({LeafKind::kOpening})},
      {kConfirmDestruction.path, ActOn<wire::ConfirmDestructionRequest>({LeafKind::kDestroy})},
      {kCreateCase.path, SettleNewCase},
      {kAdvanceCase.path, SettleCase<wire::AdvanceCaseRequest>},
      {kCloseCase.path, SettleCase<wire::CloseCaseRequest>},
      {kRegisterArrangement.path, SettleArrangement},
      {kListRecords.path, SettleRecords},
  };
  return *settlers;
}

}  // namespace

absl::Status AnswerMismatch(std::string_view what) {
  return Error(
      ErrorCode::kDataLoss, "ANSWER_MISMATCH",
      absl::StrFormat("the broker's answer %s; do not rely on it, and tell the operator", what));
}

absl::StatusOr<std::vector<ReceiptedAnswer>> Settle(std::string_view method, BytesView request,
                                                    BytesView answer) {
  if (method == kBatchCreateExchanges.path) return SettleMany(request, answer);
  const auto settler = Settlers().find(method);
  if (settler == Settlers().end()) return AnswerMismatch("is of an unknown method");
  SLUIS_ASSIGN_OR_RETURN(ReceiptedAnswer settled, settler->second(request, answer));
  std::vector<ReceiptedAnswer> one;
  one.push_back(std::move(settled));
  return one;
}

bool WantsFreshness(const absl::Status& error) {
  const std::string reason = ReasonOf(error);
  return reason == "E_SESSION" || reason == "E_EXPIRED" || reason == "E_LIFETIME";
}

bool NothingHappened(const absl::Status& error) {
  const auto remote = RemoteErrorOf(error);
  if (!remote || remote->reason == "BROKER_ERROR") return false;
  switch (remote->code) {
    case absl::StatusCode::kInvalidArgument:
    case absl::StatusCode::kNotFound:
    case absl::StatusCode::kAlreadyExists:
    case absl::StatusCode::kFailedPrecondition:
      return true;
    case absl::StatusCode::kPermissionDenied: {
      // These are said before the broker looks at the request_id: an earlier attempt may have been
      // taken.
      static const std::set<std::string> kAtTheDoor = {"PARTNER_SUSPENDED", "MANDATE_INVALID",
                                                       "OIN_MISMATCH"};
      return !kAtTheDoor.contains(remote->reason);
    }
    default:
      return false;
  }
}

}  // namespace sluis::edge

// What callers ask of the core, in its own types: broker/rpc converts once, and nothing here knows
// gRPC.
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/journal/journal.h"
#include "broker/storage/records.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"
#include "policy/engine/decision.h"
#include "policy/engine/options.h"
#include "policy/engine/request.h"

namespace sluis::exchange {

// Makes a call repeatable (api.md §4): same id and content, same answer; other content is refused.
struct RequestStamp {
  std::string method;      // RPC name
  std::string request_id;  // UUID text
  Digest content{};        // SHA-256 of the deterministic request bytes
};

// The result of what has none but that it was done.
struct Nothing {};

// Receives the result, once, on any thread.
template <typename T>
using Reply = std::function<void(absl::StatusOr<T>)>;

struct CreateExchange {
  PartyId parent;
  std::string action, purpose, basis;
  PartyId provider, recipient;
  CaseId case_id;
  std::optional<std::string> new_case_phase;  // opens the case in the same transaction
  std::string regime, subject_category;
  std::vector<std::string> fields;
  bool subset = false;
  bool emergency = false;
  std::optional<storage::SubjectRecord> subject;
  std::optional<ExchangeId> earlier;  // recall
  int recall_kind = 0;
  std::optional<CaseId> from_domain;  // promote; whom the caller knows by pseudonym alone
  std::string from_purpose;
  std::string register_name;  // in whose index of the provider the subject is looked up
  absl::Duration time_to_live;
  absl::Time wanted_until = absl::InfiniteFuture();  // the question ends then, if not before
  bool validate_only = false;
};

// The subject of a question, on its way into the index of the provider's register.
struct SendSubject {
  ExchangeId exchange;
  Bytes signed_request;  // pseudonyms.md §8.1, kind 04
};

// A hit as the provider signed it.
struct RecordHit {
  ExchangeId exchange;
  int position = 0;
  Bytes signature;
};

// One batch of a register, and the statement that covers it.
struct EnrolmentBatch {
  PartyId parent;
  Bytes signed_enrolment, statement;
};

struct Approve {
  ExchangeId exchange;
  std::string role;
  bool granted = false;
};

// The labels with which the provider's person is about to release.
struct Prepare {
  ExchangeId exchange;
  std::string regime, subject_category;
  bool subject_verified = false;
};

// A release as it came: parsed and its signatures checked before the transaction.
struct Answer {
  ExchangeId exchange;
  Bytes header, signature;
  std::vector<Bytes> sealed_fields;
  std::vector<Bytes> signed_requests;
};

struct Refuse {
  ExchangeId exchange;
  int reason = 0;  // sluis.v1.RefusalReason
};

// What a party's edge asks of both transcryptors: a session head or a shred order, signed by the
// party.
struct PartyOrder {
  PartyId parent;
  Bytes bytes, signature;
};

struct CreateCase {
  PartyId parent;
  CaseId id;
  std::string phase;
};

struct ChangeCase {
  CaseId id;
  std::optional<std::string> phase;  // advance
  bool close = false;
  std::string etag;  // may be empty
};

struct ListRecords {
  PartyId parent;
  PartyId provider;  // whose provisions
  int use = 0;       // sluis.v1.LogUse
  std::string purpose, basis, regime;
  absl::Time start = absl::InfinitePast();
  absl::Time end = absl::InfiniteFuture();
  std::optional<std::uint64_t> after;
  int limit = 50;
};

// --- results ---

using Receipts = std::vector<journal::CommittedLeaf>;

struct ExchangeResult {
  storage::ExchangeRecord exchange;
  policy::Decision decision;
  std::string policy_digest;  // hex, of the newest decision
  absl::Time decided;
  Receipts receipts;
  // For the provider's desk while it may answer: field to the form in which it may leave.
  std::map<std::string, std::string> answerable = {};
  // Context of the receiving party's newest live session; empty while it has none.
  Bytes recipient_context = {};
  // For the provider's desk while it may answer: what SendSubject brought.
  std::optional<storage::QuestionRecord> question = {};
  std::vector<int> recorded_hits = {};  // positions, ascending
  // Signed receipt of the newest decision (policy/signed/decision_receipt.h); empty where none is
  // given.
  Bytes decision_receipt = {};
  // Of a trial alone: the question as it was put to the policy.
  policy::EvaluationRequest tried = {};
};

struct CaseResult {
  storage::CaseRecord record;
  Receipts receipts;
};

struct ArrangementResult {
  storage::ArrangementRecord record;
  Receipts receipts;
};

struct DeliveryResult {
  ExchangeResult exchange;
  storage::MailboxRecord content;
};

struct RecordResult {
  std::uint64_t index = 0;
  journal::Journal::OpenedRecord opened;
};

struct RecordsResult {
  policy::Decision decision;
  std::string policy_digest;
  absl::Time decided;
  std::vector<RecordResult> records;
  bool more = false;
  Receipts receipts;
};

}  // namespace sluis::exchange

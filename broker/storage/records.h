// What the broker keeps, as plain records. Nothing here can hold a name, a number of a person or a payload in
// the clear: content is sealed before it arrives.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"

namespace sluis::storage {

// A hit that the provider signed and the asker presented. Whom it is about stands nowhere.
struct HitRecord {
  PartyId provider;     // as the policy sees it
  PartyId asker;        // who started the inquiry
  ExchangeId exchange;  // the inquiry
  int position = 0;     // in its batch
  absl::Time time;
  bool operator==(const HitRecord&) const = default;
};

// A case (casus).
struct CaseRecord {
  CaseId id;
  PartyId holder;
  std::string phase;  // code of the vocabulary
  bool open = true;
  std::set<PartyId> participants;  // parties that exchanged something in it, the holder included
  absl::Time create_time;
  std::int64_t version = 1;  // +1 with every change; the etag
  std::vector<HitRecord> hits;  // on record, oldest first
  bool operator==(const CaseRecord&) const = default;
};

// State of an exchange (architecture §5). Values are stored: never renumber.
enum class ExchangeState {
  kDenied = 1,
  kAwaitingApproval = 2,
  kForwarded = 3,
  kAnswered = 4,
  kRefused = 5,
  kExpired = 6,
  kCollected = 7,
  kDestroyed = 8,
  kWithdrawn = 9,
  kRecalled = 10,
  kQueued = 11,
};

// One approval, given or withheld. Persons are pseudonymous: OIN plus the partner's own staff number.
struct ApprovalRecord {
  std::string role;
  Oin organisation;
  std::string person;
  bool granted = false;
  absl::Time time;
  bool operator==(const ApprovalRecord&) const = default;
};

// The sealed identity of a `request`, kept until the exchange ends.
struct SubjectRecord {
  Bytes sealed;
  bool verified = false;
  Bytes signature;
  std::string request_id;  // UUID text under which it was sealed
  bool operator==(const SubjectRecord&) const = default;
};

// One exchange.
struct ExchangeRecord {
  ExchangeId id;
  PartyId owner;  // the party that started it
  std::string action, purpose, basis;
  PartyId provider, recipient;            // as the policy sees them (a principal under a mandate)
  PartyId provider_desk, recipient_desk;  // whose keys sign and open
  CaseId case_id;
  std::string case_phase;  // at the newest decision
  std::string regime, subject_category;
  std::vector<std::string> fields;
  bool subset = false;  // mode `subset`
  bool emergency = false;
  std::string requester;  // pseudonymous staff number, organisation = owner's
  std::optional<SubjectRecord> subject;
  std::optional<ExchangeId> earlier;  // recall: the exchange it is about
  int recall_kind = 0;                // sluis.v1.RecallKind
  absl::Duration time_to_live;
  ExchangeState state = ExchangeState::kDenied;
  std::string decision;  // canonical JSON of the newest decision (broker/exchange/decision_json.h)
  std::vector<ApprovalRecord> approvals;
  int refusal_reason = 0;  // sluis.v1.RefusalReason
  absl::Time create_time;
  absl::Time expire_time;    // InfiniteFuture when nothing more can expire
  std::string retain_until;  // yyyy-mm-dd, empty before a release
  std::optional<ExchangeId> recalled_by;
  std::optional<std::uint64_t> answer_leaf;  // log index of its ANSWER
  std::vector<std::uint64_t> leaves;         // log indices of its leaves, oldest first
  std::optional<CaseId> from_domain;         // where the sender knows the pseudonym; promote, disclose
  std::string from_purpose;                  // ... and the purpose of that domain
  CaseId domain;         // of the recipient's pseudonyms: the case, or a weighing table
  Bytes statement;       // newest decision statement, wire form; empty when nobody may send
  int queue_reason = 0;  // sluis.v1.QueueReason, of a kQueued exchange
  std::string release_refusal;  // why the newest release that waited was not passed on: a code
  std::string register_name;    // in whose index of the provider the subject is looked up; empty: in none
  bool subject_sent = false;    // the provider has what SendSubject brought
  int positions = 0;            // items of the inquiry that was sent, fillers included
  bool operator==(const ExchangeRecord&) const = default;
};

// A commitment of a transcryptor with its signature (pseudonyms.md §7.2).
struct CommitmentRecord {
  Bytes subject;    // domain or context, TLV
  Bytes point;      // 32 bytes
  Bytes signature;  // 64 bytes
  bool operator==(const CommitmentRecord&) const = default;
};

// What one transcryptor made of a batch (pseudonyms.md §7.2, §9).
struct HopRecord {
  Bytes batch_response;
  Bytes payload_digests;  // 32 bytes each, in output order
  Bytes signature;        // 64 bytes
  Bytes proof_digest;     // 32 bytes
  Bytes sealed_proof;     // of the second to the receiver; kept of the first only while under way
  std::vector<CommitmentRecord> commitments;
  bool operator==(const HopRecord&) const = default;
};

struct TranscryptionRecord {
  HopRecord first, second;
  bool operator==(const TranscryptionRecord&) const = default;
};

// What SendSubject brought, for the provider while it may answer.
struct QuestionRecord {
  Bytes signed_request;  // pseudonyms.md §8.1, kind 04
  Bytes statement;       // decision statement that covers it, wire form
  std::optional<TranscryptionRecord> transcryption;  // none: a transcryptor is away
  bool operator==(const QuestionRecord&) const = default;
};

// A sealed release that waits in the mailbox: for its recipient, or for a transcryptor that is away. Before it, alone
// or beside a release that waits, the question that it answers.
struct MailboxRecord {
  ExchangeId exchange;
  Bytes header, signature;
  std::vector<Bytes> sealed_fields;
  absl::Time expire_time;
  std::vector<Bytes> signed_requests;  // pseudonyms.md §8.1, in the order of the header
  Bytes statement;                     // decision statement that covers them, wire form
  std::vector<TranscryptionRecord> transcryptions;  // one per signed request once both are done
  std::optional<QuestionRecord> question;
  bool operator==(const MailboxRecord&) const = default;
};

// A registered arrangement: the signed statement as it came, and what is needed to find it.
struct ArrangementRecord {
  std::string id;
  std::int64_t serial = 0;
  Bytes statement;                                   // canonical JSON
  std::vector<std::pair<PartyId, Bytes>> signatures;
  std::set<Oin> organisations;                       // every organisation that it names
  bool operator==(const ArrangementRecord&) const = default;
};

// A live pseudonym session of a party (pseudonyms.md §5).
struct LiveSessionRecord {
  PartyId party;
  Bytes context;  // TLV bytes
  absl::Time issued, end;
  bool operator==(const LiveSessionRecord&) const = default;
};

// The weighing table of a RIEC for a calendar quarter: a pseudonym domain, not a case (architecture §5).
struct WeighingTableRecord {
  CaseId domain;
  Oin riec;
  std::string quarter;  // 2026-Q4, Amsterdam
  absl::Time create_time;
  bool operator==(const WeighingTableRecord&) const = default;
};

// Work that waits for somebody who is away and goes on by itself. What queue, id and body mean is the business of
// broker/exchange.
struct ErrandRecord {
  std::string queue;
  std::string id;  // unique within the queue
  Bytes body;
  absl::Time create_time;
  bool operator==(const ErrandRecord&) const = default;
};

// One line of a party's inbox. `sequence` is given by the store: 1, 2, ... within the party.
struct InboxRecord {
  std::int64_t sequence = 0;
  int event = 0;  // sluis.v1.InboxEvent
  ExchangeId exchange;
  absl::Time create_time;
  bool operator==(const InboxRecord&) const = default;
};

// A request_id that was used (api.md §4): scope is organisation + method + id.
struct RequestKey {
  Oin organisation;
  std::string method;
  std::string request_id;
  auto operator<=>(const RequestKey&) const = default;
};
struct RequestRecord {
  Digest content;     // SHA-256 of the deterministic request bytes and the caller's unit
  std::string answer;  // what repeats the answer: resource name, or a stored status (broker/exchange)
  std::vector<std::uint64_t> leaves;  // leaves that the first call made
  absl::Time time;
  bool operator==(const RequestRecord&) const = default;
};

// Head of the log (log.md B4).
struct LogHead {
  std::uint64_t size = 0;
  Digest root{};
  Bytes note;  // signed checkpoint; empty while size is 0
  bool operator==(const LogHead&) const = default;
};

// A sealed log record and the salt of its commitment.
struct LogRecord {
  Bytes sealed;
  Bytes salt;  // 32 bytes
  bool operator==(const LogRecord&) const = default;
};

}  // namespace sluis::storage

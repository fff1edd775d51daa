// The edge of one person of one party: every verb of the contract, with keys, sealing, receipts and
// crash safety inside.
//
// Acts (verbs that change something) are stored before they are sent (journal.h). When an act fails
// with an error after which it is not known whether it was done, or the process ends, the same call
// with the same arguments repeats it byte for byte and gives the broker's one answer; `repeated()`
// tells. A second wish with the same words in one process is a new act.
//
// Every answer's receipts are verified under the pinned log key before anything is returned; a
// wrong or missing one is DATA_LOSS / LOG_INCONSISTENT. Errors of the broker are RemoteErrors
// (remote_error.h); a policy's denial is no error but an Exchange in state DENIED.
//
// One thread at a time; several processes may use one party folder.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/lib/answer_store.h"
#include "clients/lib/assertion_source.h"
#include "clients/lib/commitment_book.h"
#include "clients/lib/connection.h"
#include "clients/lib/directory_cache.h"
#include "clients/lib/exchange_terms.h"
#include "clients/lib/inbox_cursor.h"
#include "clients/lib/index/index_builder.h"
#include "clients/lib/index/register_index.h"
#include "clients/lib/inquiry_answer.h"
#include "clients/lib/journal.h"
#include "clients/lib/methods.h"
#include "clients/lib/party_folder.h"
#include "clients/lib/profile.h"
#include "clients/lib/pseudonym_table.h"
#include "clients/lib/question.h"
#include "clients/lib/question_book.h"
#include "clients/lib/receipt_store.h"
#include "clients/lib/seal_exchange.h"
#include "clients/lib/session_store.h"
#include "clients/lib/subject_index.h"
#include "lib/identity/arrangement.h"
#include "lib/sealing/subject.h"

namespace sluis::edge {

struct EdgeOptions {
  const Clock* clock = &SystemClock();
  Patience patience;
};

struct WatchOptions {
  bool until_caught_up = false;  // end when the inbox was read to its end
  bool from_start = false;       // all entries that are kept; the cursor does not move
};

// One of the questions of an inquiry, and what became of bringing its subjects to the owner's
// index.
struct InquiryPart {
  wire::Exchange exchange;
  bool by_hand = false;  // the owner keeps no index: a person of his looks it up
  absl::Status sent;     // not OK: `SendSubject` tries again
};

// Of one register in the partner directory.
struct IndexState {
  identity::Register entry;
  std::string state;  // complete, or the reason why it cannot be used (register_index.h)
  std::int64_t subjects = 0;
  std::optional<absl::Time> create_time;
};

class Edge {
 public:
  // From the folder of a profile. Nothing is sent yet.
  static absl::StatusOr<std::unique_ptr<Edge>> Open(const std::filesystem::path& profile_folder,
                                                    EdgeOptions options = {});
  ~Edge();
  Edge(const Edge&) = delete;
  Edge& operator=(const Edge&) = delete;

  const Profile& profile() const { return profile_; }
  const PartyFolder& party() const { return party_; }
  // Whether the newest act was one that an earlier run had stored.
  bool repeated() const { return repeated_; }

  // --- directory and options ---
  // Fetched once in the life of this edge and after five minutes; verified and kept.
  absl::StatusOr<DirectoryPtr> Directory();
  absl::StatusOr<DirectoryPtr> RefreshDirectory();
  absl::StatusOr<DirectoryPtr> KeptDirectory() const { return directory_cache_.Kept(); }
  // `filter.parent` is filled in.
  absl::StatusOr<wire::ListOptionsResponse> ListOptions(wire::ListOptionsRequest filter);

  // --- cases ---
  // The edge chooses the random id.
  absl::StatusOr<wire::Case> CreateCase(const std::string& phase);
  absl::StatusOr<wire::Case> GetCase(const CaseId& id);
  absl::StatusOr<wire::ListCasesResponse> ListCases(int page_size, const std::string& page_token);
  // `etag` may be empty.
  absl::StatusOr<wire::Case> AdvanceCase(const CaseId& id, const std::string& phase,
                                         const std::string& etag);
  absl::StatusOr<wire::Case> CloseCase(const CaseId& id, const std::string& etag);

  // --- starting an exchange ---
  // Asks about a subject, sealed to the provider's desk. `verified`: the asker checked that the
  // number belongs to the person (Wabb 12). KEY_NOT_LISTED, PARTY_UNKNOWN.
  absl::StatusOr<wire::Exchange> Ask(const ExchangeTerms& terms, const Subject& subject,
                                     bool verified);
  // Announces; the content follows by Answer, once it is FORWARDED.
  absl::StatusOr<wire::Exchange> AnnounceDisclosure(const ExchangeTerms& terms);
  absl::StatusOr<wire::Exchange> AnnounceRecall(const RecallTerms& recall);
  // Policy dry run of any of the three (`action` request, disclose or recall): no exchange.
  absl::StatusOr<wire::Exchange> Try(std::string_view action, const ExchangeTerms& terms);

  // --- acts on an exchange, by resource name ---
  absl::StatusOr<wire::Exchange> Get(const std::string& name);
  // `in_case` may be nothing.
  absl::StatusOr<wire::ListExchangesResponse> List(const std::optional<CaseId>& in_case,
                                                   int page_size, const std::string& page_token);
  absl::StatusOr<wire::Exchange> Approve(const std::string& name, const std::string& role,
                                         bool granted);
  // As provider: who is asked about (seal_exchange.h).
  absl::StatusOr<AskedSubject> ReadSubject(const wire::Exchange& exchange);
  // As provider: seals the values, signs, releases. Whoever stands in a value as a subject leaves
  // as a pseudonym: the answer is prepared first, and comes back QUEUED without anything sent when
  // the recipient has no session; the same call again, once it has one, releases. KEY_SET_MISSING,
  // PSEUDONYM_OF_ANOTHER_DOMAIN, E_MANDATE. `confirmed` is the exchange that the person saw when he
  // said yes, from Get: ANSWER_MISMATCH, with nothing sealed, if the broker says anything else
  // about it later (CheckStillSays).
  absl::StatusOr<wire::Exchange> Answer(const wire::Exchange& confirmed,
                                        const ReleaseContent& given);
  absl::StatusOr<wire::Exchange> Refuse(const std::string& name, wire::RefusalReason reason);
  absl::StatusOr<wire::Exchange> Withdraw(const std::string& name);

  // --- receiving ---
  // Fetches, verifies, opens, stores, confirms; each only after the one before is durable. If it is
  // stored already, only what is missing of that is done.
  absl::StatusOr<OpenedAnswer> OpenAnswer(const std::string& name);
  absl::StatusOr<OpenedAnswer> ReadAnswer(const std::string& name) const;
  absl::StatusOr<std::vector<v1::AnswerHeader>> ListAnswers() const { return answers_.List(); }
  // Removes what was stored, then confirms. EXCHANGE_CLOSED before anything is removed when there
  // is nothing to destroy in its state.
  absl::StatusOr<wire::Exchange> ConfirmDestruction(const std::string& name);
  // Hands entries over in order, from the party's cursor, which moves when `handle` is OK; goes on
  // over broken connections. Ends with OK when caught up or stopped, else with the error of
  // `handle` or of the broker. DATA_LOSS / INBOX_INCONSISTENT if entries repeat or go back.
  absl::Status WatchInbox(const WatchOptions& options, StopSignal& stop,
                          const std::function<absl::Status(const wire::InboxEntry&)>& handle);

  // --- hit/no-hit (pseudonyms.md §11.2) ---
  // Asks all of them at once who knows these people or things, then brings them to each index under
  // fresh blinds, among fillers. A denial is one answer among the others; without a session of the
  // provider his part is QUEUED, for SendSubject. Whom the parts are about stays encrypted here
  // until the answer is read. The errors of CheckAbout and RegisterFor; BY_HAND_NOT_POSSIBLE naming
  // a party without an index that cannot be asked by pseudonym, or about several: nothing was sent.
  absl::StatusOr<std::vector<InquiryPart>> Inquire(const InquiryTerms& terms,
                                                   const std::vector<ReleasedSubject>& about);
  // A `request` about somebody whom we know by pseudonym alone: the provider finds him in its own
  // index. As Inquire; `terms` name the domain.
  absl::StatusOr<InquiryPart> AskByPseudonym(const ExchangeTerms& terms, const HeldPseudonym& who);
  // Brings the subjects of a question to the index, if that waits. SUBJECT_NOT_KEPT.
  absl::StatusOr<wire::Exchange> SendSubject(const std::string& name);
  // As provider: the register that a question goes to, and who is meant, by its index.
  absl::StatusOr<AskedIndex> IndexAsked(const wire::Exchange& exchange);
  absl::StatusOr<std::vector<std::optional<Subject>>> ReadQuestion(const wire::Exchange& exchange,
                                                                   const LookUp& look_up);
  // As provider: yes or no per position, as a person confirmed it; `known` are those with yes, for
  // the search by person. Otherwise as Answer. FIELD_INVALID unless there is one per position.
  absl::StatusOr<wire::Exchange> AnswerInquiry(const wire::Exchange& confirmed,
                                               const std::vector<bool>& hits,
                                               const std::vector<Subject>& known);
  // Puts a yes of an answer that was opened on record in the case; `number` counts the subjects
  // that were asked, from 1. FIELD_INVALID, NOT_A_HIT, ANSWER_NOT_HERE.
  absl::StatusOr<wire::Exchange> RecordHit(const std::string& name, std::size_t number);

  // --- sessions (pseudonyms.md §5) ---
  // Opens one more and keeps its key. KEY_SET_MISSING; E_PROOF and E_SIGNATURE with metadata
  // `transcryptor` for a half that does not hold: the session is revoked.
  absl::StatusOr<HeldSession> OpenSession();
  // Newest first, with those whose key is kept for what is under way.
  absl::StatusOr<std::vector<HeldSession>> Sessions() const;
  // By its id, 32 hex. What is under way towards it cannot be opened any more.
  absl::Status RevokeSession(const std::string& session_id);
  // At half of the life of the newest session: opens the next. Called by the reading verbs at most
  // once an hour; says nothing, since the old one lives on.
  void RenewWhenDue();

  // --- pseudonyms ---
  // Moves what we know at the weighing table to a casus: announced, then answered to ourselves.
  absl::StatusOr<wire::Exchange> AnnouncePromotion(const ExchangeTerms& terms);
  // What is answered to a promotion: these, by human form. The errors of FindPseudonym.
  absl::StatusOr<ReleaseContent> PromotionOf(const wire::Exchange& exchange,
                                             const std::vector<std::string>& human_forms);
  // Of all domains, or those of this id.
  absl::StatusOr<std::vector<v1::PseudonymDomain>> ListPseudonyms(
      const std::string& domain_id) const;
  // PSEUDONYM_UNKNOWN, PSEUDONYM_AMBIGUOUS, E_CASE_CLOSED, FIELD_INVALID.
  absl::StatusOr<HeldPseudonym> FindPseudonym(const std::string& domain_id,
                                              const std::string& purpose,
                                              std::string_view human_form) const;
  // Search by person: in this folder alone, nothing is sent.
  absl::StatusOr<std::vector<v1::Trace>> FindSubject(const Subject& subject) const;
  // Our domains of this id: those that are known here, or the one with this purpose.
  // DOMAIN_UNKNOWN.
  absl::StatusOr<std::vector<pseudonym::Domain>> DomainsOf(const std::string& domain_id,
                                                           const std::string& purpose) const;
  // Final. E_SENDER for a domain of another party.
  absl::StatusOr<wire::ShredDomainResponse> ShredDomain(const pseudonym::Domain& domain);

  // --- indexes of our registers (pseudonyms.md §11.1) ---
  // As the partner directory names them.
  absl::StatusOr<std::vector<identity::Register>> Registers();
  // REGISTER_UNKNOWN; the errors of IndexBuilder::Run. `folder` is where the mapping's file lies.
  absl::StatusOr<EnrolReport> EnrolRegister(const std::string& register_id,
                                            v1::RegisterMapping mapping,
                                            const std::filesystem::path& folder,
                                            const EnrolOptions& options);
  absl::StatusOr<std::vector<IndexState>> IndexStates();
  // OK too if there is none. INDEX_BUSY.
  absl::Status DropIndex(const std::string& register_id);

  // --- log ---
  // Fetches the receipts of an exchange anew, verifies and keeps them.
  absl::StatusOr<wire::ListReceiptsResponse> ListReceipts(const std::string& name);
  const ReceiptStore& receipts() const { return receipts_; }
  // `query.parent` and `request_id` are filled in. Records that their leaf does not commit to are
  // LOG_INCONSISTENT.
  absl::StatusOr<wire::ListRecordsResponse> ListRecords(wire::ListRecordsRequest query);

  // --- arrangements ---
  // Our signature under a statement that names us; shows nothing to anyone yet.
  absl::StatusOr<wire::PartySignature> SignArrangement(BytesView statement) const;
  // All signatures together, verified against the directory before it is sent.
  absl::StatusOr<wire::Arrangement> RegisterArrangement(
      BytesView statement, const std::vector<wire::PartySignature>& signatures);
  absl::StatusOr<wire::ListArrangementsResponse> ListArrangements(int page_size,
                                                                  const std::string& page_token);

  // --- after a crash ---
  absl::StatusOr<std::vector<WaitingAct>> Waiting() { return journal_.Waiting(); }
  // Repeats one. Its answer can be read with Get or List.
  absl::Status Resume(const std::string& request_id);
  absl::Status Discard(const std::string& request_id);

 private:
  class OnlineEnrolment;
  Edge(Profile profile, PartyFolder party, const Clock& clock);

  // One act: stored, sent, settled. `build` makes the request under the request_id that it is
  // given.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Act(
      const Method<Request, Response>& method, std::initializer_list<BytesView> intent,
      const std::function<absl::StatusOr<Request>(const std::string&)>& build);
  // The same, if an earlier run left it behind.
  template <typename Request, typename Response>
  absl::StatusOr<std::optional<Response>> ActAgain(const Method<Request, Response>& method,
                                                   std::initializer_list<BytesView> intent);
  // A call that changes nothing.
  template <typename Request, typename Response>
  absl::StatusOr<Response> Read(const Method<Request, Response>& method, const Request& request);
  absl::StatusOr<Bytes> Send(JournaledAct act);
  absl::Status KeepReceipts(std::string_view method, BytesView request, BytesView answer);
  absl::Status KeepReceiptsOf(const wire::Exchange& exchange);
  // The newest act was taken by the caller.
  void FinishLast();
  absl::Status Finish(JournaledAct act);

  absl::StatusOr<wire::Exchange> Create(const wire::Exchange& exchange,
                                        const std::string& new_case_phase);
  absl::StatusOr<DirectoryPtr> DirectoryForSealing();
  absl::Status CheckIsOurs(const wire::Exchange& exchange) const;
  absl::StatusOr<HeldSession> OpenSessionOnce(const PseudonymTrust& trust);
  absl::StatusOr<HeldSession> OpenSessionUnderLock(const PseudonymTrust& trust);
  absl::Status RevokeContext(const pseudonym::Context& context);
  // Newest first; opens what is missing or due.
  absl::StatusOr<std::vector<HeldSession>> LiveSessions(std::size_t at_least);
  absl::StatusOr<wire::Exchange> Prepare(const wire::Exchange& exchange,
                                         const ReleaseContent& content, const Digest& wish);
  absl::StatusOr<wire::Exchange> AnswerWithPeople(const wire::Exchange& exchange,
                                                  const ReleaseContent& content,
                                                  const Digest& wish);
  absl::StatusOr<wire::Exchange> SendPrepared(const wire::Exchange& prepared,
                                              const ReleaseContent& content, const Digest& wish,
                                              const std::vector<HeldSession>& sessions,
                                              const PseudonymTrust& trust);
  absl::Status NoteAnswered(const wire::Exchange& exchange, const identity::Directory& directory);
  absl::StatusOr<ReceivedItems> VerifyPeople(const wire::Delivery& delivery,
                                             const ReleaseHeader& header, const Answerer& answerer);
  absl::Status NotePeople(const wire::Exchange& exchange, const ReceivedItems& people,
                          const Answerer& answerer, std::vector<SeenPseudonym> seen);
  absl::StatusOr<std::vector<wire::Exchange>> MakeInquiries(
      const InquiryTerms& terms, const std::vector<ReleasedSubject>& about);
  absl::StatusOr<std::vector<InquiryPart>> BringSubjects(std::vector<wire::Exchange> made);
  absl::Status NoteQuestion(const wire::Exchange& exchange, const std::string& request_id);
  absl::StatusOr<wire::Exchange> SendQuestion(const wire::Exchange& exchange,
                                              const KeptQuestion& asked);
  absl::Status GoOnAsking(std::string_view method, BytesView answer);
  absl::Status ForgetIfEnded(const wire::Exchange& exchange);
  absl::Status TakeHits(const std::string& name, const Answerer& answerer,
                        const std::string& action, OpenedAnswer& answer);
  absl::Status FetchAnswer(const std::string& name, const ExchangeId& id);
  absl::Status ConfirmIfWaiting(const std::string& name);

  Profile profile_;
  PartyFolder party_;
  const Clock& clock_;
  std::unique_ptr<AssertionSource> assertions_;
  std::unique_ptr<Connection> connection_;
  Journal journal_;
  ReceiptStore receipts_;
  AnswerStore answers_;
  DirectoryCache directory_cache_;
  InboxCursor cursor_;
  SessionStore sessions_;
  CommitmentBook commitments_;
  std::unique_ptr<PseudonymTable> pseudonyms_;
  std::unique_ptr<SubjectIndex> subjects_;
  std::unique_ptr<QuestionBook> questions_;
  absl::Time renewal_time_ = absl::InfinitePast();
  DirectoryPtr directory_;
  absl::Time directory_time_ = absl::InfinitePast();
  std::optional<JournaledAct> last_;
  bool repeated_ = false;
};

}  // namespace sluis::edge

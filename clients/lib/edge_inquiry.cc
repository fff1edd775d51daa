// Hit and no-hit: asking many who knows somebody, bringing subjects to the index of a register,
// reading and answering such questions, and putting a hit on record (pseudonyms.md §11.2).
#include <utility>

#include "absl/strings/str_format.h"
#include "clients/lib/edge_calls.h"
#include "clients/lib/released_subject.h"
#include "clients/lib/seal_exchange.h"
#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/crypto/hash.h"

namespace sluis::edge {
namespace {

// A stored statement or session may have ended meanwhile: then once more, with fresh ones.
constexpr int kAttempts = 2;

std::optional<SubjectKind> KindOf(const ReleasedSubject& who) {
  const auto* subject = std::get_if<Subject>(&who);
  return subject == nullptr ? std::nullopt : std::optional(subject->kind());
}

// What makes two inquiries the same wish. The journal digests it under its own key.
Digest WishOf(const std::vector<wire::Exchange>& asked, const std::vector<ReleasedSubject>& about,
              bool verified) {
  ByteWriter writer;
  writer.U8(verified ? 1 : 0).U32(static_cast<std::uint32_t>(about.size()));
  for (const ReleasedSubject& who : about) writer.Raw(AsView(IdentityOf(who)));
  for (const wire::Exchange& one : asked) {
    const Digest digest = Sha256(one.SerializeAsString());
    writer.Raw(AsView(digest));
  }
  return Sha256(writer.bytes());
}

// Who keeps no index gets a sealed identity, which one has to know.
absl::Status CheckByHand(const PartyId& party, const std::vector<ReleasedSubject>& about) {
  const auto cannot = [&](std::string_view why) {
    return Error(ErrorCode::kPrecondition, "BY_HAND_NOT_POSSIBLE",
                 absl::StrFormat("%s keeps no index under this regime, so a person there looks it "
                                 "up by hand, %s; nothing was sent to anybody",
                                 party.ToString(), why),
                 {{"party", party.ToString()}});
  };
  if (about.size() != 1) return cannot("one subject at a time; leave it out here and ask it apart");
  if (std::holds_alternative<Subject>(about.front())) return absl::OkStatus();
  return cannot("by number; you know this one by pseudonym alone, so leave that partner out");
}

bool HasEnded(const wire::Exchange& exchange) {
  switch (exchange.state()) {
    case wire::EXCHANGE_STATE_DENIED:
    case wire::EXCHANGE_STATE_REFUSED:
    case wire::EXCHANGE_STATE_EXPIRED:
    case wire::EXCHANGE_STATE_WITHDRAWN:
      return true;
    default:
      return false;
  }
}

// Questions whose answer was not read yet.
bool IsOpen(const wire::Exchange& exchange) {
  return exchange.state() == wire::EXCHANGE_STATE_FORWARDED ||
         exchange.state() == wire::EXCHANGE_STATE_QUEUED ||
         exchange.state() == wire::EXCHANGE_STATE_AWAITING_APPROVAL ||
         exchange.state() == wire::EXCHANGE_STATE_ANSWERED;
}

bool MaySendNow(const wire::Exchange& exchange) {
  return exchange.state() == wire::EXCHANGE_STATE_FORWARDED && !exchange.subject_sent() &&
         !exchange.register_().empty();
}

}  // namespace

absl::StatusOr<std::vector<wire::Exchange>> Edge::MakeInquiries(
    const InquiryTerms& terms, const std::vector<ReleasedSubject>& about) {
  SLUIS_RETURN_IF_ERROR(CheckAbout(about, terms.from_domain, terms.from_purpose));
  if (terms.providers.empty()) {
    return Error(ErrorCode::kInvalid, "FIELD_MISSING", "name at least one partner to ask");
  }
  SLUIS_ASSIGN_OR_RETURN(const DirectoryPtr directory, DirectoryForSealing());
  std::vector<wire::Exchange> made;
  for (const Inquired& asked : terms.providers) {
    wire::Exchange one = WriteInquiry(terms, asked, party_.party());
    SLUIS_ASSIGN_OR_RETURN(
        const identity::Register* entry,
        RegisterFor(*directory, asked.provider, asked.regime, KindOf(about.front())));
    if (entry == nullptr) SLUIS_RETURN_IF_ERROR(CheckByHand(asked.provider, about));
    if (entry != nullptr) one.set_register_(entry->id);
    made.push_back(std::move(one));
  }
  return made;
}

absl::StatusOr<std::vector<InquiryPart>> Edge::Inquire(const InquiryTerms& terms,
                                                       const std::vector<ReleasedSubject>& about) {
  SLUIS_RETURN_IF_ERROR(LiveSessions(1).status());
  SLUIS_ASSIGN_OR_RETURN(const auto asked, MakeInquiries(terms, about));
  SLUIS_ASSIGN_OR_RETURN(const DirectoryPtr directory, DirectoryForSealing());
  const Digest wish = WishOf(asked, about, terms.verified);
  const auto build =
      [&](const std::string& request_id) -> absl::StatusOr<wire::BatchCreateExchangesRequest> {
    wire::BatchCreateExchangesRequest request;
    request.set_parent(PartyName(party_.party()));
    request.set_request_id(request_id);
    for (const wire::Exchange& one : asked) {
      wire::Exchange* exchange = request.add_exchanges();
      *exchange = one;
      if (!one.register_().empty()) continue;
      SLUIS_ASSIGN_OR_RETURN(*exchange->mutable_subject(),
                             SealSubject(one, request_id, std::get<Subject>(about.front()),
                                         terms.verified, party_, *directory, clock_.Now()));
    }
    // Before it leaves: whom it is about is known, whatever becomes of this process.
    SLUIS_RETURN_IF_ERROR(questions_->Note(QuestionBook::PlanKey(request_id), kInquire, about));
    return request;
  };
  SLUIS_ASSIGN_OR_RETURN(const auto made,
                         Act(kBatchCreateExchanges, {AsView(wish)}, std::function(build)));
  return BringSubjects({made.exchanges().begin(), made.exchanges().end()});
}

absl::StatusOr<InquiryPart> Edge::AskByPseudonym(const ExchangeTerms& terms,
                                                 const HeldPseudonym& who) {
  std::vector<ReleasedSubject> about;
  about.push_back(CloneOf(HeldPseudonym{who.domain, who.pseudonym.Clone(), who.human_form}));
  SLUIS_RETURN_IF_ERROR(CheckAbout(about, terms.from_domain, terms.from_purpose));
  SLUIS_RETURN_IF_ERROR(LiveSessions(1).status());
  SLUIS_ASSIGN_OR_RETURN(const DirectoryPtr directory, DirectoryForSealing());
  wire::Exchange exchange = WriteExchange("request", terms, party_.party());
  SLUIS_ASSIGN_OR_RETURN(const identity::Register* entry,
                         RegisterFor(*directory, terms.counterpart, terms.regime, std::nullopt));
  if (entry == nullptr) SLUIS_RETURN_IF_ERROR(CheckByHand(terms.counterpart, about));
  if (entry != nullptr) exchange.set_register_(entry->id);
  const Digest wish = WishOf({exchange}, about, /*verified=*/false);
  const auto build =
      [&](const std::string& request_id) -> absl::StatusOr<wire::CreateExchangeRequest> {
    wire::CreateExchangeRequest request;
    request.set_parent(PartyName(party_.party()));
    *request.mutable_exchange() = exchange;
    request.set_new_case_phase(terms.new_case_phase);
    request.set_request_id(request_id);
    SLUIS_RETURN_IF_ERROR(
        questions_->Note(QuestionBook::PlanKey(request_id), exchange.action(), about));
    return request;
  };
  SLUIS_ASSIGN_OR_RETURN(
      const wire::Exchange made,
      Act(kCreateExchange, {AsView(wish), terms.new_case_phase}, std::function(build)));
  SLUIS_ASSIGN_OR_RETURN(std::vector<InquiryPart> parts, BringSubjects({made}));
  return std::move(parts.front());
}

// From the plan under which it was asked, to its own name.
absl::Status Edge::NoteQuestion(const wire::Exchange& exchange, const std::string& request_id) {
  if (!IsOpen(exchange)) return absl::OkStatus();
  SLUIS_ASSIGN_OR_RETURN(const std::optional<KeptQuestion> plan,
                         questions_->Find(QuestionBook::PlanKey(request_id)));
  if (!plan) return absl::OkStatus();
  SLUIS_RETURN_IF_ERROR(questions_->Note(exchange.name(), plan->action, plan->subjects));
  for (const ReleasedSubject& who : plan->subjects) {
    const auto* subject = std::get_if<Subject>(&who);
    if (subject == nullptr) continue;
    SLUIS_RETURN_IF_ERROR(subjects_->Note(*subject, exchange.name(), kPartAsked, {}, clock_.Now()));
  }
  return absl::OkStatus();
}

// Precondition: `made` is the answer to the newest act. That act waits in the journal until all of
// them went: after a crash, or when the broker is away, the same call goes on where it was.
absl::StatusOr<std::vector<InquiryPart>> Edge::BringSubjects(std::vector<wire::Exchange> made) {
  std::optional<JournaledAct> act = std::exchange(last_, std::nullopt);
  const bool repeated = repeated_;
  for (const wire::Exchange& exchange : made) {
    SLUIS_RETURN_IF_ERROR(NoteQuestion(exchange, act->request_id()));
  }
  bool settled = true;
  std::vector<InquiryPart> parts;
  for (wire::Exchange& exchange : made) {
    InquiryPart part{std::move(exchange), false, absl::OkStatus()};
    part.by_hand = part.exchange.register_().empty();
    if (MaySendNow(part.exchange)) {
      absl::StatusOr<wire::Exchange> sent = SendSubject(part.exchange.name());
      part.sent = sent.status();
      if (sent.ok()) part.exchange = *std::move(sent);
    }
    settled &= part.sent.ok() || NothingHappened(part.sent);
    parts.push_back(std::move(part));
  }
  FinishLast();
  repeated_ = repeated;
  if (settled) last_ = std::move(act);
  return parts;
}

absl::Status Edge::GoOnAsking(std::string_view method, BytesView answer) {
  if (method == kBatchCreateExchanges.path) {
    SLUIS_ASSIGN_OR_RETURN(const auto made,
                           ParseAnswer<wire::BatchCreateExchangesResponse>(answer));
    SLUIS_ASSIGN_OR_RETURN(const auto parts,
                           BringSubjects({made.exchanges().begin(), made.exchanges().end()}));
    for (const InquiryPart& part : parts) SLUIS_RETURN_IF_ERROR(part.sent);
  }
  if (method == kCreateExchange.path) {
    SLUIS_ASSIGN_OR_RETURN(const auto made, ParseAnswer<wire::Exchange>(answer));
    if (made.register_().empty()) return absl::OkStatus();
    SLUIS_ASSIGN_OR_RETURN(const auto parts, BringSubjects({made}));
    return parts.front().sent;
  }
  return absl::OkStatus();
}

absl::StatusOr<wire::Exchange> Edge::SendSubject(const std::string& name) {
  SLUIS_RETURN_IF_ERROR(ParseExchangeName(name).status());
  auto again = ActAgain(kSendSubject, {name});
  if (!again.ok() && !WantsFreshness(again.status())) return again.status();
  if (again.ok() && *again) return **std::move(again);
  for (int attempt = 1;; ++attempt) {
    SLUIS_ASSIGN_OR_RETURN(wire::Exchange exchange, Get(name));
    if (!MaySendNow(exchange)) return exchange;
    SLUIS_ASSIGN_OR_RETURN(const std::optional<KeptQuestion> asked, questions_->Find(name));
    if (!asked) {
      return Error(ErrorCode::kPrecondition, "SUBJECT_NOT_KEPT",
                   "whom this question is about is not kept in this folder; send it from the "
                   "folder where it was asked, or withdraw it and ask anew");
    }
    absl::StatusOr<wire::Exchange> sent = SendQuestion(exchange, *asked);
    if (sent.ok() || attempt == kAttempts || !WantsFreshness(sent.status())) return sent;
  }
}

absl::StatusOr<wire::Exchange> Edge::SendQuestion(const wire::Exchange& exchange,
                                                  const KeptQuestion& asked) {
  const std::string& name = exchange.name();
  SLUIS_ASSIGN_OR_RETURN(const PseudonymTrust* trust, party_.pseudonyms());
  SLUIS_RETURN_IF_ERROR(
      CheckAbout(asked.subjects, exchange.from_domain(), exchange.from_purpose()));
  SLUIS_ASSIGN_OR_RETURN(const auto sessions, LiveSessions(1));
  SLUIS_ASSIGN_OR_RETURN(const DirectoryPtr directory, DirectoryForSealing());
  SLUIS_ASSIGN_OR_RETURN(const auto statement, pseudonym::DecisionStatement::Verify(
                                                   exchange.statement(), trust->decision_key));
  SLUIS_ASSIGN_OR_RETURN(const QuestionTerms terms,
                         MakeQuestionTerms(exchange, statement, sessions.front(), *directory));
  const auto build =
      [&](const std::string& request_id) -> absl::StatusOr<wire::SendSubjectRequest> {
    SLUIS_ASSIGN_OR_RETURN(const Mixed mixed, MixAbout(asked.action, asked.subjects.size()));
    SLUIS_ASSIGN_OR_RETURN(
        const auto signed_request,
        SignQuestion(terms, asked.subjects, mixed, party_.party(), party_.signing(), clock_.Now()));
    SLUIS_RETURN_IF_ERROR(questions_->NotePositions(name, mixed.positions, mixed.size));
    wire::SendSubjectRequest request;
    request.set_name(name);
    request.set_signed_request(signed_request.bytes());
    request.set_request_id(request_id);
    return request;
  };
  return Act(kSendSubject, {name}, std::function(build));
}

absl::Status Edge::ForgetIfEnded(const wire::Exchange& exchange) {
  return HasEnded(exchange) ? questions_->Forget(exchange.name()) : absl::OkStatus();
}

absl::StatusOr<AskedIndex> Edge::IndexAsked(const wire::Exchange& exchange) {
  SLUIS_RETURN_IF_ERROR(CheckIsOurs(exchange));
  SLUIS_ASSIGN_OR_RETURN(const DirectoryPtr directory, Directory());
  return IndexOf(exchange, party_.party(), *directory);
}

absl::StatusOr<std::vector<std::optional<Subject>>> Edge::ReadQuestion(
    const wire::Exchange& exchange, const LookUp& look_up) {
  SLUIS_ASSIGN_OR_RETURN(const AskedIndex index, IndexAsked(exchange));
  SLUIS_ASSIGN_OR_RETURN(const DirectoryPtr directory, Directory());
  SLUIS_ASSIGN_OR_RETURN(const PartyId asker, ReadParty(exchange.recipient_desk()));
  SLUIS_ASSIGN_OR_RETURN(const identity::UnitEntry desk, DeskOf(*directory, asker));
  SLUIS_ASSIGN_OR_RETURN(const PseudonymTrust* trust, party_.pseudonyms());
  const ReceivingTerms terms{party_, *trust,       sessions_,   commitments_,
                             asker,  desk.signing, clock_.Now()};
  return ReadQuestionItems(exchange, index, terms, look_up);
}

absl::StatusOr<wire::Exchange> Edge::AnswerInquiry(const wire::Exchange& confirmed,
                                                   const std::vector<bool>& hits,
                                                   const std::vector<Subject>& known) {
  SLUIS_RETURN_IF_ERROR(CheckIsOurs(confirmed));
  SLUIS_ASSIGN_OR_RETURN(const std::size_t positions, PositionsOf(confirmed));
  SLUIS_ASSIGN_OR_RETURN(ReleaseContent content,
                         InquiryContent(confirmed, hits, positions, party_.signing()));
  for (const Subject& who : known) content.about.push_back(who.Clone());
  return Answer(confirmed, content);
}

// Of an inquiry of ours: from what the partner signed to yes or no per subject.
absl::Status Edge::TakeHits(const std::string& name, const Answerer& answerer,
                            const std::string& action, OpenedAnswer& answer) {
  SLUIS_ASSIGN_OR_RETURN(const std::optional<KeptQuestion> asked, questions_->Find(name));
  // What we asked counts, whatever the broker calls it.
  if (asked ? asked->action != kInquire : action != kInquire) return absl::OkStatus();
  if (!asked) {
    return Error(ErrorCode::kPrecondition, "SUBJECT_NOT_KEPT",
                 "whom this inquiry was about is not kept in this folder; open it in the folder "
                 "where it was asked");
  }
  if (answer.values.size() != 1) {
    return Error(ErrorCode::kInvalid, "E_PAYLOAD", "an inquiry is answered with one field");
  }
  SLUIS_ASSIGN_OR_RETURN(const ParsedExchangeName parsed, ParseExchangeName(name));
  SLUIS_ASSIGN_OR_RETURN(answer.values.front(),
                         ReadHits(answer.values.front(), parsed.id, *asked, answerer.desk.signing));
  answer.header.mutable_fields(0)->set_size(static_cast<std::int64_t>(answer.values[0].size()));
  return absl::OkStatus();
}

absl::StatusOr<wire::Exchange> Edge::RecordHit(const std::string& name, std::size_t number) {
  SLUIS_ASSIGN_OR_RETURN(const OpenedAnswer answer, ReadAnswer(name));
  if (answer.header.action() != kInquire || answer.values.empty()) {
    return Error(ErrorCode::kPrecondition, "NOT_A_HIT", "this exchange is no inquiry");
  }
  SLUIS_ASSIGN_OR_RETURN(const auto hits, ParseHits(answer.values.front()));
  if (number < 1 || number > hits.size()) {
    return InvalidField("FIELD_INVALID", "subject",
                        absl::StrFormat("must be from 1 to %d", hits.size()));
  }
  const AskedHit& hit = hits[number - 1];
  if (!hit.hit) {
    return Error(ErrorCode::kPrecondition, "NOT_A_HIT",
                 "the partner answered no here; only a yes goes on record");
  }
  const std::string position = std::to_string(hit.position);
  SLUIS_ASSIGN_OR_RETURN(auto again, ActAgain(kRecordHit, {name, position}));
  if (again) return *std::move(again);
  SLUIS_ASSIGN_OR_RETURN(wire::Exchange exchange, Get(name));
  for (const std::int32_t known : exchange.recorded_hits()) {
    if (known == static_cast<std::int32_t>(hit.position)) return exchange;
  }
  return Act(
      kRecordHit, {name, position},
      std::function([&](const std::string& request_id) -> absl::StatusOr<wire::RecordHitRequest> {
        wire::RecordHitRequest request;
        request.set_name(name);
        request.set_position(static_cast<std::int32_t>(hit.position));
        request.set_signature(hit.signature);
        request.set_request_id(request_id);
        return request;
      }));
}

}  // namespace sluis::edge

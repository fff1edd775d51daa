#include "clients/lib/edge.h"

#include "clients/lib/edge_calls.h"
#include "lib/base/error.h"

namespace sluis::edge {
namespace {

constexpr absl::Duration kDirectoryLife = absl::Minutes(5);

// Acts under whose request_id the question book may keep who is meant.
bool MakesQuestions(std::string_view method) {
  return method == kBatchCreateExchanges.path || method == kCreateExchange.path;
}

}  // namespace

Edge::Edge(Profile profile, PartyFolder party, const Clock& clock)
    : profile_(std::move(profile)),
      party_(std::move(party)),
      clock_(clock),
      journal_(party_.journal(), party_.signing(), clock_),
      receipts_(party_.receipts(), party_.log_trust(), clock_),
      answers_(party_.answers()),
      directory_cache_(party_),
      cursor_(party_.inbox_cursor()),
      sessions_(party_.sessions()),
      commitments_(party_.commitments()) {}

Edge::~Edge() { FinishLast(); }

absl::StatusOr<std::unique_ptr<Edge>> Edge::Open(const std::filesystem::path& profile_folder,
                                                 EdgeOptions options) {
  SLUIS_ASSIGN_OR_RETURN(Profile profile, Profile::Load(profile_folder));
  SLUIS_ASSIGN_OR_RETURN(PartyFolder party, PartyFolder::Load(profile.party_folder));
  auto edge = std::unique_ptr<Edge>(new Edge(std::move(profile), std::move(party), *options.clock));
  SLUIS_ASSIGN_OR_RETURN(edge->assertions_,
                         MakeAssertionSource(edge->profile_, edge->party_, edge->clock_));
  const PartyFolder& own = edge->party_;
  SLUIS_ASSIGN_OR_RETURN(SealedFolder tables,
                         SealedFolder::Open(own.edge_key(), own.pseudonym_tables(), "pseudonyms"));
  SLUIS_ASSIGN_OR_RETURN(SealedFolder subjects,
                         SealedFolder::Open(own.edge_key(), own.subject_index(), "subjects"));
  SLUIS_ASSIGN_OR_RETURN(SealedFolder questions,
                         SealedFolder::Open(own.edge_key(), own.questions(), "questions"));
  edge->questions_ = std::make_unique<QuestionBook>(std::move(questions));
  edge->pseudonyms_ = std::make_unique<PseudonymTable>(std::move(tables));
  edge->subjects_ = std::make_unique<SubjectIndex>(std::move(subjects));
  edge->connection_ =
      Connection::Create(edge->party_, *edge->assertions_, std::move(options.patience));
  return edge;
}

// Errors stay unsaid: an entry that could not be removed is only repeated, which does no harm.
void Edge::FinishLast() {
  if (!last_) return;
  Finish(*std::move(last_)).IgnoreError();
  last_.reset();
}

absl::Status Edge::Finish(JournaledAct act) {
  if (MakesQuestions(act.method())) {
    SLUIS_RETURN_IF_ERROR(questions_->Forget(QuestionBook::PlanKey(act.request_id())));
  }
  return journal_.Finish(std::move(act));
}

absl::Status Edge::Discard(const std::string& request_id) {
  SLUIS_RETURN_IF_ERROR(journal_.Discard(request_id));
  return questions_->Forget(QuestionBook::PlanKey(request_id));
}

absl::StatusOr<Bytes> Edge::Send(JournaledAct act) {
  repeated_ = act.repeated();
  absl::StatusOr<Bytes> answer = connection_->Call(act.method(), act.request());
  if (!answer.ok()) {
    if (NothingHappened(answer.status())) SLUIS_RETURN_IF_ERROR(Finish(std::move(act)));
    return answer.status();
  }
  SLUIS_RETURN_IF_ERROR(KeepReceipts(act.method(), act.request(), *answer));
  last_ = std::move(act);
  return answer;
}

absl::Status Edge::KeepReceipts(std::string_view method, BytesView request, BytesView answer) {
  SLUIS_ASSIGN_OR_RETURN(const auto settled, Settle(method, request, answer));
  for (const ReceiptedAnswer& one : settled) {
    SLUIS_RETURN_IF_ERROR(receipts_.Keep(one.claim, one.receipts));
  }
  return absl::OkStatus();
}

absl::Status Edge::KeepReceiptsOf(const wire::Exchange& exchange) {
  if (exchange.receipts().empty()) return absl::OkStatus();
  SLUIS_ASSIGN_OR_RETURN(const ParsedExchangeName name, ParseExchangeName(exchange.name()));
  return receipts_.Keep({name.id.hex(), name.id, {}}, exchange.receipts());
}

absl::Status Edge::Resume(const std::string& request_id) {
  FinishLast();
  SLUIS_ASSIGN_OR_RETURN(JournaledAct act, journal_.Resume(request_id));
  const std::string method = act.method();
  SLUIS_ASSIGN_OR_RETURN(const Bytes answer, Send(std::move(act)));
  return GoOnAsking(method, answer);
}

absl::StatusOr<DirectoryPtr> Edge::RefreshDirectory() {
  SLUIS_ASSIGN_OR_RETURN(const wire::Directory answer,
                         Read(kGetDirectory, wire::GetDirectoryRequest()));
  SLUIS_ASSIGN_OR_RETURN(directory_, directory_cache_.Take(answer.note()));
  directory_time_ = clock_.Now();
  return directory_;
}

absl::StatusOr<DirectoryPtr> Edge::Directory() {
  if (directory_ && clock_.Now() - directory_time_ < kDirectoryLife) return directory_;
  return RefreshDirectory();
}

absl::StatusOr<wire::ListOptionsResponse> Edge::ListOptions(wire::ListOptionsRequest filter) {
  filter.set_parent(PartyName(party_.party()));
  return Read(kListOptions, filter);
}

}  // namespace sluis::edge

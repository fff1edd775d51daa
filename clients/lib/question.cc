#include "clients/lib/question.h"

#include <algorithm>
#include <set>

#include "absl/strings/str_format.h"
#include "clients/lib/directory_cache.h"
#include "clients/lib/released_subject.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/elgamal.h"
#include "lib/pseudonym/inquiry.h"
#include "lib/pseudonym/refusal.h"
#include "lib/pseudonym/request_check.h"

namespace sluis::edge {
namespace {

using pseudonym::Refuse;
using pseudonym::RequestKind;

// A transcryptor may be away, which nobody knows before: every request may wait three days.
constexpr absl::Duration kMayWait = absl::Seconds(pseudonym::kMaxQueuedLifetime);

absl::Status NothingSent() {
  return Error(ErrorCode::kPrecondition, "SUBJECT_MISSING",
               "this exchange does not say (any more) whom it is about");
}

absl::Status RegisterUnknown(const std::string& name) {
  return Error(ErrorCode::kPrecondition, "REGISTER_UNKNOWN",
               absl::StrFormat("the partner directory names no register %s there", name),
               {{"register", name}});
}

absl::Status RegisterUnclear(const PartyId& party, std::string_view why) {
  return Error(ErrorCode::kPrecondition, "REGISTER_UNCLEAR",
               absl::StrFormat("%s %s", party.ToString(), why), {{"party", party.ToString()}});
}

absl::StatusOr<GroupElement> ElementAt(std::span<const ReleasedSubject> about, const Mixed& mixed,
                                       std::size_t position) {
  const auto at = std::find(mixed.positions.begin(), mixed.positions.end(), position);
  if (at == mixed.positions.end()) return pseudonym::FillerElement();
  return ElementOf(about[static_cast<std::size_t>(at - mixed.positions.begin())]);
}

// What the owner's own directory says of where this went.
absl::Status CheckTarget(const pseudonym::SignedRequest& request, const pseudonym::Route& route,
                         const wire::Exchange& exchange, const AskedIndex& index) {
  if (request.head().kind != RequestKind::kInquire) {
    return Refuse("E_TYPE", "this is no question to a register");
  }
  if (route.d_to.register_name() != index.register_id ||
      std::int64_t{route.d_to.epoch()} != index.epoch) {
    return Refuse("E_MANDATE",
                  "this was transcrypted into another index than that of the register");
  }
  if (exchange.action() != kInquire && request.items().size() != 1) {
    return Refuse("E_BATCH_SIZE", "a request is about one person or thing");
  }
  return absl::OkStatus();
}

}  // namespace

const identity::Register* FindRegister(const identity::Directory& directory, const PartyId& party,
                                       std::string_view name) {
  const identity::UnitEntry* unit = directory.FindParty(party);
  if (unit == nullptr) return nullptr;
  const auto at = std::find_if(unit->registers.begin(), unit->registers.end(),
                               [&](const identity::Register& one) { return one.id == name; });
  return at == unit->registers.end() ? nullptr : &*at;
}

absl::StatusOr<const identity::Register*> RegisterFor(const identity::Directory& directory,
                                                      const PartyId& party,
                                                      const std::string& regime,
                                                      std::optional<SubjectKind> kind) {
  SLUIS_ASSIGN_OR_RETURN(const identity::UnitEntry desk, DeskOf(directory, party));
  bool under_regime = false;
  const identity::Register* found = nullptr;
  for (const identity::Register& one : desk.registers) {
    if (one.regime != regime) continue;
    under_regime = true;
    if (kind && !one.kinds.contains(std::string(SubjectKindName(*kind)))) continue;
    if (found != nullptr) {
      return RegisterUnclear(party, "has several registers under this regime; ask it by itself");
    }
    found = FindRegister(directory, party, one.id);
  }
  if (found != nullptr || !under_regime) return found;
  return RegisterUnclear(party, "keeps no index of this kind of number under this regime");
}

absl::Status CheckAbout(std::span<const ReleasedSubject> about, const std::string& from_domain,
                        const std::string& from_purpose) {
  if (about.empty()) {
    return Error(ErrorCode::kInvalid, "SUBJECT_MISSING", "say whom the question is about");
  }
  if (about.size() > pseudonym::kMaxInquiry) {
    return Error(ErrorCode::kInvalid, "E_BATCH_SIZE", "ask about at most 256 in one question");
  }
  std::set<Digest> seen;
  const pseudonym::Domain origin = OriginOf(about.front());
  for (const ReleasedSubject& who : about) {
    if (OriginOf(who) != origin) {
      return Error(ErrorCode::kInvalid, "SUBJECTS_MIXED",
                   "one question is about one kind of number, or about one domain of pseudonyms");
    }
    if (!seen.insert(IdentityOf(who)).second) {
      return Error(ErrorCode::kInvalid, "SUBJECT_TWICE", "somebody stands in the question twice");
    }
  }
  if (origin.case_id() == from_domain && origin.purpose() == from_purpose) return absl::OkStatus();
  return Error(ErrorCode::kInvalid, "PSEUDONYM_OF_ANOTHER_DOMAIN",
               "the question does not say in which domain they are known");
}

absl::StatusOr<QuestionTerms> MakeQuestionTerms(const wire::Exchange& exchange,
                                                const pseudonym::DecisionStatement& statement,
                                                const HeldSession& session,
                                                const identity::Directory& directory) {
  SLUIS_ASSIGN_OR_RETURN(const PartyId owner, ReadParty(exchange.provider_desk()));
  SLUIS_ASSIGN_OR_RETURN(const ParsedExchangeName name, ParseExchangeName(exchange.name()));
  if (statement.terms().exchange != name.id.hex()) {
    return Refuse("E_MANDATE", "the broker's statement is about another exchange");
  }
  const auto party = pseudonym::Party::Of(owner);
  SLUIS_ASSIGN_OR_RETURN(auto c_to, pseudonym::Context::Decode(exchange.recipient_context()));
  if (c_to.party() != party) {
    return Refuse("E_RECIPIENT", "the broker names a session of somebody else");
  }
  const identity::Register* entry = FindRegister(directory, owner, exchange.register_());
  if (entry == nullptr || entry->regime != exchange.regime()) {
    return RegisterUnknown(exchange.register_());
  }
  SLUIS_ASSIGN_OR_RETURN(
      auto d_to,
      pseudonym::Domain::Index(static_cast<std::uint32_t>(entry->epoch), party, entry->id));
  return QuestionTerms{statement, session, std::move(c_to), std::move(d_to)};
}

absl::StatusOr<Mixed> MixAbout(const std::string& action, std::size_t about) {
  SLUIS_ASSIGN_OR_RETURN(const std::size_t size, pseudonym::InquirySize(about));
  if (action == kInquire) return Mixed{pseudonym::MixPositions(about), size};
  if (about != 1) return Refuse("E_BATCH_SIZE", "a request is about one person or thing");
  return Mixed{{0}, 1};
}

absl::StatusOr<pseudonym::SignedRequest> SignQuestion(const QuestionTerms& terms,
                                                      std::span<const ReleasedSubject> about,
                                                      const Mixed& mixed, const PartyId& own,
                                                      const Ed25519PrivateKey& key,
                                                      absl::Time now) {
  std::vector<pseudonym::ItemToSend> items;
  for (std::size_t position = 0; position < mixed.size; ++position) {
    SLUIS_ASSIGN_OR_RETURN(const GroupElement element, ElementAt(about, mixed, position));
    SLUIS_ASSIGN_OR_RETURN(auto encrypted, pseudonym::Encrypt(element, terms.session.y));
    items.push_back({std::move(encrypted), Digest{}});
  }
  const absl::Time end = absl::FromUnixSeconds(terms.statement.terms().expires);
  const pseudonym::RequestTerms request{
      .kind = RequestKind::kInquire,
      .signer = pseudonym::Party::Of(own),
      .route = {OriginOf(about.front()), terms.d_to, terms.session.context, terms.c_to},
      .y_from = terms.session.y,
      .issued = now,
      .expires = std::min(now + kMayWait, end),
      .mandate = terms.statement.digest(),
      .queued = true};
  SLUIS_ASSIGN_OR_RETURN(auto signed_request, pseudonym::SignRequest(request, items, key));
  const Digest pack = terms.statement.terms().pack;
  SLUIS_RETURN_IF_ERROR(pseudonym::CheckCovers(terms.statement, signed_request.head(),
                                               request.route, items.size(), now, {&pack, 1}));
  return signed_request;
}

absl::StatusOr<AskedIndex> IndexOf(const wire::Exchange& exchange, const PartyId& own,
                                   const identity::Directory& directory) {
  if (!exchange.has_question()) return NothingSent();
  const identity::Register* entry = FindRegister(directory, own, exchange.register_());
  if (entry == nullptr) return RegisterUnknown(exchange.register_());
  return AskedIndex{entry->id, entry->epoch};
}

absl::StatusOr<std::vector<std::optional<Subject>>> ReadQuestionItems(
    const wire::Exchange& exchange, const AskedIndex& index, const ReceivingTerms& terms,
    const LookUp& look_up) {
  SLUIS_ASSIGN_OR_RETURN(const Transcribed sent,
                         VerifyTranscription(exchange.question(), exchange.name(), terms,
                                             [&](const pseudonym::SignedRequest& request,
                                                 const pseudonym::Route& route) {
                                               return CheckTarget(request, route, exchange, index);
                                             }));
  std::vector<std::optional<Subject>> found;
  for (const pseudonym::Ciphertext& item : sent.output.items) {
    SLUIS_ASSIGN_OR_RETURN(const auto asked,
                           pseudonym::DecryptAs<pseudonym::IndexPseudonym>(item, sent.session.sk));
    SLUIS_ASSIGN_OR_RETURN(std::optional<Subject> subject, look_up(asked));
    found.push_back(std::move(subject));
  }
  return found;
}

absl::StatusOr<std::size_t> PositionsOf(const wire::Exchange& exchange) {
  if (exchange.has_subject()) return 1;
  if (!exchange.has_question()) return NothingSent();
  SLUIS_ASSIGN_OR_RETURN(const auto request,
                         pseudonym::SignedRequest::Decode(exchange.question().signed_request()));
  return request.items().size();
}

}  // namespace sluis::edge

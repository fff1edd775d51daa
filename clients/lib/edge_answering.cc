// Verbs of the desk that provides, and of those who approve.
#include "clients/lib/edge_calls.h"
#include "clients/lib/seal_exchange.h"
#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/crypto/hash.h"

namespace sluis::edge {
namespace {

Digest WhoseDigest(const ReleasedSubject& who) {
  if (const auto* subject = std::get_if<Subject>(&who)) {
    return Sha256(
        {SubjectKindName(subject->kind()), " ", subject->value(SecretAccess::ForCrypto())});
  }
  return Sha256(std::get<HeldPseudonym>(who).pseudonym.bytes(SecretAccess::ForCrypto()));
}

// What makes two releases the same wish. The journal digests it under its own key.
Digest WishOf(const ReleaseContent& content) {
  ByteWriter writer;
  writer.Lp2(content.regime).Lp2(content.subject_category).U8(content.subject_verified ? 1 : 0);
  for (const ReleaseValue& value : content.values) {
    const Digest digest = Sha256(value.value.Reveal(SecretAccess::ForCrypto()));
    writer.Lp2(value.field).Lp2(value.form).Raw(AsView(digest));
    for (const ReleasedSubject& who : value.subjects) writer.Raw(AsView(WhoseDigest(who)));
  }
  return Sha256(writer.bytes());
}

}  // namespace

absl::Status Edge::CheckIsOurs(const wire::Exchange& exchange) const {
  SLUIS_ASSIGN_OR_RETURN(const PartyId desk, ReadParty(exchange.provider_desk()));
  if (desk == party_.party()) return absl::OkStatus();
  return Error(ErrorCode::kPrecondition, "WRONG_DESK",
               "another desk answers this exchange; use the folder of that party");
}

absl::StatusOr<wire::Exchange> Edge::Approve(const std::string& name, const std::string& role,
                                             bool granted) {
  SLUIS_RETURN_IF_ERROR(ParseExchangeName(name).status());
  return Act(
      kApproveExchange, {name, role, granted ? "1" : "0"},
      std::function(
          [&](const std::string& request_id) -> absl::StatusOr<wire::ApproveExchangeRequest> {
            wire::ApproveExchangeRequest request;
            request.set_name(name);
            request.set_role(role);
            request.set_granted(granted);
            request.set_request_id(request_id);
            return request;
          }));
}

absl::StatusOr<AskedSubject> Edge::ReadSubject(const wire::Exchange& exchange) {
  SLUIS_RETURN_IF_ERROR(CheckIsOurs(exchange));
  SLUIS_ASSIGN_OR_RETURN(const DirectoryPtr directory, Directory());
  return OpenSubject(exchange, party_, *directory, clock_.Now());
}

// Who was asked about, for the search by person. A disclosure and a recall carry nobody.
absl::Status Edge::NoteAnswered(const wire::Exchange& exchange,
                                const identity::Directory& directory) {
  if (!exchange.has_subject()) return absl::OkStatus();
  SLUIS_ASSIGN_OR_RETURN(const AskedSubject asked,
                         OpenSubject(exchange, party_, directory, clock_.Now()));
  return subjects_->Note(asked.subject, exchange.name(), kPartAnswered, {}, clock_.Now());
}

absl::StatusOr<wire::Exchange> Edge::Answer(const wire::Exchange& confirmed,
                                            const ReleaseContent& given) {
  const std::string& name = confirmed.name();
  SLUIS_ASSIGN_OR_RETURN(const ReleaseContent content, WithPermittedPeople(given));
  const Digest wish = WishOf(content);
  auto again = ActAgain(kAnswerExchange, {name, AsView(wish)});
  // People that were signed for too long ago leave under fresh signatures.
  const bool anew = NamesPeople(content) && WantsFreshness(again.status());
  if (!again.ok() && !anew) return again.status();
  if (again.ok() && *again) return **std::move(again);
  SLUIS_ASSIGN_OR_RETURN(const wire::Exchange exchange, Get(name));
  SLUIS_RETURN_IF_ERROR(CheckStillSays(confirmed, exchange));
  SLUIS_RETURN_IF_ERROR(CheckIsOurs(exchange));
  SLUIS_ASSIGN_OR_RETURN(const DirectoryPtr directory, DirectoryForSealing());
  SLUIS_RETURN_IF_ERROR(NoteAnswered(exchange, *directory));
  for (const Subject& who : given.about) {
    SLUIS_RETURN_IF_ERROR(subjects_->Note(who, name, kPartAnswered, {}, clock_.Now()));
  }
  if (NamesPeople(content)) return AnswerWithPeople(exchange, content, wish);
  return Act(kAnswerExchange, {name, AsView(wish)},
             std::function(
                 [&](const std::string& request_id) -> absl::StatusOr<wire::AnswerExchangeRequest> {
                   wire::AnswerExchangeRequest request;
                   request.set_name(name);
                   request.set_request_id(request_id);
                   SLUIS_ASSIGN_OR_RETURN(
                       *request.mutable_release(),
                       SealRelease(exchange, content, party_, *directory, clock_.Now()));
                   return request;
                 }));
}

absl::StatusOr<wire::Exchange> Edge::Refuse(const std::string& name, wire::RefusalReason reason) {
  SLUIS_RETURN_IF_ERROR(ParseExchangeName(name).status());
  const std::string code = std::to_string(reason);
  return Act(kRefuseExchange, {name, code},
             std::function(
                 [&](const std::string& request_id) -> absl::StatusOr<wire::RefuseExchangeRequest> {
                   wire::RefuseExchangeRequest request;
                   request.set_name(name);
                   request.set_reason(reason);
                   request.set_request_id(request_id);
                   return request;
                 }));
}

}  // namespace sluis::edge

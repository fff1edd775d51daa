#include "broker/exchange/release.h"

#include <algorithm>

#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/sealing/sealed_field.h"
#include "lib/sealing/subject_header.h"

namespace sluis::exchange {
namespace {

constexpr std::size_t kMaxSealedBytes = 1 << 20;

absl::Status CheckSize(const Answer& answer) {
  std::size_t total = 0;
  for (const Bytes& sealed : answer.sealed_fields) total += sealed.size();
  for (const Bytes& request : answer.signed_requests) total += request.size();
  if (total <= kMaxSealedBytes) return absl::OkStatus();
  return Error(ErrorCode::kExhausted, "PAYLOAD_TOO_LARGE",
               "an answer holds at most 1 MiB of sealed content and signed requests; send less or "
               "as a document");
}

absl::StatusOr<const identity::UnitEntry*> KeysOf(const identity::Directory& directory,
                                                  const PartyId& party) {
  const identity::Partner* partner = directory.FindPartner(party.oin);
  const identity::UnitEntry* unit = directory.FindParty(party);
  if (unit != nullptr && partner != nullptr && !partner->suspended) return unit;
  return Error(ErrorCode::kDenied, "PARTNER_SUSPENDED",
               "a unit of this exchange is suspended, or no longer in the partner directory");
}

// Every field was sealed by this provider to this recipient, on this basis, for this case and
// purpose.
absl::Status VerifyField(const SealedView& view, const SealContext& context,
                         const storage::ExchangeRecord& exchange,
                         const identity::UnitEntry& provider,
                         const identity::UnitEntry& recipient) {
  SLUIS_RETURN_IF_ERROR(VerifySealed(view, context, recipient.sealing, provider.signing).status());
  if (view.label.legal_basis == exchange.basis) return absl::OkStatus();
  return Error(ErrorCode::kInvalid, "E_STATEMENT",
               "a sealed field names another legal basis than the exchange; seal it again");
}

}  // namespace

absl::StatusOr<VerifiedRelease> VerifyRelease(const Answer& answer,
                                              const storage::ExchangeRecord& exchange,
                                              const identity::Directory& directory) {
  SLUIS_RETURN_IF_ERROR(CheckSize(answer));
  SLUIS_ASSIGN_OR_RETURN(const identity::UnitEntry* provider,
                         KeysOf(directory, exchange.provider_desk));
  SLUIS_ASSIGN_OR_RETURN(const identity::UnitEntry* recipient,
                         KeysOf(directory, exchange.recipient_desk));
  SLUIS_RETURN_IF_ERROR(VerifyReleaseHeader(answer.header, answer.signature, provider->signing));
  VerifiedRelease release;
  SLUIS_ASSIGN_OR_RETURN(release.header, ParseReleaseHeader(answer.header));
  if (answer.signed_requests.size() != release.header.signed_requests.size()) {
    return Error(ErrorCode::kInvalid, "E_PAYLOAD",
                 "the header names another number of signed requests than came");
  }
  if (release.header.exchange != exchange.id) {
    return Error(ErrorCode::kInvalid, "E_PAYLOAD", "the header is of another exchange");
  }
  const SealContext context{.sender = exchange.provider_desk,
                            .recipient = exchange.recipient_desk,
                            .case_id = exchange.case_id.hex(),
                            .purpose = exchange.purpose};
  std::vector<SealedView> views;
  for (const Bytes& sealed : answer.sealed_fields) {
    SLUIS_ASSIGN_OR_RETURN(SealedView view, ParseSealed(sealed));
    SLUIS_RETURN_IF_ERROR(VerifyField(view, context, exchange, *provider, *recipient));
    views.push_back(view);
  }
  SLUIS_RETURN_IF_ERROR(CheckReleasedFields(release.header, views));
  release.content = {.exchange = exchange.id,
                     .header = answer.header,
                     .signature = answer.signature,
                     .sealed_fields = answer.sealed_fields,
                     .expire_time = absl::InfinitePast(),
                     .signed_requests = answer.signed_requests,
                     .statement = {},
                     .transcryptions = {},
                     .question = std::nullopt};
  release.directory_version = directory.version();
  return release;
}

absl::Status VerifySubject(const CreateExchange& ask, const PartyId& asker,
                           std::string_view request_id, const identity::Directory& directory) {
  SLUIS_ASSIGN_OR_RETURN(const identity::UnitEntry* sender, KeysOf(directory, asker));
  const identity::UnitEntry* provider = directory.FindParty(ask.provider);
  if (provider == nullptr) {
    return InvalidField("FIELD_INVALID", "exchange.provider",
                        "no such unit takes part; look in the partner directory");
  }
  SLUIS_ASSIGN_OR_RETURN(const SealedView view, ParseSealed(ask.subject->sealed));
  SLUIS_ASSIGN_OR_RETURN(const Bytes id, ParseUuid(request_id));
  SubjectHeader header{
      .sender = asker, .subject_verified = ask.subject->verified, .sealed_digest = view.digest};
  std::copy(id.begin(), id.end(), header.request_id.begin());
  SLUIS_RETURN_IF_ERROR(VerifySubjectHeader(header, ask.subject->signature, sender->signing));
  SLUIS_RETURN_IF_ERROR(CheckSealedSubject(header, view));
  const SealContext context{.sender = asker,
                            .recipient = ask.provider,
                            .case_id = ask.case_id.hex(),
                            .purpose = ask.purpose};
  return VerifySealed(view, context, provider->sealing, sender->signing).status();
}

}  // namespace sluis::exchange

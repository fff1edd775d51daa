// Arrangements, and the end of a domain (pseudonyms.md §4, §8.2).
#include "broker/transcryptor/transcryptor.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/base/status_macros.h"
#include "lib/identity/arrangement.h"
#include "lib/pseudonym/shred_order.h"

namespace sluis::transcryptor {
namespace {

absl::StatusOr<identity::PartySignatures> SignaturesOf(const wire::PutArrangementRequest& request) {
  identity::PartySignatures signatures;
  for (const wire::ArrangementSignature& one : request.signatures()) {
    absl::StatusOr<PartyId> party = pseudonym::Party{one.organisation(), one.unit()}.ToPartyId();
    if (!party.ok()) return party.status();
    signatures.emplace_back(*std::move(party), one.signature());
  }
  return signatures;
}

// Whom it names, for finding it again.
std::set<Oin> OrganisationsOf(const identity::ArrangementTerms& terms) {
  std::set<Oin> named;
  for (const PartyId& party : terms.parties) named.insert(party.oin);
  for (const PartyId& party : terms.recipients) named.insert(party.oin);
  for (const std::optional<PartyId>* party : {&terms.authority, &terms.principal, &terms.agent}) {
    if (*party) named.insert((*party)->oin);
  }
  return named;
}

}  // namespace

absl::Status Transcryptor::DoPutArrangement(const wire::PutArrangementRequest& request) {
  SLUIS_ASSIGN_OR_RETURN(identity::PartySignatures signatures, SignaturesOf(request));
  const std::shared_ptr<const identity::Directory> directory = around_.directory();
  SLUIS_ASSIGN_OR_RETURN(const identity::Arrangement arrangement,
                         identity::VerifyArrangement(request.statement(), signatures, *directory));
  const identity::ArrangementTerms& terms = arrangement.terms();
  MutexLock lock(arranging_);
  SLUIS_ASSIGN_OR_RETURN(const std::optional<storage::ArrangementRecord> current,
                         around_.state.FindArrangement(terms.id));
  if (current) {
    if (current->statement == arrangement.statement()) return absl::OkStatus();
    SLUIS_ASSIGN_OR_RETURN(const identity::Arrangement known,
                           identity::Arrangement::Parse(current->statement));
    SLUIS_RETURN_IF_ERROR(identity::CheckReplaces(known, arrangement));
  }
  return around_.state.PutArrangement({terms.id, terms.serial, arrangement.statement(),
                                       std::move(signatures), OrganisationsOf(terms)});
}

absl::StatusOr<absl::Time> Transcryptor::DoShredDomain(const wire::ShredDomainRequest& request) {
  const absl::Time now = around_.clock.Now();
  const DirectoryTrust trust(around_.directory());
  SLUIS_ASSIGN_OR_RETURN(
      const pseudonym::Domain domain,
      pseudonym::VerifyShredOrder(request.order(), request.signature(), trust, now));
  SLUIS_ASSIGN_OR_RETURN(const absl::Time destroyed, salts_.Shred(domain, now));
  routes_.Clear();
  LogEvent(LogLevel::kInfo, "shredded");
  return destroyed;
}

}  // namespace sluis::transcryptor

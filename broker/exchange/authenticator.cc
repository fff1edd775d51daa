#include "broker/exchange/authenticator.h"

#include <algorithm>

#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/identity/assertion.h"

namespace sluis::exchange {
namespace {

// More certificates than partners have; beyond it the memory starts anew.
constexpr std::size_t kMostChecked = 4096;

absl::Status CheckRange(const Oin& oin, bool demonstration) {
  if (oin.IsTest() == demonstration) return absl::OkStatus();
  return Error(ErrorCode::kUnauthenticated, "CERTIFICATE_NOT_TRUSTED",
               demonstration ? "this broker runs a demonstration and knows only test organisations"
                             : "a test organisation has no place here",
               {{"why", "not-admitted"}});
}

identity::MayGiveRole RolesOf(const policy::Pack& pack) {
  return [&pack](std::string_view role, std::string_view kind) {
    const policy::ApprovalRole* known = pack.FindApprovalRole(role);
    if (known == nullptr) return false;
    return known->given_by != policy::GivenBy::kKinds ||
           std::find(known->kinds.begin(), known->kinds.end(), kind) != known->kinds.end();
  };
}

Caller ToCaller(const identity::Person& person) {
  return {.party = {person.oin, person.unit},
          .person = person.sub,
          .roles = person.roles,
          .mandate = person.mandate.value_or(""),
          .multi_factor = person.assurance >= identity::Assurance::kSubstantial,
          .issuer = person.issuer,
          .jti = person.jti,
          .forget_after = person.forget_after};
}

}  // namespace

PartnerAuthenticator::PartnerAuthenticator(AuthenticatorOptions options, const TrustSource& trust,
                                           const DirectorySource& directories,
                                           const PolicySource& policies, const Clock& clock)
    : options_(std::move(options)),
      trust_(trust),
      directories_(directories),
      policies_(policies),
      clock_(clock) {}

absl::StatusOr<PeerCertificate> PartnerAuthenticator::CheckCertificate(std::string_view pem,
                                                                       absl::Time now) const {
  const std::shared_ptr<const TrustStore> trust = trust_.Current();
  {
    MutexLock lock(mutex_);
    const auto known = checked_.find(pem);
    if (known != checked_.end() && known->second.trust == trust && now < known->second.until &&
        now >= known->second.certificate.not_before) {
      return known->second.certificate;
    }
  }
  SLUIS_ASSIGN_OR_RETURN(const PeerCertificate certificate, ParsePeerCertificate(pem));
  SLUIS_ASSIGN_OR_RETURN(const absl::Time until, trust->Check(pem, now));
  MutexLock lock(mutex_);
  if (checked_.size() >= kMostChecked) checked_.clear();
  checked_.insert_or_assign(std::string(pem), Checked{certificate, trust, until});
  return certificate;
}

absl::StatusOr<Caller> PartnerAuthenticator::Authenticate(std::string_view certificate_pem,
                                                          std::string_view bearer) const {
  const absl::Time now = clock_.Now();
  SLUIS_ASSIGN_OR_RETURN(const PeerCertificate certificate, CheckCertificate(certificate_pem, now));
  SLUIS_RETURN_IF_ERROR(CheckRange(certificate.oin, options_.demonstration));
  const std::shared_ptr<const identity::Directory> directory = directories_.Current();
  SLUIS_ASSIGN_OR_RETURN(const identity::Partner* partner, directory->Admit(certificate));
  const PolicyInForce policy = policies_.Current();
  const identity::MayGiveRole may_give = RolesOf(*policy.pack);
  SLUIS_ASSIGN_OR_RETURN(const identity::Person person,
                         identity::VerifyAssertion(bearer, {.partner = *partner,
                                                            .certificate = certificate,
                                                            .audience = options_.audience,
                                                            .now = now,
                                                            .may_give = may_give}));
  return ToCaller(person);
}

}  // namespace sluis::exchange

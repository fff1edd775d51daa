#include "clients/lib/partner_log.h"

#include "lib/base/status_macros.h"

namespace sluis::edge {

absl::StatusOr<std::unique_ptr<PartnerLog>> PartnerLog::Open(const std::filesystem::path& profile,
                                                             const LogAddresses& addresses,
                                                             const Clock& clock) {
  SLUIS_ASSIGN_OR_RETURN(Profile person, Profile::Load(profile));
  SLUIS_ASSIGN_OR_RETURN(PartyFolder party, PartyFolder::Load(person.party_folder));
  std::unique_ptr<PartnerLog> log(new PartnerLog(std::move(person), std::move(party)));
  SLUIS_ASSIGN_OR_RETURN(log->assertions_, MakeAssertionSource(log->profile_, log->party_, clock));
  HttpLogOptions options;
  options.log_url = addresses.log_url;
  options.bundle_url = addresses.bundle_url;
  options.use = addresses.use;
  options.server_authorities = log->party_.tls_files().trust_anchor;
  options.certificate_chain = log->party_.tls_files().certificate;
  options.private_key = log->party_.tls_files().key;
  options.assertion = [assertions = log->assertions_.get()] { return assertions->Next(); };
  SLUIS_ASSIGN_OR_RETURN(log->source_, HttpLogSource::Create(std::move(options)));
  return log;
}

}  // namespace sluis::edge

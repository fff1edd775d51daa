// The whole log as a desk with a mandate reads it: tiles from the public face, entries over mutual
// TLS with an assertion for each bundle (log.md B10).
#pragma once

#include <filesystem>
#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "clients/lib/assertion_source.h"
#include "clients/lib/http_log_source.h"
#include "clients/lib/party_folder.h"
#include "clients/lib/profile.h"
#include "lib/base/clock.h"

namespace sluis::edge {

struct LogAddresses {
  std::string log_url;     // http:// or https://
  std::string bundle_url;  // https://
  std::string use;         // LAWFULNESS_CHECK, ...
};

// Not thread-safe.
class PartnerLog {
 public:
  // The errors of Profile, PartyFolder, MakeAssertionSource and HttpLogSource. `clock` outlives it.
  static absl::StatusOr<std::unique_ptr<PartnerLog>> Open(const std::filesystem::path& profile,
                                                          const LogAddresses& addresses,
                                                          const Clock& clock);
  tlog::LogSource& source() { return *source_; }

 private:
  PartnerLog(Profile profile, PartyFolder party)
      : profile_(std::move(profile)), party_(std::move(party)) {}

  const Profile profile_;
  const PartyFolder party_;
  std::unique_ptr<AssertionSource> assertions_;
  std::unique_ptr<HttpLogSource> source_;
};

}  // namespace sluis::edge

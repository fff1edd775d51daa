// Where the person's assertions come from (api.md §11): a fresh one for every call, since the
// broker takes each only once.
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "clients/lib/party_folder.h"
#include "clients/lib/profile.h"
#include "lib/base/clock.h"

namespace sluis::edge {

// Thread-safe.
class AssertionSource {
 public:
  virtual ~AssertionSource() = default;
  // A token that was never given before. UNAUTHENTICATED / LOGIN_FAILED when there is none.
  virtual absl::StatusOr<std::string> Next() = 0;
};

// As the profile says. FIELD_INVALID naming `unit` if the person is not of this party, and the
// errors of the key file. `party` and `clock` outlive the source.
absl::StatusOr<std::unique_ptr<AssertionSource>> MakeAssertionSource(const Profile& profile,
                                                                     const PartyFolder& party,
                                                                     const Clock& clock);

}  // namespace sluis::edge

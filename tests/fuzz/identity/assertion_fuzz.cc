// Person assertions from hostile callers. First byte 'T': the rest is a token as it comes; 'H': the
// rest is a header, 'C': the claims, of a token whose signature is right, so that what lies behind
// it is reached too. Property: an accepted person is of the certificate's organisation, of one of
// its units, with roles it may give.
#include <cstdint>
#include <cstdlib>

#include "lib/base/encoding.h"
#include "lib/identity/assertion.h"
#include "tests/lib/identity/region.h"

namespace {

using namespace sluis;            // NOLINT(google-build-using-namespace): a single translation unit
using namespace sluis::identity;  // NOLINT(google-build-using-namespace): a single translation unit

constexpr std::string_view kHeader = R"({"alg":"ES256","kid":"key-1","typ":"sluis-user+jwt"})";

bool MayGive(std::string_view role, std::string_view) { return role == "teamleider"; }

const identity::testing::TestPartner& Town() {
  static const identity::testing::TestPartner town(identity::testing::kTownOin,
                                                   {"gemeente/oov", "gemeente/wethouder"});
  return town;
}

std::string Signed(std::string_view header, std::string_view claims) {
  const std::string input = Base64UrlEncode(header) + "." + Base64UrlEncode(claims);
  return input + "." + Base64UrlEncode(Town().assertion_key->Sign(input));
}

void Require(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view rest(reinterpret_cast<const char*>(data) + 1, size - 1);
  std::string token;
  if (data[0] == 'T') token = rest;
  if (data[0] == 'H') token = Signed(rest, "{}");
  if (data[0] == 'C') token = Signed(kHeader, rest);

  const PeerCertificate certificate{
      .oin = Town().entry.oin,
      .thumbprint = identity::testing::CertificateOf(identity::testing::kTownOin),
      .not_before = absl::InfinitePast(),
      .not_after = absl::InfiniteFuture()};
  const MayGiveRole may_give = MayGive;
  const auto person = VerifyAssertion(token, {.partner = Town().entry,
                                              .certificate = certificate,
                                              .audience = "sluis-midden",
                                              .now = absl::FromUnixSeconds(1'790'000'000),
                                              .at_least = Assurance::kLow,
                                              .may_give = may_give});
  if (!person.ok()) return 0;
  Require(person->oin == certificate.oin && Town().entry.FindUnit(person->unit) != nullptr);
  Require(!person->sub.empty() && !ContainsBsnLikeRun(person->sub) && person->jti.size() >= 22);
  for (const std::string& role : person->roles) Require(MayGive(role, "gemeente"));
  return 0;
}

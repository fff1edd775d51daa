#include "clients/lib/assertion_source.h"

#include "clients/lib/run_program.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/key_file.h"

namespace sluis::edge {
namespace {

constexpr absl::Duration kLogInLimit = absl::Minutes(2);  // a person may have to type

class KeySource : public AssertionSource {
 public:
  KeySource(const Profile& profile, const KeyLogIn& log_in, JwsPrivateKey key,
            const PartyFolder& party, const Clock& clock)
      : profile_(profile), log_in_(log_in), key_(std::move(key)), party_(party), clock_(clock) {}

  absl::StatusOr<std::string> Next() override {
    const absl::Time now = absl::FromUnixSeconds(absl::ToUnixSeconds(clock_.Now()));
    identity::AssertionClaims claims;
    claims.issuer = log_in_.issuer;
    claims.subject = profile_.staff_number;
    claims.audience = party_.broker().identifier;
    claims.client = log_in_.client_id;
    claims.issued = now;
    claims.expires = now + identity::kAssertionLifetime;
    claims.oin = party_.party().oin;
    claims.certificate = party_.certificate().thumbprint;
    claims.unit = profile_.unit;
    claims.roles = profile_.roles;
    if (!profile_.mandate.empty()) claims.mandate = profile_.mandate;
    claims.assurance = profile_.assurance;
    claims.token_id = identity::NewTokenId();
    return identity::IssueAssertion(claims, log_in_.key_id, key_);
  }

 private:
  Profile profile_;
  KeyLogIn log_in_;
  JwsPrivateKey key_;
  const PartyFolder& party_;
  const Clock& clock_;
};

class CommandSource : public AssertionSource {
 public:
  explicit CommandSource(std::vector<std::string> arguments) : arguments_(std::move(arguments)) {}

  absl::StatusOr<std::string> Next() override {
    SLUIS_ASSIGN_OR_RETURN(std::string token,
                           OutputOfProgram(arguments_, kMaxJwsSize, kLogInLimit));
    // What is no token must not travel in a header, whatever else the program printed.
    if (Jws::Parse(token).ok()) return token;
    return Error(ErrorCode::kUnauthenticated, "LOGIN_FAILED",
                 "the log-in program of the profile printed no assertion; run it by hand to see");
  }

 private:
  std::vector<std::string> arguments_;
};

}  // namespace

absl::StatusOr<std::unique_ptr<AssertionSource>> MakeAssertionSource(const Profile& profile,
                                                                     const PartyFolder& party,
                                                                     const Clock& clock) {
  if (profile.unit != party.party().unit) {
    return InvalidField("FIELD_INVALID", "unit",
                        "is not the unit of the party; name the folder of the person's own unit");
  }
  if (const auto* command = std::get_if<CommandLogIn>(&profile.log_in)) {
    return std::make_unique<CommandSource>(command->arguments);
  }
  const KeyLogIn& log_in = std::get<KeyLogIn>(profile.log_in);
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes pem, ReadPrivateFile(log_in.file));
  SLUIS_ASSIGN_OR_RETURN(JwsPrivateKey key, JwsPrivateKey::Create(pem, log_in.algorithm));
  return std::make_unique<KeySource>(profile, log_in, std::move(key), party, clock);
}

}  // namespace sluis::edge

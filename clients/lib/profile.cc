#include "clients/lib/profile.h"

#include "clients/lib/private_files.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "sluis/edge/v1/config.pb.h"

namespace sluis::edge {
namespace {

absl::Status Missing(std::string_view key) {
  return InvalidField("FIELD_MISSING", key, "is required in profile.txtpb");
}

absl::StatusOr<KeyLogIn> ReadKey(const v1::KeyLogIn& config, const std::filesystem::path& folder) {
  if (config.file().empty()) return Missing("key.file");
  if (config.key_id().empty()) return Missing("key.key_id");
  if (config.issuer().empty()) return Missing("key.issuer");
  if (config.client_id().empty()) return Missing("key.client_id");
  auto algorithm = ParseJwsAlgorithm(config.algorithm());
  if (!algorithm.ok()) {
    return InvalidField("FIELD_INVALID", "key.algorithm", "use PS256, RS256 or ES256");
  }
  return KeyLogIn{folder / config.file(), *algorithm, config.key_id(), config.issuer(),
                  config.client_id()};
}

absl::Status ReadLogIn(const v1::PersonConfig& config, const std::filesystem::path& folder,
                       Profile& profile) {
  if (config.has_key()) {
    SLUIS_ASSIGN_OR_RETURN(profile.log_in, ReadKey(config.key(), folder));
    return absl::OkStatus();
  }
  if (!config.has_command()) return Missing("key (or command)");
  CommandLogIn command;
  command.arguments.assign(config.command().arguments().begin(),
                           config.command().arguments().end());
  if (command.arguments.empty()) return Missing("command.arguments");
  profile.log_in = std::move(command);
  return absl::OkStatus();
}

absl::Status ReadPerson(const v1::PersonConfig& config, Profile& profile) {
  if (config.staff_number().empty()) return Missing("staff_number");
  if (ContainsBsnLikeRun(config.staff_number())) {
    return InvalidField("IDENTIFIER_IN_FREE_TEXT", "staff_number",
                        "looks like a BSN; use a pseudonymous staff number");
  }
  auto unit = UnitPath::Parse(config.unit());
  if (!unit.ok()) return InvalidField("FIELD_INVALID", "unit", MessageOf(unit.status()));
  if (config.assurance() < v1::LOW || config.assurance() > v1::HIGH) return Missing("assurance");
  profile.staff_number = config.staff_number();
  profile.unit = *std::move(unit);
  profile.roles.assign(config.roles().begin(), config.roles().end());
  profile.assurance = static_cast<identity::Assurance>(config.assurance() - v1::LOW);
  profile.mandate = config.mandate();
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Profile> Profile::Load(const std::filesystem::path& folder) {
  v1::PersonConfig config;
  SLUIS_RETURN_IF_ERROR(ReadTextProto(folder / "profile.txtpb", &config));
  if (config.party().empty()) return Missing("party");
  if (!config.language().empty() && config.language() != "nl" && config.language() != "en") {
    return InvalidField("FIELD_INVALID", "language", "use nl or en");
  }
  Profile profile;
  profile.party_folder = folder / config.party();
  profile.language = config.language() == "en" ? Language::kEnglish : Language::kDutch;
  SLUIS_RETURN_IF_ERROR(ReadPerson(config, profile));
  SLUIS_RETURN_IF_ERROR(ReadLogIn(config, folder, profile));
  return profile;
}

}  // namespace sluis::edge

// The folder of one person: to which party he belongs, who he is there, and how he logs in.
//
//   profile.txtpb     proto/sluis/edge/v1/config.proto, PersonConfig
#pragma once

#include <filesystem>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/ids.h"
#include "lib/crypto/jws.h"
#include "lib/identity/assertion.h"

namespace sluis::edge {

enum class Language { kDutch, kEnglish };

// Signs assertions with a key at hand, as the identity provider would.
struct KeyLogIn {
  std::filesystem::path file;
  JwsAlgorithm algorithm = JwsAlgorithm::kPs256;
  std::string key_id, issuer, client_id;
};

// Runs a program that prints one token.
struct CommandLogIn {
  std::vector<std::string> arguments;
};

// Plain data, checked.
struct Profile {
  std::filesystem::path party_folder;
  std::string staff_number;
  UnitPath unit;
  std::vector<std::string> roles;
  identity::Assurance assurance = identity::Assurance::kLow;
  std::string mandate;  // empty for none
  std::variant<KeyLogIn, CommandLogIn> log_in;
  Language language = Language::kDutch;

  // Reads profile.txtpb. CONFIG_INVALID naming file, line and column; FIELD_MISSING and
  // FIELD_INVALID naming the key; IDENTIFIER_IN_FREE_TEXT for a staff number that holds a BSN.
  static absl::StatusOr<Profile> Load(const std::filesystem::path& folder);
};

}  // namespace sluis::edge

// `sluis-transcryptor ceremony`: two operators make the key set without a dealer (pseudonyms.md
// §5). Each works in a folder of its own and hands the other only public files:
//
//   begin       secrets.sealed (stays), half.json (goes to the other)
//   contribute  with the other's half.json: contribution.json (goes to the other)
//   finish      with the other's contribution.json: key-set.json, the same bytes at both, for
//   broker and
//               edges; first-start.json (stays, is used up)
//
// Every signature and proof of the other is verified before its bytes are used.
#pragma once

#include <filesystem>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"
#include "lib/pseudonym/transcryptor_keys.h"

namespace sluis::transcryptor {

struct CeremonyFolder {
  std::filesystem::path folder;
  std::filesystem::path wrapping_key;  // made by begin if there is none
  std::filesystem::path secrets() const { return folder / "secrets.sealed"; }
  std::filesystem::path half() const { return folder / "half.json"; }
  std::filesystem::path contribution() const { return folder / "contribution.json"; }
  std::filesystem::path key_set() const { return folder / "key-set.json"; }
  std::filesystem::path first_start() const { return folder / "first-start.json"; }
};

// KEY_FILE_EXISTS when a ceremony was begun here; INVALID_ARGUMENT for a name that is no code.
absl::Status BeginCeremony(const CeremonyFolder& at, pseudonym::Hop hop, const Oin& oin,
                           const std::string& name);
// CEREMONY_FINISHED; the errors of ParsePublicHalf and WriteContribution for the file of the other.
absl::Status Contribute(const CeremonyFolder& at, const std::filesystem::path& peer_half);
// CEREMONY_FINISHED the second time: a first start is marked once. The errors of KeySet::Join.
// Returns the digest of the key set in hex, for the two operators to compare by voice.
absl::StatusOr<std::string> FinishCeremony(const CeremonyFolder& at,
                                           const std::filesystem::path& peer_contribution);

// The digest of a key set that was verified.
absl::StatusOr<std::string> InspectKeySet(const std::filesystem::path& file);

}  // namespace sluis::transcryptor

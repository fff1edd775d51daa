// Reads a pack from its files, strictly: what is unknown, double, empty or out of place is refused,
// with file, line and column and, for a code, the nearest one that exists.
#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "policy/engine/pack.h"

namespace sluis::policy {

// One file of a pack; `name` is for messages.
struct PackText {
  std::string name, text;
};

// Rule to `file:line:column` of where it starts.
using RulePlaces = std::map<std::string, std::string>;

// Every *.txtpb of the folder, not of its subfolders. INVALID_ARGUMENT with reason PACK_INVALID
// names up to 20 faults as `file:line:column: what`, one violation each; NOT_FOUND if there is no
// such folder or no file in it. `places`, if given, is filled with where the rules stand.
absl::StatusOr<std::shared_ptr<const Pack>> LoadPackDirectory(const std::filesystem::path& folder,
                                                              RulePlaces* places = nullptr);

// The same from memory; at most 1 MiB a file.
absl::StatusOr<std::shared_ptr<const Pack>> LoadPackTexts(const std::vector<PackText>& files,
                                                          RulePlaces* places = nullptr);

// The pack of which these are the canonical bytes (CanonicalBytes), to the byte: PACK_INVALID
// otherwise. Every check of the loader is made; the places it names are of an inner text.
absl::StatusOr<std::shared_ptr<const Pack>> LoadCanonicalPack(std::string_view bytes);

}  // namespace sluis::policy

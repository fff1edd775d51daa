// Reads a pack from its files, strictly: what is unknown, double, empty or out of place is refused,
// with file and line and, for a code, the nearest one that exists.
#pragma once

#include <filesystem>
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

// Every *.txtpb of the folder, not of its subfolders. INVALID_ARGUMENT with reason PACK_INVALID
// names up to 20 faults as `file:line: what`, one violation each; NOT_FOUND if there is no such
// folder or no file in it.
absl::StatusOr<std::shared_ptr<const Pack>> LoadPackDirectory(const std::filesystem::path& folder);

// The same from memory; at most 1 MiB a file.
absl::StatusOr<std::shared_ptr<const Pack>> LoadPackTexts(const std::vector<PackText>& files);

}  // namespace sluis::policy

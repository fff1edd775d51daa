// The index of a register of ours, as a question to it is looked up there.
#pragma once

#include "absl/status/statusor.h"
#include "clients/lib/party_folder.h"
#include "clients/lib/question.h"

namespace sluis::cli {

// Verified and opened, for as long as the look-up lives. The errors of register_index.h.
absl::StatusOr<edge::LookUp> LookUpIn(const edge::PartyFolder& party, const edge::AskedIndex& index);

}  // namespace sluis::cli

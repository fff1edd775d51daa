// An arrangement on its way from party to party: the statement and the signatures that it has so far, as
// one JSON file {statement, signatures: [{organisation, unit, signature}]}; signature in base64.
#pragma once

#include "absl/status/statusor.h"
#include "lib/base/json.h"
#include "lib/identity/arrangement.h"

namespace sluis::cli {

inline constexpr std::size_t kMaxArrangementFile = 256 << 10;

struct ArrangementFile {
  identity::Arrangement arrangement;
  identity::PartySignatures signatures;  // of parties that the statement names, none twice
};

// INVALID_ARGUMENT naming the member. Signatures are not verified: that needs the directory.
absl::StatusOr<ArrangementFile> ReadArrangementFile(const Json& json);
std::string WriteArrangementFile(const ArrangementFile& file);

// {id, fact, serial, in_force, parties, signed_by, purposes, from, until, ...}
Json DescribeArrangement(const ArrangementFile& file);

// `OIN/kind/department`, as `00000099100000001000/gemeente/oov`.
absl::StatusOr<PartyId> ParseParty(std::string_view text);

}  // namespace sluis::cli

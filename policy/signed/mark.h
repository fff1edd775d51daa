// Which pack was in force last, kept in a file, so that an older one is refused also after a
// restart; and the order of versions.
//
// File = one line of RFC 8785 JSON {bundle, digest, issued, version} and a line feed.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "policy/signed/bundle.h"

namespace sluis::policy {

// `2026.11.2`: one to eight numbers below 10^9 without leading zero; compared number by number.
// INVALID_ARGUMENT / PACK_VERSION_INVALID.
absl::StatusOr<std::vector<std::uint64_t>> ParsePackVersion(std::string_view version);

struct PackMark {
  std::string bundle, version;  // name and version of the pack
  Digest digest{};
  absl::Time issued;
  bool operator==(const PackMark&) const = default;
};

PackMark MarkOf(const Bundle& bundle);
std::string WriteMark(const PackMark& mark);
// DATA_LOSS / PACK_MARK_INVALID for anything that WriteMark did not write.
absl::StatusOr<PackMark> ReadMark(BytesView text);

// May `candidate` follow `last`? OK also for the same again. Otherwise FAILED_PRECONDITION:
// PACK_ROLLBACK for a lower version or an earlier issue of the same, PACK_CONFLICT for other
// content under the same version or a pack of another name.
absl::Status CheckFollows(const PackMark& last, const PackMark& candidate);

}  // namespace sluis::policy

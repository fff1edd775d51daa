// The directory as its officers write it down: the members of the document (lib/identity/directory.h) as
// ordinary JSON, in any order and layout. What is signed is its canonical form.
#pragma once

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/json.h"
#include "lib/identity/directory.h"

namespace sluis::cli {

// `issued` may be left out: `now`, in whole seconds. INVALID_ARGUMENT naming the member, as
// `partners[2].units[0].signing`.
absl::StatusOr<identity::DirectoryDocument> ReadDirectoryDescription(const Json& description,
                                                                     absl::Time now);

// {name, version, issued, partners: [...]} for people and scripts.
Json DescribeDirectory(const identity::Directory& directory);

}  // namespace sluis::cli

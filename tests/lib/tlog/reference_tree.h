// RFC 6962 §2.1 word for word: slow, recursive, and written without the library it checks.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "lib/base/bytes.h"

namespace sluis::testing {

Digest ReferenceRoot(std::span<const Bytes> entries);
std::vector<Digest> ReferencePath(std::uint64_t index, std::span<const Bytes> entries);
std::vector<Digest> ReferenceConsistency(std::uint64_t size, std::span<const Bytes> entries);

}  // namespace sluis::testing

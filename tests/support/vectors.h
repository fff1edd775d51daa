// Vector files. A test of a topic reads every file of that topic in the folder named by SLUIS_VECTORS
// (default tests/vectors): `<topic>.json` and `<topic>-*.json` or `<topic>.*.json`, so that further vectors
// in the same format run with the same binary.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include "lib/base/bytes.h"
#include "lib/base/json.h"

namespace sluis::testing {

struct VectorFile {
  std::filesystem::path path;
  Json content;
};

// Fails the calling test (ADD_FAILURE) when there is none or one cannot be read: no vectors is no pass.
std::vector<VectorFile> LoadVectors(std::string_view topic);

// Hex of a vector as bytes; aborts the test binary on bad hex.
Bytes Unhex(const Json& hex);

}  // namespace sluis::testing

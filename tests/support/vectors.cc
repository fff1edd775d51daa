#include "tests/support/vectors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>

#include "lib/base/encoding.h"
#include "lib/base/file.h"

namespace sluis::testing {
namespace {

bool IsOfTopic(const std::string& name, std::string_view topic) {
  if (!name.starts_with(topic) || !name.ends_with(".json")) return false;
  const char next = name[topic.size()];
  return next == '.' || next == '-';
}

}  // namespace

std::vector<VectorFile> LoadVectors(std::string_view topic) {
  const char* folder = std::getenv("SLUIS_VECTORS");
  std::vector<VectorFile> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(folder ? folder : "tests/vectors", error)) {
    if (!IsOfTopic(entry.path().filename().string(), topic)) continue;
    auto text = ReadFile(entry.path());
    Json content = text.ok() ? Json::parse(*text, nullptr, false) : Json();
    if (!content.is_object()) ADD_FAILURE() << entry.path() << " is not a vector file";
    files.push_back({entry.path(), std::move(content)});
  }
  std::sort(files.begin(), files.end(), [](const auto& a, const auto& b) { return a.path < b.path; });
  if (files.empty()) ADD_FAILURE() << "no vectors for " << topic;
  return files;
}

Bytes Unhex(const Json& hex) { return HexDecode(hex.get_ref<const std::string&>()).value(); }

}  // namespace sluis::testing

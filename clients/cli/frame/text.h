// Every word that a person reads, in Dutch (B1) and English, by key. Keys of commands and options are
// systematic: `policy.check`, `policy.check.pack`; so are those of errors: `error.FILE_NOT_FOUND`.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"

namespace sluis::cli {

enum class Language { kDutch, kEnglish };

// `nl` or `en`; INVALID_ARGUMENT otherwise.
absl::StatusOr<Language> ParseLanguage(std::string_view code);

struct Entry {
  std::string_view key, dutch, english;
};

// The whole catalogue, in parts; the parts stand in text_*.cc.
std::span<const std::span<const Entry>> Catalogue();
bool HasText(std::string_view key);

// The text with $0..$9 replaced. A key without an entry is a mistake of ours: it is returned as it is,
// and a test over all keys in use fails.
std::string Text(Language language, std::string_view key, const std::vector<std::string>& values = {});

}  // namespace sluis::cli

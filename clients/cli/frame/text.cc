#include "clients/cli/frame/text.h"

#include <array>

#include "clients/cli/frame/text_parts.h"
#include "lib/base/error.h"

namespace sluis::cli {
namespace {

const Entry* Find(std::string_view key) {
  for (const auto& part : Catalogue()) {
    for (const Entry& entry : part) {
      if (entry.key == key) return &entry;
    }
  }
  return nullptr;
}

}  // namespace

absl::StatusOr<Language> ParseLanguage(std::string_view code) {
  if (code == "nl") return Language::kDutch;
  if (code == "en") return Language::kEnglish;
  return InvalidField("FIELD_INVALID", "--lang", "must be nl or en");
}

std::span<const std::span<const Entry>> Catalogue() {
  static const std::array<std::span<const Entry>, 10> kParts = {
      FrameTexts(),         ErrorTexts(),   CommandTexts(), OnlineTexts(),    PolicyTexts(),
      PolicySigningTexts(), InquiryTexts(), IndexTexts(),   PseudonymTexts(), TalkTexts()};
  return kParts;
}

bool HasText(std::string_view key) { return Find(key) != nullptr; }

std::string Text(Language language, std::string_view key, const std::vector<std::string>& values) {
  const Entry* entry = Find(key);
  if (entry == nullptr) return std::string(key);
  const std::string_view pattern = language == Language::kDutch ? entry->dutch : entry->english;
  std::string text;
  for (std::size_t i = 0; i < pattern.size(); ++i) {
    const bool place = pattern[i] == '$' && i + 1 < pattern.size() && pattern[i + 1] >= '0' &&
                       pattern[i + 1] <= '9';
    if (!place) {
      text += pattern[i];
      continue;
    }
    const auto index = static_cast<std::size_t>(pattern[++i] - '0');
    if (index < values.size()) text += values[index];
  }
  return text;
}

}  // namespace sluis::cli

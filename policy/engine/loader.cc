#include "policy/engine/loader.h"

#include <algorithm>
#include <system_error>

#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "policy/engine/rule_reader.h"
#include "policy/engine/vocabulary_reader.h"

namespace sluis::policy {
namespace {

constexpr std::size_t kMaxFiles = 256;

struct Name {
  std::string bundle, version;
};

// In one file, so that two packs thrown together do not pass for one.
Name ReadName(const ParsedFiles& files, Faults& faults) {
  Name name;
  for (const auto& file : files) {
    const pb::PackFile& content = file->content;
    if (content.bundle().empty() && content.version().empty()) continue;
    if (content.bundle().empty() || content.version().empty()) {
      faults.Add(file->name, 0, 0, "name both bundle and version");
    } else if (!name.bundle.empty()) {
      faults.Add(file->name, 0, 0, "bundle and version stand in another file already");
    }
    name = {content.bundle(), content.version()};
  }
  if (name.bundle.empty() && !files.empty()) {
    faults.Add(files.front()->name, 0, 0, "the pack has no bundle and version");
  }
  return name;
}

absl::StatusOr<std::vector<std::filesystem::path>> PackFiles(const std::filesystem::path& folder) {
  std::error_code error;
  std::vector<std::filesystem::path> paths;
  std::filesystem::directory_iterator entry(folder, error);
  for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
    if (entry->path().extension() == ".txtpb") paths.push_back(entry->path());
  }
  if (error || paths.empty() || paths.size() > kMaxFiles) {
    return Error(
        ErrorCode::kNotFound, "PACK_NOT_FOUND",
        "the folder of the policy pack cannot be read or does not hold 1 to 256 files *.txtpb");
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Pack>> LoadPackTexts(const std::vector<PackText>& texts,
                                                          RulePlaces* places) {
  Faults faults;
  ParsedFiles files;
  for (const PackText& text : texts) {
    if (auto file = ParsePackText(text.name, text.text, faults)) files.push_back(std::move(file));
  }
  if (!faults.empty()) return faults.ToStatus();
  Name name = ReadName(files, faults);
  Vocabulary vocabulary = ReadVocabulary(files, faults);
  // Rules are judged by the vocabulary: one fault there would repeat in each of them.
  if (!faults.empty()) return faults.ToStatus();
  Rules rules = ReadRules(files, vocabulary, faults, places);
  if (!faults.empty()) return faults.ToStatus();
  return std::make_shared<const Pack>(std::move(name.bundle), std::move(name.version),
                                      std::move(vocabulary), std::move(rules));
}

absl::StatusOr<std::shared_ptr<const Pack>> LoadPackDirectory(const std::filesystem::path& folder,
                                                              RulePlaces* places) {
  SLUIS_ASSIGN_OR_RETURN(const std::vector<std::filesystem::path> paths, PackFiles(folder));
  std::vector<PackText> texts;
  for (const std::filesystem::path& path : paths) {
    SLUIS_ASSIGN_OR_RETURN(Bytes text, ReadFile(path, (1 << 20) + 1));
    texts.push_back({path.filename().string(), std::move(text)});
  }
  return LoadPackTexts(texts, places);
}

}  // namespace sluis::policy

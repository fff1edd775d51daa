#include "tests/policy/signed/signed_pack.h"

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <iostream>

#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "policy/engine/loader.h"

namespace sluis::policy::testing {
namespace {

std::string VkeyOf(const std::string& name, const Ed25519PrivateKey& key) {
  return tlog::VerifierKey::Create(name, tlog::KeyType::kEd25519, key.public_key())->Format();
}

std::vector<PackText> Texts() {
  std::vector<PackText> texts;
  for (const auto& entry : std::filesystem::directory_iterator("policy/pack")) {
    if (entry.path().extension() != ".txtpb") continue;
    texts.push_back({entry.path().filename().string(), ReadFile(entry.path()).value()});
  }
  return texts;
}

std::shared_ptr<const Pack> Changed(const std::function<void(PackText&)>& change) {
  std::vector<PackText> texts = Texts();
  for (PackText& text : texts) change(text);
  absl::StatusOr<std::shared_ptr<const Pack>> pack = LoadPackTexts(texts);
  if (pack.ok()) return *std::move(pack);
  for (const FieldViolation& fault : DetailOf(pack.status()).violations) {
    std::cerr << fault.field << " " << fault.description << "\n";
  }
  std::abort();
}

// Every value of `retention` in the text.
void Keep(std::string& text, const std::string& period) {
  const std::string key = "retention: \"";
  for (std::size_t at = 0; (at = text.find(key, at)) != std::string::npos;) {
    at += key.size();
    text.replace(at, text.find('"', at) - at, period);
  }
}

// C-01 then asks for no approval by the police any more.
void DropApproval(std::string& text) {
  const std::size_t rule = text.find("id: \"C-01\""), from = text.find("  approval {", rule);
  text.replace(from, text.find("\n  }\n", from) + 5 - from,
               "  obligations { mark: \"oordeel\" }\n");
}

}  // namespace

std::vector<std::string> TestActivators::Vkeys() const {
  return {VkeyOf(first_name, first), VkeyOf(second_name, second)};
}

Activators TestActivators::Pinned() const { return Activators::Create(Vkeys()).value(); }

Bytes TestActivators::Sign(const Pack& pack, const BundleTerms& terms) const {
  return CosignBundle(SignBundle(pack, terms, first_name, first).value(), second_name, second)
      .value();
}

Bytes TestActivators::SignThePack(absl::Time issued) const {
  static const std::shared_ptr<const Pack> pack = LoadPackTexts(Texts()).value();
  return Sign(*pack, {.issued = issued, .max_age = absl::Hours(24 * 30)});
}

std::string TestActivators::Config(const std::string& bundle, const std::string& mark) const {
  const std::vector<std::string> vkeys = Vkeys();
  return absl::StrFormat(
      "policy { bundle_file: '%s' mark_file: '%s' activators: '%s' activators: '%s' }\n", bundle,
      mark, vkeys[0], vkeys[1]);
}

std::shared_ptr<const Pack> LaterPack(int number) {
  return Changed([&](PackText& text) {
    text.text = absl::StrReplaceAll(
        text.text,
        {{"version: \"2026.11.2\"", absl::StrFormat("version: \"2026.12.%d\"", number)}});
    if (text.name == "permits-gemeente.txtpb") Keep(text.text, absl::StrFormat("P%dD", number));
  });
}

std::shared_ptr<const Pack> UnprovedPack() {
  return Changed([](PackText& text) {
    if (text.name == "conditions.txtpb") DropApproval(text.text);
  });
}

}  // namespace sluis::policy::testing

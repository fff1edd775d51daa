#include "tests/policy/the_pack.h"

#include <cstdlib>
#include <iostream>
#include <sstream>

#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/file.h"

namespace sluis::policy::testing {
namespace {

template <typename T>
T OrDie(absl::StatusOr<T> value, const std::string& what) {
  if (value.ok()) return *std::move(value);
  std::cerr << what << ": " << value.status() << "\n";
  for (const FieldViolation& violation : DetailOf(value.status()).violations) {
    std::cerr << "  " << violation.field << ": " << violation.description << "\n";
  }
  std::abort();
}

}  // namespace

const Pack& ThePack() {
  static const auto* pack =
      new std::shared_ptr<const Pack>(OrDie(LoadPackDirectory("policy/pack"), "policy/pack"));
  return **pack;
}

std::shared_ptr<const Pack> PackOf(const std::string& rules) {
  std::vector<PackText> texts = {{"rules", rules}};
  for (const char* file : {"vocabulary.txtpb", "fields.txtpb", "bases.txtpb"}) {
    texts.push_back({file, ReadText(std::string("policy/pack/") + file)});
  }
  return OrDie(LoadPackTexts(texts), "rules");
}

std::string ReadText(const std::string& path) { return OrDie(ReadFile(path), path); }

std::vector<PackText> ThePackTexts() {
  std::vector<PackText> texts;
  for (const auto& entry : std::filesystem::directory_iterator("policy/pack")) {
    if (entry.path().extension() != ".txtpb") continue;
    texts.push_back({entry.path().filename().string(), ReadText(entry.path().string())});
  }
  return texts;
}

std::vector<Json> ReadJsonLines(const std::string& path) {
  std::vector<Json> lines;
  std::istringstream text(ReadText(path));
  for (std::string line; std::getline(text, line);)
    lines.push_back(OrDie(ParseJsonStrict(line), path));
  return lines;
}

absl::Time At(const std::string& rfc3339) { return OrDie(ParseRfc3339(rfc3339), rfc3339); }

EvaluationRequest PoliceRequest() {
  EvaluationRequest request;
  request.subject_id = "f-001";
  request.subject_organisation = request.recipient_organisation = "00000099100000001000";
  request.subject_unit = request.recipient_unit = "gemeente/oov";
  request.action = "request";
  request.purpose = "openbare-orde";
  request.basis = "wpg-16-1-b";
  request.resource_id = "zaak-2026-0001";
  request.provider_organisation = "00000099200000001000";
  request.provider_unit = "politie/informatie";
  request.regime = "wpg-8";
  request.subject_category = "verdachte";
  request.case_phase = "casus";
  request.fields = {"p-naam", "ant-politiemelding", "ant-verdenking"};
  request.time = At("2026-11-23T10:00:00+01:00");
  request.facts = {{"zaak-open", "yes"}};
  return request;
}

EvaluationRequest SignalInside() {
  EvaluationRequest request = PoliceRequest();
  request.subject_unit = request.provider_unit = "gemeente/toezicht";
  request.provider_organisation = request.subject_organisation;
  request.action = "disclose";
  request.purpose = "signaal-intake";
  request.basis = "avg-6-1-e+gemeentewet-172";
  request.regime = "avg";
  request.subject_category = "bewoner";
  request.case_phase = "signaal";
  request.fields = {"sig-thema", "p-naam"};
  request.facts.clear();
  return request;
}

}  // namespace sluis::policy::testing

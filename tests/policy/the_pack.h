// The pack of this repository, and small helpers to ask it things.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "lib/base/json.h"
#include "policy/engine/decision.h"
#include "policy/engine/loader.h"
#include "policy/engine/pack.h"
#include "policy/engine/request.h"

namespace sluis::policy::testing {

// policy/pack, loaded once; aborts the test binary if it does not load.
const Pack& ThePack();

// The files of policy/pack as text, in the order of their names.
std::vector<PackText> ThePackTexts();

// The vocabulary of this repository with other rules: the text of one rules file. Aborts if it does
// not load.
std::shared_ptr<const Pack> PackOf(const std::string& rules);

// A file of the repository; aborts if it cannot be read.
std::string ReadText(const std::string& path);
// A file with one JSON value a line.
std::vector<Json> ReadJsonLines(const std::string& path);

// A police answer for public order that waits for C-01: PUB-011 without its approval.
EvaluationRequest PoliceRequest();
// A report inside one municipality that is permitted without approval: PUB-001.
EvaluationRequest SignalInside();

absl::Time At(const std::string& rfc3339);

}  // namespace sluis::policy::testing

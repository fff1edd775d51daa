// AuthZEN lines against the pack of this repository. Properties: the answer is one line of JSON;
// true is said for PERMITTED alone; what is permitted releases something, by a permit or an
// emergency rule; an error is INVALID; the compiled pack and the plain scan answer word for word
// alike.
#include <cstdint>
#include <cstdlib>

#include "lib/base/json.h"
#include "policy/engine/authzen.h"
#include "policy/engine/loader.h"

namespace {

void Require(bool holds) {
  if (!holds) std::abort();
}

const sluis::policy::CompiledPack& ThePack() {
  static const auto* pack =
      new sluis::policy::CompiledPack(sluis::policy::LoadPackDirectory(SLUIS_PACK_FOLDER).value());
  return *pack;
}

bool Carries(const sluis::Json& rules) {
  for (const sluis::Json& rule : rules) {
    const std::string id = rule.get<std::string>();
    if (id[0] == 'P' || id[0] == 'E') return true;
  }
  return false;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view input(reinterpret_cast<const char*>(data), size);
  const std::string line = sluis::policy::EvaluateLine(ThePack(), input);
  Require(line == sluis::policy::EvaluateLine(ThePack().pack(), input));
  Require(line.find('\n') == std::string::npos);
  const auto response = sluis::ParseJsonStrict(line);
  Require(response.ok());
  const sluis::Json& context = response->at("context");
  const bool permitted = context.at("outcome") == "PERMITTED";
  Require(response->at("decision") == permitted);
  Require(context.at("fields").empty() == !permitted);
  Require(!permitted || Carries(context.at("deciding_rules")));
  Require(context.contains("error") == (context.at("outcome") == "INVALID"));
  return 0;
}

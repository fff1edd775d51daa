// Every committed scenario: request in, expected decision out, each expected member compared.
#include <gmock/gmock.h>

#include "policy/engine/authzen.h"
#include "tests/policy/the_pack.h"

namespace sluis::policy {
namespace {

using testing::ReadJsonLines;
using testing::ThePack;

// `decision` stands beside `context` in a response and among the other members in an expectation.
Json Answered(const std::string& member, const Json& response) {
  return member == "decision" ? response.at("decision") : response.at("context").at(member);
}

void ExpectAll(const std::string& path, std::size_t count) {
  const std::vector<Json> scenarios = ReadJsonLines(path);
  ASSERT_EQ(scenarios.size(), count);
  for (const Json& scenario : scenarios) {
    const Json response = Json::parse(EvaluateLine(ThePack(), scenario.at("request").dump()));
    ASSERT_GE(scenario.at("expected").size(), 7u);
    for (const auto& [member, value] : scenario.at("expected").items()) {
      EXPECT_EQ(Answered(member, response), value)
          << scenario.at("id") << " " << scenario.at("title") << ": " << member << "\n"
          << response.dump();
    }
  }
}

TEST(Scenarios, Public) { ExpectAll("tests/scenarios/scenarios-public.jsonl", 128); }
TEST(Scenarios, Story) { ExpectAll("tests/scenarios/story.jsonl", 27); }

}  // namespace
}  // namespace sluis::policy

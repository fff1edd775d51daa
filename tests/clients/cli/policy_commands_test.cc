#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_split.h"
#include "lib/base/json.h"
#include "tests/clients/cli/world.h"

namespace sluis::cli {
namespace {

using ::testing::HasSubstr;
using testing::Outcome;
using testing::World;

std::vector<std::string> Lines(const std::string& text) {
  return absl::StrSplit(text, '\n', absl::SkipEmpty());
}

TEST(PolicyEvaluateTest, EveryScenarioGetsItsOutcomeThroughTheCommand) {
  World world;
  std::ifstream scenarios(world.source() / "tests/scenarios/scenarios-public.jsonl");
  std::vector<std::string> expected;
  for (std::string line; std::getline(scenarios, line);) {
    const Json scenario = ParseJsonStrict(line).value();
    world.input += scenario.at("request").dump() + "\n";
    expected.push_back(scenario.at("expected").at("outcome"));
  }
  ASSERT_GT(expected.size(), 100U);
  const Outcome outcome = world.Type("sluis policy evaluate --pack policy/pack");
  ASSERT_EQ(outcome.exit, ExitCode::kOk) << outcome.err;
  const auto answers = Lines(outcome.out);
  ASSERT_EQ(answers.size(), expected.size());
  for (std::size_t i = 0; i < answers.size(); ++i) {
    EXPECT_EQ(Json::parse(answers[i]).at("context").at("outcome"), expected[i]) << i + 1;
  }
}

TEST(PolicyEvaluateTest, ALineThatIsNoRequestIsAnsweredInItsPlace) {
  World world;
  world.input = "\n{}\nnull\n[1]\n{\"subject\":\n\xff\n" + std::string(100000, '[') + "\n";
  const Outcome outcome = world.Type("sluis policy evaluate --pack policy/pack");
  EXPECT_EQ(outcome.exit, ExitCode::kOk);
  const auto answers = Lines(outcome.out);
  ASSERT_EQ(answers.size(), 7U);
  for (const std::string& answer : answers) {
    EXPECT_EQ(Json::parse(answer).at("context").at("outcome"), "INVALID");
    EXPECT_EQ(Json::parse(answer).at("decision"), false);
  }
}

TEST(PolicyCheckTest, AMistakeInThePackIsNamedByFileAndLine) {
  World world;
  std::filesystem::create_directory("pack");
  for (const auto& file : std::filesystem::directory_iterator(world.source() / "policy/pack")) {
    if (file.is_regular_file()) std::filesystem::copy(file.path(), "pack");
  }
  ASSERT_EQ(world.Type("sluis policy check --pack pack").exit, ExitCode::kOk);
  world.Write("pack/zz.txtpb", "permits {\n  idd: \"P-1\"\n}\n");
  const Outcome outcome = world.Type("sluis policy check --pack pack");
  EXPECT_EQ(outcome.exit, ExitCode::kUsage);
  EXPECT_THAT(outcome.err, HasSubstr("zz.txtpb:"));
  EXPECT_EQ(world.Type("sluis policy check --pack nowhere").exit, ExitCode::kNotFound);
}

TEST(PolicyOptionsTest, AnUnknownUnitSaysWhichWasMeant) {
  World world;
  const Outcome outcome = world.Type("sluis policy options --pack policy/pack --unit gemeente/oof");
  EXPECT_EQ(outcome.exit, ExitCode::kUsage);
  EXPECT_THAT(outcome.err, HasSubstr("gemeente/oov"));
}

}  // namespace
}  // namespace sluis::cli

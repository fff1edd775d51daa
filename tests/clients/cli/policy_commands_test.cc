#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "absl/strings/str_split.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/crypto/hash.h"
#include "lib/tlog/signed_note.h"
#include "policy/engine/loader.h"
#include "policy/engine/reading.h"
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

TEST(PolicyEvaluateTest, TheReferenceAnswersWordForWordTheSame) {
  World world;
  std::ifstream scenarios(world.source() / "tests/scenarios/scenarios-public.jsonl");
  for (std::string line; std::getline(scenarios, line);)
    world.input += ParseJsonStrict(line).value().at("request").dump() + "\n";
  const std::string compiled = world.Type("sluis policy evaluate --pack policy/pack").out;
  EXPECT_FALSE(compiled.empty());
  EXPECT_EQ(compiled, world.Type("sluis policy evaluate --pack policy/pack --reference").out);
}

// A list of a jurist for the pack of this repository, as an option of the command.
std::string SignedList(World& world, const std::vector<std::string>& rules,
                       const std::string& digest) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  std::string text = "sluis-jurist/v1\n" + digest + "\n";
  for (const std::string& rule : rules) text += rule + "\n";
  world.Write("jurist.note", tlog::SignNote(text, "jurist.example/1", key).value());
  return " --signatures jurist.note --jurist " +
         tlog::VerifierKey::Create("jurist.example/1", tlog::KeyType::kEd25519, key.public_key())
             ->Format();
}

TEST(PolicyDocsTest, WritesBothPagesAndSaysThatItIsADemonstration) {
  World world;
  const Outcome outcome = world.Type("sluis policy docs --pack policy/pack --out pages --lang en");
  ASSERT_EQ(outcome.exit, ExitCode::kOk) << outcome.err;
  EXPECT_THAT(world.Read("pages/regels.nl.html"), HasSubstr("href=\"rules.en.html\""));
  EXPECT_THAT(world.Read("pages/rules.en.html"), HasSubstr("href=\"regels.nl.html\""));
  EXPECT_THAT(world.Read("pages/rules.en.html"), HasSubstr("no legal advice"));
}

TEST(PolicyDocsTest, ProductionWantsAJuristsSignatureOnEveryRule) {
  World world;
  const auto pack = policy::LoadPackDirectory(world.source() / "policy/pack").value();
  const std::string digest = HexEncode(AsView(Sha256(policy::CanonicalBytes(*pack))));
  std::vector<std::string> rules = policy::UnsignedRules(*pack, {});
  const std::string line = "sluis policy docs --pack policy/pack --out pages --production";
  const auto refused = [&](const std::string& options) {
    const Outcome outcome = world.Type(line + options);
    EXPECT_FALSE(std::filesystem::exists("pages")) << "nothing is written";
    return outcome.exit != ExitCode::kOk;
  };
  EXPECT_TRUE(refused(""));
  EXPECT_TRUE(refused(SignedList(world, {rules.begin() + 1, rules.end()}, digest)));
  EXPECT_TRUE(refused(SignedList(world, rules, std::string(64, '0')))) << "another pack";
  EXPECT_TRUE(refused(" --signatures jurist.note"));
  const std::string other = SignedList(world, rules, digest);
  world.Write("jurist.note", "sluis-jurist/v1\n" + digest + "\nP-01\n");
  EXPECT_TRUE(refused(other)) << "no signature";
  rules.push_back("P-9999");
  EXPECT_TRUE(refused(SignedList(world, rules, digest)));
  rules.pop_back();
  const Outcome good = world.Type(line + SignedList(world, rules, digest));
  EXPECT_EQ(good.exit, ExitCode::kOk) << good.err;
  EXPECT_EQ(world.Read("pages/rules.en.html").find("no legal advice"), std::string::npos);
}

TEST(PolicyProveTest, APackThatBreaksAnInvariantFailsWithACounterexample) {
  World world;
  EXPECT_EQ(world.Type("sluis policy prove --pack policy/pack").exit, ExitCode::kOk);
  std::string text = world.Read("next-pack/prohibitions.txtpb");
  text.replace(text.find("absolute: true", text.find("id: \"N-19\"")), 14, "absolute: false");
  world.Write("next-pack/prohibitions.txtpb", text);
  const Outcome outcome = world.Type("sluis policy prove --pack next-pack --output json --lang en");
  EXPECT_EQ(outcome.exit, ExitCode::kFault);
  EXPECT_THAT(outcome.err, HasSubstr("must not be used"));
  // The next pack lacks an approval as well, so that one invariant falls without any emergency.
  std::string counterexamples;
  const Json report = Json::parse(outcome.out);
  for (const Json& proof : report.at("proofs")) {
    if (proof.at("verdict") == "proved") continue;
    EXPECT_EQ(proof.at("verdict"), "violated");
    counterexamples += proof.at("counterexample").get<std::string>() + "\n";
  }
  EXPECT_THAT(counterexamples, HasSubstr("in an emergency"));
  EXPECT_THAT(counterexamples, HasSubstr("normally"));
}

TEST(PolicyDiffTest, SaysWhatNeedsNoApprovalAnyMoreAndReplaySaysWhereItMattered) {
  World world;
  const Outcome diff = world.Type("sluis policy diff policy/pack next-pack --output json");
  ASSERT_EQ(diff.exit, ExitCode::kOk) << diff.err;
  const Json changes = Json::parse(diff.out);
  EXPECT_GT(changes.at("wider"), 0);
  for (const Json& change : changes.at("changes")) EXPECT_EQ(change.at("change"), "needs-no-approval");
  const Outcome back = world.Type("sluis policy diff next-pack policy/pack --output json");
  EXPECT_EQ(Json::parse(back.out).at("wider"), 0);
  const Outcome replay = world.Type("sluis policy replay policy/pack next-pack --log exchanges.jsonl --output json");
  ASSERT_EQ(replay.exit, ExitCode::kOk) << replay.err;
  const Json report = Json::parse(replay.out);
  EXPECT_GT(report.at("differences").size(), 0U);
  for (const Json& difference : report.at("differences")) {
    EXPECT_FALSE(difference.contains("subject"));
  }
  EXPECT_EQ(world.Type("sluis policy replay policy/pack next-pack --log requests.jsonl").exit, ExitCode::kUsage)
      << "a line that is no request stops it: a cut list must not pass for the whole";
}

TEST(PolicyReplayTest, ListedRecordsAreDecidedAgainAndWhatIsNoDecisionIsCounted) {
  World world;
  const std::string line =
      "sluis policy replay policy/pack next-pack --log records.json --output json";
  const Outcome lines =
      world.Type("sluis policy replay policy/pack next-pack --log exchanges.jsonl --output json");
  const Outcome listed = world.Type(line);
  ASSERT_EQ(listed.exit, ExitCode::kOk) << listed.err;
  const Json report = Json::parse(listed.out);
  EXPECT_EQ(report.at("requests"), 30);
  EXPECT_EQ(report.at("without_request"), 1);
  const Json& differences = report.at("differences");
  ASSERT_GT(differences.size(), 0U);
  // The same questions as the last thirty lines of the other file.
  const Json by_line = Json::parse(lines.out).at("differences");
  for (const Json& difference : differences) {
    const int number = std::stoi(difference.at("line").get<std::string>()) - 100 + 3 + 1;
    Json same = difference;
    same["line"] = std::to_string(number);
    EXPECT_NE(std::find(by_line.begin(), by_line.end(), same), by_line.end()) << same;
  }
}

TEST(PolicyReplayTest, AListThatIsNotWholeOrNotReadableIsRefusedByName) {
  World world;
  const std::string line =
      "sluis policy replay policy/pack next-pack --log records.json --output json";
  Json page = Json::parse(world.Read("records.json"));
  const auto refused = [&](const Json& written, const std::string& word) {
    world.Write("records.json", written.dump());
    const Outcome outcome = world.Type(line);
    EXPECT_EQ(outcome.exit, ExitCode::kUsage);
    EXPECT_THAT(outcome.err, HasSubstr(word));
  };
  page["next_page_token"] = "abc";
  refused(page, "LIST_INCOMPLETE");
  page["next_page_token"] = 5;
  refused(page, "LIST_INCOMPLETE");
  page.erase("next_page_token");
  page["records"].push_back({{"index", "4711"}, {"content", {{"request", "x"}}}});
  refused(page, "4711");
}

TEST(PolicyTestTest, ACaseThatFailsFailsTheCommandAndCoverageNamesWhatIsLeft) {
  World world;
  const Outcome good = world.Type("sluis policy test --pack policy/pack --cases cases.jsonl --output json");
  ASSERT_EQ(good.exit, ExitCode::kOk) << good.err;
  const Json report = Json::parse(good.out);
  EXPECT_EQ(report.at("failed"), 0);
  EXPECT_EQ(report.at("cases").size(), 128U);
  EXPECT_GT(report.at("uncovered").size(), 0U);
  const Outcome bad = world.Type("sluis policy test --pack next-pack --cases cases.jsonl --failed --lang en");
  EXPECT_EQ(bad.exit, ExitCode::kFault);
  EXPECT_THAT(bad.out, HasSubstr("outcome: \"PERMITTED\", not \"NEEDS_APPROVAL\""));
  EXPECT_EQ(world.Type("sluis policy test --pack policy/pack --cases nothing.jsonl").exit, ExitCode::kNotFound);
  world.Write("empty.jsonl", "");
  EXPECT_EQ(world.Type("sluis policy test --pack policy/pack --cases empty.jsonl").exit, ExitCode::kUsage);
}

TEST(PolicyTestTest, WithoutNamedFilesThoseBesideTheRulesRun) {
  World world;
  EXPECT_EQ(world.Type("sluis policy test --pack next-pack").exit, ExitCode::kNotFound);
  std::filesystem::create_directory("next-pack/cases");
  std::filesystem::copy("cases.jsonl", "next-pack/cases/cases.jsonl");
  EXPECT_EQ(world.Type("sluis policy test --pack next-pack").exit, ExitCode::kFault) << "C-01 asks nobody any more";
}

TEST(PolicyWhoTest, PagesSayWhereToGoOnAndUnknownWordsAreNamed) {
  World world;
  const std::string line = "sluis policy who --pack policy/pack --wanted provider --given recipient=riec/bureau ";
  const Json whole = Json::parse(world.Type(line + "--output json").out);
  const Json page = Json::parse(world.Type(line + "--page-size 2 --output json").out);
  ASSERT_EQ(page.at("possible").size(), 2U);
  const std::string token = page.at("next_page_token");
  EXPECT_EQ(token, page.at("possible").at(1).at("code"));
  const Json next = Json::parse(world.Type(line + "--output json --page-token " + token).out);
  EXPECT_EQ(next.at("possible").size() + 2, whole.at("possible").size());
  EXPECT_EQ(next.at("next_page_token"), "");
  const Outcome unknown = world.Type("sluis policy who --pack policy/pack --wanted field --given recipient=gemeente/oof");
  EXPECT_EQ(unknown.exit, ExitCode::kUsage);
  EXPECT_THAT(unknown.err, HasSubstr("gemeente/oov"));
  EXPECT_EQ(world.Type(line + "--page-size many").exit, ExitCode::kUsage);
  EXPECT_EQ(world.Type("sluis policy who --pack policy/pack --wanted field --given recipient").exit, ExitCode::kUsage);
}

TEST(PolicyLintTest, AMistakeFailsAndIsNamedWithItsPlace) {
  World world;
  world.Write("next-pack/zz.txtpb", R"(condition {
  head {
    id: "C-99" title: "t" law: "w" reason { nl: "n" en: "e" } review: VERIFIED
  }
  box { field: "p-gezondheid" }
  obligations { mark: "oordeel" }
})");
  const Outcome outcome = world.Type("sluis policy lint --pack next-pack --lang en");
  EXPECT_EQ(outcome.exit, ExitCode::kFault);
  EXPECT_THAT(outcome.out, HasSubstr("C-99"));
  EXPECT_THAT(outcome.out, HasSubstr("zz.txtpb:1:1"));
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

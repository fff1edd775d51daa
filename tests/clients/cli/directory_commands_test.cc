#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>

#include "lib/base/json.h"
#include "tests/clients/cli/world.h"

namespace sluis::cli {
namespace {

using ::testing::HasSubstr;
using testing::Outcome;
using testing::World;

constexpr char kSign[] =
    "sluis directory sign --in bent.json --key officer-1.pem --name officer-1 --out bent.note --lang en";
constexpr char kShow[] = "sluis directory show $NOTE --officer $OFFICER_1 --officer $OFFICER_2";

TEST(DirectoryCommandsTest, OneSignatureIsNotEnough) {
  World world;
  world.variables["NOTE"] = "directory-1.note";
  const Outcome outcome = world.Type(kShow);
  EXPECT_EQ(outcome.exit, ExitCode::kVerification);
  EXPECT_EQ(outcome.out, "");
  EXPECT_THAT(outcome.err, HasSubstr("DIRECTORY_NOT_SIGNED"));
}

TEST(DirectoryCommandsTest, AnyChangedByteIsRefused) {
  World world;
  world.variables["NOTE"] = "changed.note";
  const std::string note = world.Read("directory.note");
  for (std::size_t i = 0; i < note.size(); i += 37) {
    std::string changed = note;
    changed[i] = static_cast<char>(changed[i] ^ 1);
    world.Write("changed.note", changed);
    EXPECT_EQ(world.Type(kShow).out, "") << i;
  }
}

TEST(DirectoryCommandsTest, TwoDifferentOfficersAreNeeded) {
  World world;
  EXPECT_EQ(world.Type("sluis directory show directory.note --officer $OFFICER_1").exit, ExitCode::kUsage);
  EXPECT_NE(world.Type("sluis directory show directory.note --officer $OFFICER_1 --officer $OFFICER_1").exit,
            ExitCode::kOk);
}

TEST(DirectoryCommandsTest, AFaultInTheDescriptionIsNamedByItsPlace) {
  const std::vector<std::pair<std::function<void(Json&)>, std::string>> cases = {
      {[](Json& d) { d.erase("version"); }, "version"},
      {[](Json& d) { d["version"] = 0; }, "version"},
      {[](Json& d) { d["v"] = 2; }, "v"},
      {[](Json& d) { d["extra"] = 1; }, "UNKNOWN_FIELD"},
      {[](Json& d) { d["name"] = "Noord!"; }, "name"},
      {[](Json& d) { d["partners"] = Json::array(); }, "partners"},
      {[](Json& d) { d["partners"][1]["oin"] = "1"; }, "partners[1].oin"},
      {[](Json& d) { d["partners"][0]["units"][1]["signing"] = "AAAA"; }, "partners[0].units[1].signing"},
      {[](Json& d) { d["partners"][0]["units"][0]["unit"] = "politie/x"; }, "partners[0]"}};
  for (const auto& [bend, place] : cases) {
    World world;
    Json description = Json::parse(world.Read("region.json"));
    bend(description);
    world.Write("bent.json", description.dump());
    const Outcome outcome = world.Type(kSign);
    EXPECT_EQ(outcome.exit, ExitCode::kUsage) << place;
    EXPECT_THAT(outcome.err, HasSubstr(place));
    EXPECT_FALSE(std::filesystem::exists("bent.note")) << place;
  }
}

TEST(DirectoryCommandsTest, JsonWithADoubleMemberIsRefused) {
  World world;
  std::string text = world.Read("region.json");
  text.insert(1, "\"v\": 1,");
  world.Write("bent.json", text);
  EXPECT_EQ(world.Type(kSign).exit, ExitCode::kUsage);
}

TEST(DirectoryCommandsTest, TheDescriptionMayComeFromStandardInput) {
  World world;
  world.input = world.Read("region.json");
  const Outcome outcome =
      world.Type("sluis directory sign --in - --key officer-1.pem --name officer-1 --out again.note");
  EXPECT_EQ(outcome.exit, ExitCode::kOk) << outcome.err;
  EXPECT_EQ(world.Read("again.note"), world.Read("directory-1.note"));
}

}  // namespace
}  // namespace sluis::cli

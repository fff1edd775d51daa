// The desks are data, and the rules say whether what they offer could ever be permitted.
#include "clients/cli/desk.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "lib/base/error.h"
#include "policy/engine/loader.h"
#include "policy/engine/options.h"
#include "tests/clients/cli/world.h"
#include "tests/support/status_matchers.h"

namespace sluis::cli {
namespace {

using sluis::testing::HasReason;
using ::testing::HasSubstr;
using testing::World;

bool Holds(const std::vector<std::string>& list, const std::string& item) {
  return std::ranges::find(list, item) != list.end();
}

bool Carries(const policy::Option& option, const edge::v1::Template& filled) {
  const bool asks = filled.action() == "request";
  return Holds(option.actions, filled.action()) && Holds(option.purposes, filled.purpose()) &&
         Holds(option.legal_bases, filled.legal_basis()) &&
         Holds(asks ? option.provider_units : option.recipient_units, filled.counterpart_unit()) &&
         Holds(option.regimes, filled.regime()) &&
         Holds(option.subject_categories, filled.subject_category()) &&
         Holds(option.case_phases, filled.case_phase()) &&
         std::ranges::all_of(filled.fields(),
                             [&](const std::string& field) { return option.fields.contains(field); });
}

TEST(DeskTest, EveryTemplateCouldBePermitted) {
  ASSERT_OK_AND_ASSIGN(const auto pack, policy::LoadPackDirectory("policy/pack"));
  ASSERT_OK_AND_ASSIGN(const absl::Time now, ParseRfc3339("2026-11-24T09:00:00Z"));
  ASSERT_OK_AND_ASSIGN(const auto all, BuiltInDesks());
  EXPECT_EQ(all.size(), 4U);
  int templates = 0;
  for (const edge::v1::Desks& desks : all) {
    for (const edge::v1::Desk& desk : desks.desks()) {
      EXPECT_TRUE(pack->IsUnit(desk.unit())) << desk.unit();
      EXPECT_TRUE(desk.views_size() > 0) << desk.unit();
      policy::OptionsQuery query;
      query.unit = desk.unit();
      query.time = now;
      const auto options = policy::ListOptions(*pack, query);
      for (const edge::v1::Template& filled : desk.templates()) {
        ++templates;
        EXPECT_TRUE(std::ranges::any_of(options, [&](const auto& option) { return Carries(option, filled); }))
            << desk.unit() << " " << filled.id();
      }
    }
  }
  EXPECT_GT(templates, 15);
}

TEST(DeskTest, ATemplateIsALineThatTheCommandUnderstands) {
  World world;
  ASSERT_OK_AND_ASSIGN(const auto all, BuiltInDesks());
  for (const edge::v1::Desks& desks : all) {
    for (const edge::v1::Desk& desk : desks.desks()) {
      for (const edge::v1::Template& filled : desk.templates()) {
        EXPECT_THAT(world.Type(TemplateLine(filled)).err, HasSubstr("PROFILE_MISSING")) << filled.id();
      }
    }
  }
}

TEST(DeskTest, MistakesAreNamed) {
  const std::string head = "kind: \"om\"\n";
  const std::string desk = "desks { unit: \"om/parket\" title { nl: \"P\" en: \"P\" } ";
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"kind: \"Om\"", "kind"},
      {head + "desks { unit: \"politie/x\" title { nl: \"P\" en: \"P\" } }", "desks[0].unit"},
      {head + "desks { unit: \"om/parket\" title { nl: \"P\" } }", "desks[0].title"},
      {head + desk + "}\n" + desk + "}", "desks[1].unit"},
      {head + desk + "templates { id: \"A\" } }", "desks[0].templates[0].id"},
      {head + desk + "templates { id: \"a\" title { nl: \"P\" en: \"P\" } action: \"inquire\" } }", ".action"},
      {head + desk + "templates { id: \"a\" title { nl: \"P\" en: \"P\" } action: \"request\" } }", ".fields"}};
  for (const auto& [text, place] : cases) {
    const auto desks = ParseDesks(text);
    EXPECT_THAT(desks, HasReason("DESK_INVALID")) << text;
    EXPECT_THAT(MessageOf(desks.status()), HasSubstr(place));
  }
}

TEST(DeskTest, AnUnknownKeyIsNamedByItsLine) {
  const auto desks = ParseDesks("kind: \"om\"\nx: 1");
  EXPECT_THAT(desks, HasReason("CONFIG_INVALID"));
  EXPECT_THAT(MessageOf(desks.status()), HasSubstr("desk:2:"));
}

TEST(DeskTest, AUnitWithoutADeskIsToldTheNearest) {
  World world;
  const auto outcome = world.Type("sluis desk --unit gemeente/oof");
  EXPECT_EQ(outcome.exit, ExitCode::kNotFound);
  EXPECT_THAT(outcome.err, HasSubstr("gemeente/oov"));
}

}  // namespace
}  // namespace sluis::cli

// The pack says what the rule table says, member by member. The table is a copy of the normative
// rules.json; the pack adds English and whose person gives an approval role.
#include <gmock/gmock.h>

#include <algorithm>
#include <set>

#include "absl/strings/str_cat.h"
#include "lib/base/clock.h"
#include "tests/policy/the_pack.h"
#include "tests/support/status_matchers.h"

namespace sluis::policy {
namespace {

using testing::ReadText;
using testing::ThePack;

const Json& Table() {
  static const auto* table = new Json(Json::parse(ReadText("tests/policy/rules.json")));
  return *table;
}

const Json& Canonical() {
  static const auto* canonical = new Json(Json::parse(CanonicalBytes(ThePack())));
  return *canonical;
}

Json Sorted(Json list) {
  std::sort(list.begin(), list.end());
  return list;
}

Json TableTime(const Json& time) {
  if (time.is_null()) return nullptr;
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", testing::At(time.get<std::string>()),
                          absl::UTCTimeZone());
}

Json Member(const Json& object, const std::string& name) {
  return object.contains(name) ? object[name] : Json(nullptr);
}

// Dimensions as the table gives them, with sets sorted.
Json TableBox(const Json& dims) {
  Json box = Json::object();
  for (const auto& [name, values] : dims.items()) {
    if (name == "facts") continue;
    box[name] = Sorted(values);
  }
  if (dims.contains("facts")) {
    for (const auto& [fact, values] : dims["facts"].items()) box["facts"][fact] = Sorted(values);
  }
  return box;
}

Json TablePermitBox(const Json& rule) {
  Json dims = Json::object();
  for (const char* name :
       {"action", "purpose", "provider", "recipient", "basis", "regime", "subject", "phase"}) {
    dims[name] = rule.at(name);
  }
  if (!rule.at("facts").empty()) dims["facts"] = rule.at("facts");
  return TableBox(dims);
}

Json WithoutNulls(const Json& object) {
  Json kept = Json::object();
  for (const auto& [name, value] : object.items()) {
    const bool is_empty_list = value.is_array() && value.empty();
    if (!value.is_null() && !is_empty_list) kept[name] = value.is_array() ? Sorted(value) : value;
  }
  return kept;
}

Json Pick(const Json& object, std::initializer_list<const char*> names) {
  Json picked = Json::object();
  for (const char* name : names) picked[name] = Member(object, name);
  return WithoutNulls(picked);
}

void ExpectHead(const Json& ours, const Json& theirs) {
  EXPECT_EQ(ours.at("id"), theirs.at("id"));
  for (const char* name : {"title", "law", "review"})
    EXPECT_EQ(ours.at(name), theirs.at(name)) << theirs.at("id");
  EXPECT_EQ(ours.at("reason").at("nl"), theirs.at("reason")) << theirs.at("id");
  EXPECT_NE(ours.at("reason").at("en"), "") << theirs.at("id");
  EXPECT_EQ(Member(ours, "valid_from"), TableTime(Member(theirs, "valid_from"))) << theirs.at("id");
  EXPECT_EQ(Member(ours, "valid_until"), TableTime(Member(theirs, "valid_until")))
      << theirs.at("id");
}

// Calls `compare` for each rule of the list, paired by id, and makes sure that neither has one
// more.
template <typename Compare>
void ForEachRule(const char* list, Compare compare) {
  const Json& ours = Canonical().at(list);
  const Json& theirs = Table().at(list);
  ASSERT_EQ(ours.size(), theirs.size());
  for (std::size_t i = 0; i < ours.size(); ++i) {
    ExpectHead(ours[i], theirs[i]);
    compare(ours[i], theirs[i]);
  }
}

// A member of the table that no comparison below looks at would go unnoticed if it were lost.
void ExpectMembers(const Json& rule, std::set<std::string> known) {
  for (const auto& [name, value] : rule.items()) {
    EXPECT_TRUE(known.count(name) > 0)
        << rule.at("id") << " has a member that is not compared: " << name;
  }
}

TEST(PackAgainstTable, Permits) {
  ForEachRule("permits", [](const Json& ours, const Json& theirs) {
    EXPECT_EQ(ours.at("box"), TablePermitBox(theirs)) << theirs.at("id");
    EXPECT_EQ(ours.at("fields"), theirs.at("fields")) << theirs.at("id");
    EXPECT_EQ(ours.at("obligations"),
              Pick(theirs, {"retention", "onward", "onward_to", "handling", "feedback_due"}))
        << theirs.at("id");
    EXPECT_EQ(ours.at("inherits_down"), theirs.at("inherits_down")) << theirs.at("id");
    ExpectMembers(
        theirs, {"id",           "title",       "action",    "purpose", "provider",     "recipient",
                 "basis",        "regime",      "subject",   "phase",   "fields",       "facts",
                 "valid_from",   "valid_until", "retention", "onward",  "onward_to",    "handling",
                 "feedback_due", "law",         "reason",    "review",  "inherits_down"});
  });
}

TEST(PackAgainstTable, Prohibitions) {
  ForEachRule("prohibitions", [](const Json& ours, const Json& theirs) {
    EXPECT_EQ(ours.at("box"), TableBox(theirs.at("dims"))) << theirs.at("id");
    EXPECT_EQ(ours.at("absolute"), theirs.at("absolute")) << theirs.at("id");
    ExpectMembers(theirs, {"id", "title", "absolute", "dims", "law", "reason", "review",
                           "valid_from", "valid_until"});
  });
}

TEST(PackAgainstTable, Conditions) {
  ForEachRule("conditions", [](const Json& ours, const Json& theirs) {
    EXPECT_EQ(ours.at("box"), TableBox(theirs.at("dims"))) << theirs.at("id");
    Json obligations = theirs.at("obligations");
    const Json max_form =
        obligations.contains("max_form") ? obligations["max_form"] : Json::object();
    obligations.erase("max_form");
    EXPECT_EQ(ours.at("obligations"), WithoutNulls(obligations)) << theirs.at("id");
    EXPECT_EQ(ours.at("max_form"), max_form) << theirs.at("id");
    const Json& approval = theirs.at("approval");
    ASSERT_EQ(ours.contains("approval"), !approval.is_null()) << theirs.at("id");
    if (!approval.is_null()) {
      EXPECT_EQ(ours["approval"]["count"], approval.at("k")) << theirs.at("id");
      EXPECT_EQ(ours["approval"]["roles"], approval.at("roles")) << theirs.at("id");
      EXPECT_EQ(ours["approval"]["max_age"], approval.at("max_age")) << theirs.at("id");
      // The engine never counts the requester, so the pack has no word for it.
      EXPECT_EQ(approval.at("not_self"), true) << theirs.at("id");
      EXPECT_EQ(approval.size(), 4u) << theirs.at("id");
    }
    ExpectMembers(theirs, {"id", "title", "dims", "approval", "obligations", "law", "reason",
                           "review", "valid_from", "valid_until"});
  });
}

TEST(PackAgainstTable, Emergencies) {
  ForEachRule("emergencies", [](const Json& ours, const Json& theirs) {
    EXPECT_EQ(ours.at("box"), TableBox(theirs.at("dims"))) << theirs.at("id");
    EXPECT_EQ(ours.at("fields"), theirs.at("fields")) << theirs.at("id");
    EXPECT_EQ(ours.at("obligations"), Pick(theirs, {"retention", "onward", "handling", "notify"}))
        << theirs.at("id");
    for (const char* name : {"max_use", "review_within"}) EXPECT_EQ(ours.at(name), theirs.at(name));
    EXPECT_EQ(ours.at("review_roles"), Sorted(theirs.at("review_roles"))) << theirs.at("id");
    ExpectMembers(theirs, {"id", "title", "dims", "fields", "valid_from", "valid_until", "law",
                           "reason", "review", "retention", "onward", "handling", "max_use",
                           "review_within", "review_roles", "notify"});
  });
}

TEST(PackAgainstTable, Invariants) {
  ForEachRule("invariants", [](const Json& ours, const Json& theirs) {
    EXPECT_EQ(ours.at("box"), TableBox(theirs.at("dims"))) << theirs.at("id");
    EXPECT_EQ(ours.at("min_form"), theirs.at("min_form")) << theirs.at("id");
    EXPECT_EQ(ours.at("unless_approved"), theirs.at("unless_approved")) << theirs.at("id");
    ExpectMembers(
        theirs, {"id", "title", "dims", "min_form", "unless_approved", "law", "reason", "review"});
  });
}

const Json& Words(const char* list) { return Canonical().at("vocabulary").at(list); }

Json IdsOf(const Json& codes) {
  Json ids = Json::array();
  for (const Json& code : codes) ids.push_back(code.at("id"));
  return ids;
}

Json MeaningsOf(const Json& codes) {
  Json meanings = Json::object();
  for (const Json& code : codes) {
    meanings[code.at("id").get<std::string>()] = code.at("meaning").at("nl");
    EXPECT_NE(code.at("meaning").at("en"), "") << code.at("id");
  }
  return meanings;
}

TEST(PackAgainstTable, NamesAndMeanings) {
  const Json& table = Table().at("vocabulary");
  EXPECT_EQ(Canonical().at("bundle"), table.at("bundle"));
  EXPECT_EQ(Canonical().at("version"), table.at("version"));
  EXPECT_EQ(MeaningsOf(Words("actions")), table.at("actions"));
  EXPECT_EQ(MeaningsOf(Words("regimes")), table.at("regimes"));
  EXPECT_EQ(MeaningsOf(Words("approval_roles")), table.at("approval_roles"));
  EXPECT_EQ(IdsOf(Words("subject_categories")), table.at("subjects"));
  EXPECT_EQ(IdsOf(Words("case_phases")), table.at("phases"));
  EXPECT_EQ(IdsOf(Words("forms")), table.at("forms"));
  EXPECT_EQ(IdsOf(Words("handling")), table.at("handling"));
  EXPECT_EQ(IdsOf(Words("onward")), table.at("onward"));
  EXPECT_EQ(table.size(), 15u) << "a list of the table is not compared";
}

TEST(PackAgainstTable, PurposesAndUnits) {
  Json purposes = Json::object();
  for (const Json& purpose : Words("purposes")) {
    purposes[purpose.at("group").get<std::string>()][purpose.at("id").get<std::string>()] =
        purpose.at("meaning").at("nl");
  }
  EXPECT_EQ(purposes, Table().at("vocabulary").at("purposes"));
  std::set<std::string> units;
  for (const auto& [kind, departments] : Table().at("vocabulary").at("units").items()) {
    for (const Json& department : departments)
      units.insert(absl::StrCat(kind, "/", department.get<std::string>()));
  }
  const std::vector<std::string> ours = ThePack().UnitIds();
  EXPECT_EQ(std::set<std::string>(ours.begin(), ours.end()), units);
}

TEST(PackAgainstTable, FieldsFactsAndBases) {
  const Json& table = Table().at("vocabulary");
  ASSERT_EQ(Words("fields").size(), table.at("fields").size());
  for (Json field : Words("fields")) {
    const Json& theirs = table.at("fields").at(field.at("id").get<std::string>());
    field["meaning"] = field["meaning"]["nl"];
    if (field["form_rule"] == "") field["form_rule"] = "-";
    field.erase("id");
    EXPECT_EQ(field, theirs);
  }
  ASSERT_EQ(Words("facts").size(), table.at("facts").size());
  for (Json fact : Words("facts")) {
    const Json& theirs = table.at("facts").at(fact.at("id").get<std::string>());
    fact["meaning"] = fact["meaning"]["nl"];
    fact.erase("id");
    EXPECT_EQ(fact, theirs);
  }
  ASSERT_EQ(Words("bases").size(), table.at("bases").size());
  for (Json basis : Words("bases")) {
    const Json& theirs = table.at("bases").at(basis.at("id").get<std::string>());
    basis["nl"] = basis["meaning"]["nl"];
    basis["en"] = basis["meaning"]["en"];
    basis.erase("meaning");
    basis.erase("id");
    EXPECT_EQ(basis, theirs);
  }
}

// Rulebook §3.10, which the table leaves to prose.
TEST(Pack, RolesCountOnlyFromTheirOwn) {
  const auto given_by = [](const char* role) { return ThePack().FindApprovalRole(role)->given_by; };
  const auto kinds = [](const char* role) { return ThePack().FindApprovalRole(role)->kinds; };
  using Kinds = std::vector<std::string>;
  EXPECT_EQ(kinds("politie-verstrekker"), Kinds{"politie"});
  EXPECT_EQ(kinds("bevoegde-functionaris-wpg"), Kinds{"politie"});
  EXPECT_EQ(kinds("officier-van-justitie"), Kinds{"om"});
  EXPECT_EQ(kinds("om-wjsg-beoordelaar"), Kinds{"om"});
  EXPECT_EQ(kinds("riec-kwaliteitstoetser"), Kinds{"riec"});
  EXPECT_EQ(kinds("bibob-coordinator"), Kinds{"gemeente"});
  EXPECT_EQ(kinds("jeugdregisseur"), Kinds{"gemeente"});
  EXPECT_EQ(given_by("casusregisseur"), GivenBy::kCaseHolder);
  EXPECT_EQ(given_by("verstrekkende-deelnemer"), GivenBy::kSource);
  EXPECT_EQ(given_by("privacy-officer"), GivenBy::kRequester);
  EXPECT_EQ(given_by("teamleider"), GivenBy::kRequester);
}

TEST(Pack, FindsRulesOfEverySort) {
  for (const char* id : {"P-01", "N-27", "C-22", "E-04", "I-26"}) {
    const Rule* rule = ThePack().FindRule(id);
    ASSERT_NE(rule, nullptr) << id;
    EXPECT_EQ(rule->id, id);
  }
  for (const char* id : {"", "P-00", "P-1", "p-01", "P-01 "})
    EXPECT_EQ(ThePack().FindRule(id), nullptr) << id;
}

TEST(Pack, KnowsLeavesAndWholeUnitsOnly) {
  EXPECT_TRUE(ThePack().IsPurposeLeaf("openbare-orde"));
  EXPECT_FALSE(ThePack().IsPurposeLeaf("bestuurlijke-handhaving"));
  EXPECT_TRUE(ThePack().IsUnit("gemeente/oov"));
  for (const char* unit : {"gemeente", "gemeente/", "oov", "gemeente/*", "gemeente/oov/x", ""}) {
    EXPECT_FALSE(ThePack().IsUnit(unit)) << unit;
  }
  EXPECT_THAT(ThePack().UnitsOfKind("om"),
              ::testing::ElementsAre("om/parket", "om/officier", "om/fg", "om/privacy-officer"));
  EXPECT_TRUE(ThePack().UnitsOfKind("o").empty());
}

TEST(Pack, OrdersForms) {
  EXPECT_LT(ThePack().FormRank("presence"), ThePack().FormRank("category"));
  EXPECT_LT(ThePack().FormRank("pseudonym"), ThePack().FormRank("exact"));
  EXPECT_EQ(ThePack().FormRank("naked"), -1);
}

}  // namespace
}  // namespace sluis::policy

// Foreign packs: boxes over named entities, and what cannot be one.
#include "broker/authzen/entity_pack.h"

#include <gmock/gmock.h>

#include "lib/base/error.h"
#include "tests/broker/authzen/foreign_pack.h"
#include "tests/support/status_matchers.h"

namespace sluis::authzen {
namespace {

using ::sluis::testing::HasReason;
using ::testing::HasSubstr;

constexpr char kSmall[] = R"(
  name: "small"
  subject { type: "user" id: "a" property { name: "level" number: 2 } }
  subject { type: "user" id: "b" }
  resource { type: "door" id: "front" }
  action: "open"
  permit {
    id: "p" subject { property { name: "level" number: 1 } property { name: "level" number: 2 } }
    action { id: "open" }
  }
  prohibition { id: "x" subject { property { name: "banned" flag: true } } }
)";

Question Opens(const std::string& who, Json properties = Json::object()) {
  return {{"user", who, std::move(properties)},
          {"open", Json::object()},
          {"door", "front", Json::object()},
          Json::object()};
}

TEST(EntityPack, PermitsWhatAPermitCoversAndNoProhibition) {
  const auto pack = EntityPack::Parse(kSmall, "small.txtpb").value();
  EXPECT_TRUE(pack->Permits(Opens("a")));
  EXPECT_FALSE(pack->Permits(Opens("b"))) << "no permit";
  EXPECT_TRUE(pack->Permits(Opens("b", {{"level", 1}}))) << "the request says otherwise";
  EXPECT_FALSE(pack->Permits(Opens("a", {{"level", 3}})));
  EXPECT_FALSE(pack->Permits(Opens("a", {{"banned", true}}))) << "a prohibition beats permits";
  EXPECT_TRUE(pack->Permits(Opens("a", {{"banned", "true"}}))) << "text is no flag";
}

TEST(EntityPack, DeniesWhatItDoesNotKnow) {
  const auto pack = EntityPack::Parse(kSmall, "small.txtpb").value();
  const Json level = {{"level", 2}};
  EXPECT_FALSE(pack->Permits(Opens("c", level)));
  for (const auto change :
       {+[](Question& q) { q.subject.type = "door"; }, +[](Question& q) { q.resource.id = "back"; },
        +[](Question& q) { q.resource.type = "user"; },
        +[](Question& q) { q.action.name = "close"; }}) {
    Question question = Opens("a");
    change(question);
    EXPECT_FALSE(pack->Permits(question));
  }
}

TEST(EntityPack, EveryResultOfASearchIsPermittedAloneAndNothingIsMissing) {
  const auto pack = testing::CertificationPack();
  const std::vector<Json> subjects = {{{"type", "user"}, {"id", "alice"}},
                                      {{"type", "user"}, {"id", "bob"}}};
  const std::vector<Json> resources = {{{"type", "record"}, {"id", "record-1"}},
                                       {{"type", "record"}, {"id", "record-2"}}};
  for (const Json& subject : subjects) {
    for (const Json& resource : resources) {
      for (const std::string name : {"read", "write", "delete"}) {
        const Question question{{"user", subject["id"], Json::object()},
                                {name, Json::object()},
                                {"record", resource["id"], Json::object()},
                                Json::object()};
        const bool permitted = pack->Permits(question);
        const auto finds = [&](Searched searched, const Json& wanted) {
          const std::vector<Json> found = pack->Find(searched, question);
          return std::find(found.begin(), found.end(), wanted) != found.end();
        };
        EXPECT_EQ(finds(Searched::kSubject, subject), permitted) << subject << name << resource;
        EXPECT_EQ(finds(Searched::kResource, resource), permitted) << subject << name << resource;
        EXPECT_EQ(finds(Searched::kAction, {{"name", name}}), permitted)
            << subject << name << resource;
      }
    }
  }
}

TEST(EntityPack, RefusesWhatCannotBeMeant) {
  const std::string good = kSmall;
  for (const auto& [more, words] :
       {std::pair("subject { type: 'user' id: 'a' }", "stands twice"),
        std::pair("subject { type: 'user' }", "needs a type and an id"),
        std::pair("resource { type: 'door' id: 'x' property { name: 'p' } }", "has no value"),
        std::pair("resource { type: 'door' id: 'x' property { flag: true } }", "without a name"),
        std::pair("permit { id: 'p' }", "stands twice"), std::pair("permit {}", "needs an id"),
        std::pair("permit { id: 'q' subject { id: 'front' } }", "does not know"),
        std::pair("permit { id: 'q' resource { type: 'user' } }", "no entity has"),
        std::pair("permit { id: 'q' action { id: 'close' } }", "does not know"),
        std::pair("permit { id: 'q' action { type: 'user' } }", "no type"),
        std::pair("action: 'open'", "stands twice"), std::pair("permits {}", "")}) {
    const absl::Status status = EntityPack::Parse(good + more, "small.txtpb").status();
    EXPECT_THAT(status, HasReason("CONFIG_INVALID")) << more;
    const ErrorDetail detail = DetailOf(status);
    const std::string said =
        detail.violations.empty() ? MessageOf(status) : detail.violations[0].description;
    EXPECT_THAT(said, HasSubstr(words)) << more;
  }
  EXPECT_THAT(EntityPack::Parse("version: '1'", "x").status(), HasReason("CONFIG_INVALID"));
  EXPECT_FALSE(EntityPack::Load("policy/foreign/none.txtpb").ok());
}

TEST(EntityPack, IsNamedByItsBytes) {
  const auto one = EntityPack::Parse(kSmall, "x").value();
  const auto other = EntityPack::Parse(std::string(kSmall) + "\n", "x").value();
  EXPECT_NE(one->policy(), other->policy());
}

}  // namespace
}  // namespace sluis::authzen

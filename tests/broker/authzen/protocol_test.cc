// The protocol over a pack of foreign entities: what is asked, in which order, and what is
// malformed.
#include "broker/authzen/protocol.h"

#include <gmock/gmock.h>

#include <set>

#include "lib/base/error.h"
#include "tests/broker/authzen/foreign_pack.h"
#include "tests/support/status_matchers.h"

namespace sluis::authzen {
namespace {

using ::testing::HasSubstr;
using ::testing::SizeIs;

const Json kAlice = {{"type", "user"}, {"id", "alice"}};
const Json kBob = {{"type", "user"}, {"id", "bob"}};
const Json kRecord = {{"type", "record"}, {"id", "record-1"}};
const Json kRead = {{"name", "read"}};
const Json kWrite = {{"name", "write"}};

// Decides as the pack below it; counts, and fails when told.
class CountingPoint : public DecisionPoint {
 public:
  absl::StatusOr<std::unique_ptr<Hearing>> Open(const exchange::Caller& caller) override {
    ++opened;
    auto below = pack_->Open(caller).value();
    return std::make_unique<CountingHearing>(*this, std::move(below));
  }
  std::vector<std::string> Obligations() const override { return {"custom"}; }

  int opened = 0, decided = 0, closed = 0, fail_at = 0;
  absl::Status close = absl::OkStatus();

 private:
  struct CountingHearing : Hearing {
    CountingHearing(CountingPoint& point, std::unique_ptr<Hearing> pack)
        : counts(point), below(std::move(pack)) {}
    absl::StatusOr<Verdict> Decide(const Question& question) override {
      if (++counts.decided == counts.fail_at)
        return Error(ErrorCode::kUnavailable, "STORE_UNAVAILABLE", "the store is away");
      return below->Decide(question);
    }
    absl::StatusOr<std::vector<Json>> Search(Searched searched, const Question& question) override {
      return below->Search(searched, question);
    }
    absl::Status Close() override { return ++counts.closed, counts.close; }
    std::string Policy() const override { return below->Policy(); }
    CountingPoint& counts;
    std::unique_ptr<Hearing> below;
  };
  std::unique_ptr<EntityPack> pack_ = testing::CertificationPack();
};

class ProtocolTest : public ::testing::Test {
 protected:
  static exchange::Caller CallerNamed(const std::string& person) {
    exchange::Caller caller;
    caller.party.oin = Oin::Parse("00000099000000001000").value();
    caller.party.unit = UnitPath::Parse("gemeente/oov").value();
    caller.person = person;
    return caller;
  }
  static Json Single() { return {{"subject", kAlice}, {"action", kRead}, {"resource", kRecord}}; }
  static Json Batch(const Json& items, const std::string& semantic = "") {
    Json batch = {{"subject", kBob}, {"resource", kRecord}, {"evaluations", items}};
    if (!semantic.empty()) batch["options"] = {{"evaluations_semantic", semantic}};
    return batch;
  }
  // Decisions of a batch, as letters: T and F.
  std::string Decisions(const Json& batch) {
    const Json answer = protocol.Evaluations(caller, batch.dump()).value();
    EXPECT_FALSE(answer.contains("decision"));
    std::string letters;
    for (const Json& one : answer.at("evaluations"))
      letters += one.at("decision").get<bool>() ? 'T' : 'F';
    return letters;
  }
  static std::string PlaceOf(const absl::Status& status) {
    EXPECT_TRUE(absl::IsInvalidArgument(status)) << status;
    const ErrorDetail detail = DetailOf(status);
    return detail.violations.empty() ? "" : detail.violations.front().field;
  }
  std::string PlaceOfBatch(const Json& batch) {
    return PlaceOf(protocol.Evaluations(caller, batch.dump()).status());
  }
  std::string PlaceOfSearch(Searched searched, const Json& search) {
    return PlaceOf(protocol.Search(searched, caller, search.dump()).status());
  }
  static Json SubjectSearch(Json page = Json::object()) {
    return {{"subject", {{"type", "user"}}},
            {"action", kRead},
            {"resource", kRecord},
            {"page", std::move(page)}};
  }
  absl::StatusOr<Json> Subjects(const Json& search) {
    return protocol.Search(Searched::kSubject, caller, search.dump());
  }

  CountingPoint point;
  SearchTokens tokens;
  ManualClock clock{absl::FromUnixSeconds(1'790'000'000)};
  Protocol protocol{"", point, tokens, clock};
  exchange::Caller caller = CallerNamed("f-1");
};

TEST_F(ProtocolTest, AnswersASingleQuestionAndNothingMore) {
  EXPECT_EQ(protocol.Evaluation(caller, Single().dump()).value(), Json({{"decision", true}}));
  Json unknown = Single();
  unknown["subject"]["id"] = "nobody";
  EXPECT_EQ(protocol.Evaluation(caller, unknown.dump()).value(), Json({{"decision", false}}));
  EXPECT_EQ(point.closed, 2);
}

TEST_F(ProtocolTest, NamesThePlaceOfWhatIsMalformed) {
  for (const auto& [path, place] :
       std::map<std::string, std::string>{{"/subject", "subject"},
                                          {"/subject/type", "subject.type"},
                                          {"/subject/id", "subject.id"},
                                          {"/action", "action"},
                                          {"/action/name", "action.name"},
                                          {"/resource", "resource"},
                                          {"/resource/type", "resource.type"},
                                          {"/resource/id", "resource.id"}}) {
    const Json::json_pointer member(path);
    Json request = Single();
    request.at(member.parent_pointer()).erase(member.back());
    EXPECT_EQ(PlaceOf(protocol.Evaluation(caller, request.dump()).status()), place) << "missing";
    for (const Json& other : {Json(nullptr), Json(1), Json(true), Json::array()}) {
      request[member] = other;
      EXPECT_EQ(PlaceOf(protocol.Evaluation(caller, request.dump()).status()), place) << other;
    }
  }
  for (const char* path : {"/context", "/subject/properties", "/action/properties"}) {
    Json request = Single();
    request[Json::json_pointer(path)] = "x";
    EXPECT_NE(PlaceOf(protocol.Evaluation(caller, request.dump()).status()), "") << path;
  }
  EXPECT_EQ(point.opened, 0) << "nothing was decided";
}

TEST_F(ProtocolTest, RefusesBodiesThatAreNoObject) {
  for (const std::string body : {"", " ", "{", "[]", "null", "1", "\"x\"", "{}{}", "\xff"})
    EXPECT_TRUE(absl::IsInvalidArgument(protocol.Evaluation(caller, body).status())) << body;
  const std::string twice = "{\"action\":{}," + Single().dump().substr(1);
  EXPECT_TRUE(absl::IsInvalidArgument(protocol.Evaluation(caller, twice).status()));
}

TEST_F(ProtocolTest, DecidesEveryItemInItsOrder) {
  const Json items = {{{"action", kRead}}, {{"action", kWrite}}, {{"action", kRead}}};
  EXPECT_EQ(Decisions(Batch(items)), "TFT");
  EXPECT_EQ(Decisions(Batch(items, "execute_all")), "TFT");
  EXPECT_EQ(point.opened, 2) << "one hearing a batch";
}

TEST_F(ProtocolTest, StopsAfterTheItemThatSettlesTheBatch) {
  const Json items = {{{"action", kRead}}, {{"action", kWrite}}, {{"action", kRead}}};
  EXPECT_EQ(Decisions(Batch(items, "deny_on_first_deny")), "TF");
  EXPECT_EQ(Decisions(Batch(items, "permit_on_first_permit")), "T");
  const Json denied = {{{"action", kWrite}}, {{"action", kWrite}}};
  EXPECT_EQ(Decisions(Batch(denied, "permit_on_first_permit")), "FF");
  point.decided = 0;
  Decisions(Batch(items, "deny_on_first_deny"));
  EXPECT_EQ(point.decided, 2) << "what comes after is not asked";
}

TEST_F(ProtocolTest, AMemberOfAnItemReplacesTheDefaultWhole) {
  Json batch = Batch({Json::object(), {{"action", {{"name", "delete"}}}}});
  batch["subject"] = kAlice;
  batch["action"] = {{"name", "delete"}, {"properties", {{"soft", true}}}};
  EXPECT_EQ(Decisions(batch), "TF") << "the properties of the default do not stay";
}

TEST_F(ProtocolTest, AnItemThatFailsIsDeniedAloneAndCountsAsADenial) {
  const Json items = {{{"action", kRead}}, Json::object(), {{"action", "read"}}};
  const Json answer = protocol.Evaluations(caller, Batch(items).dump()).value();
  ASSERT_THAT(answer["evaluations"], SizeIs(3));
  EXPECT_EQ(answer["evaluations"][0], Json({{"decision", true}}));
  EXPECT_EQ(answer["evaluations"][1]["decision"], false);
  EXPECT_EQ(answer["evaluations"][1]["context"]["error"],
            Json({{"status", 400}, {"message", "evaluations[1].action: is required"}}));
  EXPECT_EQ(answer["evaluations"][2]["context"]["error"]["message"],
            "evaluations[2].action: must be a JSON object");
  EXPECT_EQ(Decisions(Batch({Json::object(), {{"action", kRead}}}, "deny_on_first_deny")), "F");
  EXPECT_EQ(Decisions(Batch({Json::object(), {{"action", kRead}}}, "permit_on_first_permit")),
            "FT");
}

TEST_F(ProtocolTest, AFaultOfOursIsNoDecision) {
  point.fail_at = 1;
  EXPECT_TRUE(absl::IsUnavailable(protocol.Evaluation(caller, Single().dump()).status()));
  point.decided = 0;
  const Json items = {{{"action", kRead}}, {{"action", kRead}}};
  const Json answer = protocol.Evaluations(caller, Batch(items).dump()).value();
  EXPECT_EQ(answer["evaluations"][0]["decision"], false);
  EXPECT_EQ(answer["evaluations"][0]["context"]["error"]["status"], 500);
  EXPECT_EQ(answer["evaluations"][1]["decision"], true);
}

TEST_F(ProtocolTest, AnswersNothingThatCouldNotBePutOnRecord) {
  point.close = Error(ErrorCode::kUnavailable, "LOG_UNAVAILABLE", "the log cannot be written");
  EXPECT_TRUE(absl::IsUnavailable(protocol.Evaluation(caller, Single().dump()).status()));
  EXPECT_TRUE(absl::IsUnavailable(
      protocol.Evaluations(caller, Batch({{{"action", kRead}}}).dump()).status()));
  EXPECT_TRUE(absl::IsUnavailable(Subjects(SubjectSearch()).status()));
}

TEST_F(ProtocolTest, WithoutItemsABatchIsOneQuestion) {
  Json request = Single();
  EXPECT_EQ(protocol.Evaluations(caller, request.dump()).value(), Json({{"decision", true}}));
  request["evaluations"] = Json::array();
  EXPECT_EQ(protocol.Evaluations(caller, request.dump()).value(), Json({{"decision", true}}));
  request.erase("action");
  EXPECT_EQ(PlaceOfBatch(request), "action");
}

TEST_F(ProtocolTest, RefusesAMalformedBatchWhole) {
  EXPECT_EQ(PlaceOfBatch(Batch({{{"action", kRead}}}, "first")), "options.evaluations_semantic");
  Json batch = Batch({{{"action", kRead}}});
  batch["options"] = {{"evaluations_semantic", 1}};
  EXPECT_EQ(PlaceOfBatch(batch), "options.evaluations_semantic");
  batch["options"] = "execute_all";
  EXPECT_EQ(PlaceOfBatch(batch), "options");
  EXPECT_EQ(PlaceOfBatch(Batch({{{"action", kRead}}, "x"})), "evaluations[1]");
  EXPECT_EQ(PlaceOfBatch(Batch("x")), "evaluations");
  batch = Batch({{{"action", kRead}}});
  batch["subject"] = "bob";
  EXPECT_EQ(PlaceOfBatch(batch), "subject");
  Json many = Json::array();
  for (std::size_t i = 0; i <= kMostEvaluations; ++i) many.push_back({{"action", kRead}});
  EXPECT_EQ(PlaceOfBatch(Batch(many)), "evaluations");
  many.erase(0);
  EXPECT_THAT(Decisions(Batch(many)), SizeIs(kMostEvaluations));
}

TEST_F(ProtocolTest, SearchesPageByPageUntilTheEmptyToken) {
  const Json all = Subjects(SubjectSearch()).value();
  EXPECT_EQ(all["results"], Json({kAlice, kBob}));
  EXPECT_EQ(all["page"], Json({{"next_token", ""}, {"count", 2}, {"total", 2}}));
  const Json first = Subjects(SubjectSearch({{"limit", 1}})).value();
  EXPECT_EQ(first["results"], Json({kAlice}));
  EXPECT_EQ(first["page"]["count"], 1);
  EXPECT_EQ(first["page"]["total"], 2);
  const Json token = first["page"]["next_token"];
  EXPECT_NE(token, "");
  for (const Json& page : {Json{{"token", token}}, Json{{"token", token}, {"limit", 1}}}) {
    const Json second = Subjects(SubjectSearch(page)).value();
    EXPECT_EQ(second["results"], Json({kBob}));
    EXPECT_EQ(second["page"]["next_token"], "");
  }
  EXPECT_THAT(all.dump(), ::testing::StartsWith("{\"page\":")) << "the page comes first";
}

TEST_F(ProtocolTest, APageTokenIsBoundToCallerRequestAndPoint) {
  const Json token = Subjects(SubjectSearch({{"limit", 1}})).value()["page"]["next_token"];
  const Json page = {{"token", token}};
  EXPECT_EQ(PlaceOfSearch(Searched::kSubject, SubjectSearch({{"token", token}, {"limit", 2}})),
            "page.limit");
  Json changed = SubjectSearch(page);
  changed["action"] = kWrite;
  EXPECT_EQ(PlaceOfSearch(Searched::kSubject, changed), "page.token");
  changed = SubjectSearch(page);
  changed["context"] = {{"x", 1}};
  EXPECT_EQ(PlaceOfSearch(Searched::kSubject, changed), "page.token");
  Json other_id = SubjectSearch(page);
  other_id["subject"]["id"] = "ignored";
  EXPECT_OK(Subjects(other_id)) << "the id of what is searched is ignored";
  const auto by_other =
      protocol.Search(Searched::kSubject, CallerNamed("f-2"), SubjectSearch(page).dump());
  EXPECT_EQ(PlaceOf(by_other.status()), "page.token");
  const Protocol other("other", point, tokens, clock);
  EXPECT_EQ(PlaceOf(other.Search(Searched::kSubject, caller, SubjectSearch(page).dump()).status()),
            "page.token");
  clock.Advance(absl::Hours(2));
  EXPECT_EQ(PlaceOfSearch(Searched::kSubject, SubjectSearch(page)), "page.token");
}

TEST_F(ProtocolTest, RefusesPagesThatCannotBeMeant) {
  for (const Json& limit : {Json(0), Json(-1), Json(1.5), Json("1"), Json(1001), Json(nullptr)})
    EXPECT_EQ(PlaceOfSearch(Searched::kSubject, SubjectSearch({{"limit", limit}})), "page.limit");
  EXPECT_EQ(PlaceOfSearch(Searched::kSubject, SubjectSearch({{"token", 1}})), "page.token");
  EXPECT_EQ(PlaceOfSearch(Searched::kSubject, SubjectSearch({{"token", "x"}})), "page.token");
  Json search = SubjectSearch();
  search["page"] = "x";
  EXPECT_EQ(PlaceOfSearch(Searched::kSubject, search), "page");
}

TEST_F(ProtocolTest, ASearchAsksForEveryOtherEntityWhole) {
  Json search = SubjectSearch();
  search["resource"].erase("id");
  EXPECT_EQ(PlaceOfSearch(Searched::kSubject, search), "resource.id");
  EXPECT_EQ(PlaceOfSearch(Searched::kResource, search), "subject.id");
  EXPECT_EQ(PlaceOfSearch(Searched::kAction, search), "subject.id");
  search = SubjectSearch();
  search.erase("action");
  EXPECT_EQ(PlaceOfSearch(Searched::kSubject, search), "action");
  search["subject"] = kAlice;
  const Json actions = protocol.Search(Searched::kAction, caller, search.dump()).value();
  EXPECT_EQ(actions["results"], Json({kRead, kWrite}));
}

TEST_F(ProtocolTest, TheMetadataNameEveryEndpoint) {
  const Json metadata = protocol.Metadata("https://pdp", "https://pdp");
  EXPECT_EQ(metadata["policy_decision_point"], "https://pdp");
  EXPECT_EQ(metadata["access_evaluation_endpoint"], "https://pdp/access/v1/evaluation");
  EXPECT_EQ(metadata["search_action_endpoint"], "https://pdp/access/v1/search/action");
  EXPECT_EQ(metadata["capabilities"], Json::array());
  EXPECT_EQ(metadata["supported_obligations"], Json({"custom"}));
}

}  // namespace
}  // namespace sluis::authzen

// The rules read backwards: what may I ask, of whom, who may get this from me. Every result, asked
// singly, is true.
#include "broker/authzen/exchange_search.h"

#include <gmock/gmock.h>

#include <set>

#include "tests/broker/authzen/exchange_desk.h"
#include "tests/support/status_matchers.h"

namespace sluis::authzen {
namespace {

using exchange::testing::Desk;
using exchange::testing::Oov;
using exchange::testing::SmallTown;
using exchange::testing::Supervisor;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::SizeIs;

class ExchangeSearchTest : public testing::ExchangeDesk {
 protected:
  Json Search(Searched searched, const Desk& desk, const Json& request) {
    const Json answer = protocol.Search(searched, As(desk), request.dump()).value();
    EXPECT_EQ(answer["page"]["total"], answer["results"].size());
    return answer["results"];
  }
  // Puts the result in the place of what was searched and asks singly.
  void ExpectTrueAlone(const Desk& desk, Json request, const char* member, Json result) {
    result.erase("obligations");
    request[member] = result;
    EXPECT_EQ(Ask(desk, request)["decision"], true) << request;
  }
};

TEST_F(ExchangeSearchTest, WhoMayGetThisFromMe) {
  const CaseId id = NewCase(Supervisor(), "signaal");
  NewCase(Supervisor(), "nazorg");
  Json request = SignalIn(id);
  request["resource"].erase("id");
  for (const char* open : {"recipient_organisation", "recipient_unit"})
    request["resource"]["properties"].erase(open);
  const Json results = Search(Searched::kResource, Supervisor(), request);
  ASSERT_THAT(results, Not(IsEmpty()));
  bool oov = false;
  for (const Json& result : results) {
    oov |= result["properties"]["recipient_unit"] == "gemeente/oov" && result["id"] == id.hex();
    EXPECT_TRUE(result.contains("obligations"));
    ExpectTrueAlone(Supervisor(), request, "resource", result);
  }
  EXPECT_TRUE(oov) << results;
}

TEST_F(ExchangeSearchTest, FillsInFieldsAndLabelsThatAreLeftOpen) {
  const CaseId id = NewCase(Supervisor(), "signaal");
  Json request = SignalIn(id);
  for (const char* open : {"fields", "regime", "subject_category"})
    request["resource"]["properties"].erase(open);
  const Json results = Search(Searched::kResource, Supervisor(), request);
  ASSERT_THAT(results, Not(IsEmpty()));
  for (const Json& result : results) {
    EXPECT_FALSE(result["properties"]["fields"].empty());
    ExpectTrueAlone(Supervisor(), request, "resource", result);
  }
}

TEST_F(ExchangeSearchTest, WhatMayIDo) {
  Json request = SignalIn(NewCase(Supervisor(), "signaal"));
  request.erase("action");
  const Json results = Search(Searched::kAction, Supervisor(), request);
  bool disclose = false;
  for (const Json& result : results) {
    disclose |= result["name"] == "disclose" && result["properties"]["purpose"] == "signaal-intake";
    ExpectTrueAlone(Supervisor(), request, "action", result);
  }
  EXPECT_TRUE(disclose) << results;
}

// By brute force: every act, purpose and basis of the pack.
TEST_F(ExchangeSearchTest, NothingThatIMayDoIsMissing) {
  Json request = SignalIn(NewCase(Supervisor(), "signaal"));
  std::set<std::string> permitted, found;
  const auto hearing = point.Open(As(Supervisor())).value();
  Fault fault;
  Question question = ReadQuestion(request, EmptyObject(), Searched::kNothing, "", fault);
  const auto pack = policies->Current().pack;
  for (const std::string& action : pack->ActionIds()) {
    for (const std::string& purpose : pack->PurposeIds()) {
      for (const std::string& basis : pack->BasisIds()) {
        question.action = {action, {{"purpose", purpose}, {"basis", basis}}};
        if (hearing->Decide(question).value().decision)
          permitted.insert(action + " " + purpose + " " + basis);
      }
    }
  }
  request.erase("action");
  for (const Json& result : Search(Searched::kAction, Supervisor(), request)) {
    const Json& properties = result["properties"];
    found.insert(result["name"].get<std::string>() + " " +
                 properties["purpose"].get<std::string>() + " " +
                 properties["basis"].get<std::string>());
  }
  EXPECT_FALSE(permitted.empty());
  EXPECT_EQ(found, permitted);
}

// Likewise: every desk of the directory, in both of my cases.
TEST_F(ExchangeSearchTest, NobodyWhoMayGetThisIsMissing) {
  const CaseId first = NewCase(Supervisor(), "signaal"), second = NewCase(Supervisor(), "casus");
  Json request = SignalIn(first);
  std::set<std::string> permitted, found;
  const auto hearing = point.Open(As(Supervisor())).value();
  Fault fault;
  Question question = ReadQuestion(request, EmptyObject(), Searched::kNothing, "", fault);
  for (const CaseId& id : {first, second}) {
    for (const identity::Partner& partner : directories->Current()->partners()) {
      for (const identity::UnitEntry& unit : partner.units) {
        question.resource.id = id.hex();
        question.resource.properties["recipient_organisation"] = partner.oin.str();
        question.resource.properties["recipient_unit"] = unit.unit.str();
        if (hearing->Decide(question).value().decision)
          permitted.insert(id.hex() + partner.oin.str() + unit.unit.str());
      }
    }
  }
  for (const char* open : {"recipient_organisation", "recipient_unit"})
    request["resource"]["properties"].erase(open);
  for (const Json& result : Search(Searched::kResource, Supervisor(), request)) {
    const Json& properties = result["properties"];
    found.insert(result["id"].get<std::string>() +
                 properties["recipient_organisation"].get<std::string>() +
                 properties["recipient_unit"].get<std::string>());
  }
  EXPECT_FALSE(permitted.empty());
  EXPECT_EQ(found, permitted);
}

TEST_F(ExchangeSearchTest, KnowsOnlyTheCallerHimself) {
  Json request = SignalIn(NewCase(Supervisor(), "signaal"));
  request["subject"] = {{"type", "functionary"}};
  const Json results = Search(Searched::kSubject, Supervisor(), request);
  ASSERT_THAT(results, SizeIs(1));
  EXPECT_EQ(results[0]["id"], Supervisor().person);
  ExpectTrueAlone(Supervisor(), request, "subject", results[0]);
  EXPECT_THAT(Search(Searched::kSubject, Oov(), request), IsEmpty());
}

TEST_F(ExchangeSearchTest, FindsNothingThatIsUnknownOrHeldForApproval) {
  const CaseId id = NewCase(Oov(), "casus");
  EXPECT_THAT(Search(Searched::kResource, Oov(), PoliceQuestionIn(id)), IsEmpty());
  EXPECT_THAT(Search(Searched::kResource, SmallTown(), PoliceQuestionIn(id)), IsEmpty())
      << "cases of others are nobody else's";
  for (const char* path : {"/action/name", "/action/properties/purpose", "/action/properties/basis",
                           "/resource/type", "/subject/type", "/resource/properties/regime"}) {
    Json request = SignalIn(NewCase(Supervisor(), "signaal"));
    request[Json::json_pointer(path)] = "unknown";
    EXPECT_THAT(Search(Searched::kResource, Supervisor(), request), IsEmpty()) << path;
  }
}

TEST_F(ExchangeSearchTest, LeavesNothingInTheLog) {
  const Json request = SignalIn(NewCase(Supervisor(), "signaal"));
  Search(Searched::kResource, Supervisor(), request);
  EXPECT_EQ(Count(tlog::LeafKind::kDryRun), 0);
}

}  // namespace
}  // namespace sluis::authzen

// What the provider's desk learns before it answers: the form of each field, and no more than its
// own answer would have told it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/broker/exchange/world.h"
#include "tests/support/status_matchers.h"

namespace sluis::exchange {
namespace {

using testing::Alderman;
using testing::Analyst;
using testing::Detective;
using testing::Oov;

using Forms = std::map<std::string, std::string>;

const Forms kPoliceForms = {
    {"ant-politiemelding", "generalised"}, {"p-naam", "exact"}, {"pand-adres", "exact"}};

class AnswerableTest : public testing::World {
 protected:
  ExchangeResult Asked() {
    return *CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019");
  }
  Forms For(const testing::Desk& desk, const ExchangeId& id) {
    const auto shown = service->Get(As(desk), id);
    EXPECT_OK(shown.status());
    return shown->answerable;
  }
};

TEST_F(AnswerableTest, WhoseAnswerIsTheApprovalSeesTheForms) {
  const ExchangeResult asked = Asked();
  EXPECT_TRUE(asked.decision.fields.empty()) << "the newest decision names none yet";
  EXPECT_EQ(For(Analyst(), asked.exchange.id), kPoliceForms);
}

TEST_F(AnswerableTest, WhoLacksTheRoleSeesNone) {
  EXPECT_EQ(For(Detective(), Asked().exchange.id), Forms());
}

TEST_F(AnswerableTest, TheAskerSeesNone) { EXPECT_EQ(For(Oov(), Asked().exchange.id), Forms()); }

TEST_F(AnswerableTest, ItIsNotSeenWhenTheExchangeIsNot) {
  const ExchangeResult asked = Asked();
  EXPECT_EQ(ReasonOf(service->Get(As(Alderman()), asked.exchange.id).status()),
            "RESOURCE_NOT_ACCESSIBLE");
}

TEST_F(AnswerableTest, NothingIsAnswerableOnceItIsAnswered) {
  EXPECT_EQ(For(Analyst(), Answered().exchange.id), Forms());
}

TEST_F(AnswerableTest, ItFollowsTheCaseAndNotTheMomentOfTheQuestion) {
  const CaseId in_case = NewCase(Oov(), "casus");
  const auto asked = CreateAbout(Oov(), PoliceQuestion(in_case), "bsn:999990019");
  ASSERT_OK(asked.status());
  const auto closed = Await<CaseResult>([&](Reply<CaseResult> reply) {
    service->ChangeCaseOf(As(Oov()), Stamp("CloseCase"), {in_case, std::nullopt, true, ""},
                          std::move(reply));
  });
  ASSERT_OK(closed.status());
  EXPECT_EQ(For(Analyst(), asked->exchange.id), Forms()) << "the rule asks for an open case";
}

TEST_F(AnswerableTest, LookingChangesNothing) {
  const ExchangeResult asked = Asked();
  const auto before = LeavesOf(asked.exchange.id);
  For(Analyst(), asked.exchange.id);
  EXPECT_EQ(LeavesOf(asked.exchange.id), before);
  EXPECT_EQ(service->Get(As(Analyst()), asked.exchange.id)->exchange.approvals.size(), 0U);
}

TEST_F(AnswerableTest, AnAnswerInTheseFormsIsTaken) {
  const ExchangeResult asked = Asked();
  std::vector<testing::Released> fields;
  for (const auto& [field, form] : For(Analyst(), asked.exchange.id))
    fields.push_back({field, form, "x"});
  EXPECT_OK(AnswerWith(Analyst(), Release(asked, fields)).status());
}

}  // namespace
}  // namespace sluis::exchange

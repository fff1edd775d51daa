// The receipt of a decision: whoever holds the pack decides again what the broker decided, and it
// tells the asker no sooner than a release does under which labels the provider answers.
#include <gmock/gmock.h>

#include "lib/base/encoding.h"
#include "policy/engine/authzen.h"
#include "policy/engine/evaluate.h"
#include "policy/signed/decision_receipt.h"
#include "tests/broker/exchange/pseudonym_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::exchange::testing {
namespace {

using ::testing::IsEmpty;

class ReceiptTest : public PseudonymWorld {
 protected:
  Bytes ReceiptOf(const Desk& desk, const ExchangeId& id) {
    return service->Get(As(desk), id)->decision_receipt;
  }
  // Verified, and decided again the same by the plain scan.
  policy::ReceiptTerms Checked(const Bytes& wire) {
    const auto receipt = policy::DecisionReceipt::Verify(wire, DecisionKey());
    EXPECT_OK(receipt.status());
    if (!receipt.ok()) return {};
    const auto differences = policy::DecideAgain(*receipt, *policies->Current().pack);
    EXPECT_OK(differences.status());
    for (const auto& one : *differences) ADD_FAILURE() << one.member << one.receipt << one.scan;
    return receipt->terms();
  }
  std::vector<Json> RecordsOfOov() {
    ListRecords list;
    list.parent = PrivacyOfficer().party;
    list.provider = Oov().party;
    list.use = 1;
    list.purpose = "audit-verantwoording";
    list.basis = "avg-24";
    list.regime = "avg";
    list.limit = 100;
    const auto read = Await<RecordsResult>([&](Reply<RecordsResult> reply) {
      service->ReadRecords(As(PrivacyOfficer()), Stamp("ListRecords"), list, std::move(reply));
    });
    EXPECT_OK(read.status());
    std::vector<Json> records;
    for (const RecordResult& one : read->records) records.push_back(Json::parse(one.opened.record));
    return records;
  }
  ExchangeResult Asked() {
    return *CreateAbout(Oov(), PoliceQuestion(NewCase(Oov(), "casus")), "bsn:999990019");
  }
};

TEST_F(ReceiptTest, EachDecisionOfAnExchangeIsDecidedAgainTheSame) {
  const ExchangeResult asked = Asked();
  for (const Desk& desk : {Oov(), Analyst()}) {
    const policy::ReceiptTerms terms = Checked(ReceiptOf(desk, asked.exchange.id));
    EXPECT_EQ(terms.exchange, asked.exchange.id.hex());
    EXPECT_EQ(terms.pack, policies->Current().digest);
    EXPECT_EQ(terms.version, policies->Current().pack->version());
    EXPECT_EQ(terms.answer.at("context").at("outcome"), "NEEDS_APPROVAL");
    EXPECT_EQ(terms.request.at("context").at("facts").at("zaak-open"), "yes");
  }
  clock.Advance(absl::Minutes(5));
  ASSERT_OK(AnswerWith(Analyst(), Release(asked, PoliceAnswer())).status());
  const policy::ReceiptTerms released = Checked(ReceiptOf(Oov(), asked.exchange.id));
  EXPECT_EQ(released.answer.at("context").at("outcome"), "PERMITTED");
  EXPECT_EQ(released.answer.at("context").at("retention"), "P1Y");
  EXPECT_EQ(released.request.at("context").at("approvals").size(), 1u);
}

TEST_F(ReceiptTest, ADenialHasOneToo) {
  CreateExchange ask = PoliceQuestion(NewCase(SocialDomain(), "casus"));
  ask.parent = ask.recipient = SocialDomain().party;
  const auto denied = CreateAbout(SocialDomain(), ask, "bsn:999990019");
  ASSERT_OK(denied.status());
  ASSERT_EQ(denied->exchange.state, storage::ExchangeState::kDenied);
  const policy::ReceiptTerms terms = Checked(ReceiptOf(SocialDomain(), denied->exchange.id));
  EXPECT_EQ(terms.answer.at("context").at("outcome"), "DENIED_PROHIBITED");
}

TEST_F(ReceiptTest, TheLogHoldsTheQuestionFromWhichItIsDecidedAgain) {
  const ExchangeResult asked = Asked();
  ASSERT_OK(AnswerWith(Analyst(), Release(asked, PoliceAnswer())).status());
  int again = 0;
  for (const Json& record : RecordsOfOov()) {
    if (!record.contains("request")) {
      EXPECT_NE(record.at("kind"), "DECISION");
      continue;
    }
    const auto request = policy::ParseAuthzenRequest(record.at("request").dump());
    ASSERT_OK(request.status());
    const policy::Decision decision = policy::Evaluate(*policies->Current().pack, *request);
    EXPECT_EQ(record.at("rules"), Json(decision.deciding_rules));
    EXPECT_EQ(record.at("fields"), Json(decision.fields));
    ++again;
  }
  EXPECT_GE(again, 2) << "asked and answered";
}

TEST_F(ReceiptTest, NamesNoPersonAndNoCase) {
  const ExchangeResult asked = Asked();
  ASSERT_OK(AnswerWith(Analyst(), Release(asked, PoliceAnswer())).status());
  const Bytes wire = ReceiptOf(Oov(), asked.exchange.id);
  for (const std::string& word : {Oov().person, Analyst().person, std::string("999990019")}) {
    EXPECT_EQ(wire.find(word), Bytes::npos) << word;
  }
}

TEST_F(ReceiptTest, TheAskerDoesNotLearnUnderWhichLabelsAnAnswerIsPrepared) {
  const ExchangeResult asked = Asked();
  ASSERT_OK(PrepareWith(Analyst(), asked.exchange.id, "wpg-8", "bewoner").status());
  EXPECT_THAT(ReceiptOf(Oov(), asked.exchange.id), IsEmpty());
  const policy::ReceiptTerms own = Checked(ReceiptOf(Analyst(), asked.exchange.id));
  EXPECT_EQ(own.request.at("resource").at("properties").at("subject_category"), "bewoner");
}

TEST_F(ReceiptTest, WithoutADecisionKeyThereIsNone) {
  const ExchangeResult asked = Asked();
  StartService(nullptr);
  EXPECT_THAT(ReceiptOf(Oov(), asked.exchange.id), IsEmpty());
  Restart();
  EXPECT_OK(policy::DecisionReceipt::Verify(ReceiptOf(Oov(), asked.exchange.id), DecisionKey()));
}

// An older broker stored no question with its decisions.
TEST_F(ReceiptTest, AnOlderDecisionHasNone) {
  const ExchangeResult asked = Asked();
  ASSERT_OK(journal->SubmitAndWait([&](storage::Transaction& rows, journal::LeafSink&) {
    storage::ExchangeRecord exchange = *rows.FindExchange(asked.exchange.id).value();
    Json decision = Json::parse(exchange.decision);
    for (const char* member : {"request", "bundle", "version"}) decision.erase(member);
    exchange.decision = decision.dump();
    return rows.PutExchange(exchange);
  }));
  EXPECT_THAT(ReceiptOf(Oov(), asked.exchange.id), IsEmpty());
}

}  // namespace
}  // namespace sluis::exchange::testing

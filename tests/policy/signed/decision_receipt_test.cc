// A receipt of a decision says the whole question, and whoever holds the pack sees whether the
// answer is what the rules give.
#include "policy/signed/decision_receipt.h"

#include <gmock/gmock.h>

#include "lib/base/encoding.h"
#include "lib/crypto/hash.h"
#include "policy/engine/authzen.h"
#include "policy/engine/evaluate.h"
#include "tests/policy/signed/signed_pack.h"
#include "tests/policy/the_pack.h"
#include "tests/support/status_matchers.h"

namespace sluis::policy {
namespace {

using ::sluis::testing::HasReason;
using ::testing::IsEmpty;
using testing::LaterPack;
using testing::ThePack;

class DecisionReceiptTest : public ::testing::Test {
 protected:
  DecisionReceiptTest() {
    scenarios = testing::ReadJsonLines("tests/scenarios/scenarios-public.jsonl");
    terms = TermsOf(scenarios.front().at("request"));
  }
  ReceiptTerms TermsOf(const Json& request) const {
    const auto parsed = ParseAuthzenRequest(request.dump());
    return {.exchange = std::string(32, 'a'),
            .bundle = ThePack().bundle(),
            .version = ThePack().version(),
            .pack = Sha256(CanonicalBytes(ThePack())),
            .request = request,
            .answer = ReceiptAnswer(Evaluate(ThePack(), *parsed))};
  }
  DecisionReceipt Signed() const { return DecisionReceipt::Sign(terms, broker).value(); }
  std::vector<ReceiptDifference> Differences() const {
    return DecideAgain(Signed(), ThePack()).value();
  }
  std::vector<std::string> DifferentMembers() const {
    std::vector<std::string> members;
    for (const ReceiptDifference& one : Differences()) members.push_back(one.member);
    return members;
  }
  absl::Status VerifyWith(const std::string& head, const std::string& line) const {
    const Bytes prefix("sluis/decision-receipt/v1\0", 26);
    return DecisionReceipt::Verify(
               head + "\n" + line + "\n" + HexEncode(AsView(broker.public_key().KeyId())) + "\n" +
                   Base64Encode(broker.Sign(prefix + Bytes(AsView(Sha256(line))))) + "\n",
               broker.public_key())
        .status();
  }

  const Ed25519PrivateKey broker = Ed25519PrivateKey::Generate();
  std::vector<Json> scenarios;
  ReceiptTerms terms;
};

TEST_F(DecisionReceiptTest, EveryScenarioIsDecidedAgainTheSame) {
  int checked = 0;
  for (const Json& scenario : scenarios) {
    if (!ParseAuthzenRequest(scenario.at("request").dump()).ok()) continue;
    terms = TermsOf(scenario.at("request"));
    ASSERT_OK_AND_ASSIGN(const auto receipt, DecisionReceipt::Sign(terms, broker));
    ASSERT_OK_AND_ASSIGN(const auto read,
                         DecisionReceipt::Verify(receipt.wire(), broker.public_key()));
    EXPECT_THAT(*DecideAgain(read, ThePack()), IsEmpty());
    ++checked;
  }
  EXPECT_GT(checked, 100);
}

TEST_F(DecisionReceiptTest, WhatDiffersIsNamed) {
  EXPECT_THAT(DifferentMembers(), IsEmpty());
  const ReceiptTerms good = terms;
  terms.answer["context"]["outcome"] = "PERMITTED_ALL";
  terms.answer["context"]["fields"]["p-bsn"] = "exact";
  EXPECT_THAT(DifferentMembers(), ::testing::ElementsAre("context.fields", "context.outcome"));
  terms = good;
  terms.answer["context"].erase("deciding_rules");
  EXPECT_THAT(DifferentMembers(), ::testing::ElementsAre("context.deciding_rules"));
  EXPECT_EQ(Differences().front().receipt, "-");
  terms = good;
  terms.answer["extra"] = true;
  terms.answer["decision"] = !good.answer.at("decision").get<bool>();
  EXPECT_THAT(DifferentMembers(), ::testing::ElementsAre("decision", "extra"));
  terms.answer = {{"context", 1}};
  EXPECT_THAT(DifferentMembers(), ::testing::ElementsAre("context", "decision"));
}

TEST_F(DecisionReceiptTest, OnlyThePackThatItNamesDecidesAgain) {
  EXPECT_THAT(DecideAgain(Signed(), *LaterPack(1)), HasReason("PACK_OTHER"));
  terms.version = "2026.11.3";
  EXPECT_THAT(DecideAgain(Signed(), ThePack()), HasReason("PACK_OTHER"));
}

TEST_F(DecisionReceiptTest, EveryChangedByteIsNoticed) {
  const Bytes good = Signed().wire();
  for (std::size_t at = 0; at < good.size(); at += 7) {
    Bytes changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(DecisionReceipt::Verify(changed, broker.public_key()).ok()) << at;
  }
  for (const Bytes& wrong : {good + "\n", good + "x", good.substr(0, good.size() - 1), Bytes(),
                             Bytes("\n\n\n\n"), Bytes(kMaxReceipt + 1, 'x')}) {
    EXPECT_THAT(DecisionReceipt::Verify(wrong, broker.public_key()),
                HasReason("RECEIPT_MALFORMED"));
  }
  EXPECT_THAT(DecisionReceipt::Verify(good, Ed25519PrivateKey::Generate().public_key()),
              HasReason("RECEIPT_KEY_UNKNOWN"));
}

// Signed by the broker, and yet no receipt.
TEST_F(DecisionReceiptTest, IsReadInOneSpellingOnly) {
  const Bytes wire = Signed().wire();
  const std::size_t from = wire.find('\n') + 1;
  const std::string line = wire.substr(from, wire.find('\n', from) - from);
  constexpr char kHead[] = "sluis-decision-receipt/v1";
  EXPECT_OK(VerifyWith(kHead, line));
  EXPECT_THAT(VerifyWith("sluis-decision-receipt/v2", line), HasReason("RECEIPT_MALFORMED"));
  EXPECT_THAT(VerifyWith(kHead, " " + line), HasReason("RECEIPT_MALFORMED"));
  EXPECT_THAT(VerifyWith(kHead, "[]"), HasReason("RECEIPT_MALFORMED"));
  const Json json = Json::parse(line);
  for (const auto& member : json.items()) {
    Json less = json, other = json, more = json;
    less.erase(member.key());
    other[member.key()] = 1;
    more["extra"] = 1;
    EXPECT_THAT(VerifyWith(kHead, CanonicalJson(less).value()), HasReason("RECEIPT_MALFORMED"));
    EXPECT_THAT(VerifyWith(kHead, CanonicalJson(other).value()), HasReason("RECEIPT_MALFORMED"));
    EXPECT_THAT(VerifyWith(kHead, CanonicalJson(more).value()), HasReason("RECEIPT_MALFORMED"));
  }
}

TEST_F(DecisionReceiptTest, NoReceiptIsMadeOfWhatCannotBeRead) {
  terms.exchange = "abc";
  EXPECT_THAT(DecisionReceipt::Sign(terms, broker), HasReason("RECEIPT_MALFORMED"));
  terms.exchange = std::string(32, 'a');
  terms.answer["context"]["min_cell"] = nullptr;
  EXPECT_THAT(DecisionReceipt::Sign(terms, broker), HasReason("RECEIPT_MALFORMED"));
}

TEST_F(DecisionReceiptTest, ARequestThatIsNoneIsSaidToBeNone) {
  terms.request = {{"subject", 1}};
  EXPECT_THAT(DecideAgain(Signed(), ThePack()), HasReason("RECEIPT_MALFORMED"));
}

}  // namespace
}  // namespace sluis::policy

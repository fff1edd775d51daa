// What the journal promises to one caller after another.
#include "broker/journal/journal.h"

#include <random>

#include "lib/base/encoding.h"
#include "tests/broker/journal/fixture.h"
#include "tests/support/status_matchers.h"

namespace sluis::journal {
namespace {

using ::testing::ElementsAre;
using testing::ExchangeNumber;
using testing::HasReason;
using ::testing::HasSubstr;
using testing::Log;
using testing::LogAndStore;
using testing::RequestDraft;
using tlog::LeafKind;

using JournalTest = testing::JournalTest;

TEST_F(JournalTest, AnEmptyLogStartsWithGenesisAndEndsWithServiceStop) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  journal->Stop();
  EXPECT_TRUE(journal->healthy());
  const testing::CheckedLog log = CheckLog();
  EXPECT_THAT(log.Kinds(),
              ElementsAre(LeafKind::kGenesis, LeafKind::kServiceStart, LeafKind::kServiceStop));
  for (const tlog::Leaf& leaf : log.leaves) {
    EXPECT_EQ(leaf.acting, testing::OperatorOin().str());
    EXPECT_EQ(leaf.policy_digest, testing::PolicyDigest());
    EXPECT_EQ(leaf.retention, tlog::RetentionClass::kStructural);
  }
}

TEST_F(JournalTest, ACallerGetsAReceiptThatVerifiesOffline) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  ASSERT_OK_AND_ASSIGN(const auto leaves, journal->SubmitAndWait(LogAndStore(7)));
  ASSERT_EQ(leaves.size(), 1U);
  EXPECT_EQ(leaves[0].index, 2U);
  const tlog::Leaf leaf = testing::CheckReceipt(leaves[0]);
  EXPECT_EQ(leaf.kind, LeafKind::kRequest);
  EXPECT_EQ(leaf.outcome, tlog::LeafOutcome::kPermitted);
  EXPECT_EQ(leaf.exchange, ExchangeNumber(7));
  EXPECT_EQ(leaf.acting, testing::MunicipalityOin().str());
  EXPECT_EQ(leaf.other, testing::PoliceOin().str());
  EXPECT_EQ(leaf.hour, 1795442400);
  EXPECT_TRUE(testing::IsStored(store, 7));
  CheckLog();
}

TEST_F(JournalTest, TheRecordSaysWhatTheLeafSaysAndWhatTheDraftAdds) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  ASSERT_OK(journal->SubmitAndWait(LogAndStore(7)));
  ASSERT_OK_AND_ASSIGN(const auto reader, store.Snapshot());
  ASSERT_OK_AND_ASSIGN(const Journal::OpenedRecord opened, journal->OpenRecord(*reader, 2));
  const Json expected = {{"v", 1},
                         {"kind", "REQUEST"},
                         {"time", "2026-11-23T14:05:09.123Z"},
                         {"exchange", ExchangeNumber(7).hex()},
                         {"purpose", "gebiedsaanpak"},
                         {"outcome", "PERMITTED"},
                         {"orgs",
                          {{"acting", testing::MunicipalityOin().str()},
                           {"other", testing::PoliceOin().str()},
                           {"units", {"gemeente/oov"}}}},
                         {"policy_version", HexEncode(AsView(testing::PolicyDigest()))},
                         {"reasons", {"P-24"}}};
  EXPECT_EQ(Json::parse(opened.record), expected);
  EXPECT_EQ(opened.salt.size(), 32U);
  EXPECT_THAT(journal->OpenRecord(*reader, 3), HasReason("RESOURCE_NOT_FOUND"));
}

TEST_F(JournalTest, WhatARefusedItemWroteIsGoneAndLeavesNoGap) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  const auto refused = journal->SubmitAndWait([](storage::Transaction& transaction, LeafSink& log) {
    EXPECT_OK(LogAndStore(1)(transaction, log));
    return Error(ErrorCode::kAborted, "CONFLICTING_CHANGE", "changed underneath");
  });
  EXPECT_THAT(refused, HasReason("CONFLICTING_CHANGE"));
  EXPECT_TRUE(journal->healthy());
  ASSERT_OK_AND_ASSIGN(const auto leaves, journal->SubmitAndWait(LogAndStore(2)));
  EXPECT_EQ(leaves.at(0).index, 2U);
  EXPECT_FALSE(testing::IsStored(store, 1));
  EXPECT_TRUE(testing::IsStored(store, 2));
  EXPECT_EQ(CheckLog().leaves.at(2).exchange, ExchangeNumber(2));
}

TEST_F(JournalTest, AnItemWithoutLeafSignsNothing) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  ASSERT_OK_AND_ASSIGN(const auto before, store.Snapshot());
  ASSERT_OK_AND_ASSIGN(const storage::LogHead head, before->ReadHead());
  int commits = 0;
  journal->OnCommit([&commits] { ++commits; });

  ASSERT_OK_AND_ASSIGN(const auto read, journal->SubmitAndWait([](auto& transaction, auto&) {
    return transaction.FindMailbox(ExchangeNumber(1)).status();
  }));
  EXPECT_TRUE(read.empty());
  EXPECT_EQ(commits, 0);
  ASSERT_OK_AND_ASSIGN(const auto written, journal->SubmitAndWait([](auto& transaction, auto&) {
    return transaction.PutDirectoryVersion(4);
  }));
  EXPECT_TRUE(written.empty());
  EXPECT_EQ(commits, 1);

  ASSERT_OK_AND_ASSIGN(const auto after, store.Snapshot());
  EXPECT_EQ(after->DirectoryVersion().value(), 4);
  EXPECT_EQ(after->ReadHead().value(), head);
}

TEST_F(JournalTest, AnItemMayWriteManyLeavesThatReferToEachOther) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  ASSERT_OK_AND_ASSIGN(const auto leaves, journal->SubmitAndWait([](auto&, LeafSink& log) {
    const std::uint64_t first = log.Append(RequestDraft(1)).value();
    LeafDraft decision = RequestDraft(1);
    decision.kind = LeafKind::kDecision;
    decision.refers_to = first;
    return log.Append(decision).status();
  }));
  ASSERT_EQ(leaves.size(), 2U);
  testing::CheckReceipt(leaves[0]);
  const tlog::Leaf decision = testing::CheckReceipt(leaves[1]);
  ASSERT_TRUE(decision.reference.has_value());
  EXPECT_EQ(decision.reference->first, 2U);
  EXPECT_EQ(decision.reference->end, 3U);
}

TEST_F(JournalTest, ReceiptsAreMadeAgainAgainstTheNewestCheckpoint) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  ASSERT_OK(journal->SubmitAndWait(LogAndStore(1)));
  ASSERT_OK_AND_ASSIGN(const auto old, store.Snapshot());
  for (int i = 0; i < 300; ++i) journal->Submit(LogAndStore(2), [](const auto&) {});
  ASSERT_OK_AND_ASSIGN(const auto last, journal->SubmitAndWait(LogAndStore(3)));
  ASSERT_OK_AND_ASSIGN(const auto reader, store.Snapshot());
  ASSERT_OK_AND_ASSIGN(const auto receipts, journal->ReceiptsFor(*reader, {2, 0, 303}));
  ASSERT_EQ(receipts.size(), 3U);
  for (const CommittedLeaf& receipt : receipts) {
    testing::CheckReceipt(receipt);
    EXPECT_THAT(receipt.receipt, HasSubstr("\n" + std::to_string(last.at(0).index + 1) + "\n"));
  }
  EXPECT_EQ(receipts[0].index, 2U);
  EXPECT_EQ(receipts[1].kind, LeafKind::kGenesis);
  EXPECT_THAT(journal->ReceiptsFor(*reader, {304}), HasReason("RESOURCE_NOT_FOUND"));

  ASSERT_OK_AND_ASSIGN(const auto earlier, journal->ReceiptsFor(*old, {2}));
  testing::CheckReceipt(earlier.at(0));
  EXPECT_THAT(journal->ReceiptsFor(*old, {3}), HasReason("RESOURCE_NOT_FOUND"));
}

TEST_F(JournalTest, ReopeningGoesOnWhereItStopped) {
  for (int start = 0; start < 3; ++start) {
    ASSERT_OK_AND_ASSIGN(auto journal, Open());
    ASSERT_OK(journal->SubmitAndWait(LogAndStore(1)));
  }
  const auto kinds = CheckLog().Kinds();
  ASSERT_EQ(kinds.size(), 10U);
  EXPECT_EQ(kinds[3], LeafKind::kServiceStop);
  EXPECT_EQ(kinds[4], LeafKind::kServiceStart);
}

TEST_F(JournalTest, ServiceStopNamesThePolicyThenInForce) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  LeafDraft change = RequestDraft(1);
  change.policy_digest.fill(0xcd);
  ASSERT_OK(journal->SubmitAndWait(Log(change)));
  journal.reset();
  EXPECT_EQ(CheckLog().leaves.back().policy_digest, change.policy_digest);
}

// A clock that is set back keeps hour and time of the leaf before; more than an hour back stops the
// log.
TEST_F(JournalTest, HoursNeverGoBack) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  clock.Advance(absl::Hours(2));
  ASSERT_OK(journal->SubmitAndWait(LogAndStore(1)));
  clock.Set(absl::FromUnixSeconds(1795449600) - absl::Hours(1));
  ASSERT_OK(journal->SubmitAndWait(LogAndStore(2)));
  EXPECT_EQ(CheckLog().leaves.back().hour, 1795449600);

  clock.Advance(-absl::Milliseconds(1));
  EXPECT_THAT(journal->SubmitAndWait(LogAndStore(3)), HasReason("LOG_UNAVAILABLE"));
  EXPECT_FALSE(journal->healthy());
  journal.reset();
  EXPECT_THAT(Open(), HasReason("LOG_UNAVAILABLE"));
  clock.Advance(absl::Milliseconds(1));
  EXPECT_OK(Open());
}

TEST_F(JournalTest, ABadDraftFailsItsItemAndNoOther) {
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  LeafDraft nobody = RequestDraft(1);
  nobody.acting = Oin();
  nobody.record = Json::object();
  EXPECT_THAT(journal->SubmitAndWait(Log(nobody)), HasReason("E_LEAF"));
  EXPECT_TRUE(journal->healthy());
  ASSERT_OK_AND_ASSIGN(const auto leaves, journal->SubmitAndWait(LogAndStore(2)));
  EXPECT_EQ(leaves.at(0).index, 2U);
}

TEST_F(JournalTest, RefusesOptionsThatCannotBe) {
  JournalOptions bad[] = {options, options, options, options, options};
  bad[0].origin = "two words";
  bad[1].operator_oin = Oin();
  bad[2].guard_path = "";
  bad[3].max_batch = 0;
  bad[4].max_waiting = 0;
  for (const JournalOptions& candidate : bad) {
    options = candidate;
    EXPECT_THAT(Open(), HasReason("FIELD_INVALID"));
  }
}

// Property: whatever the items do, in whatever order, the log verifies as a whole and every receipt
// holds.
TEST_F(JournalTest, RandomBatchesVerify) {
  std::mt19937 random(20261123);
  options.max_batch = 7;
  ASSERT_OK_AND_ASSIGN(auto journal, Open());
  std::uint64_t kept = 2;
  std::vector<absl::StatusOr<std::vector<CommittedLeaf>>> answers;
  std::vector<std::size_t> expected;
  for (int i = 0; i < 600; ++i) {
    const auto count = static_cast<std::size_t>(random() % 4);
    const bool refuse = random() % 5 == 0;
    expected.push_back(refuse ? 0 : count);
    if (!refuse) kept += count;
    journal->Submit(
        [count, refuse](auto&, LeafSink& log) {
          for (std::size_t n = 0; n < count; ++n) EXPECT_OK(log.Append(RequestDraft(1)));
          return refuse ? absl::AbortedError("no") : absl::OkStatus();
        },
        [&answers](auto answer) { answers.push_back(std::move(answer)); });
  }
  journal->Stop();
  ASSERT_EQ(answers.size(), expected.size());
  std::uint64_t next = 2;
  for (std::size_t i = 0; i < answers.size(); ++i) {
    if (!answers[i].ok()) continue;
    ASSERT_EQ(answers[i]->size(), expected[i]) << i;
    for (const CommittedLeaf& leaf : *answers[i]) {
      EXPECT_EQ(leaf.index, next++);
      testing::CheckReceipt(leaf);
    }
  }
  EXPECT_EQ(next, kept);
  EXPECT_EQ(CheckLog().leaves.size(), kept + 1);
}

}  // namespace
}  // namespace sluis::journal

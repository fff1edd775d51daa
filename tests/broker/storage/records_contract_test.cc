// What is put is found again, whole; lists keep their order, their limit and their place.
#include <gmock/gmock.h>

#include "tests/broker/storage/engines.h"
#include "tests/broker/storage/samples.h"
#include "tests/support/status_matchers.h"

namespace sluis::storage::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

class RecordsContract : public StoreContract {};

template <typename Record>
std::vector<decltype(Record::id)> IdsOf(const std::vector<Record>& records) {
  std::vector<decltype(Record::id)> ids;
  for (const Record& record : records) ids.push_back(record.id);
  return ids;
}

TEST_P(RecordsContract, EmptyStoreHasNothing) {
  const auto reader = Snapshot();
  EXPECT_EQ(reader->FindCase(CaseNumber(1)).value(), std::nullopt);
  EXPECT_EQ(reader->FindExchange(ExchangeNumber(1)).value(), std::nullopt);
  EXPECT_EQ(reader->FindMailbox(ExchangeNumber(1)).value(), std::nullopt);
  EXPECT_EQ(reader->FindArrangement("convenant").value(), std::nullopt);
  EXPECT_EQ(reader->FindRequest(SampleKey(1)).value(), std::nullopt);
  EXPECT_EQ(reader->DirectoryVersion().value(), 0);
  EXPECT_THAT(reader->ListCases(Police(), std::nullopt, 10).value(), IsEmpty());
  EXPECT_THAT(reader->ListExchanges(Police(), std::nullopt, std::nullopt, 10).value(), IsEmpty());
  EXPECT_THAT(reader->ListExpired(absl::InfiniteFuture(), 10).value(), IsEmpty());
  EXPECT_THAT(reader->ListArrangements(Police().oin, "", 10).value(), IsEmpty());
  EXPECT_THAT(reader->ListInbox(Police(), 0, 10).value(), IsEmpty());
}

TEST_P(RecordsContract, CaseComesBackWhole) {
  CaseRecord record = SampleCase(1, At(0) + absl::Nanoseconds(1));
  Committed([&](Transaction& t) { ASSERT_OK(t.PutCase(record)); });
  EXPECT_THAT(Snapshot()->FindCase(record.id).value(), Optional(record));

  record.open = false;
  record.phase = "";
  record.participants = {Riec()};
  record.version = 8;
  record.hits.push_back({.provider = Riec(), .asker = Riec(), .exchange = ExchangeNumber(6), .position = 3, .time = At(10)});
  Committed([&](Transaction& t) { ASSERT_OK(t.PutCase(record)); });
  EXPECT_THAT(Snapshot()->FindCase(record.id).value(), Optional(record));
}

TEST_P(RecordsContract, CasesAreListedNewestFirstForHolderAndParticipants) {
  Committed([&](Transaction& t) {
    ASSERT_OK(t.PutCase(SampleCase(1, At(10))));
    ASSERT_OK(t.PutCase(SampleCase(2, At(30))));
    ASSERT_OK(t.PutCase(SampleCase(3, At(20))));
    ASSERT_OK(t.PutCase(SampleCase(4, At(20))));  // as old as 3: the higher id comes first
  });
  const auto reader = Snapshot();
  for (const PartyId& party : {Municipality(), Police()}) {
    EXPECT_THAT(IdsOf(reader->ListCases(party, std::nullopt, 10).value()),
                ElementsAre(CaseNumber(2), CaseNumber(4), CaseNumber(3), CaseNumber(1)));
  }
  EXPECT_THAT(reader->ListCases(Riec(), std::nullopt, 10).value(), IsEmpty());
}

TEST_P(RecordsContract, HolderWhoIsNoParticipantStillSeesItsCase) {
  CaseRecord record = SampleCase(1, At(0));
  record.participants = {Police()};
  Committed([&](Transaction& t) { ASSERT_OK(t.PutCase(record)); });
  EXPECT_THAT(Snapshot()->ListCases(record.holder, std::nullopt, 10).value(), ElementsAre(record));
}

TEST_P(RecordsContract, CaseListPagesWithoutGapOrRepeat) {
  Committed([&](Transaction& t) {
    for (std::uint32_t i = 0; i < 7; ++i) ASSERT_OK(t.PutCase(SampleCase(i, At(static_cast<int>(i / 3)))));
  });
  const auto reader = Snapshot();
  std::vector<CaseId> seen;
  std::optional<CaseId> after;
  for (;;) {
    const std::vector<CaseRecord> page = reader->ListCases(Police(), after, 2).value();
    if (page.empty()) break;
    ASSERT_LE(page.size(), 2u);
    for (const CaseRecord& record : page) seen.push_back(record.id);
    after = page.back().id;
  }
  EXPECT_THAT(seen, ElementsAre(CaseNumber(6), CaseNumber(5), CaseNumber(4), CaseNumber(3),
                                CaseNumber(2), CaseNumber(1), CaseNumber(0)));
}

TEST_P(RecordsContract, NothingFollowsAnUnknownPlaceAndNoListHasALimitBelowOne) {
  Committed([&](Transaction& t) {
    ASSERT_OK(t.PutCase(SampleCase(1, At(0))));
    ASSERT_OK(t.PutExchange(SampleExchange(1, At(0))));
  });
  const auto reader = Snapshot();
  EXPECT_THAT(reader->ListCases(Police(), CaseNumber(2), 10).value(), IsEmpty());
  EXPECT_THAT(reader->ListExchanges(Police(), std::nullopt, ExchangeNumber(2), 10).value(), IsEmpty());
  for (const int limit : {0, -1}) {
    EXPECT_THAT(reader->ListCases(Police(), std::nullopt, limit).value(), IsEmpty());
    EXPECT_THAT(reader->ListExchanges(Police(), std::nullopt, std::nullopt, limit).value(), IsEmpty());
    EXPECT_THAT(reader->ListExpired(At(99999), limit).value(), IsEmpty());
  }
}

TEST_P(RecordsContract, CaseLeavesTheListOfWhoIsNoLongerInIt) {
  CaseRecord record = SampleCase(1, At(0));
  Committed([&](Transaction& t) { ASSERT_OK(t.PutCase(record)); });
  record.participants = {Municipality(), Riec()};
  Committed([&](Transaction& t) { ASSERT_OK(t.PutCase(record)); });
  const auto reader = Snapshot();
  EXPECT_THAT(reader->ListCases(Police(), std::nullopt, 10).value(), IsEmpty());
  EXPECT_THAT(reader->ListCases(Riec(), std::nullopt, 10).value(), ElementsAre(record));
}

TEST_P(RecordsContract, ExchangeComesBackWhole) {
  ExchangeRecord full = SampleExchange(1, At(0) + absl::Nanoseconds(999));
  ExchangeRecord bare;
  bare.id = ExchangeNumber(2);
  bare.create_time = At(1);
  bare.expire_time = absl::InfiniteFuture();
  bare.time_to_live = absl::InfiniteDuration();
  Committed([&](Transaction& t) {
    ASSERT_OK(t.PutExchange(full));
    ASSERT_OK(t.PutExchange(bare));
  });
  EXPECT_THAT(Snapshot()->FindExchange(full.id).value(), Optional(full));
  EXPECT_THAT(Snapshot()->FindExchange(bare.id).value(), Optional(bare));

  full.subject.reset();
  full.approvals.clear();
  full.state = ExchangeState::kRecalled;
  Committed([&](Transaction& t) { ASSERT_OK(t.PutExchange(full)); });
  EXPECT_THAT(Snapshot()->FindExchange(full.id).value(), Optional(full));
}

TEST_P(RecordsContract, ExchangesAreListedForOwnerAndDesksOnly) {
  ExchangeRecord record = SampleExchange(1, At(0));
  record.owner = Riec();
  record.provider_desk = Police();
  record.recipient_desk = Municipality();
  record.recipient = Prosecution();  // a principal is no party to the list
  Committed([&](Transaction& t) { ASSERT_OK(t.PutExchange(record)); });
  const auto reader = Snapshot();
  for (const PartyId& party : {Riec(), Police(), Municipality()}) {
    EXPECT_THAT(reader->ListExchanges(party, std::nullopt, std::nullopt, 10).value(), ElementsAre(record));
  }
  EXPECT_THAT(reader->ListExchanges(Prosecution(), std::nullopt, std::nullopt, 10).value(), IsEmpty());
}

TEST_P(RecordsContract, ExchangesAreListedNewestFirstPagedAndByCase) {
  Committed([&](Transaction& t) {
    for (std::uint32_t i = 0; i < 6; ++i) {
      ExchangeRecord record = SampleExchange(i, At(static_cast<int>(i / 2)));
      record.case_id = CaseNumber(i % 2);
      ASSERT_OK(t.PutExchange(record));
    }
  });
  const auto reader = Snapshot();
  EXPECT_THAT(IdsOf(reader->ListExchanges(Police(), std::nullopt, std::nullopt, 4).value()),
              ElementsAre(ExchangeNumber(5), ExchangeNumber(4), ExchangeNumber(3), ExchangeNumber(2)));
  EXPECT_THAT(IdsOf(reader->ListExchanges(Police(), std::nullopt, ExchangeNumber(2), 4).value()),
              ElementsAre(ExchangeNumber(1), ExchangeNumber(0)));
  EXPECT_THAT(IdsOf(reader->ListExchanges(Police(), CaseNumber(1), std::nullopt, 2).value()),
              ElementsAre(ExchangeNumber(5), ExchangeNumber(3)));
  EXPECT_THAT(IdsOf(reader->ListExchanges(Police(), CaseNumber(1), ExchangeNumber(3), 2).value()),
              ElementsAre(ExchangeNumber(1)));
  EXPECT_THAT(reader->ListExchanges(Police(), CaseNumber(7), std::nullopt, 2).value(), IsEmpty());
}

TEST_P(RecordsContract, ExpiredComesOldestFirstUpToNowAndNeverWhatCannotExpire) {
  Committed([&](Transaction& t) {
    const int expires[] = {30, 10, 20, 20};
    for (std::uint32_t i = 0; i < 4; ++i) {
      ExchangeRecord record = SampleExchange(i, At(0));
      record.expire_time = At(expires[i]);
      ASSERT_OK(t.PutExchange(record));
    }
    ExchangeRecord never = SampleExchange(4, At(0));
    never.expire_time = absl::InfiniteFuture();
    ASSERT_OK(t.PutExchange(never));
  });
  const auto reader = Snapshot();
  EXPECT_THAT(reader->ListExpired(At(9), 10).value(), IsEmpty());
  EXPECT_THAT(reader->ListExpired(At(10), 10).value(), ElementsAre(ExchangeNumber(1)));
  EXPECT_THAT(reader->ListExpired(At(29), 10).value(),
              ElementsAre(ExchangeNumber(1), ExchangeNumber(2), ExchangeNumber(3)));
  EXPECT_THAT(reader->ListExpired(At(29), 2).value(), ElementsAre(ExchangeNumber(1), ExchangeNumber(2)));
  EXPECT_THAT(reader->ListExpired(absl::InfiniteFuture(), 10).value(),
              ElementsAre(ExchangeNumber(1), ExchangeNumber(2), ExchangeNumber(3), ExchangeNumber(0)));

  ExchangeRecord ended = SampleExchange(1, At(0));
  ended.expire_time = absl::InfiniteFuture();
  Committed([&](Transaction& t) { ASSERT_OK(t.PutExchange(ended)); });
  EXPECT_THAT(Snapshot()->ListExpired(At(10), 10).value(), IsEmpty());
}

TEST_P(RecordsContract, MailboxIsKeptUntilDeleted) {
  MailboxRecord record = SampleMailbox(1);
  Committed([&](Transaction& t) {
    ASSERT_OK(t.PutExchange(SampleExchange(1, At(0))));
    ASSERT_OK(t.PutMailbox(record));
  });
  EXPECT_THAT(Snapshot()->FindMailbox(record.exchange).value(), Optional(record));
  record.sealed_fields.clear();
  Committed([&](Transaction& t) { ASSERT_OK(t.PutMailbox(record)); });
  EXPECT_THAT(Snapshot()->FindMailbox(record.exchange).value(), Optional(record));
  Committed([&](Transaction& t) { ASSERT_OK(t.DeleteMailbox(record.exchange)); });
  EXPECT_EQ(Snapshot()->FindMailbox(record.exchange).value(), std::nullopt);
  Committed([&](Transaction& t) { ASSERT_OK(t.DeleteMailbox(record.exchange)); });  // nothing left: no error
}

TEST_P(RecordsContract, MailboxWithoutExchangeIsRefused) {
  const auto transaction = Begin();
  EXPECT_THAT(transaction->PutMailbox(SampleMailbox(1)), HasReason("LOG_INCONSISTENT"));
}

TEST_P(RecordsContract, NewestSerialOfAnArrangementCounts) {
  const ArrangementRecord first = SampleArrangement("convenant-a", 1);
  ArrangementRecord second = SampleArrangement("convenant-a", 2);
  second.organisations = {Municipality().oin, Riec().oin};
  Committed([&](Transaction& t) {
    ASSERT_OK(t.PutArrangement(second));
    ASSERT_OK(t.PutArrangement(first));  // late: changes nothing for readers
  });
  const auto reader = Snapshot();
  EXPECT_THAT(reader->FindArrangement("convenant-a").value(), Optional(second));
  EXPECT_THAT(reader->ListArrangements(Riec().oin, "", 10).value(), ElementsAre(second));
  // The newest serial names the police no more; an older one that did is not in force.
  EXPECT_THAT(reader->ListArrangements(Police().oin, "", 10).value(), IsEmpty());
}

TEST_P(RecordsContract, ArrangementsAreListedByIdAndPaged) {
  Committed([&](Transaction& t) {
    for (const char* id : {"c", "a", "d", "b"}) ASSERT_OK(t.PutArrangement(SampleArrangement(id, 1)));
    ASSERT_OK(t.PutArrangement(SampleArrangement("b", 2)));
  });
  const auto reader = Snapshot();
  EXPECT_THAT(reader->ListArrangements(Police().oin, "", 3).value(),
              ElementsAre(SampleArrangement("a", 1), SampleArrangement("b", 2), SampleArrangement("c", 1)));
  EXPECT_THAT(reader->ListArrangements(Police().oin, "c", 3).value(), ElementsAre(SampleArrangement("d", 1)));
  EXPECT_THAT(reader->ListArrangements(Police().oin, "d", 3).value(), IsEmpty());
}

TEST_P(RecordsContract, EachInboxCountsFromOne) {
  const InboxRecord line{.sequence = 77, .event = 3, .exchange = ExchangeNumber(5), .create_time = At(1)};
  Committed([&](Transaction& t) {
    EXPECT_EQ(t.AppendInbox(Police(), line).value(), 1);
    EXPECT_EQ(t.AppendInbox(Riec(), line).value(), 1);
    EXPECT_EQ(t.AppendInbox(Police(), line).value(), 2);
  });
  Committed([&](Transaction& t) { EXPECT_EQ(t.AppendInbox(Police(), line).value(), 3); });
  InboxRecord second = line;
  second.sequence = 2;
  InboxRecord third = line;
  third.sequence = 3;
  const auto reader = Snapshot();
  EXPECT_THAT(reader->ListInbox(Police(), 1, 10).value(), ElementsAre(second, third));
  EXPECT_THAT(reader->ListInbox(Police(), 1, 1).value(), ElementsAre(second));
  EXPECT_THAT(reader->ListInbox(Police(), 3, 10).value(), IsEmpty());
  EXPECT_EQ(reader->ListInbox(Riec(), 0, 10).value().size(), 1u);
}

TEST_P(RecordsContract, RequestIsFoundByItsWholeKey) {
  const RequestRecord record = SampleRequest("exchanges/x", At(1) + absl::Nanoseconds(5));
  Committed([&](Transaction& t) { ASSERT_OK(t.PutRequest(SampleKey(1), record)); });
  const auto reader = Snapshot();
  EXPECT_THAT(reader->FindRequest(SampleKey(1)).value(), Optional(record));
  RequestKey other = SampleKey(1);
  other.method = "AnswerExchange";
  EXPECT_EQ(reader->FindRequest(other).value(), std::nullopt);
  other = SampleKey(1);
  other.organisation = Police().oin;
  EXPECT_EQ(reader->FindRequest(other).value(), std::nullopt);
  EXPECT_EQ(reader->FindRequest(SampleKey(2)).value(), std::nullopt);
}

TEST_P(RecordsContract, AssertionIsUsedOncePerIssuer) {
  Committed([&](Transaction& t) {
    EXPECT_TRUE(t.UseAssertion("issuer-a", "jti-1", At(10)).value());
    EXPECT_FALSE(t.UseAssertion("issuer-a", "jti-1", At(20)).value());
    EXPECT_TRUE(t.UseAssertion("issuer-b", "jti-1", At(10)).value());
    EXPECT_TRUE(t.UseAssertion("issuer-a", "jti-2", At(10)).value());
  });
  Committed([&](Transaction& t) { EXPECT_FALSE(t.UseAssertion("issuer-a", "jti-1", At(10)).value()); });
}

TEST_P(RecordsContract, AssertionOfAnUndoneItemMayBeUsedAgain) {
  const auto transaction = Begin();
  ASSERT_OK(transaction->BeginItem());
  EXPECT_TRUE(transaction->UseAssertion("issuer", "jti", At(10)).value());
  ASSERT_OK(transaction->UndoItem());
  EXPECT_TRUE(transaction->UseAssertion("issuer", "jti", At(10)).value());
}

TEST_P(RecordsContract, PruneDropsAssertionsThatExpired) {
  Committed([&](Transaction& t) {
    ASSERT_TRUE(t.UseAssertion("issuer", "past", At(9)).value());
    ASSERT_TRUE(t.UseAssertion("issuer", "now", At(10)).value());
    ASSERT_TRUE(t.UseAssertion("issuer", "later", At(11)).value());
    ASSERT_OK(t.Prune(At(10), absl::InfinitePast()));
  });
  const auto transaction = Begin();
  EXPECT_TRUE(transaction->UseAssertion("issuer", "past", At(99)).value());
  EXPECT_TRUE(transaction->UseAssertion("issuer", "now", At(99)).value());
  EXPECT_FALSE(transaction->UseAssertion("issuer", "later", At(99)).value());
}

TEST_P(RecordsContract, PruneKeepsRequestsOfOpenExchangesAndYoungOnes) {
  ExchangeRecord open = SampleExchange(1, At(0));
  open.state = ExchangeState::kAnswered;
  ExchangeRecord ended = SampleExchange(2, At(0));
  ended.state = ExchangeState::kCollected;
  Committed([&](Transaction& t) {
    ASSERT_OK(t.PutExchange(open));
    ASSERT_OK(t.PutExchange(ended));
    ASSERT_OK(t.PutRequest(SampleKey(1), SampleRequest(open.id.hex(), At(1))));
    ASSERT_OK(t.PutRequest(SampleKey(2), SampleRequest("organisations/x/exchanges/" + open.id.hex(), At(1))));
    ASSERT_OK(t.PutRequest(SampleKey(3), SampleRequest(ended.id.hex(), At(1))));
    ASSERT_OK(t.PutRequest(SampleKey(4), SampleRequest(ExchangeNumber(3).hex(), At(1))));
    ASSERT_OK(t.PutRequest(SampleKey(5), SampleRequest(R"({"code":9})", At(1))));
    ASSERT_OK(t.PutRequest(SampleKey(6), SampleRequest(ended.id.hex(), At(2))));
    ASSERT_OK(t.Prune(At(100), At(2)));
  });
  const auto reader = Snapshot();
  for (const std::uint32_t kept : {1u, 2u, 6u}) {
    EXPECT_NE(reader->FindRequest(SampleKey(kept)).value(), std::nullopt) << kept;
  }
  for (const std::uint32_t gone : {3u, 4u, 5u}) {
    EXPECT_EQ(reader->FindRequest(SampleKey(gone)).value(), std::nullopt) << gone;
  }
}

TEST_P(RecordsContract, RequestIsPrunedOnceItsExchangeEnds) {
  ExchangeRecord exchange = SampleExchange(1, At(0));
  Committed([&](Transaction& t) {
    ASSERT_OK(t.PutExchange(exchange));
    ASSERT_OK(t.PutRequest(SampleKey(1), SampleRequest(exchange.id.hex(), At(1))));
    ASSERT_OK(t.Prune(At(100), At(50)));
    ASSERT_NE(t.FindRequest(SampleKey(1)).value(), std::nullopt);
    exchange.state = ExchangeState::kExpired;
    ASSERT_OK(t.PutExchange(exchange));
    ASSERT_OK(t.Prune(At(100), At(50)));
  });
  EXPECT_EQ(Snapshot()->FindRequest(SampleKey(1)).value(), std::nullopt);
}

TEST_P(RecordsContract, DirectoryVersionNeverGoesBack) {
  Committed([&](Transaction& t) { ASSERT_OK(t.PutDirectoryVersion(12)); });
  Committed([&](Transaction& t) { ASSERT_OK(t.PutDirectoryVersion(11)); });
  EXPECT_EQ(Snapshot()->DirectoryVersion().value(), 12);
}

SLUIS_RUN_ON_ALL_ENGINES(RecordsContract);

}  // namespace
}  // namespace sluis::storage::testing

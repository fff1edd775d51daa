// What a broker with pseudonyms keeps besides its exchanges: sessions, weighing tables, work that waits.
#include <gmock/gmock.h>

#include "tests/broker/storage/engines.h"
#include "tests/broker/storage/samples.h"
#include "tests/support/status_matchers.h"

namespace sluis::storage::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Optional;

class WaitingContract : public StoreContract {};

TEST_P(WaitingContract, LiveSessionsAreListedNewestIssueFirst) {
  const LiveSessionRecord old = SampleSession(Police(), "1", At(0), At(100));
  const LiveSessionRecord renewed = SampleSession(Police(), "2", At(50), At(150));
  const LiveSessionRecord ended = SampleSession(Police(), "3", At(60), At(70));
  const LiveSessionRecord of_another = SampleSession(Riec(), "4", At(55), At(900));
  Committed([&](Transaction& t) {
    for (const LiveSessionRecord& session : {renewed, old, ended, of_another}) ASSERT_OK(t.PutSession(session));
  });
  EXPECT_THAT(Snapshot()->ListSessions(Police(), At(65), 9).value(), ElementsAre(ended, renewed, old));
  EXPECT_THAT(Snapshot()->ListSessions(Police(), At(70), 9).value(), ElementsAre(renewed, old)) << "an end is not live";
  EXPECT_THAT(Snapshot()->ListSessions(Police(), At(70), 1).value(), ElementsAre(renewed));
  EXPECT_THAT(Snapshot()->ListSessions(Police(), At(70), -1).value(), IsEmpty());
  EXPECT_THAT(Snapshot()->ListSessions(Prosecution(), At(0), 9).value(), IsEmpty());

  LiveSessionRecord shortened = renewed;
  shortened.end = At(80);
  Committed([&](Transaction& t) {
    ASSERT_OK(t.PutSession(shortened));
    ASSERT_OK(t.DeleteSession(old.context));
    ASSERT_OK(t.DeleteSession("no such session"));
  });
  EXPECT_THAT(Snapshot()->ListSessions(Police(), At(75), 9).value(), ElementsAre(shortened));
  Committed([&](Transaction& t) { ASSERT_OK(t.Prune(At(80), absl::InfinitePast())); });
  EXPECT_THAT(Snapshot()->ListSessions(Police(), absl::InfinitePast(), 9).value(), IsEmpty());
  EXPECT_THAT(Snapshot()->ListSessions(Riec(), At(0), 9).value(), ElementsAre(of_another));
}

TEST_P(WaitingContract, AWeighingTableIsOnePerRiecAndQuarterAndPerDomain) {
  const WeighingTableRecord table = SampleWeighingTable(1, "2026-Q4");
  Committed([&](Transaction& t) {
    ASSERT_OK(t.PutWeighingTable(table));
    ASSERT_OK(t.PutWeighingTable(SampleWeighingTable(2, "2027-Q1")));
  });
  EXPECT_THAT(Snapshot()->FindWeighingTable(Riec().oin, "2026-Q4").value(), Optional(table));
  EXPECT_THAT(Snapshot()->FindWeighingTableOf(CaseNumber(1)).value(), Optional(table));
  EXPECT_EQ(Snapshot()->FindWeighingTable(Police().oin, "2026-Q4").value(), std::nullopt);
  EXPECT_EQ(Snapshot()->FindWeighingTable(Riec().oin, "2026-Q3").value(), std::nullopt);
  EXPECT_EQ(Snapshot()->FindWeighingTableOf(CaseNumber(3)).value(), std::nullopt);
  for (const WeighingTableRecord& second :
       {SampleWeighingTable(3, "2026-Q4"), SampleWeighingTable(1, "2026-Q3")}) {
    EXPECT_THAT(Begin()->PutWeighingTable(second), HasReason("LOG_INCONSISTENT"));
  }
}

TEST_P(WaitingContract, ErrandsStandInTheirQueueById) {
  const ErrandRecord a = SampleErrand("q", "a"), b = SampleErrand("q", "b"), c = SampleErrand("q", "c");
  Committed([&](Transaction& t) {
    for (const ErrandRecord& errand : {c, a, b, SampleErrand("r", "a"), SampleErrand("qq", "b")}) {
      ASSERT_OK(t.PutErrand(errand));
    }
  });
  EXPECT_THAT(Snapshot()->ListErrands("q", "", 9).value(), ElementsAre(a, b, c));
  EXPECT_THAT(Snapshot()->ListErrands("q", "a", 1).value(), ElementsAre(b));
  EXPECT_THAT(Snapshot()->ListErrands("q", "", 0).value(), IsEmpty());
  EXPECT_THAT(Snapshot()->ListErrands("none", "", 9).value(), IsEmpty());
  ErrandRecord changed = b;
  changed.body = "";
  Committed([&](Transaction& t) {
    ASSERT_OK(t.PutErrand(changed));
    ASSERT_OK(t.DeleteErrand("q", "a"));
    ASSERT_OK(t.DeleteErrand("q", "none"));
  });
  EXPECT_THAT(Snapshot()->ListErrands("q", "", 9).value(), ElementsAre(changed, c));
}

SLUIS_RUN_ON_ALL_ENGINES(WaitingContract);

}  // namespace
}  // namespace sluis::storage::testing

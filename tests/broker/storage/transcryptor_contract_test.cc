// The contract of broker/storage/transcryptor_store.h, on each engine.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <functional>
#include <thread>

#include "broker/storage/memory/memory_transcryptor.h"
#include "broker/storage/sqlite/sqlite_replay.h"
#include "broker/storage/sqlite/sqlite_state.h"
#include "lib/base/file.h"
#include "lib/crypto/hash.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::storage {
namespace {

using ::sluis::testing::HasReason;
using ::sluis::testing::IsOkAndHolds;
using ::testing::ElementsAre;
using ::testing::IsEmpty;

const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

PartyId Oov() { return {*Oin::Parse("00000099000000001000"), *UnitPath::Parse("gemeente/oov")}; }

Reservation Of(std::uint8_t nonce, std::string_view request) {
  Reservation reservation;
  reservation.key = {Oov(), {nonce}};
  reservation.request = Sha256(request);
  reservation.forget_after = kNow + absl::Seconds(300);
  return reservation;
}

Charge ChargeOf(std::string_view request, std::vector<QuotaLine> lines) {
  return {Sha256(request), kNow + absl::Hours(24), std::move(lines)};
}

struct Stores {
  ::sluis::testing::TempDir folder;
  std::unique_ptr<ReplayStore> replay;
  std::unique_ptr<StateStore> state;
};

struct Kind {
  std::string name;
  std::function<void(Stores&)> open;
};
void PrintTo(const Kind& kind, std::ostream* out) { *out << kind.name; }

void OpenMemory(Stores& stores) {
  stores.replay = std::make_unique<MemoryReplayStore>(Bytes(16, 'r'));
  stores.state = std::make_unique<MemoryStateStore>();
}

void OpenSqlite(Stores& stores) {
  auto replay = SqliteReplayStore::Open(stores.folder.path() / "replay.db");
  auto state = SqliteStateStore::Open(stores.folder.path() / "state.db", /*create=*/true);
  ASSERT_OK(replay);
  ASSERT_OK(state);
  stores.replay = *std::move(replay);
  stores.state = *std::move(state);
}

class TranscryptorStores : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override { GetParam().open(stores_); }
  ReplayStore& replay() { return *stores_.replay; }
  StateStore& state() { return *stores_.state; }

 private:
  Stores stores_;
};

INSTANTIATE_TEST_SUITE_P(Engines, TranscryptorStores,
                         ::testing::Values(Kind{"memory", OpenMemory}, Kind{"sqlite", OpenSqlite}),
                         [](const auto& kind) { return kind.param.name; });

TEST_P(TranscryptorStores, NonceBelongsToOneRequest) {
  ASSERT_OK_AND_ASSIGN(const auto none, replay().FindNonce(Of(1, "a").key));
  EXPECT_FALSE(none.has_value());
  EXPECT_THAT(replay().Reserve(Of(1, "a")), IsOkAndHolds(ReserveOutcome::kReserved));
  EXPECT_THAT(replay().Reserve(Of(1, "a")), IsOkAndHolds(ReserveOutcome::kSameBytes));
  EXPECT_THAT(replay().Reserve(Of(1, "b")), IsOkAndHolds(ReserveOutcome::kOtherBytes));
  Reservation other_signer = Of(1, "b");
  other_signer.key.signer.unit = *UnitPath::Parse("gemeente/toezicht");
  EXPECT_THAT(replay().Reserve(other_signer), IsOkAndHolds(ReserveOutcome::kReserved));
}

TEST_P(TranscryptorStores, FirstAnswerCounts) {
  const Reservation reservation = Of(1, "a");
  ASSERT_OK(replay().Reserve(reservation));
  ASSERT_OK_AND_ASSIGN(const auto before, replay().FindNonce(reservation.key));
  EXPECT_EQ(before->response, std::nullopt);
  EXPECT_THAT(replay().KeepResponse(reservation.key, reservation.request, "first"),
              IsOkAndHolds("first"));
  EXPECT_THAT(replay().KeepResponse(reservation.key, reservation.request, "second"),
              IsOkAndHolds("first"));
  ASSERT_OK_AND_ASSIGN(const auto after, replay().FindNonce(reservation.key));
  EXPECT_EQ(after->response, "first");
  EXPECT_EQ(after->request, reservation.request);
}

TEST_P(TranscryptorStores, NoAnswerWithoutReservation) {
  const Reservation reservation = Of(1, "a");
  EXPECT_THAT(replay().KeepResponse(reservation.key, reservation.request, "x"),
              HasReason("STORE_MISUSE"));
  ASSERT_OK(replay().Reserve(reservation));
  EXPECT_THAT(replay().KeepResponse(reservation.key, Sha256("b"), "x"), HasReason("STORE_MISUSE"));
}

TEST_P(TranscryptorStores, ChargeIsAllOrNothing) {
  EXPECT_THAT(replay().ChargeOnce(ChargeOf("a", {{"day", 3, 5}, {"case", 3, 3}})),
              IsOkAndHolds(true));
  EXPECT_THAT(replay().ChargeOnce(ChargeOf("b", {{"day", 1, 5}, {"case", 1, 3}})),
              IsOkAndHolds(false));
  EXPECT_THAT(replay().CountOf("day"), IsOkAndHolds(3));
  EXPECT_THAT(replay().CountOf("case"), IsOkAndHolds(3));
  EXPECT_THAT(replay().ChargeOnce(ChargeOf("b", {{"day", 2, 5}})), IsOkAndHolds(true));
  EXPECT_THAT(replay().CountOf("day"), IsOkAndHolds(5));
}

TEST_P(TranscryptorStores, RequestIsChargedOnce) {
  ASSERT_OK(replay().ChargeOnce(ChargeOf("a", {{"day", 3, 5}})));
  EXPECT_THAT(replay().ChargeOnce(ChargeOf("a", {{"day", 3, 5}})), IsOkAndHolds(true));
  EXPECT_THAT(replay().CountOf("day"), IsOkAndHolds(3));
}

TEST_P(TranscryptorStores, ManyAtOnceCountEachOnce) {
  std::atomic<int> within = 0, refused = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (int i = 0; i < 25; ++i) {
        const auto charged =
            replay().ChargeOnce(ChargeOf(std::to_string(t * 25 + i), {{"day", 1, 60}}));
        ASSERT_OK(charged);
        (*charged ? within : refused) += 1;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(within, 60);
  EXPECT_EQ(refused, 40);
  EXPECT_THAT(replay().CountOf("day"), IsOkAndHolds(60));
}

TEST_P(TranscryptorStores, PruneForgetsOnlyWhatIsPast) {
  ASSERT_OK(replay().Reserve(Of(1, "a")));
  ASSERT_OK(replay().ChargeOnce(ChargeOf("a", {{"day", 3, 5}})));
  ASSERT_OK(replay().Prune(kNow + absl::Seconds(300)));
  EXPECT_THAT(replay().Reserve(Of(1, "b")), IsOkAndHolds(ReserveOutcome::kOtherBytes));
  ASSERT_OK(replay().Prune(kNow + absl::Seconds(301)));
  EXPECT_THAT(replay().Reserve(Of(1, "b")), IsOkAndHolds(ReserveOutcome::kReserved));
  EXPECT_THAT(replay().CountOf("day"), IsOkAndHolds(3));
  ASSERT_OK(replay().Prune(kNow + absl::Hours(25)));
  EXPECT_THAT(replay().CountOf("day"), IsOkAndHolds(0));
  EXPECT_THAT(replay().ChargeOnce(ChargeOf("a", {{"day", 3, 5}})), IsOkAndHolds(true));
  EXPECT_THAT(replay().CountOf("day"), IsOkAndHolds(3));
}

TEST_P(TranscryptorStores, FirstSaltCounts) {
  ASSERT_OK_AND_ASSIGN(const SaltRecord first, state().AddSalt("domain", {"salt-1", {}, {}}));
  EXPECT_EQ(first.sealed, "salt-1");
  ASSERT_OK_AND_ASSIGN(const SaltRecord second, state().AddSalt("domain", {"salt-2", {}, {}}));
  EXPECT_EQ(second.sealed, "salt-1");
  ASSERT_OK_AND_ASSIGN(const auto other, state().FindSalt("other"));
  EXPECT_FALSE(other.has_value());
}

TEST_P(TranscryptorStores, TombstoneStaysForEver) {
  ASSERT_OK(state().AddSalt("domain", {"salt-1", {}, {}}));
  EXPECT_THAT(state().Shred("domain", kNow), IsOkAndHolds(kNow));
  EXPECT_THAT(state().Shred("domain", kNow + absl::Hours(1)), IsOkAndHolds(kNow));
  ASSERT_OK_AND_ASSIGN(const SaltRecord again, state().AddSalt("domain", {"salt-2", {}, {}}));
  EXPECT_EQ(again.destroyed, kNow);
  EXPECT_THAT(again.sealed, IsEmpty());
}

TEST_P(TranscryptorStores, ShredsWhatHadNoSalt) {
  EXPECT_THAT(state().Shred("domain", kNow), IsOkAndHolds(kNow));
  ASSERT_OK_AND_ASSIGN(const SaltRecord added, state().AddSalt("domain", {"salt", {}, {}}));
  EXPECT_EQ(added.destroyed, kNow);
}

TEST_P(TranscryptorStores, DueSaltsAreShredded) {
  ASSERT_OK(state().AddSalt("due", {"salt-1", kNow, {}}));
  ASSERT_OK(state().AddSalt("later", {"salt-2", kNow + absl::Seconds(1), {}}));
  ASSERT_OK(state().AddSalt("never", {"salt-3", {}, {}}));
  EXPECT_THAT(state().ShredDue(kNow), IsOkAndHolds(1));
  EXPECT_THAT(state().ShredDue(kNow), IsOkAndHolds(0));
  EXPECT_TRUE((*state().FindSalt("due"))->destroyed.has_value());
  EXPECT_EQ((*state().FindSalt("later"))->sealed, "salt-2");
  EXPECT_EQ((*state().FindSalt("never"))->sealed, "salt-3");
}

TEST_P(TranscryptorStores, SessionIsReplacedAndPruned) {
  SessionRecord record{"context", Oov(), Sha256("head"), std::nullopt, kNow};
  ASSERT_OK(state().PutSession(record));
  EXPECT_THAT(state().FindSession("context"), IsOkAndHolds(record));
  record.key = Sha256("key");
  ASSERT_OK(state().PutSession(record));
  EXPECT_THAT(state().FindSession("context"), IsOkAndHolds(record));
  ASSERT_OK(state().PruneSessions(kNow));
  EXPECT_THAT(state().FindSession("context"), IsOkAndHolds(record));
  ASSERT_OK(state().PruneSessions(kNow + absl::Seconds(1)));
  EXPECT_THAT(state().FindSession("context"), IsOkAndHolds(std::nullopt));
}

TEST_P(TranscryptorStores, NewestArrangementCounts) {
  ArrangementRecord record{"ar-1", 2, "two", {{Oov(), "signature"}}, {Oov().oin}};
  ASSERT_OK(state().PutArrangement(record));
  ASSERT_OK(state().PutArrangement({"ar-1", 1, "one", {}, {*Oin::Parse("00000099000000002000")}}));
  EXPECT_THAT(state().FindArrangement("ar-1"), IsOkAndHolds(record));
  EXPECT_THAT(state().ListArrangements(Oov().oin, 10), IsOkAndHolds(ElementsAre(record)));
  const ArrangementRecord moved{"ar-1", 3, "three", {}, {*Oin::Parse("00000099000000002000")}};
  ASSERT_OK(state().PutArrangement(moved));
  EXPECT_THAT(state().ListArrangements(Oov().oin, 10), IsOkAndHolds(IsEmpty()));
  EXPECT_THAT(state().ListArrangements(*Oin::Parse("00000099000000002000"), 10),
              IsOkAndHolds(ElementsAre(moved)));
  EXPECT_THAT(state().ListArrangements(*Oin::Parse("00000099000000002000"), 0),
              IsOkAndHolds(IsEmpty()));
}

TEST_P(TranscryptorStores, FirstCommitmentOfAHopCounts) {
  EXPECT_THAT(state().FindCommitment(1, "id"), IsOkAndHolds(std::nullopt));
  EXPECT_THAT(state().KeepFirstCommitment(1, "id", Sha256("a")), IsOkAndHolds(Sha256("a")));
  EXPECT_THAT(state().KeepFirstCommitment(1, "id", Sha256("b")), IsOkAndHolds(Sha256("a")));
  EXPECT_THAT(state().KeepFirstCommitment(2, "id", Sha256("b")), IsOkAndHolds(Sha256("b")));
  EXPECT_THAT(state().FindCommitment(1, "id"), IsOkAndHolds(Sha256("a")));
}

TEST_P(TranscryptorStores, HeadIsKept) {
  EXPECT_THAT(state().ReadHead(), IsOkAndHolds(StateHead{}));
  const StateHead head{"first", "replay", kNow};
  ASSERT_OK(state().PutHead(head));
  EXPECT_THAT(state().ReadHead(), IsOkAndHolds(head));
}

TEST(SqliteTranscryptorStores, WhatWasReservedIsThereAfterReopening) {
  ::sluis::testing::TempDir folder;
  Bytes identity;
  {
    ASSERT_OK_AND_ASSIGN(auto store, SqliteReplayStore::Open(folder.path() / "replay.db"));
    ASSERT_OK(store->Reserve(Of(1, "a")));
    ASSERT_OK(store->ChargeOnce(ChargeOf("a", {{"day", 2, 5}})));
    identity = *store->Identity();
  }
  ASSERT_OK_AND_ASSIGN(auto store, SqliteReplayStore::Open(folder.path() / "replay.db"));
  EXPECT_THAT(store->Identity(), IsOkAndHolds(identity));
  EXPECT_THAT(store->Reserve(Of(1, "b")), IsOkAndHolds(ReserveOutcome::kOtherBytes));
  EXPECT_THAT(store->CountOf("day"), IsOkAndHolds(2));
}

TEST(SqliteTranscryptorStores, DamagedReplayFileIsNotOpened) {
  ::sluis::testing::TempDir folder;
  ASSERT_OK(WriteFileAtomic(folder.path() / "replay.db", Bytes(8192, 'x')));
  EXPECT_THAT(SqliteReplayStore::Open(folder.path() / "replay.db").status(),
              HasReason("LOG_INCONSISTENT"));
}

TEST(SqliteTranscryptorStores, MissingStateIsNotMadeAnew) {
  ::sluis::testing::TempDir folder;
  EXPECT_THAT(SqliteStateStore::Open(folder.path() / "state.db", /*create=*/false).status(),
              HasReason("STATE_MISSING"));
  EXPECT_FALSE(std::filesystem::exists(folder.path() / "state.db"));
}

// Nothing of a shredded salt is left in the files: neither in the database nor in its log.
TEST(SqliteTranscryptorStores, ShreddedSaltIsGoneFromDisk) {
  ::sluis::testing::TempDir folder;
  const std::string needle = "salt-that-must-not-be-found-again";
  const auto found = [&] {
    int files = 0;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      files += ReadFile(entry.path())->find(needle) != Bytes::npos ? 1 : 0;
    }
    return files;
  };
  ASSERT_OK_AND_ASSIGN(auto store, SqliteStateStore::Open(folder.path() / "state.db", true));
  ASSERT_OK(store->AddSalt("domain", {needle, {}, {}}));
  EXPECT_GT(found(), 0);
  ASSERT_OK(store->Shred("domain", kNow));
  EXPECT_EQ(found(), 0);
}

}  // namespace
}  // namespace sluis::storage

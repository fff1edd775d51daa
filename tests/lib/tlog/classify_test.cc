#include "lib/tlog/classify.h"

#include <gtest/gtest.h>

#include "lib/tlog/order_note.h"
#include "tests/lib/tlog/memory_log.h"
#include "tests/support/status_matchers.h"

namespace sluis::tlog {
namespace {

using ::testing::ElementsAre;
using testing::TestKey;

constexpr std::int64_t kHour = 1795442400;
constexpr char kOperator[] = "00000099000000009000";
constexpr char kOwner[] = "00000099000000001000";
constexpr char kOther[] = "00000099000000002000";
const Bytes kSalt(32, 's');

constexpr auto kVerified = LeafVerdict::kVerified;
constexpr auto kErased = LeafVerdict::kErasedWithOrder;
constexpr auto kMissing = LeafVerdict::kMissing;

// Adds a leaf with its record; `members` go into the record.
void Add(LogView& log, Leaf leaf, Json members = Json::object()) {
  members["v"] = 1;
  members["kind"] = KindName(leaf.kind);
  members["time"] = FormatRecordTime(absl::FromUnixSeconds(leaf.hour));
  const Bytes record = CanonicalJson(members).value();
  leaf.commitment = RecordCommitment(kSalt, record).value();
  log.openings[log.leaves.size()] = {record, kSalt};
  log.leaves.push_back(leaf);
}

Leaf LeafOf(LeafKind kind, const char* acting = kOwner, const char* other = kOther) {
  Leaf leaf;
  leaf.kind = kind;
  leaf.hour = kHour;
  leaf.acting = acting;
  leaf.other = other;
  return leaf;
}

VerifierKey Key(const std::string& name, std::uint8_t seed) {
  return VerifierKey::Create(name, KeyType::kEd25519, TestKey(seed).public_key()).value();
}

// A log of GENESIS, `requests` REQUEST leaves, and one erasing leaf over all of them, signed as the
// test says.
class ClassifyTest : public ::testing::Test {
 protected:
  static constexpr std::uint8_t kOfficer = 0x40, kSecond = 0x41, kRetention = 0x42, kForeign = 0x43,
                                kOperatorRetention = 0x44;

  ClassifyTest() {
    keys_ = {{Key(std::string(kOwner) + "/officer/1", kOfficer), 0, std::nullopt},
             {Key(std::string(kOwner) + "/officer/2", kSecond), 0, std::nullopt},
             {Key(std::string(kOwner) + "/retention/1", kRetention), 0, std::nullopt},
             {Key("00000099000000003000/officer/1", kForeign), 0, std::nullopt},
             {Key(std::string(kOperator) + "/retention/1", kOperatorRetention), 0, std::nullopt}};
    SetRequests(1);
  }

  void SetRequests(int count) {
    log_ = {"log.sluis.example/2026", 2026, {}, {}};
    Add(log_, LeafOf(LeafKind::kGenesis, kOperator, ""));
    for (int i = 0; i < count; ++i) Add(log_, LeafOf(LeafKind::kRequest));
    const auto end = static_cast<std::uint64_t>(count) + 1;
    order_ = {log_.origin, 1, end, EraseGround::kAvg17, "2026-00017", kHour};
    erase_ = LeafOf(LeafKind::kErase, kOwner, "");
    erase_.reference = LeafReference{0, 1, end, true};
  }

  std::string Signed(std::initializer_list<std::uint8_t> signers) const {
    const std::string text = FormatOrder(order_).value();
    std::string note = text + "\n";
    for (const std::uint8_t seed : signers) {
      for (const OrderKey& key : keys_) {
        if (!(key.key.public_key() == TestKey(seed).public_key())) continue;
        note += SignNoteLine(text, key.key.name(), TestKey(seed)).value();
      }
    }
    return note;
  }

  // Verdict on leaf 1 once its record is gone and the order stands in the same log.
  LeafVerdict Verdict(std::initializer_list<std::uint8_t> signers) {
    Add(log_, erase_, {{"order_note", Signed(signers)}});
    log_.openings.erase(1);
    return ClassifyLeaves(std::span(&log_, 1), keys_).at(1);
  }

  LogView log_;
  OrderNote order_;
  Leaf erase_;
  std::vector<OrderKey> keys_;
};

TEST_F(ClassifyTest, PresentErasedAndMissing) {
  SetRequests(3);
  order_.end = erase_.reference->end = 3;
  Add(log_, erase_, {{"order_note", Signed({kOfficer})}});
  log_.openings.erase(1);
  log_.openings.erase(3);
  EXPECT_THAT(ClassifyLeaves(std::span(&log_, 1), keys_),
              ElementsAre(kVerified, kErased, kVerified, kMissing, kVerified));
}

TEST_F(ClassifyTest, ALeafWithoutRecordNeedsNone) {
  Leaf bare = LeafOf(LeafKind::kServiceStart);
  log_.leaves.push_back(bare);
  EXPECT_EQ(ClassifyLeaves(std::span(&log_, 1), keys_).back(), kVerified);
}

TEST_F(ClassifyTest, AWrongRecordIsMissingEvenUnderAnOrder) {
  Add(log_, erase_, {{"order_note", Signed({kOfficer})}});
  log_.openings[1].salt = Bytes(32, 't');
  EXPECT_EQ(ClassifyLeaves(std::span(&log_, 1), keys_).at(1), kMissing);
}

TEST_F(ClassifyTest, AValidOrderErases) { EXPECT_EQ(Verdict({kOfficer}), kErased); }

TEST_F(ClassifyTest, AnOrderOfAForeignOfficerDoesNot) { EXPECT_EQ(Verdict({kForeign}), kMissing); }

TEST_F(ClassifyTest, OneForeignOfficerSpoilsTheOrder) {
  EXPECT_EQ(Verdict({kOfficer, kForeign}), kMissing);
}

TEST_F(ClassifyTest, ErasureIsNotTheBusinessOfARetentionKey) {
  EXPECT_EQ(Verdict({kRetention}), kMissing);
}

TEST_F(ClassifyTest, TheTermIsNoGroundForErase) {
  order_.ground = EraseGround::kTerm;
  EXPECT_EQ(Verdict({kOfficer}), kMissing);
}

TEST_F(ClassifyTest, DestroyAtTermByARetentionKey) {
  erase_.kind = LeafKind::kDestroy;
  order_.ground = EraseGround::kTerm;
  EXPECT_EQ(Verdict({kRetention}), kErased);
}

TEST_F(ClassifyTest, TheOperatorDestroysAtTermToo) {
  erase_.kind = LeafKind::kDestroy;
  order_.ground = EraseGround::kTerm;
  EXPECT_EQ(Verdict({kOperatorRetention}), kErased);
}

TEST_F(ClassifyTest, AnOfficerDoesNotDestroyAtTerm) {
  erase_.kind = LeafKind::kDestroy;
  order_.ground = EraseGround::kTerm;
  EXPECT_EQ(Verdict({kOfficer}), kMissing);
}

TEST_F(ClassifyTest, OrderOfAnotherOrigin) {
  order_.origin = "log.sluis.example/2025";
  EXPECT_EQ(Verdict({kOfficer}), kMissing);
}

TEST_F(ClassifyTest, OrderOfAnotherRange) {
  SetRequests(2);
  order_.end = 2;
  EXPECT_EQ(Verdict({kOfficer}), kMissing);
}

TEST_F(ClassifyTest, OrderOlderThanWhatItErases) {
  order_.time = kHour - 1;
  EXPECT_EQ(Verdict({kOfficer}), kMissing);
}

TEST_F(ClassifyTest, OrderYoungerThanItsExecution) {
  order_.time = kHour + 3600 + 300;
  EXPECT_EQ(Verdict({kOfficer}), kMissing);
}

TEST_F(ClassifyTest, OrderAtTheEdgeOfTheClocks) {
  order_.time = kHour + 3600 + 299;
  EXPECT_EQ(Verdict({kOfficer}), kErased);
}

TEST_F(ClassifyTest, KeyNotYetAdmitted) {
  keys_[0].valid_from = kHour + 1;
  EXPECT_EQ(Verdict({kOfficer}), kMissing);
}

TEST_F(ClassifyTest, KeyWithdrawnBeforeTheOrder) {
  keys_[0].valid_until = kHour;
  EXPECT_EQ(Verdict({kOfficer}), kMissing);
}

TEST_F(ClassifyTest, KeyWithdrawnAfterTheOrder) {
  keys_[0].valid_until = kHour + 1;
  EXPECT_EQ(Verdict({kOfficer}), kErased);
}

TEST_F(ClassifyTest, HundredLeavesByOneOfficer) {
  SetRequests(100);
  EXPECT_EQ(Verdict({kOfficer}), kErased);
}

TEST_F(ClassifyTest, MoreThanHundredLeavesNeedTwoOfficers) {
  SetRequests(101);
  EXPECT_EQ(Verdict({kOfficer}), kMissing);
}

TEST_F(ClassifyTest, OneOfficerTwiceIsOne) {
  SetRequests(101);
  EXPECT_EQ(Verdict({kOfficer, kOfficer}), kMissing);
}

TEST_F(ClassifyTest, TwoOfficersForMoreThanHundredLeaves) {
  SetRequests(101);
  EXPECT_EQ(Verdict({kOfficer, kSecond}), kErased);
}

TEST_F(ClassifyTest, StructuralRecordsAreNeverErased) {
  log_.leaves[1].kind = LeafKind::kKeyChange;
  EXPECT_EQ(Verdict({kOfficer}), kMissing);
}

TEST_F(ClassifyTest, NoOrderNote) {
  Add(log_, erase_);
  log_.openings.erase(1);
  EXPECT_EQ(ClassifyLeaves(std::span(&log_, 1), keys_).at(1), kMissing);
}

TEST_F(ClassifyTest, OnlyErasingLeavesErase) {
  erase_.kind = LeafKind::kCorrection;
  EXPECT_EQ(Verdict({kOfficer}), kMissing);
}

TEST_F(ClassifyTest, ErasedFromALaterOrigin) {
  std::vector<LogView> logs{log_, {"log.sluis.example/2027", 2027, {}, {}}};
  erase_.reference->year = 2026;
  Add(logs[1], erase_, {{"order_note", Signed({kOfficer})}});
  logs[0].openings.erase(1);
  EXPECT_EQ(ClassifyLeaves(logs, keys_).at(1), kErased);
  logs[1].leaves[0].reference->year = 2025;
  EXPECT_EQ(ClassifyLeaves(logs, keys_).at(1), kMissing);
  logs[1].leaves[0].reference->year = 0;
  EXPECT_EQ(ClassifyLeaves(logs, keys_).at(1), kMissing);
}

TEST_F(ClassifyTest, RangeBeyondTheLog) {
  erase_.reference->end = order_.end = 40;
  EXPECT_EQ(Verdict({kOfficer}), kMissing);
}

TEST(ClassifyNothingTest, NoLogsNoVerdicts) { EXPECT_TRUE(ClassifyLeaves({}, {}).empty()); }

}  // namespace
}  // namespace sluis::tlog

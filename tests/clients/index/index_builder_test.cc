// From a register file to an index that meets inquiries: what a crash, a lie and a quota leave.
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "lib/base/file.h"
#include "tests/clients/index/index_world.h"

namespace sluis::edge::testing {
namespace {

using ::sluis::testing::HasReason;

class IndexBuilderTest : public ::testing::Test, protected IndexWorld {};

Subject Plate(std::string_view value) {
  return Subject::Create(SubjectKind::kKenteken, value).value();
}

TEST_F(IndexBuilderTest, WhoIsEnrolledMeetsAnInquiryAndNobodyElse) {
  Write(TestBsn(0) + ",,8\n" + TestBsn(1) + ",AB12CD,8\n" + TestBsn(2) + ",,9\n" + TestBsn(0) +
        ",,8\n,,8\n");
  const auto report = Enrol();
  ASSERT_OK(report);
  EXPECT_EQ(report->subjects, 3);
  EXPECT_EQ(report->read.other_regime, 1);
  EXPECT_EQ(report->read.without_key, 1);
  EXPECT_TRUE(Knows(Bsn(TestBsn(0))));
  EXPECT_TRUE(Knows(Bsn(TestBsn(1))));
  EXPECT_TRUE(Knows(Plate("AB12CD")));
  EXPECT_FALSE(Knows(Bsn(TestBsn(2)))) << "another regime";
  EXPECT_FALSE(Knows(Bsn(TestBsn(3))));
  EXPECT_EQ(port.called, 2) << "one batch per kind";
}

TEST_F(IndexBuilderTest, OnlyWhatIsNewIsSentAndWhatIsGoneFallsOut) {
  WritePeople(0, 20);
  ASSERT_OK(Enrol());
  WritePeople(5, 25);
  const auto report = Enrol();
  ASSERT_OK(report);
  EXPECT_EQ(report->added, 5);
  EXPECT_EQ(report->kept, 15);
  EXPECT_EQ(report->dropped, 5);
  EXPECT_EQ(port.items, 25);
  EXPECT_FALSE(Knows(Bsn(TestBsn(4))));
  EXPECT_TRUE(Knows(Bsn(TestBsn(5))));
  EXPECT_TRUE(Knows(Bsn(TestBsn(24))));
}

TEST_F(IndexBuilderTest, AfterAStopAtAnyBatchOnlyTheMissingOnesAreSent) {
  constexpr int kPeople = 4096 * 2 + 10;
  std::string rows;
  for (int number = 10000000; number < 10000000 + kPeople; ++number) {
    rows += "," + std::string(1, static_cast<char>('A' + number % 26)) +
            std::to_string(number).substr(3) + ",8\n";
  }
  Write(rows);
  port.before = [](int call) {
    return call == 2 ? Error(ErrorCode::kUnavailable, "TRANSCRYPTOR_UNAVAILABLE", "away")
                     : absl::OkStatus();
  };
  EXPECT_THAT(Enrol(), HasReason("TRANSCRYPTOR_UNAVAILABLE"));
  EXPECT_THAT(Open(), HasReason("INDEX_INCOMPLETE"));
  const std::size_t done = port.items;
  EXPECT_GT(done, 0u);
  port.before = nullptr;
  const auto report = Enrol();
  ASSERT_OK(report);
  EXPECT_EQ(report->subjects, kPeople);
  EXPECT_EQ(report->kept, done);
  EXPECT_EQ(port.items, static_cast<std::size_t>(kPeople)) << "nothing twice";
}

TEST_F(IndexBuilderTest, TheQuotaStopsItAndKeepsWhatWasDone) {
  WritePeople(0, 3);
  ASSERT_OK(Enrol());
  WritePeople(0, 5);
  port.before = [](int) { return Error(ErrorCode::kExhausted, "E_QUOTA", "enough today"); };
  const auto report = Enrol();
  EXPECT_THAT(report, HasReason("E_QUOTA"));
  EXPECT_EQ(DetailOf(report.status()).metadata.at("done"), "3");
  EXPECT_EQ(DetailOf(report.status()).metadata.at("total"), "5");
  EXPECT_TRUE(Knows(Bsn(TestBsn(2)))) << "the index before serves on";
}

TEST_F(IndexBuilderTest, AStatementThatEndedIsAskedForAgainOnce) {
  WritePeople(0, 3);
  port.before = [](int call) {
    return call == 1 ? Error(ErrorCode::kPrecondition, "E_EXPIRED", "too late") : absl::OkStatus();
  };
  ASSERT_OK(Enrol());
  EXPECT_EQ(port.prepared, 2);
}

TEST_F(IndexBuilderTest, AWrongFactorNamesItsTranscryptor) {
  WritePeople(0, 3);
  ASSERT_OK(Enrol());
  for (const int hop : {2, 1}) {
    WritePeople(0, hop == 2 ? 4 : 5);
    world.broker.transcryptors.MakeCheat(hop);
    const auto report = Enrol();
    EXPECT_THAT(report, HasReason("E_PROOF"));
    EXPECT_EQ(DetailOf(report.status()).metadata.at("transcryptor"), std::to_string(hop));
  }
  EXPECT_TRUE(Knows(Bsn(TestBsn(0))));
}

TEST_F(IndexBuilderTest, SwappedHopsAndForeignCommitmentsAreRefused) {
  WritePeople(0, 3);
  port.change = [](wire::EvaluateEnrolmentResponse& answer) {
    answer.mutable_first()->Swap(answer.mutable_second());
  };
  EXPECT_THAT(Enrol(), HasReason("E_SIGNATURE"));
  port.change = [](wire::EvaluateEnrolmentResponse& answer) {
    answer.mutable_first()->mutable_commitments()->SwapElements(0, 1);
  };
  EXPECT_THAT(Enrol(), HasReason("E_PROOF"));
  port.change = nullptr;
  ASSERT_OK(Enrol());
}

TEST_F(IndexBuilderTest, BadRowsStopItBeforeAnythingIsSentUnlessTheyAreSkipped) {
  Write(TestBsn(0) + ",,8\n999990010,,8\n" + TestBsn(1) + "\n" + TestBsn(2) + ",,x\n" + TestBsn(3) +
        ",\xff,8\n" + TestBsn(4) + ",,8\n" + TestBsn(5) + ",,8");
  const auto refused = Enrol();
  EXPECT_THAT(refused, HasReason("REGISTER_BAD_ROWS"));
  EXPECT_EQ(DetailOf(refused.status()).violations.size(), 4u);
  EXPECT_EQ(DetailOf(refused.status()).violations[0].field, "line 3, column bsn");
  EXPECT_EQ(std::string(refused.status().message()).find("99999"), std::string::npos);
  EXPECT_EQ(port.called + port.prepared, 0);
  const auto report = Enrol({.skip_bad = true});
  ASSERT_OK(report);
  EXPECT_EQ(report->subjects, 3);
  EXPECT_EQ(report->read.bad, 4);
}

TEST_F(IndexBuilderTest, AnotherEpochIsEnrolledAnewAndTheOldOneGoes) {
  WritePeople(0, 3);
  ASSERT_OK(Enrol());
  entry.epoch = 2;
  EXPECT_THAT(Open(), HasReason("INDEX_OF_ANOTHER_EPOCH"));
  const auto report = Enrol();
  ASSERT_OK(report);
  EXPECT_EQ(report->added, 3);
  EXPECT_TRUE(Knows(Bsn(TestBsn(1))));
  entry.epoch = 1;
  EXPECT_THAT(Open(), HasReason("INDEX_OF_ANOTHER_EPOCH"));
}

TEST_F(IndexBuilderTest, ASourceThatChangesMeanwhileIsNoIndex) {
  WritePeople(0, 3);
  port.before = [this](int) {
    std::ofstream(world.PoliceParty() / "people.csv", std::ios::app) << TestBsn(9) << ",,8\n";
    return absl::OkStatus();
  };
  EXPECT_THAT(Enrol(), HasReason("SOURCE_CHANGED"));
  EXPECT_THAT(Open(), HasReason("INDEX_INCOMPLETE"));
}

TEST_F(IndexBuilderTest, OneProcessAtATime) {
  WritePeople(0, 3);
  const auto folder = IndexFolder::Open(party, entry.id);
  const auto lock = folder->TryBuilding();
  ASSERT_TRUE(lock->has_value());
  EXPECT_THAT(Enrol(), HasReason("INDEX_BUSY"));
}

TEST_F(IndexBuilderTest, AFileWithoutASubjectOfTheRegimeAndAMissingColumn) {
  Write(TestBsn(0) + ",,9\n");
  EXPECT_THAT(Enrol(), HasReason("NOTHING_TO_ENROL"));
  Write(TestBsn(0) + ",8\n", "bsn,regime");
  EXPECT_THAT(Enrol(), HasReason("MAPPING_INVALID"));
  EXPECT_THAT(Open(), HasReason("INDEX_MISSING"));
}

TEST_F(IndexBuilderTest, AStolenDiskTellsNothingAndADamagedBlockIsFound) {
  WritePeople(0, 300);
  ASSERT_OK(Enrol());
  int files = 0;
  for (const auto& file : std::filesystem::directory_iterator(party.indexes() / entry.id)) {
    if (!file.is_regular_file()) continue;
    Bytes content = ReadFile(file.path()).value();
    EXPECT_EQ(content.find("99999"), Bytes::npos) << file.path();
    EXPECT_EQ(content.find(entry.regime), Bytes::npos) << file.path();
    if (file.path().extension() != ".index") continue;
    ++files;
    content[100] = static_cast<char>(content[100] ^ 1);
    ASSERT_OK(WriteFileAtomic(file.path(), content));
  }
  EXPECT_EQ(files, 1) << "only the complete index is left";
  const auto index = Open();
  ASSERT_OK(index);
  int damaged = 0;
  for (int n = 0; n < 300; ++n) {
    damaged += ReasonOf((*index)->Find(Arriving(Bsn(TestBsn(n)))).status()) == "STORE_DAMAGED";
  }
  EXPECT_GT(damaged, 0);
}

}  // namespace
}  // namespace sluis::edge::testing

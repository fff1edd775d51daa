// A register far larger than the memory it may take, in which little is as it should be: encodings, duplicates, half lines.
// SLUIS_REGISTER_MB says how large (32 unless told).
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <cstdlib>
#include <fstream>

#include "clients/lib/index/subject_reader.h"
#include "lib/base/error.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::edge::testing {
namespace {

constexpr std::int64_t kMayGrowKb = 12 * 1024;

// Eleven lines: five subjects (of which two the same), one row of another regime, and five rows that are none.
constexpr char kBlock[] =
    "999990019,,8\n"
    "999990019,,8\n"
    "999990020,,8\n"
    "\xff\xfe\x80,,8\n"
    ",XX-999-X,8\n"
    "999990032,,9\n"
    "999990018,,8\n"
    "half\n"
    "999990032,,8\n"
    "\"one \"two\",,8\n"
    ",,,,8\n";
constexpr std::uint64_t kSubjects = 5, kOtherRegime = 1, kBad = 5;

std::int64_t PeakKb() {
  rusage usage{};
  EXPECT_EQ(::getrusage(RUSAGE_SELF, &usage), 0);
  return usage.ru_maxrss;
}

std::uint64_t Megabytes() {
  const char* told = std::getenv("SLUIS_REGISTER_MB");
  return told == nullptr ? 32 : std::strtoull(told, nullptr, 10);
}

TEST(LargeRegisterTest, IsReadInConstantMemoryAndEveryBadRowIsCounted) {
  const ::sluis::testing::TempDir folder;
  const std::uint64_t blocks = (Megabytes() << 20) / (sizeof kBlock - 1);
  {
    std::ofstream file(folder.path() / "people.csv", std::ios::binary);
    file << "bsn,plate,regime\n";
    for (std::uint64_t n = 0; n < blocks; ++n) file << kBlock;
    ASSERT_TRUE(file.flush());
  }
  auto mapping = ParseMapping(R"(
      name: "politie-informatie" file: "people.csv" encoding: ENCODING_UTF_8 delimiter: ","
      keys { kind: "bsn" column: "bsn" } keys { kind: "kenteken" column: "plate" }
      regime { by_column { column: "regime" entries { text: "8" code: "wpg-8" }
                           entries { text: "9" code: "wpg-9" } } }
      subject_category { constant: "persoon" }
      fields { field: "ant-politiemelding" forms { form: "presence" present {} } })");
  ASSERT_OK(mapping);
  const auto reader = SubjectReader::Open(*std::move(mapping), folder.path(),
                                          {"wpg-8", {SubjectKind::kBsn, SubjectKind::kKenteken}});
  ASSERT_OK(reader);
  const std::int64_t before = PeakKb();
  std::uint64_t subjects = 0;
  const auto read = reader->Read(
      [&](const Subject&) {
        ++subjects;
        return absl::OkStatus();
      },
      [](std::uint64_t) {});
  ASSERT_OK(read);
  EXPECT_EQ(subjects, kSubjects * blocks);
  EXPECT_EQ(read->other_regime, kOtherRegime * blocks);
  EXPECT_EQ(read->bad, kBad * blocks);
  EXPECT_EQ(read->first_bad.size(), kMaxBadRowsListed);
  EXPECT_LE(PeakKb() - before, kMayGrowKb);
}

}  // namespace
}  // namespace sluis::edge::testing

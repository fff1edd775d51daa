// What it measures is the memory of the program as it is shipped, not a sanitizer's: a test of its own.
#include <gtest/gtest.h>
#include <unistd.h>

#include <fstream>

#include "clients/lib/register/register.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::edge {
namespace {

constexpr std::string_view kSmallMapping = R"(
name: "politie" file: "p.csv" encoding: ENCODING_UTF_8 delimiter: ";"
keys { kind: "bsn" column: "bsn" }
regime { by_column { column: "artikel" entries { text: "8" code: "wpg-8" } } }
subject_category { constant: "verdachte" }
fields { field: "p-naam" about: "bsn" forms { form: "exact" columns: "naam" copy {} } }
)";
constexpr int kRows = 20'000;
constexpr long kMostKib = 8 * 1024;  // of a file of 20 MB

long ResidentKib() {
  std::ifstream status("/proc/self/statm");
  long total = 0;
  long resident = 0;
  status >> total >> resident;
  return resident * ::sysconf(_SC_PAGESIZE) / 1024;
}

TEST(RegisterMemoryTest, ALargeFileCostsAnIndexAndNoMore) {
  const testing::TempDir folder;
  {
    std::ofstream file(folder.path() / "p.csv", std::ios::binary);
    file << "bsn;artikel;naam\n";
    const std::string filler(1000, 'n');
    for (int i = 0; i < kRows; ++i) file << "999990019;8;" << filler << "\n";
  }
  auto mapping = ParseMapping(kSmallMapping);
  ASSERT_OK(mapping);
  const ManualClock clock{*ParseRfc3339("2026-11-23T23:30:00Z")};
  const long before = ResidentKib();
  ASSERT_OK_AND_ASSIGN(const Register reg,
                       Register::Load(*std::move(mapping), folder.path(), clock));
  EXPECT_EQ(reg.report().rows, static_cast<std::uint64_t>(kRows));
  EXPECT_LT(ResidentKib() - before, kMostKib);
}

}  // namespace
}  // namespace sluis::edge

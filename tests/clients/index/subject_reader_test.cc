// Going on behind bad rows.
#include <gtest/gtest.h>

#include "clients/lib/index/subject_set.h"
#include "clients/lib/register/csv_reader.h"
#include "lib/base/error.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge::testing {
namespace {

// Lines of the good rows, and how many were bad.
std::pair<std::vector<std::uint64_t>, int> LinesOf(BytesView text) {
  MemorySource source(text);
  CsvReader reader(source, {});
  std::pair<std::vector<std::uint64_t>, int> lines;
  CsvRow row;
  for (;;) {
    const auto more = reader.Next(row);
    if (!more.ok()) {
      EXPECT_EQ(ReasonOf(more.status()), "REGISTER_FORMAT");
      EXPECT_OK(reader.SkipBadRow());
      ++lines.second;
    } else if (!*more) {
      return lines;
    } else {
      lines.first.push_back(row.position.line);
    }
  }
}

using Lines = std::vector<std::uint64_t>;

TEST(SkipBadRowTest, OneBadLineCostsOneLine) {
  EXPECT_EQ(LinesOf("a,b\n1,2\n3\n5,6\n"), std::pair(Lines({1, 2, 4}), 1));
  EXPECT_EQ(LinesOf("a,b\n\n5,6\n"), std::pair(Lines({1, 3}), 1));
  EXPECT_EQ(LinesOf("a,b\n\x01,2\n5,6\n"), std::pair(Lines({1, 3}), 1));
  EXPECT_EQ(LinesOf("a,b\n1,\"x\"y\n5,6\n"), std::pair(Lines({1, 3}), 1));
  EXPECT_EQ(LinesOf("a,b\n1,2,3\n\x01\n\xff,1\n5,6"), std::pair(Lines({1, 5}), 3));
}

TEST(SkipBadRowTest, AnOpenQuoteAtTheEndIsOneBadRow) {
  EXPECT_EQ(LinesOf("a,b\n1,2\n\"3,4\n5,6\n"), std::pair(Lines({1, 2}), 1));
}

TEST(SubjectSetTest, EachSubjectIsTickedOffOnce) {
  SubjectSet set;
  for (int round = 0; round < 3; ++round) set.Add(SubjectKind::kBsn, "999990019");
  set.Add(SubjectKind::kRsin, "999990019");
  set.Sort();
  EXPECT_EQ(set.size(), 2u);
  EXPECT_EQ(set.TickOff(SubjectKind::kBsn, "999990019"), SubjectSet::Tick::kFirst);
  EXPECT_EQ(set.TickOff(SubjectKind::kBsn, "999990019"), SubjectSet::Tick::kAgain);
  EXPECT_EQ(set.TickOff(SubjectKind::kKvk, "12345678"), SubjectSet::Tick::kUnknown);
  EXPECT_EQ(set.ticked(), 1u);
  EXPECT_TRUE(set.Contains(SubjectKind::kRsin, "999990019"));
}

}  // namespace
}  // namespace sluis::edge::testing

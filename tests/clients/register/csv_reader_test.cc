#include "clients/lib/register/csv_reader.h"

#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace sluis::edge {
namespace {

using Table = std::vector<std::vector<std::string>>;

absl::StatusOr<Table> ReadTable(BytesView bytes, CsvFormat format = {}) {
  MemorySource source(bytes);
  CsvReader reader(source, format);
  Table table;
  CsvRow row;
  for (;;) {
    const auto more = reader.Next(row);
    if (!more.ok()) return more.status();
    if (!*more) return table;
    table.push_back(row.cells);
  }
}

// Gives one byte at a time, and fails after `limit` bytes.
class SlowSource : public ByteSource {
 public:
  SlowSource(BytesView bytes, std::size_t limit) : bytes_(bytes), limit_(limit) {}
  absl::StatusOr<std::size_t> Read(std::span<char> into) override {
    if (next_ == limit_) return Error(ErrorCode::kUnavailable, "FILE_NOT_USABLE", "gone");
    if (next_ == bytes_.size()) return 0;
    into[0] = bytes_[next_++];
    return 1;
  }

 private:
  BytesView bytes_;
  std::size_t limit_;
  std::size_t next_ = 0;
};

TEST(CsvReader, ReadsWhatRfc4180Writes) {
  const Table expected = {{"a", "b"}, {"1", ""}, {"x,\"y\"\nz", "2"}};
  EXPECT_EQ(*ReadTable("a,b\n1,\n\"x,\"\"y\"\"\nz\",2"), expected);
  EXPECT_EQ(*ReadTable("\xEF\xBB\xBF" "a,b\r\n1,\r\n\"x,\"\"y\"\"\r\nz\",2\r\n"), expected);
}

TEST(CsvReader, AnEmptyFileHasNoRow) {
  EXPECT_EQ(ReadTable("")->size(), 0u);
  EXPECT_EQ(ReadTable("\xEF\xBB\xBF")->size(), 0u);
}

TEST(CsvReader, SameResultInSmallReads) {
  const BytesView text = "\xEF\xBB\xBF" "a;b\r\n\"q\"\"q\";2\r\n";
  SlowSource source(text, SIZE_MAX);
  CsvReader reader(source, {CsvEncoding::kUtf8, ';'});
  CsvRow row;
  ASSERT_TRUE(*reader.Next(row));
  ASSERT_TRUE(*reader.Next(row));
  EXPECT_EQ(row.cells, (std::vector<std::string>{"q\"q", "2"}));
  EXPECT_FALSE(*reader.Next(row));
}

TEST(CsvReader, AFailedReadIsNotTheEnd) {
  for (std::size_t limit = 0; limit < 8; ++limit) {
    SlowSource source("a,b\n1,2\n", limit);
    CsvReader reader(source, {});
    CsvRow row;
    absl::StatusOr<bool> more = true;
    while (more.ok() && *more) more = reader.Next(row);
    EXPECT_THAT(more, testing::HasReason("FILE_NOT_USABLE")) << limit;
    EXPECT_TRUE(row.cells.empty()) << limit;
  }
}

TEST(CsvReader, Latin1BecomesUtf8) {
  EXPECT_EQ(*ReadTable("Zo\xEB;\xFF\n", {CsvEncoding::kLatin1, ';'}), (Table{{"Zoë", "ÿ"}}));
}

TEST(CsvReader, GoesOnFromARowFoundEarlier) {
  const BytesView text = "a,b\n\"x\ny\",1\nz,2\n";
  MemorySource source(text);
  CsvReader reader(source, {});
  CsvRow row;
  while (*reader.Next(row) && row.cells[0] != "z") continue;
  EXPECT_EQ(row.position.line, 4u);
  MemorySource rest(text.substr(row.position.offset));
  CsvReader again(rest, {}, row.position, 2);
  CsvRow same;
  ASSERT_TRUE(*again.Next(same));
  EXPECT_EQ(same.cells, row.cells);
  EXPECT_EQ(same.position.line, 4u);
}

struct Hostile {
  const char* name;
  std::string bytes;
  std::string place;  // the error begins with it
  CsvFormat format = {};
};

class HostileCsv : public ::testing::TestWithParam<Hostile> {};

TEST_P(HostileCsv, IsRefusedWithItsPlaceAndWithoutItsData) {
  const auto table = ReadTable(GetParam().bytes, GetParam().format);
  ASSERT_THAT(table, testing::HasReason("REGISTER_FORMAT"));
  const std::string message = MessageOf(table.status());
  EXPECT_TRUE(message.starts_with(GetParam().place)) << message;
  EXPECT_EQ(message.find("geheim"), std::string::npos) << message;
}

INSTANTIATE_TEST_SUITE_P(
    Csv, HostileCsv,
    ::testing::Values(
        Hostile{"LongLine", "a,b\n1," + std::string(2 << 20, 'x'), "line 2, column 2:"},
        Hostile{"LongQuoted", "a,b\n1,\"" + std::string(2 << 20, '\n'), "line 2, column 2:"},
        Hostile{"ManyCells", std::string(70'000, ','), "line 1, column 257:"},
        Hostile{"OpenQuote", "a,b\ngeheim,\"geheim\ngeheim,2\n", "line 2, column 2:"},
        Hostile{"OpenQuoteAtEnd", "a\n\"", "line 2, column 1:"},
        Hostile{"TextAfterQuote", "a\n\"geheim\"x\n", "line 2, column 1:"},
        Hostile{"SpaceAfterQuote", "a,b\n\"geheim\" ,1\n", "line 2, column 1:"},
        Hostile{"QuoteInside", "a\ngeh\"eim\n", "line 2, column 1:"},
        Hostile{"Nul", std::string("a,b\n1,geheim\0\n", 14), "line 2, column 2:"},
        Hostile{"NulInQuotes", std::string("a\n\"geheim\0\"\n", 12), "line 2, column 1:"},
        Hostile{"Escape", "a\n\x1b[2J\n", "line 2, column 1:"},
        Hostile{"Delete", "a\n\x7f\n", "line 2, column 1:"},
        Hostile{"FewCells", "a,b\ngeheim\n", "line 2:"},
        Hostile{"MoreCells", "a,b\n1,2,geheim\n", "line 2:"},
        Hostile{"EmptyLine", "a,b\n1,2\n\n", "line 3:"},
        Hostile{"BareReturn", "a,b\n1,2\rgeheim,4\n", "line 2, column 2:"},
        Hostile{"ReturnAtEnd", "a\n1\r", "line 2, column 1:"},
        Hostile{"BareReturnInQuotes", "a\n\"1\rgeheim\"\n", "line 2, column 1:"},
        Hostile{"BadUtf8", "a,b\n1,geheim\xff\n", "line 2, column 2:"},
        Hostile{"OverlongUtf8", "a\n\xc0\xaf\n", "line 2, column 1:"},
        Hostile{"Surrogate", "a\n\xed\xa0\x80\n", "line 2, column 1:"},
        Hostile{"Latin1ReadAsUtf8", "a\nZo\xEB\n", "line 2, column 1:"},
        Hostile{"HalfMark", "\xEF\xBB" "a\n", "line 1, column 1:"},
        Hostile{"SecondMark", "\xEF\xBB\xBF\"a\"\xEF\xBB\xBF\n", "line 1, column 1:"},
        Hostile{"Utf16", std::string("a\0\n\0", 4), "line 1, column 1:"},
        Hostile{"MarkInLatin1", "\xEF\xBB\xBF" "a\n", "line 1, column 1:", {CsvEncoding::kLatin1, ','}},
        Hostile{"ControlInLatin1", "a\n\x80\n", "line 2, column 1:", {CsvEncoding::kLatin1, ','}}),
    [](const auto& instance) { return instance.param.name; });

TEST(CsvReader, ARowOfTheLargestSizePasses) {
  EXPECT_OK(ReadTable("a\n" + std::string(kMaxRowBytes, 'x') + "\n"));
  EXPECT_THAT(ReadTable("a\n" + std::string(kMaxRowBytes + 1, 'x') + "\n"),
              testing::HasReason("REGISTER_FORMAT"));
}

TEST(CsvReader, StaysStoppedAfterAnError) {
  MemorySource source("a\n\"x\"y\nz\n");
  CsvReader reader(source, {});
  CsvRow row;
  ASSERT_TRUE(*reader.Next(row));
  ASSERT_FALSE(reader.Next(row).ok());
  EXPECT_THAT(reader.Next(row), testing::HasReason("REGISTER_FORMAT"));
}

}  // namespace
}  // namespace sluis::edge

// CSV as RFC 4180 writes it, read as a stream and strictly: what is not exactly a table is refused with its line, so
// that no row is ever read shifted. Registers hold personal data: an error names line and column, never
// what stands there, and rows are wiped when they go.
//
// Accepted: a UTF-8 byte order mark, LF or CRLF, quoted cells with doubled quotes and line breaks, a
// last line without end. Refused: a quote inside an unquoted cell, text after a closing quote, an open
// quote at the end, a bare CR, control characters and NUL, text outside the encoding, a row with
// another number of cells than the first, an empty line, a row over kMaxRowBytes.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "lib/base/bytes.h"

namespace sluis::edge {

inline constexpr std::size_t kMaxRowBytes = 64 * 1024;
inline constexpr std::size_t kMaxCsvColumns = 256;

// Where the bytes come from.
class ByteSource {
 public:
  virtual ~ByteSource() = default;
  // At most into.size() bytes; 0 at the end.
  virtual absl::StatusOr<std::size_t> Read(std::span<char> into) = 0;
};

// Bytes in memory, which must outlive it.
class MemorySource : public ByteSource {
 public:
  explicit MemorySource(BytesView bytes) : rest_(bytes) {}
  absl::StatusOr<std::size_t> Read(std::span<char> into) override;

 private:
  BytesView rest_;
};

enum class CsvEncoding { kUtf8, kLatin1 };

struct CsvFormat {
  CsvEncoding encoding = CsvEncoding::kUtf8;
  char delimiter = ',';
};

// A place in a file where a row begins.
struct CsvPosition {
  std::uint64_t offset = 0;  // bytes from the beginning
  std::uint64_t line = 1;    // counts line ends, those inside quotes too
};

// Cells in UTF-8. Wiped on destruction and reuse. Move-only.
struct CsvRow {
  CsvRow() = default;
  CsvRow(CsvRow&&) = default;
  CsvRow& operator=(CsvRow&&) = default;
  ~CsvRow() { Wipe(); }
  void Wipe();

  CsvPosition position;
  std::vector<std::string> cells;
};

// Not thread-safe; holds one buffer and never more than one row.
class CsvReader {
 public:
  // `source` outlives the reader.
  CsvReader(ByteSource& source, CsvFormat format);
  // Goes on from a row found earlier: `source` begins at `start`, and rows have `columns` cells.
  CsvReader(ByteSource& source, CsvFormat format, CsvPosition start, std::size_t columns);
  ~CsvReader();
  CsvReader(const CsvReader&) = delete;
  CsvReader& operator=(const CsvReader&) = delete;

  // False at the end. INVALID_ARGUMENT, reason REGISTER_FORMAT; after an error it does not go on.
  absl::StatusOr<bool> Next(CsvRow& row);
  // After REGISTER_FORMAT: goes on at the next line behind the place of the problem. What stands
  // between, from row_start() to position(), is not read; an open quote may swallow 64 KiB of rows.
  absl::Status SkipBadRow();
  // Where the newest row began, and where the next one begins.
  const CsvPosition& row_start() const { return row_start_; }
  const CsvPosition& position() const { return position_; }

 private:
  enum class After { kCell, kRow, kFile };

  int Peek();  // -1 at the end or on a failed read, which read_status_ tells apart
  int Get();
  absl::StatusOr<bool> ReadRow(CsvRow& row);
  absl::Status SkipByteOrderMark();
  absl::StatusOr<After> ReadCell(std::string& cell);
  absl::StatusOr<After> ReadQuoted(std::string& cell);
  absl::StatusOr<After> ReadUnquoted(std::string& cell);
  // What follows a cell: a delimiter, a line end or the end of the file.
  absl::StatusOr<After> ReadSeparator(std::string_view problem);
  absl::Status TakeQuotedByte(int byte, std::string& cell);
  absl::Status Decode(std::string& cell) const;
  absl::Status CheckWidth(const CsvRow& row);
  // Named by the line where the row begins: that is where an open quote stands.
  absl::Status Problem(std::string_view what) const;

  ByteSource& source_;
  const CsvFormat format_;
  CsvPosition position_;
  std::size_t columns_ = 0;  // 0 until the first row
  bool at_beginning_ = true;
  std::size_t cell_ = 0;  // of the row being read, from 0
  CsvPosition row_start_;
  std::uint64_t line_start_ = 0;  // offset of the line that is being read
  Bytes buffer_;
  std::size_t next_ = 0;
  std::size_t end_ = 0;
  absl::Status read_status_;
};

}  // namespace sluis::edge

#include "clients/lib/register/csv_reader.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/secret.h"

namespace sluis::edge {
namespace {

constexpr std::size_t kBufferBytes = 64 * 1024;
// One row is read again far more often than the whole file.
constexpr std::size_t kRowBufferBytes = 2 * 1024;
constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

bool IsControl(int byte) { return (byte < 0x20 && byte != '\t') || byte == 0x7f; }

}  // namespace

absl::StatusOr<std::size_t> MemorySource::Read(std::span<char> into) {
  const std::size_t size = std::min(into.size(), rest_.size());
  std::copy_n(rest_.begin(), size, into.begin());
  rest_.remove_prefix(size);
  return size;
}

void CsvRow::Wipe() {
  for (std::string& cell : cells) WipeBytes(cell);
  cells.clear();
}

CsvReader::CsvReader(ByteSource& source, CsvFormat format)
    : source_(source), format_(format), buffer_(kBufferBytes, '\0') {}

CsvReader::CsvReader(ByteSource& source, CsvFormat format, CsvPosition start, std::size_t columns)
    : source_(source),
      format_(format),
      position_(start),
      columns_(columns),
      at_beginning_(false),
      buffer_(kRowBufferBytes, '\0') {}

CsvReader::~CsvReader() { WipeBytes(buffer_); }

int CsvReader::Peek() {
  if (next_ == end_) {
    if (!read_status_.ok()) return -1;
    const auto size = source_.Read(buffer_);
    if (!size.ok()) read_status_ = size.status();
    next_ = 0;
    end_ = size.ok() ? *size : 0;
    if (end_ == 0) return -1;
  }
  return static_cast<unsigned char>(buffer_[next_]);
}

int CsvReader::Get() {
  const int byte = Peek();
  if (byte < 0) return byte;
  ++next_;
  ++position_.offset;
  if (byte == '\n') {
    ++position_.line;
    line_start_ = position_.offset;
  }
  return byte;
}

absl::Status CsvReader::Problem(std::string_view what) const {
  return Error(ErrorCode::kInvalid, "REGISTER_FORMAT",
               absl::StrFormat("line %d, column %d: %s", row_start_.line, cell_ + 1, what));
}

absl::StatusOr<bool> CsvReader::Next(CsvRow& row) {
  SLUIS_RETURN_IF_ERROR(read_status_);
  absl::StatusOr<bool> more = ReadRow(row);
  // A failed read looks like the end of the file; the row before it may be half.
  if (!read_status_.ok()) more = read_status_;
  if (!more.ok()) {
    read_status_ = more.status();
    row.Wipe();
  }
  return more;
}

absl::Status CsvReader::SkipBadRow() {
  if (ReasonOf(read_status_) != "REGISTER_FORMAT") return read_status_;
  read_status_ = absl::OkStatus();
  const bool at_line = position_.offset > row_start_.offset && position_.offset == line_start_;
  for (int byte = 0; !at_line && byte >= 0 && byte != '\n';) byte = Get();
  return read_status_;
}

absl::StatusOr<bool> CsvReader::ReadRow(CsvRow& row) {
  row.Wipe();
  cell_ = 0;
  row_start_ = position_;
  if (at_beginning_) SLUIS_RETURN_IF_ERROR(SkipByteOrderMark());
  if (Peek() < 0) return false;
  row.position = row_start_ = position_;
  for (;; ++cell_) {
    if (cell_ == kMaxCsvColumns) return Problem("more than 256 columns; export fewer");
    row.cells.emplace_back();
    SLUIS_ASSIGN_OR_RETURN(const After after, ReadCell(row.cells.back()));
    if (after != After::kCell) break;
  }
  SLUIS_RETURN_IF_ERROR(CheckWidth(row));
  return true;
}

absl::Status CsvReader::SkipByteOrderMark() {
  at_beginning_ = false;
  if (Peek() != 0xEF) return absl::OkStatus();
  for (const char expected : kByteOrderMark) {
    if (Peek() != static_cast<unsigned char>(expected)) return Problem("a broken byte order mark; save as UTF-8");
    Get();
  }
  if (format_.encoding == CsvEncoding::kUtf8) return absl::OkStatus();
  return Problem("the file is UTF-8 and the mapping says ISO-8859-1; correct the mapping");
}

absl::StatusOr<CsvReader::After> CsvReader::ReadCell(std::string& cell) {
  const bool quoted = Peek() == '"';
  SLUIS_ASSIGN_OR_RETURN(const After after, quoted ? ReadQuoted(cell) : ReadUnquoted(cell));
  SLUIS_RETURN_IF_ERROR(Decode(cell));
  return after;
}

absl::StatusOr<CsvReader::After> CsvReader::ReadUnquoted(std::string& cell) {
  for (;;) {
    const int byte = Peek();
    if (byte < 0 || byte == format_.delimiter || byte == '\n' || byte == '\r') {
      return ReadSeparator("a carriage return without line feed; save with line ends LF or CRLF");
    }
    if (byte == '"') return Problem("a quote in a cell without quotes; quote the cell and double it");
    if (IsControl(byte)) return Problem("a control character; remove it");
    if (position_.offset - row_start_.offset >= kMaxRowBytes) return Problem("the row is over 64 KiB; split it");
    cell.push_back(static_cast<char>(Get()));
  }
}

absl::StatusOr<CsvReader::After> CsvReader::ReadQuoted(std::string& cell) {
  Get();
  for (;;) {
    const int byte = Get();
    if (byte == '"') {
      if (Peek() != '"') return ReadSeparator("text after a closing quote; double quotes inside a cell");
      Get();
    }
    SLUIS_RETURN_IF_ERROR(TakeQuotedByte(byte, cell));
  }
}

absl::Status CsvReader::TakeQuotedByte(int byte, std::string& cell) {
  if (byte < 0) return Problem("the file ends inside quotes; close them");
  if (byte == '\r' && Peek() != '\n') {
    return Problem("a carriage return without line feed; save with line ends LF or CRLF");
  }
  if (IsControl(byte) && byte != '\n' && byte != '\r') return Problem("a control character; remove it");
  if (position_.offset - row_start_.offset > kMaxRowBytes) {
    return Problem("the row is over 64 KiB; split it, or close an open quote");
  }
  if (byte != '\r') cell.push_back(static_cast<char>(byte));
  return absl::OkStatus();
}

absl::StatusOr<CsvReader::After> CsvReader::ReadSeparator(std::string_view problem) {
  const int byte = Peek();
  if (byte < 0) return After::kFile;
  if (byte != format_.delimiter && byte != '\n' && byte != '\r') return Problem(problem);
  Get();
  if (byte == format_.delimiter) return After::kCell;
  if (byte == '\r') {
    if (Peek() != '\n') return Problem(problem);
    Get();
  }
  return After::kRow;
}

absl::Status CsvReader::Decode(std::string& cell) const {
  if (format_.encoding == CsvEncoding::kUtf8) {
    return IsValidUtf8(cell) ? absl::OkStatus()
                             : Problem("not UTF-8; save as UTF-8 or name the encoding in the mapping");
  }
  std::string text;
  text.reserve(cell.size() * 2);
  for (const char c : cell) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte >= 0x80 && byte < 0xA0) return Problem("not ISO-8859-1 (bytes 80 to 9F); save as UTF-8");
    if (byte >= 0xA0) {
      text.push_back(static_cast<char>(0xC0 | (byte >> 6)));
      text.push_back(static_cast<char>(0x80 | (byte & 0x3F)));
    } else {
      text.push_back(c);
    }
  }
  cell.swap(text);
  WipeBytes(text);
  return absl::OkStatus();
}

absl::Status CsvReader::CheckWidth(const CsvRow& row) {
  if (columns_ == 0) columns_ = row.cells.size();
  if (row.cells.size() == columns_) return absl::OkStatus();
  return Error(ErrorCode::kInvalid, "REGISTER_FORMAT",
               absl::StrFormat("line %d: %d cells where the header has %d; quote cells that hold the "
                               "delimiter, and remove empty lines",
                               row.position.line, row.cells.size(), columns_));
}

}  // namespace sluis::edge

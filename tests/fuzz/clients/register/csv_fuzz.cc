// CSV tables: the first byte chooses delimiter and encoding. Properties: rows are as wide as the first and UTF-8; any row
// read again from where it was found, in any encoding, is the same row; no error tells what stood in the file.
#include <cstdint>
#include <cstdlib>

#include "clients/lib/register/csv_reader.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"

namespace {

using namespace sluis::edge;  // NOLINT(google-build-using-namespace): one property per file

void Require(bool holds) {
  if (!holds) std::abort();
}

void CheckRow(const CsvRow& row, std::size_t width) {
  Require(row.cells.size() == width && width <= kMaxCsvColumns);
  for (const std::string& cell : row.cells) Require(sluis::IsValidUtf8(cell));
}

void CheckAgain(sluis::BytesView text, CsvFormat format, const CsvRow& row) {
  MemorySource source(text.substr(row.position.offset));
  CsvReader reader(source, format, row.position, row.cells.size());
  CsvRow again;
  const auto more = reader.Next(again);
  Require(more.ok() && *more && again.cells == row.cells && again.position.line == row.position.line);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const sluis::BytesView text(reinterpret_cast<const char*>(data) + 1, size - 1);
  const CsvFormat format{data[0] & 4 ? CsvEncoding::kLatin1 : CsvEncoding::kUtf8, ",;|\t"[data[0] & 3]};
  MemorySource source(text);
  CsvReader reader(source, format);
  CsvRow row;
  std::size_t width = 0;
  for (;;) {
    const auto more = reader.Next(row);
    if (!more.ok()) {
      Require(sluis::ReasonOf(more.status()) == "REGISTER_FORMAT" && row.cells.empty());
      return 0;
    }
    if (!*more) return 0;
    if (width == 0) width = row.cells.size();
    CheckRow(row, width);
    CheckAgain(text, format, row);
  }
}

#include "clients/cli/frame/table.h"

#include <algorithm>
#include <cstdint>

#include "lib/base/encoding.h"

namespace sluis::cli {
namespace {

// The code point at `at`, which moves behind it. Precondition: valid UTF-8.
std::uint32_t NextCodePoint(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte(at++);
  if (lead < 0x80) return lead;
  const int more = lead >= 0xf0 ? 3 : lead >= 0xe0 ? 2 : 1;
  std::uint32_t point = lead & (0x3fu >> more);
  for (int i = 0; i < more; ++i) point = point << 6 | (byte(at++) & 0x3fu);
  return point;
}

std::size_t WidthOf(std::uint32_t point) {
  if (point >= 0x300 && point <= 0x36f) return 0;  // combining marks
  const bool wide = (point >= 0x1100 && point <= 0x115f) || (point >= 0x2e80 && point <= 0xa4cf) ||
                    (point >= 0xac00 && point <= 0xd7a3) || (point >= 0xff00 && point <= 0xff60) ||
                    (point >= 0x1f300 && point <= 0x1faff);
  return wide ? 2 : 1;
}

// C0, C1, and the marks that turn the direction of writing.
bool IsControl(std::uint32_t point) {
  return point < 0x20 || (point >= 0x7f && point < 0xa0) || (point >= 0x200b && point <= 0x200f) ||
         (point >= 0x2028 && point <= 0x202e) || (point >= 0x2060 && point <= 0x2069) || point == 0xfeff;
}

std::string Padded(const std::string& text, std::size_t width) {
  const std::size_t used = DisplayWidth(text);
  return text + std::string(width > used ? width - used : 0, ' ');
}

std::string JoinedRow(const std::vector<std::string>& cells, const std::vector<std::size_t>& widths) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    line += i + 1 < cells.size() ? Padded(cells[i], widths[i] + 2) : cells[i];
  }
  line.erase(line.find_last_not_of(' ') + 1);
  return line;
}

}  // namespace

std::size_t DisplayWidth(std::string_view text) {
  if (!IsValidUtf8(text)) return text.size();
  std::size_t width = 0;
  for (std::size_t at = 0; at < text.size();) width += WidthOf(NextCodePoint(text, at));
  return width;
}

std::string Printable(std::string_view text) {
  const bool valid = IsValidUtf8(text);
  std::string printable;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t start = at;
    if (!valid) {
      const char byte = text[at++];
      printable += byte >= 0x20 && byte < 0x7f ? byte : '?';
      continue;
    }
    const bool control = IsControl(NextCodePoint(text, at));
    printable += control ? std::string("?") : std::string(text.substr(start, at - start));
  }
  return printable;
}

void Table::Add(std::vector<std::string> cells) {
  for (std::string& cell : cells) cell = Printable(cell);
  rows_.push_back(std::move(cells));
}

std::string Table::Format(bool bold) const {
  std::vector<std::size_t> widths;
  for (const std::string& heading : headings_) widths.push_back(DisplayWidth(heading));
  for (const auto& row : rows_) {
    for (std::size_t i = 0; i < widths.size(); ++i) {
      widths[i] = std::max(widths[i], DisplayWidth(row[i]));
    }
  }
  const std::string head = JoinedRow(headings_, widths);
  std::string text = bold ? "\x1b[1m" + head + "\x1b[0m\n" : head + "\n";
  for (const auto& row : rows_) text += JoinedRow(row, widths) + "\n";
  return text;
}

std::string FormatPairs(const std::vector<std::pair<std::string, std::string>>& pairs) {
  std::size_t width = 0;
  for (const auto& pair : pairs) width = std::max(width, DisplayWidth(pair.first));
  std::string text;
  for (const auto& [label, value] : pairs) text += Padded(label + ":", width + 2) + Printable(value) + "\n";
  return text;
}

}  // namespace sluis::cli

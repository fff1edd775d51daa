// Text tables: columns as wide as their widest cell, counted in characters as a terminal shows them.
// Control characters in a cell are shown as `?`, so that data can never steer a terminal.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace sluis::cli {

// Columns of a UTF-8 text on a terminal; combining marks count for none, wide East Asian ones for two.
std::size_t DisplayWidth(std::string_view text);
// One line without control characters; invalid UTF-8 becomes `?`.
std::string Printable(std::string_view text);

class Table {
 public:
  explicit Table(std::vector<std::string> headings) : headings_(std::move(headings)) {}
  // Precondition: as many cells as headings.
  void Add(std::vector<std::string> cells);
  // `bold` sets the headings in bold.
  std::string Format(bool bold) const;

 private:
  std::vector<std::string> headings_;
  std::vector<std::vector<std::string>> rows_;
};

// `Label: value` lines, labels padded to one width.
std::string FormatPairs(const std::vector<std::pair<std::string, std::string>>& pairs);

}  // namespace sluis::cli

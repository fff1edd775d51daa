// Data to stdout as JSON or as a table, both out of one JSON value, so that they cannot differ; talk to
// stderr. Keys of the JSON are never translated; headings of a table are.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "clients/cli/frame/surroundings.h"
#include "clients/cli/frame/text.h"
#include "lib/base/json.h"

namespace sluis::cli {

enum class Format { kTable, kJson };

// A column (or line) of a table: the heading `column.<key>` over the member at `pointer` (RFC 6901).
struct Column {
  std::string_view key;
  std::string_view pointer;
};

// Not thread-safe.
class Output {
 public:
  Output(Surroundings& surroundings, Format format, Language language);

  Format format() const { return format_; }
  Language language() const { return language_; }

  // One object: its JSON, or one line a column. Members that are absent, null or empty leave no line.
  void Object(const Json& object, const std::vector<Column>& columns);
  // An object whose member `list` is an array of objects: its JSON, or a table of that array.
  void List(const Json& object, std::string_view list, const std::vector<Column>& columns);
  // Text as it is, for what has a format of its own (shell completion, a statement).
  void Raw(std::string_view text);

  // A sentence of the catalogue to stderr.
  void Say(std::string_view key, const std::vector<std::string>& values = {});
  // The next sensible command, to stderr.
  void Next(std::string_view command);
  void Fail(const absl::Status& status);

 private:
  std::string Styled(std::string_view text, std::string_view style) const;
  Surroundings& surroundings_;
  const Format format_;
  const Language language_;
  const bool colour_out_, colour_err_;
};

// How a value stands in a cell: lists joined by `, `, objects as `key=value`, booleans as words.
std::string CellText(const Json& value, Language language);

}  // namespace sluis::cli

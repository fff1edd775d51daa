#include "clients/cli/frame/output.h"

#include <ostream>

#include "absl/strings/str_format.h"
#include "clients/cli/frame/failure.h"
#include "clients/cli/frame/table.h"

namespace sluis::cli {
namespace {

constexpr std::string_view kRed = "\x1b[31m", kDim = "\x1b[2m";

// NO_COLOR: set and not empty (no-color.org); a dumb terminal knows no colour either.
bool MayColour(const Surroundings& surroundings, bool terminal) {
  const auto& environment = surroundings.environment;
  const auto no_color = environment.find("NO_COLOR");
  if (no_color != environment.end() && !no_color->second.empty()) return false;
  const auto term = environment.find("TERM");
  return terminal && (term == environment.end() || term->second != "dumb");
}

std::string CellAt(const Json& object, std::string_view pointer, Language language) {
  const Json::json_pointer at{std::string(pointer)};
  return object.contains(at) ? CellText(object.at(at), language) : std::string();
}

std::string Dump(const Json& value) {
  return value.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace

Output::Output(Surroundings& surroundings, Format format, Language language)
    : surroundings_(surroundings),
      format_(format),
      language_(language),
      colour_out_(MayColour(surroundings, surroundings.out_is_terminal)),
      colour_err_(MayColour(surroundings, surroundings.err_is_terminal)) {}

void Output::Object(const Json& object, const std::vector<Column>& columns) {
  if (format_ == Format::kJson) return Raw(Dump(object));
  std::vector<std::pair<std::string, std::string>> pairs;
  for (const Column& column : columns) {
    std::string value = CellAt(object, column.pointer, language_);
    if (value.empty()) continue;
    pairs.emplace_back(Text(language_, absl::StrFormat("column.%s", column.key)), std::move(value));
  }
  Raw(FormatPairs(pairs));
}

void Output::List(const Json& object, std::string_view list, const std::vector<Column>& columns) {
  if (format_ == Format::kJson) return Raw(Dump(object));
  const Json& rows = object.at(std::string(list));
  if (rows.empty()) return Say("frame.empty");
  std::vector<std::string> headings;
  for (const Column& column : columns) {
    headings.push_back(Text(language_, absl::StrFormat("column.%s", column.key)));
  }
  Table table(std::move(headings));
  for (const Json& row : rows) {
    std::vector<std::string> cells;
    for (const Column& column : columns) cells.push_back(CellAt(row, column.pointer, language_));
    table.Add(std::move(cells));
  }
  Raw(table.Format(colour_out_));
}

void Output::Raw(std::string_view text) { surroundings_.out << text << std::flush; }

void Output::Say(std::string_view key, const std::vector<std::string>& values) {
  std::vector<std::string> clean;
  for (const std::string& value : values) clean.push_back(Printable(value));
  surroundings_.err << Text(language_, key, clean) << "\n" << std::flush;
}

void Output::Next(std::string_view command) {
  const std::string hint = Text(language_, "frame.next", {Printable(command)});
  surroundings_.err << Styled(hint, kDim) << "\n" << std::flush;
}

void Output::Fail(const absl::Status& status) {
  if (format_ == Format::kJson) {
    surroundings_.err << Dump(FailureJson(status, language_)) << std::flush;
    return;
  }
  surroundings_.err << Styled(Text(language_, "frame.error"), kRed) << " "
                    << FailureText(status, language_) << std::flush;
}

std::string Output::Styled(std::string_view text, std::string_view style) const {
  if (!colour_err_) return std::string(text);
  return absl::StrFormat("%s%s\x1b[0m", style, text);
}

std::string CellText(const Json& value, Language language) {
  if (value.is_null()) return "";
  if (value.is_string()) return value.get<std::string>();
  if (value.is_boolean()) return Text(language, value.get<bool>() ? "frame.yes" : "frame.no");
  if (!value.is_structured()) return value.dump();
  std::string text;
  for (const auto& [key, member] : value.items()) {
    if (!text.empty()) text += ", ";
    text += value.is_object() ? absl::StrFormat("%s=%s", key, CellText(member, language))
                              : CellText(member, language);
  }
  return text;
}

}  // namespace sluis::cli

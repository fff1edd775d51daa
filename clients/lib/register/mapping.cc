#include "clients/lib/register/mapping.h"

#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/text_format.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/ids.h"
#include "lib/base/status_macros.h"
#include "lib/sealing/code_text.h"
#include "lib/sealing/subject.h"

namespace sluis::edge {
namespace {

constexpr std::string_view kReason = "MAPPING_INVALID";
constexpr std::string_view kForms[] = {"presence", "category", "generalised", "pseudonym", "exact"};
constexpr int kMaxKeys = 16;
constexpr int kMaxFields = 128;
constexpr int kMaxColumns = 8;
constexpr int kMaxEntries = 512;
constexpr int kMaxBounds = 32;
constexpr std::size_t kMaxProblems = 20;

using Rule = v1::FormRule;

// Keeps the place of the first error. The parser's own words quote the text, which is a register's
// content when somebody names the wrong file.
class FirstError : public google::protobuf::io::ErrorCollector {
 public:
  void AddError(int line, google::protobuf::io::ColumnNumber column, const std::string&) override {
    if (line_ >= 0) return;
    line_ = line;
    column_ = column;
  }
  void AddWarning(int, google::protobuf::io::ColumnNumber, const std::string&) override {}
  int line() const { return std::max(line_, 0) + 1; }
  int column() const { return std::max(column_, 0) + 1; }

 private:
  int line_ = -1;
  int column_ = -1;
};

bool IsInnerPath(std::string_view text) {
  const std::filesystem::path path(text);
  return !text.empty() && text.size() <= 255 && IsValidUtf8(text) &&
         text.find('\0') == std::string_view::npos && path.is_relative() && path.has_filename() &&
         std::none_of(path.begin(), path.end(), [](const auto& part) { return part == ".."; });
}

bool IsDelimiter(std::string_view text) { return text == "," || text == ";" || text == "|" || text == "\t"; }

bool IsColumn(std::string_view text) {
  return !text.empty() && text.size() <= 128 && IsValidUtf8(text);
}

struct ColumnRange {
  int least;
  int most;
};

ColumnRange ColumnsOf(const Rule& rule) {
  switch (rule.transform_case()) {
    case Rule::kPresent:
      return {0, kMaxColumns};
    case Rule::kCopy:
      return {1, kMaxColumns};
    case Rule::kPerMonth:
      return {1, 2};
    default:
      return {1, 1};
  }
}

class Checker {
 public:
  absl::Status Check(const v1::RegisterMapping& mapping) {
    Require(IsResourceId(mapping.name()), "name", "use lower-case letters, digits and hyphens");
    Require(IsInnerPath(mapping.file()), "file", "name a file inside the folder of registers");
    Require(mapping.encoding() == v1::ENCODING_UTF_8 || mapping.encoding() == v1::ENCODING_ISO_8859_1,
            "encoding", "use ENCODING_UTF_8 or ENCODING_ISO_8859_1");
    Require(IsDelimiter(mapping.delimiter()), "delimiter", "use one of , ; | and tab");
    CheckKeys(mapping);
    CheckLabel(mapping.regime(), "regime");
    CheckLabel(mapping.subject_category(), "subject_category");
    CheckFields(mapping);
    return problems_.empty() ? absl::OkStatus() : InvalidFields(kReason, problems_);
  }

 private:
  void Require(bool holds, std::string_view path, std::string_view advice) {
    if (holds || problems_.size() == kMaxProblems) return;
    problems_.push_back({std::string(path), std::string(advice)});
  }

  void CheckKeys(const v1::RegisterMapping& mapping) {
    Require(mapping.keys_size() >= 1 && mapping.keys_size() <= kMaxKeys, "keys", "name 1 to 16 columns");
    std::set<std::string> columns;
    for (int i = 0; i < mapping.keys_size(); ++i) {
      const v1::KeyColumn& key = mapping.keys(i);
      const std::string path = absl::StrFormat("keys[%d]", i);
      Require(ParseSubjectKind(key.kind()).ok(), path + ".kind", "use bsn, rsin, kvk, kenteken or bag");
      Require(IsColumn(key.column()), path + ".column", "name a column");
      Require(columns.insert(key.column()).second, path + ".column", "stands twice; keep one");
      Require(key.subject_category().empty() || IsCodeText(key.subject_category()),
              path + ".subject_category", "use a code of the vocabulary");
    }
  }

  void CheckLabel(const v1::Label& label, const std::string& path) {
    switch (label.source_case()) {
      case v1::Label::kConstant:
        return Require(IsCodeText(label.constant()), path + ".constant", "use a code of the vocabulary");
      case v1::Label::kByColumn:
        Require(IsColumn(label.by_column().column()), path + ".by_column.column", "name a column");
        return CheckEntries(label.by_column().entries(), path + ".by_column.entries", /*codes=*/true);
      case v1::Label::SOURCE_NOT_SET:
        return Require(false, path, "give a constant or a column");
    }
  }

  // A label is a code; what a field's table gives is text for a reader.
  template <typename Entries>
  void CheckEntries(const Entries& entries, const std::string& path, bool codes) {
    Require(entries.size() >= 1 && entries.size() <= kMaxEntries, path, "give 1 to 512 entries");
    std::set<std::string> texts;
    for (const v1::Entry& entry : entries) {
      Require(!entry.text().empty() && texts.insert(entry.text()).second, path,
              "each text once and not empty");
      Require(codes ? IsCodeText(entry.code()) : !entry.code().empty(), path,
              "each entry needs a code, of the vocabulary where it is a label");
    }
  }

  void CheckFields(const v1::RegisterMapping& mapping) {
    Require(mapping.fields_size() >= 1 && mapping.fields_size() <= kMaxFields, "fields",
            "map 1 to 128 fields");
    std::set<std::string> names;
    for (int i = 0; i < mapping.fields_size(); ++i) {
      const v1::FieldMapping& field = mapping.fields(i);
      const std::string path = absl::StrFormat("fields[%d]", i);
      Require(IsCodeText(field.field()), path + ".field", "use a field of the vocabulary");
      Require(names.insert(field.field()).second, path + ".field", "stands twice; join their forms");
      Require(field.about().empty() || ParseSubjectKind(field.about()).ok(), path + ".about",
              "use bsn, rsin, kvk, kenteken or bag");
      CheckForms(field, path);
    }
  }

  void CheckForms(const v1::FieldMapping& field, const std::string& path) {
    Require(field.forms_size() >= 1, path + ".forms", "give at least one form");
    std::set<std::string> forms;
    for (int i = 0; i < field.forms_size(); ++i) {
      const Rule& rule = field.forms(i);
      const std::string rule_path = absl::StrFormat("%s.forms[%d]", path, i);
      Require(std::count(std::begin(kForms), std::end(kForms), rule.form()) == 1, rule_path + ".form",
              "use presence, category, generalised, pseudonym or exact");
      Require(forms.insert(rule.form()).second, rule_path + ".form", "stands twice; keep one");
      CheckRule(rule, rule_path);
    }
  }

  void CheckRule(const Rule& rule, const std::string& path) {
    const ColumnRange range = ColumnsOf(rule);
    Require(rule.columns_size() >= range.least && rule.columns_size() <= range.most, path + ".columns",
            absl::StrFormat("name %d to %d columns for this transformation", range.least, range.most));
    Require(std::all_of(rule.columns().begin(), rule.columns().end(), IsColumn), path + ".columns",
            "a column has a name");
    Require(rule.list_separator().empty() || rule.columns_size() == 1, path + ".list_separator",
            "only with one column");
    Require((rule.form() == "pseudonym") <= rule.has_subjects(), path,
            "form pseudonym needs the transformation subjects: text would tell who it is");
    Require((rule.form() == "presence") <= rule.has_present(), path,
            "form presence needs the transformation present");
    CheckTransform(rule, path);
  }

  void CheckTransform(const Rule& rule, const std::string& path) {
    switch (rule.transform_case()) {
      case Rule::kTable:
        return CheckEntries(rule.table().entries(), path + ".table.entries", /*codes=*/false);
      case Rule::kBand:
        Require(rule.band().from_size() >= 1, path + ".band.from", "give at least one bound");
        return CheckBounds(rule.band().from(), path + ".band.from");
      case Rule::kCount:
        return CheckBounds(rule.count().from(), path + ".count.from");
      case Rule::kSubjects:
        return Require(ParseSubjectKind(rule.subjects().kind()).ok(), path + ".subjects.kind",
                       "use bsn, rsin, kvk, kenteken or bag");
      case Rule::TRANSFORM_NOT_SET:
        return Require(false, path, "name a transformation, for example copy {}");
      default:
        return;
    }
  }

  template <typename Bounds>
  void CheckBounds(const Bounds& bounds, const std::string& path) {
    const bool rising =
        std::adjacent_find(bounds.begin(), bounds.end(), std::greater_equal<>()) == bounds.end();
    Require(rising && bounds.size() <= kMaxBounds && (bounds.empty() || bounds[0] > 0), path,
            "give at most 32 bounds that rise and begin above zero");
  }

  std::vector<FieldViolation> problems_;
};

}  // namespace

absl::StatusOr<v1::RegisterMapping> ParseMapping(std::string_view text) {
  if (text.size() > kMaxMappingBytes || !IsValidUtf8(text)) {
    return InvalidField(kReason, "mapping", "is no UTF-8 text of at most 64 KiB");
  }
  FirstError error;
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&error);
  v1::RegisterMapping mapping;
  if (!parser.ParseFromString(std::string(text), &mapping)) {
    return InvalidField(kReason, absl::StrFormat("line %d, column %d", error.line(), error.column()),
                        "an unknown key, a key given twice, or a value of another kind");
  }
  SLUIS_RETURN_IF_ERROR(CheckMapping(mapping));
  return mapping;
}

absl::Status CheckMapping(const v1::RegisterMapping& mapping) { return Checker().Check(mapping); }

}  // namespace sluis::edge

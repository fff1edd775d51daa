#include "clients/lib/register/register_columns.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::edge {

bool IsBlank(std::string_view cell) { return cell.find_first_not_of(' ') == std::string_view::npos; }

CsvFormat FormatOf(const v1::RegisterMapping& mapping) {
  const bool utf8 = mapping.encoding() == v1::ENCODING_UTF_8;
  return {utf8 ? CsvEncoding::kUtf8 : CsvEncoding::kLatin1, mapping.delimiter()[0]};
}

absl::StatusOr<RegisterColumns> RegisterColumns::Resolve(const v1::RegisterMapping& mapping,
                                                         const CsvRow& header) {
  RegisterColumns columns;
  SLUIS_RETURN_IF_ERROR(columns.TakeHeader(header));
  SLUIS_RETURN_IF_ERROR(columns.FindAll(mapping));
  return columns;
}

absl::Status RegisterColumns::TakeHeader(const CsvRow& header) {
  for (std::size_t i = 0; i < header.cells.size(); ++i) {
    if (header.cells[i].empty() || !columns_.emplace(header.cells[i], i).second) {
      return Error(ErrorCode::kInvalid, "REGISTER_FORMAT",
                   absl::StrFormat("line 1, column %d: a header is empty or stands twice; name each "
                                   "column once",
                                   i + 1));
    }
  }
  return absl::OkStatus();
}

absl::Status RegisterColumns::FindAll(const v1::RegisterMapping& mapping) {
  for (int i = 0; i < mapping.keys_size(); ++i) {
    const v1::KeyColumn& key = mapping.keys(i);
    SLUIS_RETURN_IF_ERROR(Find(key.column(), absl::StrFormat("keys[%d].column", i)));
    SLUIS_ASSIGN_OR_RETURN(const SubjectKind kind, ParseSubjectKind(key.kind()));
    keys_.push_back({kind, At(key.column()), key.subject_category()});
  }
  SLUIS_RETURN_IF_ERROR(FindLabel(mapping.regime(), "regime"));
  SLUIS_RETURN_IF_ERROR(FindLabel(mapping.subject_category(), "subject_category"));
  for (int i = 0; i < mapping.fields_size(); ++i) {
    for (int j = 0; j < mapping.fields(i).forms_size(); ++j) {
      for (const std::string& column : mapping.fields(i).forms(j).columns()) {
        SLUIS_RETURN_IF_ERROR(
            Find(column, absl::StrFormat("fields[%d].forms[%d].columns", i, j)));
      }
    }
  }
  return absl::OkStatus();
}

absl::Status RegisterColumns::Find(const std::string& column, const std::string& path) const {
  if (columns_.contains(column)) return absl::OkStatus();
  return InvalidField("MAPPING_INVALID", path, "the header of the file has no such column");
}

absl::Status RegisterColumns::FindLabel(const v1::Label& label, const std::string& path) const {
  if (!label.has_by_column()) return absl::OkStatus();
  return Find(label.by_column().column(), path + ".by_column.column");
}

const std::string& RegisterColumns::HeaderOf(std::size_t column) const {
  return std::find_if(columns_.begin(), columns_.end(),
                      [column](const auto& entry) { return entry.second == column; })
      ->first;
}

absl::StatusOr<std::string> RegisterColumns::LabelOf(const v1::Label& label,
                                                     const CsvRow& row) const {
  if (!label.has_by_column()) return label.constant();
  const v1::ColumnLabel& by_column = label.by_column();
  const std::string& cell = row.cells[At(by_column.column())];
  for (const v1::Entry& entry : by_column.entries()) {
    if (entry.text() == cell) return entry.code();
  }
  return Error(ErrorCode::kInvalid, "REGISTER_VALUE",
               absl::StrFormat("line %d, column \"%s\": the mapping has no entry for this text; add "
                               "one or correct the register",
                               row.position.line, by_column.column()));
}

}  // namespace sluis::edge

#include "clients/lib/register/register.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::edge {
namespace {

constexpr std::size_t kMaxRefusedKept = 100;

}  // namespace

Register::Register(v1::RegisterMapping mapping, RegisterFile file, const Clock& clock)
    : mapping_(std::move(mapping)), file_(std::move(file)), clock_(&clock) {}

absl::StatusOr<Register> Register::Load(v1::RegisterMapping mapping, const std::filesystem::path& folder,
                                        const Clock& clock) {
  SLUIS_RETURN_IF_ERROR(CheckMapping(mapping));
  SLUIS_ASSIGN_OR_RETURN(RegisterFile file, RegisterFile::Open(folder / mapping.file()));
  Register loaded(std::move(mapping), std::move(file), clock);
  SLUIS_RETURN_IF_ERROR(loaded.ReadAll());
  return loaded;
}

absl::Status Register::ReadAll() {
  FileSource source(file_);
  CsvReader reader(source, FormatOf(mapping_));
  CsvRow row;
  SLUIS_ASSIGN_OR_RETURN(bool more, reader.Next(row));
  if (!more) return Error(ErrorCode::kInvalid, "REGISTER_FORMAT", "line 1: the file is empty; export it again");
  SLUIS_ASSIGN_OR_RETURN(columns_, RegisterColumns::Resolve(mapping_, row));
  for (;;) {
    SLUIS_ASSIGN_OR_RETURN(more, reader.Next(row));
    if (!more) break;
    IndexRow(row);
  }
  index_.Sort();
  return file_.CheckUnchanged();
}

void Register::IndexRow(const CsvRow& row) {
  ++report_.rows;
  std::vector<Subject> subjects;
  for (const Key& key : columns_->keys()) {
    const std::string& cell = row.cells[key.column];
    if (IsBlank(cell)) continue;
    auto subject = SubjectOfCell(key.kind, cell);
    if (!subject.ok()) {
      ++report_.refused;
      if (report_.first_refused.size() == kMaxRefusedKept) return;
      report_.first_refused.push_back({row.position.line, columns_->HeaderOf(key.column), ReasonOf(subject.status())});
      return;
    }
    subjects.push_back(*std::move(subject));
  }
  if (subjects.empty()) ++report_.without_key;
  for (const Subject& subject : subjects) index_.Add(subject, row.position);
}

absl::StatusOr<CsvRow> Register::ReadRow(CsvPosition position) const {
  FileSource source(file_, position.offset);
  CsvReader reader(source, FormatOf(mapping_), position, columns_->size());
  CsvRow row;
  SLUIS_ASSIGN_OR_RETURN(const bool more, reader.Next(row));
  SLUIS_RETURN_IF_ERROR(file_.CheckUnchanged());
  if (!more) return Error(ErrorCode::kAborted, "REGISTER_CHANGED", "the register is shorter than before; load it again");
  return row;
}

const Register::Key* Register::KeyOf(const CsvRow& row, const Subject& subject) const {
  const std::vector<Key>& keys = columns_->keys();
  const auto key = std::find_if(keys.begin(), keys.end(), [&](const Key& candidate) {
    if (candidate.kind != subject.kind() || IsBlank(row.cells[candidate.column])) return false;
    const auto found = SubjectOfCell(candidate.kind, row.cells[candidate.column]);
    return found.ok() && found->Equals(subject);
  });
  return key == keys.end() ? nullptr : &*key;
}

absl::StatusOr<RowLabels> Register::LabelsOf(const CsvRow& row, const Key& key) const {
  RowLabels labels;
  SLUIS_ASSIGN_OR_RETURN(labels.regime, columns_->LabelOf(mapping_.regime(), row));
  labels.subject_category = key.subject_category;
  if (labels.subject_category.empty()) {
    SLUIS_ASSIGN_OR_RETURN(labels.subject_category, columns_->LabelOf(mapping_.subject_category(), row));
  }
  return labels;
}

absl::StatusOr<std::vector<RowGroup>> Register::Find(const Subject& subject) const {
  std::map<RowLabels, std::vector<CsvPosition>> groups;
  for (const IndexEntry& entry : index_.Find(subject)) {
    SLUIS_ASSIGN_OR_RETURN(const CsvRow row, ReadRow(entry.position));
    const Key* key = KeyOf(row, subject);
    if (key == nullptr) continue;
    SLUIS_ASSIGN_OR_RETURN(RowLabels labels, LabelsOf(row, *key));
    groups[std::move(labels)].push_back(entry.position);
  }
  std::vector<RowGroup> found;
  for (auto& [labels, rows] : groups) found.push_back({subject.kind(), labels, std::move(rows)});
  return found;
}

const v1::FieldMapping* Register::MappingOf(std::string_view field) const {
  for (const v1::FieldMapping& mapping : mapping_.fields()) {
    if (mapping.field() == field) return &mapping;
  }
  return nullptr;
}

absl::StatusOr<const v1::FormRule*> Register::RuleOf(std::string_view field, std::string_view form) const {
  const v1::FieldMapping* mapping = MappingOf(field);
  if (mapping == nullptr) {
    return Error(ErrorCode::kNotFound, "FIELD_NOT_MAPPED",
                 absl::StrFormat("register %s has no field %s; answer from another register", name(), field));
  }
  for (const v1::FormRule& rule : mapping->forms()) {
    if (rule.form() == form) return &rule;
  }
  return Error(ErrorCode::kNotFound, "FORM_NOT_MAPPED",
               absl::StrFormat("register %s cannot give %s in form %s; add the form to its mapping",
                               name(), field, form));
}

absl::Status Register::CheckAbout(const RowGroup& group, std::string_view field,
                                  const v1::FormRule& rule) const {
  const std::string& about = MappingOf(field)->about();
  const bool names_nobody = rule.has_present() || rule.has_count() || rule.has_subjects();
  if (names_nobody || about.empty() || about == SubjectKindName(group.found_by)) return absl::OkStatus();
  return Error(ErrorCode::kPrecondition, "OTHER_SUBJECT",
               absl::StrFormat("%s tells about another subject than the one that was found; give it as "
                               "pseudonym or leave it out",
                               field));
}

absl::StatusOr<FieldValue> Register::ValueOf(const RowGroup& group, std::string_view field,
                                             std::string_view form) const {
  SLUIS_ASSIGN_OR_RETURN(const v1::FormRule* rule, RuleOf(field, form));
  SLUIS_RETURN_IF_ERROR(CheckAbout(group, field, *rule));
  std::vector<RuleCells> rows;
  for (const CsvPosition position : group.rows) {
    SLUIS_ASSIGN_OR_RETURN(CsvRow row, ReadRow(position));
    RuleCells cells;
    cells.line = position.line;
    for (const std::string& column : rule->columns()) cells.cells.push_back(row.cells[columns_->At(column)]);
    rows.push_back(std::move(cells));
  }
  return Transform(*rule, rows, absl::ToCivilDay(clock_->Now(), AmsterdamZone()));
}

absl::Status Register::ForEachSubject(SubjectKind kind,
                                      const std::function<absl::Status(const Subject&)>& visit) const {
  FileSource source(file_);
  CsvReader reader(source, FormatOf(mapping_));
  CsvRow row;
  SLUIS_RETURN_IF_ERROR(reader.Next(row).status());
  for (;;) {
    SLUIS_ASSIGN_OR_RETURN(const bool more, reader.Next(row));
    if (!more) break;
    std::vector<Subject> in_row;
    for (const Key& key : columns_->keys()) {
      if (key.kind != kind || IsBlank(row.cells[key.column])) continue;
      auto subject = SubjectOfCell(kind, row.cells[key.column]);
      if (!subject.ok() || !index_.IsFirst(*subject, row.position)) continue;
      const bool seen = std::any_of(in_row.begin(), in_row.end(),
                                    [&](const Subject& other) { return other.Equals(*subject); });
      if (seen) continue;
      SLUIS_RETURN_IF_ERROR(visit(*subject));
      in_row.push_back(*std::move(subject));
    }
  }
  return file_.CheckUnchanged();
}

std::vector<std::string> Register::Fields() const {
  std::vector<std::string> fields;
  for (const v1::FieldMapping& mapping : mapping_.fields()) fields.push_back(mapping.field());
  return fields;
}

std::vector<std::string> Register::FormsOf(std::string_view field) const {
  std::vector<std::string> forms;
  const v1::FieldMapping* mapping = MappingOf(field);
  if (mapping == nullptr) return forms;
  for (const v1::FormRule& rule : mapping->forms()) forms.push_back(rule.form());
  return forms;
}

}  // namespace sluis::edge

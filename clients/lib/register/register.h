// A partner's own register at its edge: find the rows of a subject, and give a field of the vocabulary in the form
// that a decision permits. The file stays where it is; only an index of positions is in memory.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/lib/register/mapping.h"
#include "clients/lib/register/register_columns.h"
#include "clients/lib/register/register_file.h"
#include "clients/lib/register/row_index.h"
#include "clients/lib/register/transform.h"
#include "lib/base/clock.h"

namespace sluis::edge {

// What loading met. A refused row is not found by any subject.
struct LoadReport {
  struct Refused {
    std::uint64_t line = 0;
    std::string column;  // its header
    std::string reason;  // E_BSN or E_SUBJECT
  };
  std::uint64_t rows = 0;
  std::uint64_t without_key = 0;  // rows with all key cells empty
  std::uint64_t refused = 0;
  std::vector<Refused> first_refused;  // at most 100
};

struct RowLabels {
  std::string regime;
  std::string subject_category;
  auto operator<=>(const RowLabels&) const = default;
};

// Found rows that share their labels: what one answer may be made of. Only positions; of one register.
struct RowGroup {
  SubjectKind found_by = SubjectKind::kBsn;
  RowLabels labels;
  std::vector<CsvPosition> rows;
};

// Constant after Load: thread-safe. Reads from disk on every call. Movable.
class Register {
 public:
  // Reads the file once. MAPPING_INVALID with the path of a mapping's field (also for a column that the
  // header lacks), REGISTER_FORMAT with line and column for a file that is no table, FILE_NOT_FOUND,
  // FILE_NOT_USABLE. `clock` outlives the register.
  static absl::StatusOr<Register> Load(v1::RegisterMapping mapping, const std::filesystem::path& folder,
                                       const Clock& clock);

  const std::string& name() const { return mapping_.name(); }
  const LoadReport& report() const { return report_; }
  // In the order of the mapping.
  std::vector<std::string> Fields() const;
  // Forms the register can give a field in; empty if it does not know the field.
  std::vector<std::string> FormsOf(std::string_view field) const;

  // The subject's rows by their labels, sorted; empty: not in this register. REGISTER_CHANGED (load
  // again), REGISTER_VALUE if a row's label has no entry in the mapping.
  absl::StatusOr<std::vector<RowGroup>> Find(const Subject& subject) const;

  // One field over the rows of a group. FIELD_NOT_MAPPED, FORM_NOT_MAPPED (never a more revealing form
  // instead), OTHER_SUBJECT (text about somebody else than the subject found), NO_VALUE, REGISTER_VALUE,
  // REGISTER_CHANGED. An empty group: presence is "nee".
  absl::StatusOr<FieldValue> ValueOf(const RowGroup& group, std::string_view field,
                                     std::string_view form) const;

  // Every subject of this kind once, in the order of the file (enrolment of an index). Ends at the first
  // status that is not OK and returns it.
  absl::Status ForEachSubject(SubjectKind kind,
                              const std::function<absl::Status(const Subject&)>& visit) const;

 private:
  using Key = RegisterColumns::Key;
  Register(v1::RegisterMapping mapping, RegisterFile file, const Clock& clock);

  absl::Status ReadAll();
  void IndexRow(const CsvRow& row);
  absl::StatusOr<CsvRow> ReadRow(CsvPosition position) const;
  // Null if the row is of another subject.
  const Key* KeyOf(const CsvRow& row, const Subject& subject) const;
  absl::StatusOr<RowLabels> LabelsOf(const CsvRow& row, const Key& key) const;
  absl::StatusOr<const v1::FormRule*> RuleOf(std::string_view field, std::string_view form) const;
  absl::Status CheckAbout(const RowGroup& group, std::string_view field, const v1::FormRule& rule) const;
  const v1::FieldMapping* MappingOf(std::string_view field) const;

  v1::RegisterMapping mapping_;
  RegisterFile file_;
  const Clock* clock_;  // not owned
  std::optional<RegisterColumns> columns_;  // once the header was read
  RowIndex index_;
  LoadReport report_;
};

}  // namespace sluis::edge

// The columns that a mapping names, found in the header of the file.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/lib/register/csv_reader.h"
#include "lib/sealing/subject.h"
#include "sluis/edge/v1/register.pb.h"

namespace sluis::edge {

bool IsBlank(std::string_view cell);
CsvFormat FormatOf(const v1::RegisterMapping& mapping);

// Constant after Resolve: thread-safe.
class RegisterColumns {
 public:
  struct Key {
    SubjectKind kind;
    std::size_t column;
    std::string subject_category;  // empty: the register's
  };
  // REGISTER_FORMAT for a header that is empty or stands twice; MAPPING_INVALID with the path of the
  // mapping's field for a column that the header lacks.
  static absl::StatusOr<RegisterColumns> Resolve(const v1::RegisterMapping& mapping,
                                                 const CsvRow& header);

  const std::vector<Key>& keys() const { return keys_; }
  std::size_t size() const { return columns_.size(); }
  // Precondition: a column that the mapping names.
  std::size_t At(std::string_view column) const { return columns_.find(column)->second; }
  // The header over a column.
  const std::string& HeaderOf(std::size_t column) const;
  // REGISTER_VALUE with the line if the mapping has no entry for what stands in the row.
  absl::StatusOr<std::string> LabelOf(const v1::Label& label, const CsvRow& row) const;

 private:
  RegisterColumns() = default;
  absl::Status TakeHeader(const CsvRow& header);
  absl::Status FindAll(const v1::RegisterMapping& mapping);
  absl::Status Find(const std::string& column, const std::string& path) const;
  absl::Status FindLabel(const v1::Label& label, const std::string& path) const;

  std::map<std::string, std::size_t, std::less<>> columns_;
  std::vector<Key> keys_;
};

}  // namespace sluis::edge

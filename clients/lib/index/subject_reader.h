// The subjects of a register file, row by row, in constant memory; what is wrong in it by line,
// without saying what stands there.
#pragma once

#include <cstdint>
#include <filesystem>
#include <functional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/lib/register/mapping.h"
#include "clients/lib/register/register_columns.h"
#include "clients/lib/register/register_file.h"
#include "lib/base/bytes.h"
#include "lib/sealing/subject.h"

namespace sluis::edge {

inline constexpr std::size_t kMaxBadRowsListed = 100;

// A row of which nothing was taken.
struct BadRow {
  std::uint64_t line = 0;
  std::uint64_t lines = 1;  // that were passed over with it
  std::string column;       // its header; empty if the row is no row
  std::string code;         // REGISTER_FORMAT, REGISTER_VALUE, E_BSN, E_SUBJECT
};

struct SubjectsRead {
  std::uint64_t rows = 0;
  std::uint64_t other_regime = 0;  // rows
  std::uint64_t without_key = 0;   // rows
  std::uint64_t bad = 0;           // rows
  std::vector<BadRow> first_bad;   // at most kMaxBadRowsListed
  Digest digest{};                 // SHA-256 of the file
};

// What of the file belongs into the index.
struct IndexScope {
  std::string regime;
  std::set<SubjectKind> kinds;
};

// Movable; one thread.
class SubjectReader {
 public:
  // The errors of ParseMapping and RegisterFile::Open.
  static absl::StatusOr<SubjectReader> Open(v1::RegisterMapping mapping,
                                            const std::filesystem::path& folder, IndexScope scope);

  using Visit = std::function<absl::Status(const Subject&)>;
  using Progress = std::function<void(std::uint64_t rows)>;
  // The whole file from its beginning: hands over the subjects in scope of every good row, again
  // when they stand there again. Ends at the first status that is not OK. MAPPING_INVALID for a
  // missing column, REGISTER_FORMAT for a bad header; ABORTED / SOURCE_CHANGED if the file was
  // written since it was opened.
  absl::StatusOr<SubjectsRead> Read(const Visit& visit, const Progress& progress) const;

  // SOURCE_CHANGED if it was written since it was opened.
  absl::Status CheckUnchanged() const;

 private:
  SubjectReader(v1::RegisterMapping mapping, RegisterFile file, IndexScope scope)
      : mapping_(std::move(mapping)), file_(std::move(file)), scope_(std::move(scope)) {}
  absl::StatusOr<std::vector<Subject>> SubjectsOf(const RegisterColumns& columns, const CsvRow& row,
                                                  SubjectsRead& read) const;

  v1::RegisterMapping mapping_;
  RegisterFile file_;
  IndexScope scope_;
};

absl::Status SourceChanged();

}  // namespace sluis::edge

#include "clients/lib/index/subject_reader.h"

#include <utility>

#include "clients/lib/register/transform.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"

namespace sluis::edge {
namespace {

constexpr std::uint64_t kProgressRows = 4096;

// Passes bytes on and remembers what they were.
class DigestingSource : public ByteSource {
 public:
  explicit DigestingSource(ByteSource& source) : source_(source) {}
  absl::StatusOr<std::size_t> Read(std::span<char> into) override {
    SLUIS_ASSIGN_OR_RETURN(const std::size_t size, source_.Read(into));
    digest_.Update(BytesView(into.data(), size));
    return size;
  }
  Digest Finish() { return digest_.Finish(); }

 private:
  ByteSource& source_;
  Sha256Stream digest_;
};

void Note(SubjectsRead& read, BadRow row) {
  ++read.bad;
  if (read.first_bad.size() < kMaxBadRowsListed) read.first_bad.push_back(std::move(row));
}

}  // namespace

absl::Status SourceChanged() {
  return Error(ErrorCode::kAborted, "SOURCE_CHANGED",
               "the register was written while it was being enrolled; what was enrolled is kept: "
               "run it again once the file stays as it is");
}

absl::StatusOr<SubjectReader> SubjectReader::Open(v1::RegisterMapping mapping,
                                                  const std::filesystem::path& folder,
                                                  IndexScope scope) {
  SLUIS_RETURN_IF_ERROR(CheckMapping(mapping));
  SLUIS_ASSIGN_OR_RETURN(RegisterFile file, RegisterFile::Open(folder / mapping.file()));
  return SubjectReader(std::move(mapping), std::move(file), std::move(scope));
}

absl::StatusOr<SubjectsRead> SubjectReader::Read(const Visit& visit,
                                                 const Progress& progress) const {
  SubjectsRead read;
  FileSource file(file_);
  DigestingSource source(file);
  CsvReader reader(source, FormatOf(mapping_));
  CsvRow row;
  SLUIS_ASSIGN_OR_RETURN(const bool header, reader.Next(row));
  if (!header) {
    return Error(ErrorCode::kInvalid, "REGISTER_FORMAT",
                 "line 1: the file is empty; export it again");
  }
  SLUIS_ASSIGN_OR_RETURN(const auto columns, RegisterColumns::Resolve(mapping_, row));
  for (;;) {
    const absl::StatusOr<bool> more = reader.Next(row);
    if (ReasonOf(more.status()) == "REGISTER_FORMAT") {
      const std::uint64_t line = reader.row_start().line;
      SLUIS_RETURN_IF_ERROR(reader.SkipBadRow());
      Note(read, {line, std::max<std::uint64_t>(reader.position().line - line, 1), "",
                  "REGISTER_FORMAT"});
      continue;
    }
    if (!more.ok()) return more.status();
    if (!*more) break;
    if (++read.rows % kProgressRows == 0 && progress) progress(read.rows);
    SLUIS_ASSIGN_OR_RETURN(const auto subjects, SubjectsOf(columns, row, read));
    for (const Subject& subject : subjects) SLUIS_RETURN_IF_ERROR(visit(subject));
  }
  SLUIS_RETURN_IF_ERROR(CheckUnchanged());
  read.digest = source.Finish();
  return read;
}

absl::Status SubjectReader::CheckUnchanged() const {
  return file_.CheckUnchanged().ok() ? absl::OkStatus() : SourceChanged();
}

// All of a row or nothing: a row with one bad number may be about somebody else altogether.
absl::StatusOr<std::vector<Subject>> SubjectReader::SubjectsOf(const RegisterColumns& columns,
                                                               const CsvRow& row,
                                                               SubjectsRead& read) const {
  std::vector<Subject> subjects;
  const absl::StatusOr<std::string> regime = columns.LabelOf(mapping_.regime(), row);
  if (!regime.ok()) {
    Note(read,
         {row.position.line, 1, mapping_.regime().by_column().column(), ReasonOf(regime.status())});
    return subjects;
  }
  if (*regime != scope_.regime) {
    ++read.other_regime;
    return subjects;
  }
  for (const RegisterColumns::Key& key : columns.keys()) {
    const std::string& cell = row.cells[key.column];
    if (!scope_.kinds.contains(key.kind) || IsBlank(cell)) continue;
    absl::StatusOr<Subject> subject = SubjectOfCell(key.kind, cell);
    if (!subject.ok()) {
      Note(read, {row.position.line, 1, columns.HeaderOf(key.column), ReasonOf(subject.status())});
      subjects.clear();
      return subjects;
    }
    subjects.push_back(*std::move(subject));
  }
  if (subjects.empty()) ++read.without_key;
  return subjects;
}

}  // namespace sluis::edge

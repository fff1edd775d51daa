// Whom a question is about: from a file, standard input or a hidden prompt; never from the command line,
// which others on the machine can read.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/frame/command.h"
#include "lib/sealing/subject.h"

namespace sluis::cli {

struct SubjectOptions {
  std::string file;         // one line: the number; `-` is standard input
  std::string kind = "bsn";
  void Declare(Options& options);
};

// E_BSN, E_SUBJECT, NO_INPUT, FILE_NOT_FOUND. Dots, dashes and spaces in the number are left out. No text
// of an error repeats it, and no copy stays outside secret memory.
absl::StatusOr<Subject> ReadSubjectInput(Context& context, const SubjectOptions& options);

// The same of many, one number a line; one when it is asked at the terminal. Empty lines are left out;
// the error of one names its line.
absl::StatusOr<std::vector<Subject>> ReadSubjectsInput(Context& context, const SubjectOptions& options);

// The same of a text at hand: 9999.90.019, AB-12-CD.
absl::StatusOr<Subject> SubjectOfText(SubjectKind kind, BytesView typed);

}  // namespace sluis::cli

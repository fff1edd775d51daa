#include "clients/cli/subject_input.h"

#include <algorithm>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "clients/cli/files.h"
#include "clients/cli/frame/prompt.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

constexpr std::size_t kMaxSubjectFile = 256;
constexpr std::size_t kMaxSubjectsFile = 16 * 1024;

absl::StatusOr<SecretBytes> ReadNumber(Context& context, const SubjectOptions& options) {
  if (options.file.empty()) return AskHidden(context, "talk.ask_subject", "--subject-file FILE");
  SLUIS_ASSIGN_OR_RETURN(Bytes text, ReadInput(context, options.file, kMaxSubjectFile));
  return SecretBytes::Take(std::move(text));
}

// As people write numbers: 9999.90.019, AB-12-CD.
SecretBytes Canonical(BytesView typed) {
  Bytes number;
  number.reserve(typed.size());  // one buffer, which Take wipes
  for (const char c : typed) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '.' || c == '-' || absl::ascii_isspace(byte)) continue;
    number += absl::ascii_toupper(byte);
  }
  return SecretBytes::Take(std::move(number));
}

}  // namespace

void SubjectOptions::Declare(Options& options) {
  options.Value("--subject-file", "FILE", &file).Is(Hint::kFile);
  options.Value("--subject-kind", "KIND", &kind).OneOf({"bsn", "rsin", "kvk", "kenteken", "bag"});
}

absl::StatusOr<Subject> SubjectOfText(SubjectKind kind, BytesView typed) {
  const SecretBytes number = Canonical(typed);
  return Subject::Create(kind, number.Reveal(SecretAccess::ForCrypto()));
}

absl::StatusOr<std::vector<Subject>> ReadSubjectsInput(Context& context, const SubjectOptions& options) {
  std::vector<Subject> subjects;
  if (options.file.empty()) {
    SLUIS_ASSIGN_OR_RETURN(Subject one, ReadSubjectInput(context, options));
    subjects.push_back(std::move(one));
    return subjects;
  }
  SLUIS_ASSIGN_OR_RETURN(const SubjectKind kind, ParseSubjectKind(options.kind));
  SLUIS_ASSIGN_OR_RETURN(Bytes read, ReadInput(context, options.file, kMaxSubjectsFile));
  const SecretBytes text = SecretBytes::Take(std::move(read));
  BytesView rest = text.Reveal(SecretAccess::ForCrypto());
  for (int line = 1; !rest.empty(); ++line) {
    const BytesView typed = rest.substr(0, rest.find('\n'));
    rest.remove_prefix(std::min(rest.size(), typed.size() + 1));
    if (Canonical(typed).empty()) continue;
    auto subject = SubjectOfText(kind, typed);
    if (!subject.ok()) {
      return Error(ErrorCode::kInvalid, ReasonOf(subject.status()),
                   absl::StrFormat("line %d: %s", line, MessageOf(subject.status())));
    }
    subjects.push_back(*std::move(subject));
  }
  return subjects;
}

absl::StatusOr<Subject> ReadSubjectInput(Context& context, const SubjectOptions& options) {
  SLUIS_ASSIGN_OR_RETURN(const SubjectKind kind, ParseSubjectKind(options.kind));
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes typed, ReadNumber(context, options));
  return SubjectOfText(kind, typed.Reveal(SecretAccess::ForCrypto()));
}

}  // namespace sluis::cli

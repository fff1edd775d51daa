#include "clients/cli/subject_input.h"

#include "absl/strings/ascii.h"
#include "clients/cli/files.h"
#include "clients/cli/frame/prompt.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

constexpr std::size_t kMaxSubjectFile = 256;

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

absl::StatusOr<Subject> ReadSubjectInput(Context& context, const SubjectOptions& options) {
  SLUIS_ASSIGN_OR_RETURN(const SubjectKind kind, ParseSubjectKind(options.kind));
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes typed, ReadNumber(context, options));
  return SubjectOfText(kind, typed.Reveal(SecretAccess::ForCrypto()));
}

}  // namespace sluis::cli

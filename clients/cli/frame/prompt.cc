#include "clients/cli/frame/prompt.h"

#include <istream>
#include <ostream>

#include "absl/strings/str_format.h"
#include "clients/cli/frame/table.h"
#include "lib/base/error.h"

namespace sluis::cli {
namespace {

absl::Status NobodyToAsk(std::string_view instead) {
  return Error(ErrorCode::kInvalid, "NO_INPUT",
               absl::StrFormat("a question is open and nobody can answer it; give %s", instead),
               {{"about", std::string(instead)}});
}

std::optional<std::string> ReadLine(std::istream& in) {
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  return line;
}

}  // namespace

absl::Status Confirm(Context& context, std::string_view question_key,
                     const std::vector<std::string>& values, std::string_view instead) {
  if (context.global.no_input) return NobodyToAsk(instead);
  context.surroundings.err << Printable(context.T(question_key, values)) << " [ja/nee, yes/no] "
                           << std::flush;
  const std::optional<std::string> answer = ReadLine(context.surroundings.in);
  if (!answer) return NobodyToAsk(instead);
  if (*answer == "ja" || *answer == "j" || *answer == "yes" || *answer == "y") return absl::OkStatus();
  return Error(ErrorCode::kAborted, "NOT_CONFIRMED", "nothing was sent");
}

absl::StatusOr<SecretBytes> AskHidden(Context& context, std::string_view question_key,
                                      std::string_view instead) {
  if (context.global.no_input) return NobodyToAsk(instead);
  context.surroundings.err << Printable(context.T(question_key)) << " " << std::flush;
  auto& hidden = context.surroundings.read_hidden;
  std::optional<std::string> line = hidden ? hidden() : ReadLine(context.surroundings.in);
  if (!line) return NobodyToAsk(instead);
  return SecretBytes::Take(*std::move(line));
}

}  // namespace sluis::cli

#include "clients/cli/files.h"

#include <istream>

#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {

absl::StatusOr<Bytes> ReadInput(Context& context, const std::string& path, std::size_t max_bytes) {
  if (path != "-") return ReadFile(path, max_bytes);
  Bytes content(max_bytes + 1, '\0');
  context.surroundings.in.read(content.data(), static_cast<std::streamsize>(content.size()));
  content.resize(static_cast<std::size_t>(context.surroundings.in.gcount()));
  if (content.size() <= max_bytes) return content;
  return Error(ErrorCode::kInvalid, "FILE_TOO_LARGE", "standard input is too large");
}

absl::StatusOr<Json> ReadJsonInput(Context& context, const std::string& path, std::size_t max_bytes) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes text, ReadInput(context, path, max_bytes));
  return ParseJsonStrict(text, {.max_bytes = max_bytes});
}

absl::Status WriteOutput(Context& context, const std::string& path, BytesView content, int mode) {
  if (path != "-") return WriteFileAtomic(path, content, mode);
  context.output.Raw(content);
  return absl::OkStatus();
}

}  // namespace sluis::cli

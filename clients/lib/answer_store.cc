#include "clients/lib/answer_store.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>

#include "absl/strings/str_format.h"
#include "clients/lib/private_files.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/key_file.h"
#include "lib/crypto/random.h"

namespace sluis::edge {
namespace {

constexpr std::size_t kMaxHeader = 1 << 20;

std::string ValueFile(std::size_t i) { return absl::StrFormat("%02d", i + 1); }

absl::Status NotUsable(const std::filesystem::path& path, std::string_view why) {
  return Error(ErrorCode::kUnavailable, "FILE_NOT_USABLE",
               absl::StrFormat("cannot change %s: %s", path.string(), why));
}

absl::Status Damaged(const std::filesystem::path& path) {
  return Error(ErrorCode::kDataLoss, "ANSWER_DAMAGED",
               absl::StrFormat("%s is not what was stored; open the delivery again if it still "
                               "waits, or ask the partner to send it again",
                               path.string()),
               {{"file", path.string()}});
}

absl::Status RemoveFolder(const std::filesystem::path& path) {
  std::error_code error;
  std::filesystem::remove_all(path, error);
  return error ? NotUsable(path, error.message()) : absl::OkStatus();
}

absl::Status Fill(const std::filesystem::path& folder, const OpenedAnswer& answer) {
  SLUIS_RETURN_IF_ERROR(EnsurePrivateFolder(folder));
  for (std::size_t i = 0; i < answer.values.size(); ++i) {
    SLUIS_RETURN_IF_ERROR(WriteFileAtomic(folder / ValueFile(i),
                                          answer.values[i].Reveal(SecretAccess::ForStorage())));
  }
  return WriteFileAtomic(folder / "header", answer.header.SerializeAsString());
}

}  // namespace

bool AnswerStore::Has(const ExchangeId& id) const {
  return std::filesystem::exists(folder_ / id.hex() / "header");
}

absl::Status AnswerStore::Write(const ExchangeId& id, const OpenedAnswer& answer) const {
  const std::filesystem::path target = folder_ / id.hex();
  // Beside the target, hidden, with a name of its own: what a crash leaves is never taken for an
  // answer, and goes with the answer.
  const std::filesystem::path partial =
      folder_ / ("." + id.hex() + "." + HexEncode(RandomBytes(4)));
  absl::Status filled = Fill(partial, answer);
  if (filled.ok() && ::rename(partial.c_str(), target.c_str()) != 0 && !Has(id)) {
    filled = NotUsable(target, std::strerror(errno));
  }
  SLUIS_RETURN_IF_ERROR(RemoveFolder(partial));
  SLUIS_RETURN_IF_ERROR(filled);
  return SyncFolder(folder_);
}

absl::StatusOr<v1::AnswerHeader> AnswerStore::ReadHeader(
    const std::filesystem::path& folder) const {
  SLUIS_ASSIGN_OR_RETURN(const Bytes bytes, ReadFile(folder / "header", kMaxHeader));
  v1::AnswerHeader header;
  if (!header.ParseFromString(bytes)) return Damaged(folder / "header");
  return header;
}

absl::StatusOr<OpenedAnswer> AnswerStore::Read(const ExchangeId& id) const {
  if (!Has(id)) {
    return Error(ErrorCode::kNotFound, "ANSWER_NOT_HERE",
                 "this answer was not opened here, or was destroyed");
  }
  const std::filesystem::path folder = folder_ / id.hex();
  OpenedAnswer answer;
  SLUIS_ASSIGN_OR_RETURN(answer.header, ReadHeader(folder));
  for (int i = 0; i < answer.header.fields_size(); ++i) {
    const std::filesystem::path file = folder / ValueFile(static_cast<std::size_t>(i));
    SLUIS_ASSIGN_OR_RETURN(Bytes value, ReadFile(file, std::size_t{2} << 20));
    if (static_cast<std::int64_t>(value.size()) != answer.header.fields(i).size()) {
      return Damaged(file);
    }
    answer.values.push_back(SecretBytes::Take(std::move(value)));
  }
  return answer;
}

absl::Status AnswerStore::Remove(const ExchangeId& id) const {
  std::error_code error;
  std::vector<std::filesystem::path> doomed;
  for (const auto& entry : std::filesystem::directory_iterator(folder_, error)) {
    const std::string name = entry.path().filename().string();
    if (name == id.hex() || name.starts_with("." + id.hex() + ".")) doomed.push_back(entry.path());
  }
  if (error) return NotUsable(folder_, error.message());
  for (const std::filesystem::path& folder : doomed) SLUIS_RETURN_IF_ERROR(RemoveFolder(folder));
  return SyncFolder(folder_);
}

absl::StatusOr<std::vector<v1::AnswerHeader>> AnswerStore::List() const {
  SLUIS_ASSIGN_OR_RETURN(const auto folders, FilesOf(folder_, ""));
  std::vector<v1::AnswerHeader> headers;
  for (const std::filesystem::path& folder : folders) {
    absl::StatusOr<v1::AnswerHeader> header = ReadHeader(folder);
    if (absl::IsNotFound(header.status())) continue;  // destroyed since we listed
    if (!header.ok()) return header.status();
    headers.push_back(*std::move(header));
  }
  return headers;
}

}  // namespace sluis::edge

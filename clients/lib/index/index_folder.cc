#include "clients/lib/index/index_folder.h"

#include <fcntl.h>

#include <algorithm>

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/domain.h"

namespace sluis::edge {
namespace {

constexpr char kManifest[] = "manifest", kBuilding[] = "building";
constexpr std::string_view kIndexSuffix = ".index", kBatchSuffix = ".batch", kPartSuffix = ".part";
constexpr std::size_t kFolderIdSize = 16;

absl::Status Damaged(std::string_view what) {
  return Error(ErrorCode::kDataLoss, "STORE_DAMAGED",
               absl::StrFormat("the %s of a register's index cannot be read; drop the index and "
                               "enrol the register again",
                               what));
}

template <typename Message>
bool ParseWhole(BytesView content, Message& message) {
  return message.ParseFromArray(content.data(), static_cast<int>(content.size()));
}

// A register id is part of a path: only what may stand in a domain.
absl::Status CheckId(const PartyFolder& party, const std::string& register_id) {
  return pseudonym::Domain::Index(1, pseudonym::Party::Of(party.party()), register_id).status();
}

absl::Status Remove(const std::filesystem::path& file) {
  std::error_code error;
  std::filesystem::remove(file, error);
  if (!error) return absl::OkStatus();
  return Error(ErrorCode::kUnavailable, "FILE_NOT_USABLE",
               absl::StrFormat("cannot remove %s: %s", file.string(), error.message()));
}

}  // namespace

absl::StatusOr<v1::IndexManifest> ParseIndexManifest(BytesView content) {
  v1::IndexManifest manifest;
  if (ParseWhole(content, manifest) && manifest.generation().size() == kFolderIdSize &&
      manifest.subjects() >= 0) {
    return manifest;
  }
  return Damaged("manifest");
}

absl::StatusOr<v1::IndexBuilding> ParseIndexBuilding(BytesView content) {
  v1::IndexBuilding building;
  if (ParseWhole(content, building) && building.enrolment().size() == kFolderIdSize)
    return building;
  return Damaged("enrolment under way");
}

absl::StatusOr<IndexFolder> IndexFolder::Open(const PartyFolder& party,
                                              const std::string& register_id) {
  SLUIS_RETURN_IF_ERROR(CheckId(party, register_id));
  const std::filesystem::path folder = party.indexes() / register_id;
  SLUIS_RETURN_IF_ERROR(EnsurePrivateFolder(folder));
  SLUIS_ASSIGN_OR_RETURN(SealedFolder sealed,
                         SealedFolder::Open(party.edge_key(), folder, "index"));
  return IndexFolder(std::make_unique<SealedFolder>(std::move(sealed)));
}

absl::StatusOr<std::optional<IndexFolder>> IndexFolder::OpenIfThere(
    const PartyFolder& party, const std::string& register_id) {
  SLUIS_RETURN_IF_ERROR(CheckId(party, register_id));
  if (!std::filesystem::exists(party.indexes() / register_id)) return std::nullopt;
  SLUIS_ASSIGN_OR_RETURN(IndexFolder folder, Open(party, register_id));
  return folder;
}

absl::StatusOr<std::optional<v1::IndexManifest>> IndexFolder::Manifest() const {
  SLUIS_ASSIGN_OR_RETURN(const auto content, sealed_->Read(kManifest));
  if (!content) return std::nullopt;
  SLUIS_ASSIGN_OR_RETURN(v1::IndexManifest manifest,
                         ParseIndexManifest(content->Reveal(SecretAccess::ForStorage())));
  return manifest;
}

absl::StatusOr<std::optional<v1::IndexBuilding>> IndexFolder::Building() const {
  SLUIS_ASSIGN_OR_RETURN(const auto content, sealed_->Read(kBuilding));
  if (!content) return std::nullopt;
  SLUIS_ASSIGN_OR_RETURN(v1::IndexBuilding building,
                         ParseIndexBuilding(content->Reveal(SecretAccess::ForStorage())));
  return building;
}

absl::Status IndexFolder::Write(const std::string& name, Bytes content) const {
  return sealed_->Update(name, [&](const auto&) -> absl::StatusOr<Bytes> { return content; });
}

absl::Status IndexFolder::WriteManifest(const v1::IndexManifest& manifest) const {
  return Write(kManifest, manifest.SerializeAsString());
}

absl::Status IndexFolder::WriteBuilding(const v1::IndexBuilding& building) const {
  return Write(kBuilding, building.SerializeAsString());
}

absl::Status IndexFolder::RemoveBuilding() const { return Write(kBuilding, {}); }

std::filesystem::path IndexFolder::FileOf(const v1::IndexManifest& manifest) const {
  return sealed_->folder() / (HexEncode(manifest.generation()) + std::string(kIndexSuffix));
}

std::filesystem::path IndexFolder::BatchFile(const v1::IndexBuilding& building,
                                             std::uint32_t batch) const {
  return sealed_->folder() /
         absl::StrFormat("%s-%d%s", HexEncode(building.enrolment()), batch, kBatchSuffix);
}

absl::StatusOr<RecordFile> IndexFolder::OpenIndex(const v1::IndexManifest& manifest) const {
  return RecordFile::Open(*sealed_,
                          {manifest.register_(), manifest.epoch(), manifest.generation(), 0},
                          FileOf(manifest));
}

absl::StatusOr<RecordWriter> IndexFolder::CreateIndex(const v1::IndexManifest& manifest) const {
  return RecordWriter::Create(*sealed_,
                              {manifest.register_(), manifest.epoch(), manifest.generation(), 0},
                              FileOf(manifest));
}

absl::StatusOr<RecordFile> IndexFolder::OpenBatch(const v1::IndexBuilding& building,
                                                  std::uint32_t batch) const {
  return RecordFile::Open(*sealed_,
                          {building.register_(), building.epoch(), building.enrolment(), batch},
                          BatchFile(building, batch));
}

absl::StatusOr<RecordWriter> IndexFolder::CreateBatch(const v1::IndexBuilding& building,
                                                      std::uint32_t batch) const {
  return RecordWriter::Create(*sealed_,
                              {building.register_(), building.epoch(), building.enrolment(), batch},
                              BatchFile(building, batch));
}

absl::StatusOr<std::vector<std::uint32_t>> IndexFolder::Batches(
    const v1::IndexBuilding& building) const {
  SLUIS_ASSIGN_OR_RETURN(const auto files, FilesOf(sealed_->folder(), kBatchSuffix));
  const std::string prefix = HexEncode(building.enrolment()) + "-";
  std::vector<std::uint32_t> batches;
  for (const std::filesystem::path& file : files) {
    const std::string name = file.stem().string();
    std::uint32_t number = 0;
    if (!name.starts_with(prefix)) continue;
    if (absl::SimpleAtoi(name.substr(prefix.size()), &number)) batches.push_back(number);
  }
  std::sort(batches.begin(), batches.end());
  return batches;
}

absl::Status IndexFolder::RemoveBatch(const v1::IndexBuilding& building,
                                      std::uint32_t batch) const {
  return Remove(BatchFile(building, batch));
}

absl::Status IndexFolder::RemoveOthers(const std::optional<v1::IndexManifest>& manifest,
                                       const std::optional<v1::IndexBuilding>& building) const {
  const std::string ours = building ? HexEncode(building->enrolment()) + "-" : "";
  for (const std::string_view suffix : {kIndexSuffix, kBatchSuffix, kPartSuffix}) {
    SLUIS_ASSIGN_OR_RETURN(const auto files, FilesOf(sealed_->folder(), suffix));
    for (const std::filesystem::path& file : files) {
      const bool named = manifest && file == FileOf(*manifest);
      const bool batch =
          building && suffix == kBatchSuffix && file.filename().string().starts_with(ours);
      if (!named && !batch) SLUIS_RETURN_IF_ERROR(Remove(file));
    }
  }
  return SyncFolder(sealed_->folder());
}

absl::Status IndexFolder::RemoveAll() const {
  // The manifest first: what it does not name counts for nothing, even if this ends half-way.
  SLUIS_RETURN_IF_ERROR(Write(kManifest, {}));
  SLUIS_RETURN_IF_ERROR(RemoveBuilding());
  return RemoveOthers(std::nullopt, std::nullopt);
}

absl::StatusOr<std::optional<FileLock>> IndexFolder::TryBuilding() const {
  const std::filesystem::path file = sealed_->folder() / ".build";
  const FileDescriptor made(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600));
  return FileLock::Try(file);
}

}  // namespace sluis::edge

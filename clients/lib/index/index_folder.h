// Where the index of one register lies:
//
//   indexes/<register>/manifest.sealed       the complete index: v1::IndexManifest
//   indexes/<register>/<generation>.index    its records (record_file.h)
//   indexes/<register>/building.sealed       an enrolment under way: v1::IndexBuilding
//   indexes/<register>/<enrolment>-<n>.batch the verified batches of that enrolment
//   indexes/<register>/.build                held while one process builds
//
// What the manifest does not name counts for nothing, so it is what cuts over from one index to the
// next. Without edge.key nothing of it can be read.
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/lib/index/record_file.h"
#include "clients/lib/party_folder.h"
#include "clients/lib/private_files.h"
#include "clients/lib/sealed_folder.h"
#include "sluis/edge/v1/index.pb.h"

namespace sluis::edge {

// STORE_DAMAGED unless it is a whole manifest with ids of 16 bytes.
absl::StatusOr<v1::IndexManifest> ParseIndexManifest(BytesView content);
absl::StatusOr<v1::IndexBuilding> ParseIndexBuilding(BytesView content);

// Safe between processes; one thread at a time where it writes. Move-only.
class IndexFolder {
 public:
  // Makes the folder. E_TLV for a register id that is no code; the errors of SealedFolder::Open.
  static absl::StatusOr<IndexFolder> Open(const PartyFolder& party, const std::string& register_id);
  // Nothing if nothing was ever enrolled; makes nothing.
  static absl::StatusOr<std::optional<IndexFolder>> OpenIfThere(const PartyFolder& party,
                                                                const std::string& register_id);

  absl::StatusOr<std::optional<v1::IndexManifest>> Manifest() const;
  absl::Status WriteManifest(const v1::IndexManifest& manifest) const;
  absl::StatusOr<std::optional<v1::IndexBuilding>> Building() const;
  absl::Status WriteBuilding(const v1::IndexBuilding& building) const;
  absl::Status RemoveBuilding() const;

  std::filesystem::path FileOf(const v1::IndexManifest& manifest) const;
  absl::StatusOr<RecordFile> OpenIndex(const v1::IndexManifest& manifest) const;
  absl::StatusOr<RecordWriter> CreateIndex(const v1::IndexManifest& manifest) const;
  absl::StatusOr<RecordFile> OpenBatch(const v1::IndexBuilding& building,
                                       std::uint32_t batch) const;
  absl::StatusOr<RecordWriter> CreateBatch(const v1::IndexBuilding& building,
                                           std::uint32_t batch) const;
  // Numbers of the stored batches, rising.
  absl::StatusOr<std::vector<std::uint32_t>> Batches(const v1::IndexBuilding& building) const;
  absl::Status RemoveBatch(const v1::IndexBuilding& building, std::uint32_t batch) const;
  // Removes what neither belongs to: half files, other generations, batches of other enrolments.
  absl::Status RemoveOthers(const std::optional<v1::IndexManifest>& manifest,
                            const std::optional<v1::IndexBuilding>& building) const;
  // The index and whatever was begun.
  absl::Status RemoveAll() const;

  // Nothing if another process builds. Held until it goes.
  absl::StatusOr<std::optional<FileLock>> TryBuilding() const;

 private:
  explicit IndexFolder(std::unique_ptr<SealedFolder> sealed) : sealed_(std::move(sealed)) {}
  absl::Status Write(const std::string& name, Bytes content) const;
  std::filesystem::path BatchFile(const v1::IndexBuilding& building, std::uint32_t batch) const;

  std::unique_ptr<SealedFolder> sealed_;  // its address stays: record files hold it
};

}  // namespace sluis::edge

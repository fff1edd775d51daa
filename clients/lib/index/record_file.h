// A file of index records, sorted by index key, of which one is found by decrypting one block.
//
//   record     key 16 || u8 kind || value 16, zeros behind it
//   block      up to 256 records, sealed
//   directory  u64 records || the first 8 bytes of each block's first key, sealed
//   file       blocks || directory || u32 size of the sealed directory
//
// Every part is sealed under the key of its folder (SealedFolder::SealPart) and bound to register,
// epoch, file and place, so that no part can be put in another's place. Records are personal data.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/lib/sealed_folder.h"
#include "lib/base/bytes.h"
#include "lib/base/file_descriptor.h"
#include "lib/crypto/secret.h"
#include "lib/pseudonym/inquiry.h"
#include "lib/sealing/subject.h"

namespace sluis::edge {

inline constexpr std::size_t kIndexValueSize = 16;
inline constexpr std::size_t kIndexRecordSize = pseudonym::kIndexKeySize + 1 + kIndexValueSize;
inline constexpr std::size_t kRecordsPerBlock = 256;

// Appends a record. Precondition: a key of 16 bytes.
void WriteRecord(BytesView key, SubjectKind kind, BytesView value, std::span<std::uint8_t> out);
inline BytesView KeyOf(BytesView record) { return record.substr(0, pseudonym::kIndexKeySize); }
SubjectKind KindOf(BytesView record);
BytesView ValueOf(BytesView record);  // without the zeros
// E_SUBJECT, E_BSN for bytes that no edge wrote.
absl::StatusOr<Subject> SubjectOf(BytesView record);

// The content of a directory, before it is believed.
struct RecordDirectory {
  std::uint64_t records = 0;
  SecretBytes content;

  // E_TRUNCATED, E_LENGTH unless there is one entry per block.
  static absl::StatusOr<RecordDirectory> Parse(SecretBytes content);
  std::size_t blocks() const { return (records + kRecordsPerBlock - 1) / kRecordsPerBlock; }
  std::size_t RecordsOf(std::size_t block) const;
  // Big-endian.
  std::uint64_t FirstOf(std::size_t block) const;
  // The first block that can hold `key`, and how many after it start with the same 8 bytes.
  std::pair<std::size_t, std::size_t> BlocksFor(BytesView key) const;
};

// Which file it is, for the binding of its parts.
struct RecordFileId {
  std::string register_id;
  std::int64_t epoch = 0;
  Bytes generation;         // 16 random bytes
  std::uint32_t batch = 0;  // 0 for a complete index, else the number of a batch from 1

  Bytes Aad(std::uint8_t part, std::uint64_t number) const;
};

// Writes one file, in one pass. Nothing is at `path` before Finish, and everything after it.
class RecordWriter {
 public:
  // `folder` outlives it. FILE_NOT_USABLE.
  static absl::StatusOr<RecordWriter> Create(const SealedFolder& folder, RecordFileId id,
                                             std::filesystem::path path);
  // Precondition: keys rise.
  absl::Status Add(BytesView record);
  // Durable when it returns.
  absl::Status Finish();
  std::uint64_t records() const { return records_; }

 private:
  RecordWriter(const SealedFolder& folder, RecordFileId id, std::filesystem::path path,
               FileDescriptor file);
  absl::Status FlushBlock();
  absl::Status Append(BytesView bytes);

  const SealedFolder* folder_;
  RecordFileId id_;
  std::filesystem::path path_;
  FileDescriptor file_;
  SecretBytes block_;
  std::size_t in_block_ = 0;
  std::uint64_t blocks_ = 0;
  std::uint64_t records_ = 0;
  Bytes directory_;
};

// A file held open: it can be read on after it was replaced. Constant after Open, thread-safe.
class RecordFile {
 public:
  // `folder` outlives it. Decrypts the directory. DATA_LOSS / STORE_DAMAGED naming the file.
  static absl::StatusOr<RecordFile> Open(const SealedFolder& folder, RecordFileId id,
                                         std::filesystem::path path);
  std::uint64_t records() const { return directory_.records; }
  std::size_t blocks() const { return directory_.blocks(); }
  // STORE_DAMAGED.
  absl::StatusOr<SecretBytes> Block(std::size_t number) const;
  absl::StatusOr<std::optional<Subject>> Find(BytesView key) const;

 private:
  RecordFile(const SealedFolder& folder, RecordFileId id, std::filesystem::path path)
      : folder_(&folder), id_(std::move(id)), path_(std::move(path)) {}
  absl::Status ReadDirectory();
  absl::StatusOr<Bytes> ReadAt(std::uint64_t offset, std::size_t size) const;
  absl::Status Damaged() const;

  const SealedFolder* folder_;
  RecordFileId id_;
  std::filesystem::path path_;
  FileDescriptor file_;
  RecordDirectory directory_;
};

}  // namespace sluis::edge

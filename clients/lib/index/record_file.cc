#include "clients/lib/index/record_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"
#include "clients/lib/private_files.h"
#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/aead.h"

namespace sluis::edge {
namespace {

constexpr std::uint8_t kBlockPart = 1, kDirectoryPart = 2;
constexpr std::size_t kPrefixSize = 8, kCountSize = 8, kFooterSize = 4;
constexpr std::size_t kSealing = kAeadNonceSize + kAeadTagSize;
constexpr std::size_t kMaxDirectory = std::size_t{64} << 20;  // two thousand million records

std::uint64_t BigEndian(BytesView bytes) {
  std::uint64_t value = 0;
  for (const char c : bytes.substr(0, kPrefixSize)) {
    value = (value << 8) | static_cast<std::uint8_t>(c);
  }
  return value;
}

std::uint64_t SealedBlockSize(std::size_t records) { return records * kIndexRecordSize + kSealing; }

absl::Status NotWritable(const std::filesystem::path& path, int error) {
  return Error(ErrorCode::kUnavailable, "FILE_NOT_USABLE",
               absl::StrFormat("cannot write %s: %s", path.string(), std::strerror(error)));
}

std::filesystem::path PartOf(std::filesystem::path path) { return path += ".part"; }

}  // namespace

void WriteRecord(BytesView key, SubjectKind kind, BytesView value, std::span<std::uint8_t> out) {
  std::fill(out.begin(), out.end(), std::uint8_t{0});
  std::copy(key.begin(), key.end(), out.begin());
  out[pseudonym::kIndexKeySize] = static_cast<std::uint8_t>(kind);
  std::copy(value.begin(), value.end(), out.begin() + pseudonym::kIndexKeySize + 1);
}

SubjectKind KindOf(BytesView record) {
  return static_cast<SubjectKind>(record[pseudonym::kIndexKeySize]);
}

BytesView ValueOf(BytesView record) {
  const BytesView padded = record.substr(pseudonym::kIndexKeySize + 1, kIndexValueSize);
  return padded.substr(0, padded.find('\0'));
}

absl::StatusOr<Subject> SubjectOf(BytesView record) {
  const auto kind = static_cast<std::uint8_t>(record[pseudonym::kIndexKeySize]);
  if (kind > static_cast<std::uint8_t>(SubjectKind::kBag)) {
    return Error(ErrorCode::kInvalid, "E_SUBJECT", "a record of an unknown kind");
  }
  return Subject::Create(KindOf(record), ValueOf(record));
}

// --- the directory ---

absl::StatusOr<RecordDirectory> RecordDirectory::Parse(SecretBytes content) {
  RecordDirectory directory;
  ByteReader reader(content.Reveal(SecretAccess::ForStorage()));
  SLUIS_ASSIGN_OR_RETURN(directory.records, reader.U64());
  if (reader.remaining() % kPrefixSize != 0 ||
      directory.records > std::uint64_t{kMaxDirectory} * kRecordsPerBlock ||
      reader.remaining() / kPrefixSize != directory.blocks()) {
    return Error(ErrorCode::kInvalid, "E_LENGTH", "a directory has one entry per block");
  }
  directory.content = std::move(content);
  return directory;
}

std::size_t RecordDirectory::RecordsOf(std::size_t block) const {
  return std::min<std::uint64_t>(kRecordsPerBlock,
                                 records - std::uint64_t{block} * kRecordsPerBlock);
}

std::uint64_t RecordDirectory::FirstOf(std::size_t block) const {
  return BigEndian(content.Reveal(SecretAccess::ForStorage())
                       .substr(kCountSize + block * kPrefixSize, kPrefixSize));
}

std::pair<std::size_t, std::size_t> RecordDirectory::BlocksFor(BytesView key) const {
  const std::uint64_t wanted = BigEndian(key);
  std::size_t low = 0, high = blocks();  // the first block that starts at or above `wanted`
  while (low < high) {
    const std::size_t middle = low + (high - low) / 2;
    if (FirstOf(middle) < wanted) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  std::size_t end = low;
  while (end < blocks() && FirstOf(end) == wanted) ++end;
  return {low == 0 ? 0 : low - 1, end};
}

Bytes RecordFileId::Aad(std::uint8_t part, std::uint64_t number) const {
  return ByteWriter()
      .Raw(BytesView("sluis/edge/index/v1\0", 20))
      .Lp2(register_id)
      .U64(static_cast<std::uint64_t>(epoch))
      .Lp2(generation)
      .U32(batch)
      .U8(part)
      .U64(number)
      .bytes();
}

// --- writing ---

RecordWriter::RecordWriter(const SealedFolder& folder, RecordFileId id, std::filesystem::path path,
                           FileDescriptor file)
    : folder_(&folder),
      id_(std::move(id)),
      path_(std::move(path)),
      file_(std::move(file)),
      block_(kRecordsPerBlock * kIndexRecordSize) {}

absl::StatusOr<RecordWriter> RecordWriter::Create(const SealedFolder& folder, RecordFileId id,
                                                  std::filesystem::path path) {
  FileDescriptor file(::open(PartOf(path).c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
  if (!file.ok()) return NotWritable(path, errno);
  return RecordWriter(folder, std::move(id), std::move(path), std::move(file));
}

absl::Status RecordWriter::Add(BytesView record) {
  if (in_block_ == 0) directory_ += record.substr(0, kPrefixSize);
  std::copy(record.begin(), record.end(),
            block_.RevealForWriting(SecretAccess::ForStorage()).begin() +
                static_cast<std::ptrdiff_t>(in_block_ * kIndexRecordSize));
  ++records_;
  return ++in_block_ == kRecordsPerBlock ? FlushBlock() : absl::OkStatus();
}

absl::Status RecordWriter::FlushBlock() {
  if (in_block_ == 0) return absl::OkStatus();
  const BytesView content =
      block_.Reveal(SecretAccess::ForStorage()).substr(0, in_block_ * kIndexRecordSize);
  in_block_ = 0;
  return Append(folder_->SealPart(id_.Aad(kBlockPart, blocks_++), content));
}

absl::Status RecordWriter::Append(BytesView bytes) {
  return WriteAll(file_.get(), bytes) ? absl::OkStatus() : NotWritable(path_, errno);
}

absl::Status RecordWriter::Finish() {
  SLUIS_RETURN_IF_ERROR(FlushBlock());
  Bytes content = ByteWriter().U64(records_).Raw(directory_).bytes();
  const Bytes sealed = folder_->SealPart(id_.Aad(kDirectoryPart, 0), content);
  WipeBytes(content);
  WipeBytes(directory_);
  SLUIS_RETURN_IF_ERROR(Append(sealed));
  SLUIS_RETURN_IF_ERROR(
      Append(ByteWriter().U32(static_cast<std::uint32_t>(sealed.size())).bytes()));
  if (::fsync(file_.get()) != 0 || ::rename(PartOf(path_).c_str(), path_.c_str()) != 0) {
    return NotWritable(path_, errno);
  }
  return SyncFolder(path_.parent_path());
}

// --- reading ---

absl::StatusOr<RecordFile> RecordFile::Open(const SealedFolder& folder, RecordFileId id,
                                            std::filesystem::path path) {
  RecordFile file(folder, std::move(id), std::move(path));
  file.file_ = FileDescriptor(::open(file.path_.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file.file_.ok()) return file.Damaged();
  SLUIS_RETURN_IF_ERROR(file.ReadDirectory());
  return file;
}

absl::Status RecordFile::Damaged() const {
  return Error(ErrorCode::kDataLoss, "STORE_DAMAGED",
               absl::StrFormat("%s is not what was stored under edge.key; put both back from the "
                               "same backup, or drop the index and enrol the register again",
                               path_.string()),
               {{"file", path_.string()}});
}

absl::StatusOr<Bytes> RecordFile::ReadAt(std::uint64_t offset, std::size_t size) const {
  Bytes bytes(size, '\0');
  std::size_t done = 0;
  while (done < size) {
    const ssize_t read =
        ::pread(file_.get(), bytes.data() + done, size - done, static_cast<off_t>(offset + done));
    if (read < 0 && errno == EINTR) continue;
    if (read <= 0) return Damaged();
    done += static_cast<std::size_t>(read);
  }
  return bytes;
}

absl::Status RecordFile::ReadDirectory() {
  struct stat state = {};
  if (::fstat(file_.get(), &state) != 0 || state.st_size < static_cast<off_t>(kFooterSize)) {
    return Damaged();
  }
  const std::uint64_t end = static_cast<std::uint64_t>(state.st_size) - kFooterSize;
  SLUIS_ASSIGN_OR_RETURN(const Bytes footer, ReadAt(end, kFooterSize));
  SLUIS_ASSIGN_OR_RETURN(const std::uint32_t size, ByteReader(footer).U32());
  if (size > end || size > kMaxDirectory + kCountSize + kSealing) return Damaged();
  SLUIS_ASSIGN_OR_RETURN(const Bytes sealed, ReadAt(end - size, size));
  absl::StatusOr<SecretBytes> content = folder_->OpenPart(id_.Aad(kDirectoryPart, 0), sealed);
  if (!content.ok()) return Damaged();
  absl::StatusOr<RecordDirectory> directory = RecordDirectory::Parse(*std::move(content));
  if (!directory.ok()) return Damaged();
  directory_ = *std::move(directory);
  const std::uint64_t expected =
      directory_.records * kIndexRecordSize + directory_.blocks() * kSealing;
  return expected == end - size ? absl::OkStatus() : Damaged();
}

absl::StatusOr<SecretBytes> RecordFile::Block(std::size_t number) const {
  SLUIS_ASSIGN_OR_RETURN(const Bytes sealed, ReadAt(number * SealedBlockSize(kRecordsPerBlock),
                                                    SealedBlockSize(directory_.RecordsOf(number))));
  absl::StatusOr<SecretBytes> content = folder_->OpenPart(id_.Aad(kBlockPart, number), sealed);
  if (!content.ok()) return Damaged();
  return content;
}

absl::StatusOr<std::optional<Subject>> RecordFile::Find(BytesView key) const {
  const auto [begin, end] = directory_.BlocksFor(key);
  for (std::size_t number = begin; number < end; ++number) {
    SLUIS_ASSIGN_OR_RETURN(const SecretBytes block, Block(number));
    const BytesView records = block.Reveal(SecretAccess::ForStorage());
    for (std::size_t at = 0; at < records.size(); at += kIndexRecordSize) {
      const BytesView record = records.substr(at, kIndexRecordSize);
      if (KeyOf(record) != key) continue;
      absl::StatusOr<Subject> subject = SubjectOf(record);
      if (!subject.ok()) return Damaged();
      return *std::move(subject);
    }
  }
  return std::nullopt;
}

}  // namespace sluis::edge

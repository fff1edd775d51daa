#include "broker/journal/guard_file.h"

#include <fcntl.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/tlog/merkle.h"

namespace sluis::journal {
namespace {

constexpr std::string_view kMagic = "SLG1";
constexpr std::size_t kDigestSize = 32;
constexpr std::size_t kContentSize = kGuardSlotSize - kDigestSize;

struct Slot {
  std::uint64_t sequence = 0;
  std::string origin;
  storage::LogHead head;
};

absl::Status Damaged(std::string_view what) {
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
               absl::StrFormat("rollback guard: %s; restore it, or open a new origin", what),
               {{"check", "guard"}});
}

absl::Status NotUsable(std::string_view what, int error) {
  return Error(ErrorCode::kUnavailable, "LOG_UNAVAILABLE",
               absl::StrFormat("rollback guard: cannot %s: %s", what, std::strerror(error)));
}

absl::StatusOr<Bytes> EncodeSlot(const Slot& slot) {
  ByteWriter out;
  out.Raw(kMagic).U64(slot.sequence).Lp2(slot.origin).U64(slot.head.size);
  out.Raw(AsView(slot.head.root)).Lp2(slot.head.note);
  if (out.bytes().size() > kContentSize) {
    return Error(ErrorCode::kInternal, "INCIDENT",
                 "rollback guard: the note does not fit its slot");
  }
  out.Zeros(kContentSize - out.bytes().size());
  const Digest digest = Sha256(out.bytes());
  out.Raw(AsView(digest));
  return std::move(out).Take();
}

absl::StatusOr<Slot> ReadContent(BytesView content) {
  ByteReader reader(content);
  Slot slot;
  SLUIS_ASSIGN_OR_RETURN(const BytesView magic, reader.Raw(kMagic.size()));
  if (magic != kMagic) return Damaged("unknown format");
  SLUIS_ASSIGN_OR_RETURN(slot.sequence, reader.U64());
  SLUIS_ASSIGN_OR_RETURN(const BytesView origin, reader.Lp2());
  SLUIS_ASSIGN_OR_RETURN(slot.head.size, reader.U64());
  SLUIS_ASSIGN_OR_RETURN(const BytesView root, reader.Raw(kDigestSize));
  SLUIS_ASSIGN_OR_RETURN(slot.head.root, tlog::DigestFromBytes(root));
  SLUIS_ASSIGN_OR_RETURN(const BytesView note, reader.Lp2());
  slot.origin = std::string(origin);
  slot.head.note = Bytes(note);
  return slot;
}

// nullopt for a slot that was never written, or not to its end.
std::optional<Slot> DecodeSlot(BytesView bytes) {
  const Digest digest = Sha256(bytes.substr(0, kContentSize));
  if (bytes.substr(kContentSize) != AsView(digest)) return std::nullopt;
  auto slot = ReadContent(bytes.substr(0, kContentSize));
  if (!slot.ok()) return std::nullopt;
  return *std::move(slot);
}

}  // namespace

absl::StatusOr<GuardFile> GuardFile::Lock(const std::filesystem::path& path,
                                          std::string_view origin) {
  GuardFile guard(FileDescriptor(::open(path.c_str(), O_RDWR | O_CLOEXEC)), origin);
  if (!guard.file_.ok()) return NotUsable("open it", errno);
  if (::flock(guard.file_.get(), LOCK_EX | LOCK_NB) != 0) {
    return Error(ErrorCode::kPrecondition, "LOG_IN_USE",
                 "rollback guard: another broker has it open; stop that one first");
  }
  return guard;
}

absl::Status GuardFile::Load() {
  char buffer[2 * kGuardSlotSize];
  const ssize_t n = ::pread(file_.get(), buffer, sizeof(buffer), 0);
  if (n < 0) return NotUsable("read it", errno);
  if (n != sizeof(buffer)) return Damaged("it was cut short");
  std::optional<Slot> newest;
  for (std::size_t at = 0; at < sizeof(buffer); at += kGuardSlotSize) {
    std::optional<Slot> slot = DecodeSlot({buffer + at, kGuardSlotSize});
    if (slot && (!newest || slot->sequence > newest->sequence)) newest = std::move(slot);
  }
  if (!newest) return Damaged("both of its slots are spoiled");
  if (newest->origin != origin_) return Damaged("it belongs to another origin");
  sequence_ = newest->sequence;
  head_ = std::move(newest->head);
  return absl::OkStatus();
}

absl::StatusOr<std::optional<GuardFile>> GuardFile::Open(const std::filesystem::path& path,
                                                         std::string_view origin) {
  std::error_code error;
  const bool exists = std::filesystem::exists(path, error);
  if (error) return NotUsable("find it", error.value());
  if (!exists) return std::nullopt;
  SLUIS_ASSIGN_OR_RETURN(GuardFile guard, Lock(path, origin));
  SLUIS_RETURN_IF_ERROR(guard.Load());
  return std::optional<GuardFile>(std::move(guard));
}

absl::StatusOr<GuardFile> GuardFile::Create(const std::filesystem::path& path,
                                            std::string_view origin) {
  SLUIS_ASSIGN_OR_RETURN(Bytes slots,
                         EncodeSlot({1, std::string(origin), {0, tlog::EmptyRoot(), {}}}));
  slots.insert(0, kGuardSlotSize, '\0');  // sequence 1 stands in the second slot
  SLUIS_RETURN_IF_ERROR(WriteFileAtomic(path, slots));
  SLUIS_ASSIGN_OR_RETURN(GuardFile guard, Lock(path, origin));
  SLUIS_RETURN_IF_ERROR(guard.Load());
  return guard;
}

absl::Status GuardFile::Write(const storage::LogHead& head) {
  const std::uint64_t sequence = sequence_ + 1;
  SLUIS_ASSIGN_OR_RETURN(const Bytes slot, EncodeSlot({sequence, origin_, head}));
  const auto offset = static_cast<off_t>((sequence % 2) * kGuardSlotSize);
  const ssize_t n = ::pwrite(file_.get(), slot.data(), slot.size(), offset);
  if (n != static_cast<ssize_t>(slot.size())) return NotUsable("write it", n < 0 ? errno : ENOSPC);
  if (::fdatasync(file_.get()) != 0) return NotUsable("sync it", errno);
  sequence_ = sequence;
  head_ = head;
  return absl::OkStatus();
}

}  // namespace sluis::journal

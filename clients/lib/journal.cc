#include "clients/lib/journal.h"

#include "absl/strings/str_format.h"
#include "clients/lib/names.h"
#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/hkdf.h"
#include "sluis/edge/v1/store.pb.h"

namespace sluis::edge {
namespace {

constexpr std::string_view kSuffix = ".act";
constexpr std::size_t kMaxEntry = 8 << 20;

SecretBytes IntentKey(const Ed25519PrivateKey& signing) {
  const SecretBytes seed = signing.Seed(SecretAccess::ForCrypto());
  return HkdfExpand(HkdfExtract("sluis/edge/v1", {seed.Reveal(SecretAccess::ForCrypto())}),
                    {"journal intent"}, 32);
}

// HMAC over the parts, each with its length: no two intents look alike.
Bytes IntentOf(const SecretBytes& key, std::string_view method, std::string_view person,
               std::initializer_list<BytesView> parts) {
  ByteWriter writer;
  writer.Lp2(method).Lp2(person);
  for (const BytesView part : parts) writer.U32(static_cast<std::uint32_t>(part.size())).Raw(part);
  Bytes framed = std::move(writer).Take();
  const Digest digest = HmacSha256(key.Reveal(SecretAccess::ForCrypto()), framed);
  WipeBytes(framed);
  return ToBytes(digest);
}

absl::Status NotWaiting() {
  return Error(ErrorCode::kNotFound, "ACT_NOT_WAITING",
               "no act with this request_id waits here, or another process is busy with it");
}

}  // namespace

struct Journal::Entry {
  std::filesystem::path file;
  v1::JournalEntry content;
  absl::Time create_time;
};

Journal::Journal(std::filesystem::path folder, const Ed25519PrivateKey& signing, const Clock& clock)
    : folder_(std::move(folder)), intent_key_(IntentKey(signing)), clock_(clock) {}

std::filesystem::path Journal::FileOf(std::string_view request_id) const {
  return folder_ / (std::string(request_id) + std::string(kSuffix));
}

absl::StatusOr<Journal::Entry> Journal::Read(const std::filesystem::path& file) const {
  SLUIS_ASSIGN_OR_RETURN(const Bytes bytes, ReadFile(file, kMaxEntry));
  Entry entry{.file = file, .content = {}, .create_time = {}};
  if (!entry.content.ParseFromString(bytes) || !ParseUuid(entry.content.request_id()).ok() ||
      FileOf(entry.content.request_id()) != file) {
    return Error(ErrorCode::kDataLoss, "JOURNAL_DAMAGED",
                 absl::StrFormat("%s is not what was stored; keep a copy of it and call your "
                                 "administrator before anything is sent",
                                 file.string()),
                 {{"file", file.string()}});
  }
  entry.create_time = absl::FromUnixSeconds(entry.content.create_time().seconds());
  return entry;
}

absl::StatusOr<std::vector<Journal::Entry>> Journal::ReadAll() const {
  SLUIS_ASSIGN_OR_RETURN(const auto files, FilesOf(folder_, kSuffix));
  std::vector<Entry> entries;
  for (const std::filesystem::path& file : files) {
    absl::StatusOr<Entry> entry = Read(file);
    // Finished by its own process since we listed the folder.
    if (absl::IsNotFound(entry.status())) continue;
    if (!entry.ok()) return entry.status();
    entries.push_back(*std::move(entry));
  }
  return entries;
}

absl::StatusOr<std::optional<JournaledAct>> Journal::Take(Entry entry) const {
  SLUIS_ASSIGN_OR_RETURN(std::optional<FileLock> lock, FileLock::Try(entry.file));
  if (!lock) return std::nullopt;
  JournaledAct act(entry.file, *std::move(lock));
  act.method_ = entry.content.method();
  act.request_id_ = entry.content.request_id();
  act.request_ = std::move(*entry.content.mutable_request());
  act.repeated_ = true;
  return act;
}

absl::StatusOr<std::optional<JournaledAct>> Journal::TakeWaiting(std::string_view method,
                                                                 BytesView intent) {
  SLUIS_ASSIGN_OR_RETURN(std::vector<Entry> entries, ReadAll());
  for (Entry& entry : entries) {
    if (entry.content.method() != method || entry.content.intent() != intent) continue;
    const absl::Time create_time = entry.create_time;
    SLUIS_ASSIGN_OR_RETURN(std::optional<JournaledAct> act, Take(std::move(entry)));
    if (!act) continue;
    if (clock_.Now() - create_time < kRequestIdLife) return act;
    return Error(
        ErrorCode::kPrecondition, "ACT_TOO_OLD",
        absl::StrFormat("the same act waits since %s without an answer, too long to repeat "
                        "it safely; look in the list of exchanges whether it was done, "
                        "discard request %s, then try again",
                        absl::FormatTime("%Y-%m-%d", create_time, absl::UTCTimeZone()),
                        act->request_id()),
        {{"requestId", act->request_id()}});
  }
  return std::nullopt;
}

absl::StatusOr<JournaledAct> Journal::Store(std::string_view method, BytesView intent,
                                            const std::string& request_id, Bytes request) {
  v1::JournalEntry content;
  content.set_method(std::string(method));
  content.set_request_id(request_id);
  content.set_intent(std::string(intent));
  content.set_request(std::move(request));
  content.mutable_create_time()->set_seconds(absl::ToUnixSeconds(clock_.Now()));
  const std::filesystem::path file = FileOf(request_id);
  SLUIS_RETURN_IF_ERROR(WriteFileAtomic(file, content.SerializeAsString()));
  SLUIS_ASSIGN_OR_RETURN(std::optional<JournaledAct> act,
                         Take({.file = file, .content = std::move(content), .create_time = {}}));
  if (!act) return NotWaiting();
  act->repeated_ = false;
  return *std::move(act);
}

absl::StatusOr<JournaledAct> Journal::Begin(std::string_view method, std::string_view person,
                                            std::initializer_list<BytesView> intent,
                                            const Build& build) {
  const Bytes digest = IntentOf(intent_key_, method, person, intent);
  // From looking to storing: two processes must not take up, or make, the same act.
  SLUIS_ASSIGN_OR_RETURN(const FileLock lock, FileLock::Wait(folder_ / ".lock"));
  SLUIS_ASSIGN_OR_RETURN(std::optional<JournaledAct> waiting, TakeWaiting(method, digest));
  if (waiting) return *std::move(waiting);
  const std::string request_id = NewRequestId();
  SLUIS_ASSIGN_OR_RETURN(Bytes request, build(request_id));
  return Store(method, digest, request_id, std::move(request));
}

absl::StatusOr<std::optional<JournaledAct>> Journal::TakeUp(
    std::string_view method, std::string_view person, std::initializer_list<BytesView> intent) {
  SLUIS_ASSIGN_OR_RETURN(const FileLock lock, FileLock::Wait(folder_ / ".lock"));
  return TakeWaiting(method, IntentOf(intent_key_, method, person, intent));
}

absl::Status Journal::Finish(JournaledAct act) {
  std::error_code error;
  std::filesystem::remove(act.file_, error);
  if (!error) return SyncFolder(folder_);
  return Error(ErrorCode::kUnavailable, "FILE_NOT_USABLE",
               absl::StrFormat("cannot remove %s: %s", act.file_.string(), error.message()));
}

absl::StatusOr<std::vector<WaitingAct>> Journal::Waiting() {
  SLUIS_ASSIGN_OR_RETURN(const FileLock lock, FileLock::Wait(folder_ / ".lock"));
  SLUIS_ASSIGN_OR_RETURN(std::vector<Entry> entries, ReadAll());
  std::vector<WaitingAct> waiting;
  for (Entry& entry : entries) {
    const absl::Time create_time = entry.create_time;
    SLUIS_ASSIGN_OR_RETURN(const std::optional<JournaledAct> act, Take(std::move(entry)));
    if (act) waiting.push_back({act->method(), act->request_id(), create_time});
  }
  return waiting;
}

absl::StatusOr<JournaledAct> Journal::Resume(const std::string& request_id) {
  SLUIS_RETURN_IF_ERROR(ParseUuid(request_id).status());
  SLUIS_ASSIGN_OR_RETURN(const FileLock lock, FileLock::Wait(folder_ / ".lock"));
  absl::StatusOr<Entry> entry = Read(FileOf(request_id));
  if (absl::IsNotFound(entry.status())) return NotWaiting();
  if (!entry.ok()) return entry.status();
  SLUIS_ASSIGN_OR_RETURN(std::optional<JournaledAct> act, Take(*std::move(entry)));
  if (!act) return NotWaiting();
  return *std::move(act);
}

absl::Status Journal::Discard(const std::string& request_id) {
  SLUIS_ASSIGN_OR_RETURN(JournaledAct act, Resume(request_id));
  return Finish(std::move(act));
}

}  // namespace sluis::edge

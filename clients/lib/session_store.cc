#include "clients/lib/session_store.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "clients/lib/private_files.h"
#include "lib/base/byte_io.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/key_file.h"

namespace sluis::edge {
namespace {

constexpr std::string_view kSessionStoreSuffix = ".session";
constexpr std::uint8_t kVersion = 1;

absl::Status DamagedSession(const std::filesystem::path& file) {
  return Error(ErrorCode::kDataLoss, "STORE_DAMAGED",
               absl::StrFormat("%s is not the session that was stored; revoke it and open another",
                               file.string()),
               {{"file", file.string()}});
}

absl::StatusOr<absl::Time> ReadTime(ByteReader& reader) {
  SLUIS_ASSIGN_OR_RETURN(const std::uint64_t seconds, reader.U64());
  return absl::FromUnixSeconds(static_cast<std::int64_t>(seconds));
}

absl::StatusOr<HeldSession> Decode(const SecretBytes& content) {
  ByteReader reader(content.Reveal(SecretAccess::ForCrypto()));
  SLUIS_ASSIGN_OR_RETURN(const std::uint8_t version, reader.U8());
  if (version != kVersion) return Error(ErrorCode::kDataLoss, "STORE_DAMAGED", "version");
  SLUIS_ASSIGN_OR_RETURN(const BytesView context_bytes, reader.Lp2());
  SLUIS_ASSIGN_OR_RETURN(const auto context, pseudonym::Context::Decode(context_bytes));
  SLUIS_ASSIGN_OR_RETURN(const absl::Time issued, ReadTime(reader));
  SLUIS_ASSIGN_OR_RETURN(const absl::Time end, ReadTime(reader));
  SLUIS_ASSIGN_OR_RETURN(const BytesView y_bytes, reader.Raw(kElementSize));
  SLUIS_ASSIGN_OR_RETURN(const BytesView sk_bytes, reader.Raw(kScalarSize));
  SLUIS_RETURN_IF_ERROR(reader.Finish());
  SLUIS_ASSIGN_OR_RETURN(const GroupElement y, GroupElement::Decode(y_bytes));
  SLUIS_ASSIGN_OR_RETURN(SecretScalar sk, SecretScalar::Decode(SecretBytes::CopyOf(sk_bytes)));
  return HeldSession{context, issued, end, y, std::move(sk)};
}

}  // namespace

std::filesystem::path SessionStore::FileOf(const pseudonym::Context& context) const {
  return folder_ / (context.session() + std::string(kSessionStoreSuffix));
}

absl::Status SessionStore::Write(const HeldSession& session) const {
  Bytes content = ByteWriter()
                      .U8(kVersion)
                      .Lp2(session.context.bytes())
                      .U64(static_cast<std::uint64_t>(absl::ToUnixSeconds(session.issued)))
                      .U64(static_cast<std::uint64_t>(absl::ToUnixSeconds(session.end)))
                      .Raw(session.y.bytes())
                      .Raw(session.sk.Reveal(SecretAccess::ForStorage()))
                      .bytes();
  const absl::Status written = WriteFileAtomic(FileOf(session.context), content);
  WipeBytes(content);
  return written;
}

absl::StatusOr<std::vector<HeldSession>> SessionStore::List(absl::Time now) const {
  SLUIS_ASSIGN_OR_RETURN(const auto files, FilesOf(folder_, kSessionStoreSuffix));
  std::vector<HeldSession> sessions;
  for (const std::filesystem::path& file : files) {
    const absl::StatusOr<SecretBytes> content = ReadPrivateFile(file);
    if (ReasonOf(content.status()) == "FILE_NOT_FOUND") continue;  // removed since we listed
    if (!content.ok()) return content.status();
    absl::StatusOr<HeldSession> session = Decode(*content);
    if (!session.ok()) return DamagedSession(file);
    if (now < session->end + kSessionKeyGrace) {
      sessions.push_back(*std::move(session));
    } else {
      SLUIS_RETURN_IF_ERROR(Remove(session->context));
    }
  }
  std::sort(sessions.begin(), sessions.end(),
            [](const HeldSession& a, const HeldSession& b) { return a.issued > b.issued; });
  return sessions;
}

absl::StatusOr<std::optional<HeldSession>> SessionStore::Find(const pseudonym::Context& context,
                                                              absl::Time now) const {
  SLUIS_ASSIGN_OR_RETURN(std::vector<HeldSession> sessions, List(now));
  for (HeldSession& session : sessions) {
    if (session.context == context) return std::move(session);
  }
  return std::nullopt;
}

absl::Status SessionStore::Remove(const pseudonym::Context& context) const {
  std::error_code error;
  std::filesystem::remove(FileOf(context), error);
  if (!error) return SyncFolder(folder_);
  return Error(ErrorCode::kUnavailable, "FILE_NOT_USABLE",
               absl::StrFormat("cannot remove %s: %s", FileOf(context).string(), error.message()));
}

}  // namespace sluis::edge

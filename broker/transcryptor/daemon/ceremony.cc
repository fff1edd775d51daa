#include "broker/transcryptor/daemon/ceremony.h"

#include "broker/transcryptor/secrets.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/key_file.h"
#include "lib/pseudonym/key_set.h"

namespace sluis::transcryptor {
namespace {

using pseudonym::KeySet;
using pseudonym::TranscryptorIdentity;

constexpr std::size_t kMostDocument = 16384;
constexpr int kPublic = 0644;

absl::StatusOr<SecretBytes> MakeOrReadWrappingKey(const std::filesystem::path& file) {
  std::error_code ignored;
  if (!std::filesystem::exists(file, ignored)) {
    SLUIS_RETURN_IF_ERROR(WriteSecretFile(file, SecretBytes::Random(kWrappingKeySize)));
  }
  return ReadSecretFile(file, kWrappingKeySize);
}

absl::StatusOr<Secrets> ReadOwn(const CeremonyFolder& at, const SecretBytes& wrapping_key) {
  SLUIS_ASSIGN_OR_RETURN(Secrets secrets, ReadSecrets(at.secrets(), wrapping_key));
  if (!secrets.finished) return secrets;
  return Error(ErrorCode::kPrecondition, "CEREMONY_FINISHED",
               "this ceremony was finished; for new keys begin one in another folder");
}

// One's own half as begin wrote it, which must still be that of the secrets.
absl::StatusOr<TranscryptorIdentity> ReadOwnHalf(const CeremonyFolder& at, const Secrets& secrets) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes document, ReadFile(at.half(), kMostDocument));
  SLUIS_ASSIGN_OR_RETURN(TranscryptorIdentity half, pseudonym::ParsePublicHalf(document));
  if (half == secrets.Identity(half.oin, half.name)) return half;
  return Error(ErrorCode::kPrecondition, "KEYS_NOT_OF_THIS_SET",
               "half.json is not of the secrets beside it");
}

}  // namespace

absl::Status BeginCeremony(const CeremonyFolder& at, pseudonym::Hop hop, const Oin& oin,
                           const std::string& name) {
  if (!IsResourceId(name)) {
    return InvalidField("FIELD_INVALID", "name", "must be a code of [a-z0-9-], as midden-2026");
  }
  std::error_code failed;
  std::filesystem::create_directories(at.folder, failed);
  std::filesystem::permissions(at.folder, std::filesystem::perms::owner_all, failed);
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes wrapping_key, MakeOrReadWrappingKey(at.wrapping_key));
  const Secrets secrets = Secrets::Generate(hop);
  SLUIS_RETURN_IF_ERROR(WriteNewSecrets(at.secrets(), secrets, wrapping_key));
  return WriteFileAtomic(
      at.half(), pseudonym::WritePublicHalf(secrets.Identity(oin, name), secrets.signing), kPublic);
}

absl::Status Contribute(const CeremonyFolder& at, const std::filesystem::path& peer_half) {
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes wrapping_key,
                         ReadSecretFile(at.wrapping_key, kWrappingKeySize));
  SLUIS_ASSIGN_OR_RETURN(const Secrets secrets, ReadOwn(at, wrapping_key));
  SLUIS_ASSIGN_OR_RETURN(const TranscryptorIdentity own, ReadOwnHalf(at, secrets));
  SLUIS_ASSIGN_OR_RETURN(const Bytes document, ReadFile(peer_half, kMostDocument));
  SLUIS_ASSIGN_OR_RETURN(const TranscryptorIdentity peer, pseudonym::ParsePublicHalf(document));
  SLUIS_ASSIGN_OR_RETURN(const Bytes contribution,
                         pseudonym::WriteContribution(own, peer, secrets.keys, secrets.signing));
  return WriteFileAtomic(at.contribution(), contribution, kPublic);
}

absl::StatusOr<std::string> FinishCeremony(const CeremonyFolder& at,
                                           const std::filesystem::path& peer_contribution) {
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes wrapping_key,
                         ReadSecretFile(at.wrapping_key, kWrappingKeySize));
  SLUIS_ASSIGN_OR_RETURN(Secrets secrets, ReadOwn(at, wrapping_key));
  SLUIS_ASSIGN_OR_RETURN(const Bytes own, ReadFile(at.contribution(), kMostDocument));
  SLUIS_ASSIGN_OR_RETURN(const Bytes peer, ReadFile(peer_contribution, kMostDocument));
  SLUIS_ASSIGN_OR_RETURN(const KeySet set, KeySet::Join(own, peer));
  SLUIS_RETURN_IF_ERROR(CheckSecretsBelong(secrets, set, secrets.hop));
  // The record last but one, the mark last: a break in between is finished again to the same bytes.
  SLUIS_RETURN_IF_ERROR(WriteFileAtomic(at.key_set(), set.document(), kPublic));
  SLUIS_RETURN_IF_ERROR(WriteFileAtomic(
      at.first_start(), pseudonym::WriteFirstStart(set, secrets.hop, secrets.signing)));
  secrets.finished = true;
  SLUIS_RETURN_IF_ERROR(ReplaceSecrets(at.secrets(), secrets, wrapping_key));
  return HexEncode(AsView(set.digest()));
}

absl::StatusOr<std::string> InspectKeySet(const std::filesystem::path& file) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes document, ReadFile(file, kMostDocument));
  SLUIS_ASSIGN_OR_RETURN(const KeySet set, KeySet::Parse(document));
  return HexEncode(AsView(set.digest()));
}

}  // namespace sluis::transcryptor

#include "lib/crypto/certificate.h"

#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/internal/x509.h"

namespace sluis {
namespace {

constexpr std::size_t kMaxPem = 64 << 10;
constexpr std::size_t kMaxListPem = 16 << 20;

absl::Status NotTrusted(std::string_view why) {
  return Error(ErrorCode::kUnauthenticated, "CERTIFICATE_NOT_TRUSTED",
               absl::StrFormat("the client certificate is not accepted (%s)", why),
               {{"why", std::string(why)}});
}

absl::Status WithoutOin() {
  return Error(ErrorCode::kUnauthenticated, "CERTIFICATE_WITHOUT_OIN",
               "the certificate's subject must hold one serialNumber of 20 digits");
}

X509Ptr ReadCertificate(BIO* bio) {
  return X509Ptr(PEM_read_bio_X509(bio, nullptr, NoPassphrase, nullptr));
}

absl::StatusOr<X509Ptr> LeafOf(std::string_view pem) {
  if (pem.empty() || pem.size() > kMaxPem) return NotTrusted("malformed");
  X509Ptr certificate = ReadCertificate(ReadOnlyBio(pem).get());
  if (!certificate) return NotTrusted("malformed");
  return certificate;
}

absl::StatusOr<Oin> OinOf(const X509* certificate) {
  const X509_NAME* subject = X509_get_subject_name(certificate);
  const int index = X509_NAME_get_index_by_NID(subject, NID_serialNumber, -1);
  if (index < 0 || X509_NAME_get_index_by_NID(subject, NID_serialNumber, index) >= 0)
    return WithoutOin();
  const ASN1_STRING* value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, index));
  const int size = ASN1_STRING_length(value);
  if (size <= 0) return WithoutOin();
  // The raw octets: a two-byte string type holds no run of 20 digits and is refused by the same
  // rule.
  const BytesView text(reinterpret_cast<const char*>(ASN1_STRING_get0_data(value)),
                       static_cast<std::size_t>(size));
  auto oin = Oin::Parse(text);
  if (!oin.ok()) return WithoutOin();
  return oin;
}

absl::StatusOr<absl::Time> TimeOf(const ASN1_TIME* time) {
  std::tm parts{};
  if (time == nullptr || ASN1_TIME_to_tm(time, &parts) != 1) return NotTrusted("malformed");
  return absl::FromTM(parts, absl::UTCTimeZone());
}

Digest ThumbprintOf(const X509* certificate) {
  Digest digest{};
  unsigned int size = 0;
  CryptoCheck(
      X509_digest(certificate, EVP_sha256(), digest.data(), &size) == 1 && size == digest.size(),
      "certificate thumbprint");
  return digest;
}

std::string_view WhyOf(int error) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "expired";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "not-yet-valid";
    case X509_V_ERR_CERT_REVOKED:
      return "revoked";
    case X509_V_ERR_UNABLE_TO_GET_CRL:
    case X509_V_ERR_UNABLE_TO_GET_CRL_ISSUER:
      return "crl-missing";
    case X509_V_ERR_CRL_HAS_EXPIRED:
      return "crl-stale";
    case X509_V_ERR_CRL_NOT_YET_VALID:
      return "crl-not-yet-valid";
    case X509_V_ERR_CRL_SIGNATURE_FAILURE:
    case X509_V_ERR_CRL_PATH_VALIDATION_ERROR:
    case X509_V_ERR_KEYUSAGE_NO_CRL_SIGN:
    case X509_V_ERR_DIFFERENT_CRL_SCOPE:
    case X509_V_ERR_UNHANDLED_CRITICAL_CRL_EXTENSION:
    case X509_V_ERR_ERROR_IN_CRL_LAST_UPDATE_FIELD:
    case X509_V_ERR_ERROR_IN_CRL_NEXT_UPDATE_FIELD:
      return "crl-invalid";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
      return "issuer-unknown";
    default:
      return "chain-invalid";
  }
}

absl::Status BadStore(std::string_view what, std::string_view description) {
  return InvalidField("FIELD_INVALID", what, description);
}

}  // namespace

absl::StatusOr<PeerCertificate> ParsePeerCertificate(std::string_view pem) {
  const ErrorQueueGuard guard;
  SLUIS_ASSIGN_OR_RETURN(const X509Ptr certificate, LeafOf(pem));
  PeerCertificate peer;
  SLUIS_ASSIGN_OR_RETURN(peer.oin, OinOf(certificate.get()));
  SLUIS_ASSIGN_OR_RETURN(peer.not_before, TimeOf(X509_get0_notBefore(certificate.get())));
  SLUIS_ASSIGN_OR_RETURN(peer.not_after, TimeOf(X509_get0_notAfter(certificate.get())));
  peer.thumbprint = ThumbprintOf(certificate.get());
  return peer;
}

struct TrustStore::State {
  X509StorePtr store{X509_STORE_new()};
  std::vector<X509Ptr> authorities;
  std::vector<X509CrlPtr> lists;

  absl::Status AddAuthorities(std::string_view pem);
  absl::Status AddLists(std::string_view pem, std::string_view what);
  absl::Status CheckList(const X509_CRL* list, std::string_view what) const;
  // Earliest of `end`, the certificate's own end and the nextUpdate of its issuer's newest list.
  absl::StatusOr<absl::Time> EndOf(const X509* certificate, absl::Time end) const;
};

absl::Status TrustStore::State::AddAuthorities(std::string_view pem) {
  if (pem.size() > kMaxListPem)
    return BadStore("authorities", "must be PEM text of at most 16 MiB");
  const BioPtr bio = ReadOnlyBio(pem);
  while (X509Ptr authority = ReadCertificate(bio.get())) {
    if (X509_check_ca(authority.get()) == 0)
      return BadStore("authorities", "holds a certificate that is no CA");
    CryptoCheck(X509_STORE_add_cert(store.get(), authority.get()) == 1, "trust store");
    authorities.push_back(std::move(authority));
  }
  if (authorities.empty()) return BadStore("authorities", "holds no CA certificate in PEM");
  return absl::OkStatus();
}

absl::Status TrustStore::State::CheckList(const X509_CRL* list, std::string_view what) const {
  if (X509_CRL_get0_nextUpdate(list) == nullptr)
    return BadStore(what, "has no nextUpdate, so it could never be stale");
  bool known = false;
  for (const X509Ptr& authority : authorities) {
    if (X509_NAME_cmp(X509_get_subject_name(authority.get()), X509_CRL_get_issuer(list)) != 0)
      continue;
    known = true;
    // X509_CRL_verify takes a non-const list only because it caches the encoding.
    if (X509_CRL_verify(const_cast<X509_CRL*>(list), X509_get0_pubkey(authority.get())) == 1)
      return absl::OkStatus();
  }
  return BadStore(what, known ? "does not carry the signature of its issuer"
                              : "is of an issuer that is not trusted");
}

absl::Status TrustStore::State::AddLists(std::string_view pem, std::string_view what) {
  if (pem.size() > kMaxListPem) return BadStore(what, "must be PEM text of at most 16 MiB");
  const BioPtr bio = ReadOnlyBio(pem);
  const std::size_t before = lists.size();
  while (X509CrlPtr list{PEM_read_bio_X509_CRL(bio.get(), nullptr, NoPassphrase, nullptr)}) {
    SLUIS_RETURN_IF_ERROR(CheckList(list.get(), what));
    CryptoCheck(X509_STORE_add_crl(store.get(), list.get()) == 1, "trust store");
    lists.push_back(std::move(list));
  }
  if (lists.size() == before) return BadStore(what, "holds no revocation list in PEM");
  return absl::OkStatus();
}

absl::StatusOr<absl::Time> TrustStore::State::EndOf(const X509* certificate, absl::Time end) const {
  SLUIS_ASSIGN_OR_RETURN(const absl::Time own, TimeOf(X509_get0_notAfter(certificate)));
  end = std::min(end, own);
  absl::Time newest = absl::InfinitePast();
  for (const X509CrlPtr& list : lists) {
    if (X509_NAME_cmp(X509_get_issuer_name(certificate), X509_CRL_get_issuer(list.get())) != 0)
      continue;
    SLUIS_ASSIGN_OR_RETURN(const absl::Time next, TimeOf(X509_CRL_get0_nextUpdate(list.get())));
    newest = std::max(newest, next);
  }
  return std::min(end, newest);
}

absl::StatusOr<TrustStore> TrustStore::Create(std::string_view authorities_pem,
                                              const std::vector<std::string>& revocation_lists) {
  const ErrorQueueGuard guard;
  auto state = std::make_shared<State>();
  CryptoCheck(state->store != nullptr, "trust store");
  SLUIS_RETURN_IF_ERROR(state->AddAuthorities(authorities_pem));
  for (std::size_t i = 0; i < revocation_lists.size(); ++i) {
    SLUIS_RETURN_IF_ERROR(
        state->AddLists(revocation_lists[i], absl::StrFormat("revocationLists[%d]", i)));
  }
  return TrustStore(std::move(state));
}

absl::StatusOr<TrustStore> TrustStore::Load(const std::filesystem::path& authorities,
                                            const std::filesystem::path& revocation_folder) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes authorities_pem, ReadFile(authorities, kMaxListPem));
  std::vector<std::filesystem::path> files;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(revocation_folder, error)) {
    const auto extension = entry.path().extension();
    if (extension == ".pem" || extension == ".crl") files.push_back(entry.path());
  }
  if (error) return BadStore("revocationLists", "the folder cannot be read");
  std::sort(files.begin(), files.end());
  std::vector<std::string> lists;
  for (const auto& file : files) {
    SLUIS_ASSIGN_OR_RETURN(lists.emplace_back(), ReadFile(file, kMaxListPem));
  }
  return Create(authorities_pem, lists);
}

absl::StatusOr<absl::Time> TrustStore::Check(std::string_view certificate_pem,
                                             absl::Time now) const {
  const ErrorQueueGuard guard;
  SLUIS_ASSIGN_OR_RETURN(const X509Ptr leaf, LeafOf(certificate_pem));
  const X509StoreCtxPtr context(X509_STORE_CTX_new());
  CryptoCheck(
      context && X509_STORE_CTX_init(context.get(), state_->store.get(), leaf.get(), nullptr) == 1,
      "chain verification");
  X509_VERIFY_PARAM* rules = X509_STORE_CTX_get0_param(context.get());
  X509_VERIFY_PARAM_set_time(rules, absl::ToTimeT(now));
  CryptoCheck(
      X509_VERIFY_PARAM_set_flags(rules, X509_V_FLAG_CRL_CHECK | X509_V_FLAG_CRL_CHECK_ALL) == 1,
      "chain rules");
  if (X509_verify_cert(context.get()) != 1)
    return NotTrusted(WhyOf(X509_STORE_CTX_get_error(context.get())));
  absl::Time end = absl::InfiniteFuture();
  const STACK_OF(X509)* chain = X509_STORE_CTX_get0_chain(context.get());
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    SLUIS_ASSIGN_OR_RETURN(end, state_->EndOf(sk_X509_value(chain, i), end));
  }
  return end;
}

}  // namespace sluis

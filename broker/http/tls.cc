#include "broker/http/tls.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>

#include <array>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/key_file.h"

namespace sluis::http {
namespace {

template <auto Free>
struct Deleter {
  template <typename T>
  void operator()(T* object) const {
    Free(object);
  }
};
using BioPtr = std::unique_ptr<BIO, Deleter<BIO_free>>;
using X509Ptr = std::unique_ptr<X509, Deleter<X509_free>>;
using PkeyPtr = std::unique_ptr<EVP_PKEY, Deleter<EVP_PKEY_free>>;

constexpr std::size_t kMaxChainPem = 256 << 10;
constexpr unsigned char kHttp11[] = {8, 'h', 't', 't', 'p', '/', '1', '.', '1'};

// Each cause has an OpenSSL code of its own, so that the client's alert says as much as TLS lets
// it, and the cause can be read back from the finished handshake.
struct Cause {
  std::string_view why;
  int code;
};
constexpr std::array kCauses = {
    Cause{"malformed", X509_V_ERR_UNSPECIFIED},
    Cause{"expired", X509_V_ERR_CERT_HAS_EXPIRED},
    Cause{"not-yet-valid", X509_V_ERR_CERT_NOT_YET_VALID},
    Cause{"issuer-unknown", X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY},
    Cause{"revoked", X509_V_ERR_CERT_REVOKED},
    Cause{"crl-missing", X509_V_ERR_UNABLE_TO_GET_CRL},
    Cause{"crl-stale", X509_V_ERR_CRL_HAS_EXPIRED},
    Cause{"crl-not-yet-valid", X509_V_ERR_CRL_NOT_YET_VALID},
    Cause{"crl-invalid", X509_V_ERR_CRL_SIGNATURE_FAILURE},
    Cause{"purpose", X509_V_ERR_INVALID_PURPOSE},
    Cause{"chain-invalid", X509_V_ERR_CERT_REJECTED},
};

absl::Status BadFile(std::string_view member, std::string_view what) {
  ERR_clear_error();
  return InvalidField("FIELD_INVALID", member, what);
}

// OpenSSL's default for an encrypted PEM is a prompt on the terminal.
int NoPassphrase(char*, int, int, void*) { return -1; }

BioPtr ReaderOf(std::string_view text) {
  return BioPtr(BIO_new_mem_buf(text.data(), static_cast<int>(text.size())));
}

std::string PemOf(X509* certificate) {
  const BioPtr bio(BIO_new(BIO_s_mem()));
  char* text = nullptr;
  if (!bio || PEM_write_bio_X509(bio.get(), certificate) != 1) return "";
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

int CodeOf(const absl::Status& status) {
  const std::string why = DetailOf(status).metadata["why"];
  for (const Cause& cause : kCauses) {
    if (cause.why == why) return cause.code;
  }
  return X509_V_ERR_CERT_REJECTED;
}

// Replaces OpenSSL's own chain building: one judge of certificates for every face of the broker.
int VerifyClient(X509_STORE_CTX* context, void* identity) {
  X509* certificate = X509_STORE_CTX_get0_cert(context);
  int code = X509_V_OK;
  if (X509_check_purpose(certificate, X509_PURPOSE_SSL_CLIENT, 0) != 1) {
    code = X509_V_ERR_INVALID_PURPOSE;
  } else if (const absl::Status status =
                 static_cast<const TlsIdentity*>(identity)->Check(PemOf(certificate));
             !status.ok()) {
    code = CodeOf(status);
  }
  ERR_clear_error();
  X509_STORE_CTX_set_error(context, code);
  return code == X509_V_OK ? 1 : 0;
}

int SelectHttp11(SSL*, const unsigned char** out, unsigned char* out_size,
                 const unsigned char* offered, unsigned int offered_size, void*) {
  unsigned char* chosen = nullptr;
  if (SSL_select_next_proto(&chosen, out_size, kHttp11, sizeof(kHttp11), offered, offered_size) !=
      OPENSSL_NPN_NEGOTIATED) {
    return SSL_TLSEXT_ERR_ALERT_FATAL;
  }
  *out = chosen;
  return SSL_TLSEXT_ERR_OK;
}

absl::Status UseChain(SSL_CTX* context, const std::filesystem::path& path) {
  SLUIS_ASSIGN_OR_RETURN(const Bytes pem, ReadFile(path, kMaxChainPem));
  const BioPtr bio = ReaderOf(pem);
  const X509Ptr own(PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr));
  if (!own || SSL_CTX_use_certificate(context, own.get()) != 1)
    return BadFile("certificateChain", "must hold the server's certificate in PEM");
  while (const X509Ptr next{PEM_read_bio_X509(bio.get(), nullptr, NoPassphrase, nullptr)}) {
    if (SSL_CTX_add1_chain_cert(context, next.get()) != 1)
      return BadFile("certificateChain", "holds a certificate that cannot be used");
  }
  ERR_clear_error();
  return absl::OkStatus();
}

absl::Status UseKey(SSL_CTX* context, const std::filesystem::path& path) {
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes pem, ReadPrivateFile(path));
  const BioPtr bio = ReaderOf(pem.Reveal(SecretAccess::ForCrypto()));
  const PkeyPtr key(PEM_read_bio_PrivateKey(bio.get(), nullptr, NoPassphrase, nullptr));
  if (!key) return BadFile("privateKey", "must hold one unencrypted private key in PEM");
  if (SSL_CTX_use_PrivateKey(context, key.get()) != 1 || SSL_CTX_check_private_key(context) != 1)
    return BadFile("privateKey", "is not the key of the server's certificate");
  return absl::OkStatus();
}

// Every connection is verified anew: nothing is resumed, so a revoked certificate has no ticket to
// come back on.
bool Harden(SSL_CTX* context) {
  SSL_CTX_set_options(context, SSL_OP_NO_TICKET | SSL_OP_NO_RENEGOTIATION);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_OFF);
  return SSL_CTX_set_min_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION) == 1 &&
         SSL_CTX_set_num_tickets(context, 0) == 1 && SSL_CTX_set_max_early_data(context, 0) == 1;
}

}  // namespace

absl::StatusOr<std::unique_ptr<TlsIdentity>> TlsIdentity::Create(TlsFiles files,
                                                                 const Clock& clock) {
  std::unique_ptr<TlsIdentity> identity(new TlsIdentity(std::move(files), clock));
  SLUIS_RETURN_IF_ERROR(identity->Reload());
  return identity;
}

absl::StatusOr<std::shared_ptr<SSL_CTX>> TlsIdentity::LoadContext() {
  const std::shared_ptr<SSL_CTX> context(SSL_CTX_new(TLS_server_method()), SSL_CTX_free);
  if (!context || !Harden(context.get()))
    return Error(ErrorCode::kInternal, "INCIDENT", "the TLS library cannot do TLS 1.3");
  SLUIS_RETURN_IF_ERROR(UseChain(context.get(), files_.certificate_chain));
  SLUIS_RETURN_IF_ERROR(UseKey(context.get(), files_.private_key));
  SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  SSL_CTX_set_cert_verify_callback(context.get(), VerifyClient, this);
  SSL_CTX_set_alpn_select_cb(context.get(), SelectHttp11, nullptr);
  return context;
}

absl::Status TlsIdentity::Reload() {
  SLUIS_ASSIGN_OR_RETURN(auto context, LoadContext());
  SLUIS_ASSIGN_OR_RETURN(TrustStore trust,
                         TrustStore::Load(files_.client_authorities, files_.revocation_lists));
  const MutexLock lock(mutex_);
  context_ = std::move(context);
  trust_ = std::make_shared<const TrustStore>(std::move(trust));
  return absl::OkStatus();
}

absl::Status TlsIdentity::Check(std::string_view certificate_pem) const {
  std::shared_ptr<const TrustStore> trust;
  {
    const MutexLock lock(mutex_);
    trust = trust_;
  }
  return trust->Check(certificate_pem, clock_.Now()).status();
}

std::shared_ptr<SSL_CTX> TlsIdentity::context() const {
  const MutexLock lock(mutex_);
  return context_;
}

std::string TlsIdentity::PeerPem(const SSL* connection) {
  X509* certificate = SSL_get0_peer_certificate(connection);
  return certificate == nullptr ? "" : PemOf(certificate);
}

std::string_view TlsIdentity::RefusalOf(const SSL* connection, unsigned long library_error) {
  const long result = SSL_get_verify_result(connection);
  for (const Cause& cause : kCauses) {
    if (cause.code == result) return cause.why;
  }
  if (ERR_GET_LIB(library_error) != ERR_LIB_SSL) return "handshake";
  switch (ERR_GET_REASON(library_error)) {
    case SSL_R_PEER_DID_NOT_RETURN_A_CERTIFICATE:
      return "no-certificate";
    case SSL_R_UNSUPPORTED_PROTOCOL:
      return "tls-version";
    default:
      return "handshake";
  }
}

}  // namespace sluis::http

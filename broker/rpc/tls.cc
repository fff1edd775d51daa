#include "broker/rpc/tls.h"

#include <grpcpp/security/tls_certificate_provider.h>
#include <grpcpp/security/tls_certificate_verifier.h>
#include <grpcpp/security/tls_credentials_options.h>

#include <cstdlib>
#include <utility>

#include "lib/base/error.h"

namespace sluis::rpc {
namespace {

// TLS 1.3 suites are not affected by this list; of TLS 1.2 only one remains that needs a pre-shared
// key, which nobody has.
constexpr char kNoTls12[] = "PSK-AES256-GCM-SHA384";
constexpr unsigned kReloadSeconds = 30;

class KnownAuthority : public grpc::experimental::ExternalCertificateVerifier {
 public:
  KnownAuthority(const exchange::TrustSource& trust, const Clock& clock)
      : trust_(trust), clock_(clock) {}

  bool Verify(grpc::experimental::TlsCustomVerificationCheckRequest* request,
              std::function<void(grpc::Status)>, grpc::Status* sync_status) override {
    const grpc::string_ref pem = request->peer_cert();
    const absl::StatusOr<absl::Time> until =
        trust_.Current()->Check({pem.data(), pem.size()}, clock_.Now());
    *sync_status =
        until.ok() || IsLaterReason(until.status())
            ? grpc::Status::OK
            : grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "certificate of no known authority");
    return true;
  }
  void Cancel(grpc::experimental::TlsCustomVerificationCheckRequest*) override {}

 private:
  // Known, but not good now: the call itself tells why.
  static bool IsLaterReason(const absl::Status& status) {
    const auto metadata = DetailOf(status).metadata;
    const auto why = metadata.find("why");
    if (why == metadata.end()) return false;
    return why->second == "expired" || why->second == "not-yet-valid" || why->second == "revoked" ||
           why->second.starts_with("crl-");
  }

  const exchange::TrustSource& trust_;
  const Clock& clock_;
};

}  // namespace

void AllowOnlyTls13() { setenv("GRPC_SSL_CIPHER_SUITES", kNoTls12, /*overwrite=*/1); }

std::shared_ptr<grpc::ChannelCredentials> ClientTls(const TlsFiles& files) {
  namespace tls = grpc::experimental;
  tls::TlsChannelCredentialsOptions options;
  options.set_certificate_provider(std::make_shared<tls::FileWatcherCertificateProvider>(
      files.key, files.certificate, files.authorities, kReloadSeconds));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_certificate_verifier(std::make_shared<tls::HostNameCertificateVerifier>());
  return tls::TlsCredentials(options);
}

std::shared_ptr<grpc::ServerCredentials> ServerTls(const TlsFiles& files,
                                                   const exchange::TrustSource& trust,
                                                   const Clock& clock) {
  namespace tls = grpc::experimental;
  auto provider = std::make_shared<tls::FileWatcherCertificateProvider>(
      files.key, files.certificate, files.authorities, kReloadSeconds);
  tls::TlsServerCredentialsOptions options(std::move(provider));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  // The verifier below looks at the chain, the time and the revocation lists itself.
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_BUT_DONT_VERIFY);
  options.set_certificate_verifier(
      tls::ExternalCertificateVerifier::Create<KnownAuthority>(trust, clock));
  return tls::TlsServerCredentials(options);
}

}  // namespace sluis::rpc

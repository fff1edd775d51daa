// TLS of the gRPC face (api.md §11): 1.3 alone, a client certificate of a known authority, files
// that reload. Experimental gRPC API stays behind this file.
#pragma once

#include <grpcpp/security/credentials.h>
#include <grpcpp/security/server_credentials.h>

#include <memory>
#include <string>

#include "broker/exchange/authenticator.h"
#include "lib/base/clock.h"

namespace sluis::rpc {

struct TlsFiles {
  std::string key;          // PEM
  std::string certificate;  // PEM chain
  std::string authorities;  // PEM: who may have signed a client's certificate
};

// Call before anything of gRPC runs: leaves TLS 1.2 without a cipher suite, for gRPC 1.51 offers no
// lowest version.
void AllowOnlyTls13();

// As a client, with the same files: the server's certificate must be of the authorities and of its
// host.
std::shared_ptr<grpc::ChannelCredentials> ClientTls(const TlsFiles& files);

// A peer is let in when its certificate chains to the authorities. One that has expired or was
// revoked is let in as far as the first check of a call, which refuses it with its own reason
// (exchange/authenticator.h); a stranger gets no further than the handshake. `trust` and `clock`
// outlive the server.
std::shared_ptr<grpc::ServerCredentials> ServerTls(const TlsFiles& files,
                                                   const exchange::TrustSource& trust,
                                                   const Clock& clock);

}  // namespace sluis::rpc

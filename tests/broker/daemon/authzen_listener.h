// The AuthZEN listener as it runs, and clients of it: client certificate, assertion, the real
// policy and log behind it.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "broker/daemon/decision_points.h"
#include "broker/daemon/http_faces.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "tests/broker/http/raw_client.h"
#include "tests/broker/rpc/rpc_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::daemon::testing {

class AuthzenListener : public rpc::testing::RpcWorld {
 protected:
  AuthzenListener() {
    std::filesystem::create_directory(folder.path() / "crl");
    std::filesystem::permissions(
        folder.path() / "server.key",
        std::filesystem::perms::owner_read | std::filesystem::perms::owner_write);
    WriteRevoked({});
    config.mutable_tls()->set_key_file(folder.path() / "server.key");
    config.mutable_tls()->set_certificate_file(folder.path() / "server.pem");
    config.mutable_tls()->set_authorities_file(folder.path() / "ca.pem");
    config.mutable_tls()->set_revocation_folder(folder.path() / "crl");
    config.mutable_authzen()->set_listen("127.0.0.1:0");
    auto* foreign = config.mutable_authzen()->add_foreign_packs();
    foreign->set_tenant("certification");
    foreign->set_file("policy/foreign/authzen-certification.txtpb");
  }
  void WriteRevoked(const std::vector<std::string>& revoked) {
    EXPECT_OK(WriteFileAtomic(folder.path() / "crl/root.crl", ListOf(revoked, absl::Hours(24))));
  }
  absl::StatusOr<std::unique_ptr<HttpFaces>> Start() {
    SLUIS_ASSIGN_OR_RETURN(configured, DecisionPoints::Load(config.authzen(), *service, clock));
    return HttpFaces::Start(config, {*journal, store, *authenticator, *service,
                                     configured->protocols(), clock, &configured->requests()});
  }
  std::string Send(const HttpFaces& faces, const exchange::testing::Desk* desk,
                   const std::string& head, const std::string& body = "") {
    sluis::testing::RawTls tls;
    if (desk != nullptr) tls = {Certificate(*desk).certificate, Certificate(*desk).key, 0, ""};
    sluis::testing::RawClient client(static_cast<std::uint16_t>(faces.authzen_port()), &tls);
    client.Send(
        absl::StrFormat("%sHost: pdp.example\r\nContent-Length: %d\r\nConnection: close\r\n"
                        "\r\n%s",
                        head, body.size(), body));
    return client.ReadToEnd();
  }
  std::string Post(const HttpFaces& faces, const exchange::testing::Desk& desk,
                   const std::string& path, const std::string& body, const std::string& bearer) {
    return Send(faces, &desk,
                absl::StrCat("POST ", path, " HTTP/1.1\r\nContent-Type: application/json\r\n",
                             "X-Request-ID: r-1\r\nAuthorization: ", bearer, "\r\n"),
                body);
  }

  broker::v1::BrokerConfig config;
  std::unique_ptr<DecisionPoints> configured;
};

}  // namespace sluis::daemon::testing

// AuthZEN requests without a network: the routes over the pack of the certification fixture, and a
// log-in that knows one token.
#pragma once

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "broker/daemon/authzen_routes.h"
#include "lib/base/error.h"
#include "lib/base/json.h"
#include "tests/broker/authzen/foreign_pack.h"

namespace sluis::daemon::testing {

inline constexpr char kToken[] = "good";

struct OneToken : exchange::Authenticator {
  absl::StatusOr<exchange::Caller> Authenticate(std::string_view,
                                                std::string_view bearer) const override {
    if (bearer == "suspended")
      return Error(ErrorCode::kDenied, "PARTNER_SUSPENDED", "this organisation does not take part");
    if (bearer == "away") return Error(ErrorCode::kUnavailable, "STORE_UNAVAILABLE", "away");
    if (bearer != kToken)
      return Error(ErrorCode::kUnauthenticated, "ASSERTION_INVALID", "log in again");
    exchange::Caller caller;
    caller.party.oin = Oin::Parse("00000099000000001000").value();
    caller.party.unit = UnitPath::Parse("gemeente/oov").value();
    caller.person = "f-1";
    return caller;
  }
};

class AuthzenDesk : public ::testing::Test {
 protected:
  AuthzenDesk() { points.Add("", *pack); }

  using Headers = std::vector<std::pair<std::string, std::string>>;
  static Headers Usual() {
    return {{"host", "pdp.example:8443"},
            {"authorization", std::string("Bearer ") + kToken},
            {"content-type", "application/json"}};
  }
  http::Response Send(http::Method method, const std::string& target, const std::string& body,
                      const Headers& headers = Usual()) {
    return routes.Handle({method, target, headers, body, "certificate"});
  }
  static std::string HeaderOf(const http::Response& response, const std::string& name) {
    for (const auto& [key, value] : response.headers) {
      if (key == name) return value;
    }
    return "";
  }

  std::unique_ptr<authzen::EntityPack> pack = authzen::testing::CertificationPack();
  ManualClock clock{absl::FromUnixSeconds(1'790'000'000)};
  OneToken log_in;
  std::vector<std::string> refused;
  authzen::Protocols points{clock};
  AuthzenRoutes routes{
      {log_in, [this](std::string_view reason) { refused.emplace_back(reason); }, points, ""}};
};

}  // namespace sluis::daemon::testing

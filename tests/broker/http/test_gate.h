// The two parties that a bundle read asks: who is it, and may he look. Both remember what they were
// asked.
#pragma once

#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "broker/http/bundle_routes.h"
#include "lib/base/error.h"

namespace sluis::testing {

// Knows the tokens that begin with `good`, and wants a certificate.
class TestAuthenticator : public exchange::Authenticator {
 public:
  absl::StatusOr<exchange::Caller> Authenticate(std::string_view certificate_pem,
                                                std::string_view bearer) const override {
    if (!fault.ok()) return fault;
    if (certificate_pem.empty() || !bearer.starts_with("good"))
      return Error(ErrorCode::kUnauthenticated, "ASSERTION_INVALID", "the assertion is not valid");
    exchange::Caller caller;
    caller.jti = bearer;
    return caller;
  }
  absl::Status fault;
};

class TestGate : public http::BundleGate {
 public:
  absl::Status Admit(const exchange::Caller& caller, http::LogUse use, std::uint64_t first,
                     std::uint64_t end) override {
    if (!answer.ok()) return answer;
    constexpr const char* kNames[] = {"", "LAWFULNESS_CHECK", "INTERNAL_CONTROL",
                                      "INTEGRITY_SECURITY", "CRIMINAL_PROCEEDINGS"};
    admitted.push_back(absl::StrFormat("%s %d %d", kNames[static_cast<int>(use)], first, end));
    tokens.push_back(caller.jti);
    return absl::OkStatus();
  }
  void NoteRefusedLogin(std::string_view reason, const Oin& organisation) override {
    refused.push_back(absl::StrFormat("%s %s", reason, organisation.str()));
  }
  absl::Status answer;
  std::vector<std::string> admitted, tokens, refused;
};

}  // namespace sluis::testing

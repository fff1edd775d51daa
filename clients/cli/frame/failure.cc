#include "clients/cli/frame/failure.h"

#include <algorithm>
#include <array>

#include "absl/strings/str_format.h"
#include "clients/cli/frame/table.h"
#include "lib/base/error.h"

namespace sluis::cli {
namespace {

constexpr auto kVerificationReasons = std::to_array<std::string_view>({"LOG_INCONSISTENT",
                                                                       "DIRECTORY_NOT_SIGNED",
                                                                       "DIRECTORY_ROLLBACK",
                                                                       "DIRECTORY_CONFLICT",
                                                                       "E_SIGNATURE",
                                                                       "E_NO_KNOWN_SIGNATURE",
                                                                       "E_PROOF",
                                                                       "E_RECEIPT",
                                                                       "E_LEAF",
                                                                       "E_QUORUM",
                                                                       "E_CHECKPOINT",
                                                                       "E_COSIGNATURE_TIME",
                                                                       "E_RECORD",
                                                                       "E_OPEN",
                                                                       "E_PAYLOAD",
                                                                       "E_RECIPIENT",
                                                                       "E_MANDATE",
                                                                       "ANSWER_MISMATCH",
                                                                       "PACK_MALFORMED",
                                                                       "PACK_SIGNER_REPEATED",
                                                                       "PACK_NOT_SIGNED",
                                                                       "PACK_DIGEST_WRONG",
                                                                       "PACK_TOO_OLD",
                                                                       "PACK_NOT_YET",
                                                                       "PACK_OTHER",
                                                                       "RECEIPT_MALFORMED",
                                                                       "RECEIPT_KEY_UNKNOWN"});

constexpr auto kUsageReasons = std::to_array<std::string_view>(
    {"USAGE", "UNKNOWN_COMMAND", "UNKNOWN_OPTION", "OPTION_MISSING", "OPTION_INVALID",
     "IDENTIFIER_ON_COMMAND_LINE", "NO_INPUT", "PROFILE_MISSING"});

template <typename Reasons>
bool Holds(const Reasons& reasons, std::string_view reason) {
  return std::ranges::find(reasons, reason) != reasons.end();
}

std::string_view CodeName(absl::StatusCode code) {
  switch (code) {
    case absl::StatusCode::kInvalidArgument: return "INVALID_ARGUMENT";
    case absl::StatusCode::kUnauthenticated: return "UNAUTHENTICATED";
    case absl::StatusCode::kPermissionDenied: return "PERMISSION_DENIED";
    case absl::StatusCode::kNotFound: return "NOT_FOUND";
    case absl::StatusCode::kAlreadyExists: return "ALREADY_EXISTS";
    case absl::StatusCode::kFailedPrecondition: return "FAILED_PRECONDITION";
    case absl::StatusCode::kAborted: return "ABORTED";
    case absl::StatusCode::kResourceExhausted: return "RESOURCE_EXHAUSTED";
    case absl::StatusCode::kUnavailable: return "UNAVAILABLE";
    case absl::StatusCode::kDeadlineExceeded: return "DEADLINE_EXCEEDED";
    case absl::StatusCode::kDataLoss: return "DATA_LOSS";
    default: return "INTERNAL";
  }
}

// The text of the reason, else that of the code.
std::string TextKey(const absl::Status& status) {
  const std::string key = absl::StrFormat("error.%s", CodeOf(status));
  if (HasText(key)) return key;
  return absl::StrFormat("error.%s", std::string(CodeName(status.code())));
}

std::string MetadataOf(const absl::Status& status, const std::string& key) {
  const auto metadata = DetailOf(status).metadata;
  const auto found = metadata.find(key);
  return found == metadata.end() ? "" : found->second;
}

std::string WhatText(const absl::Status& status, Language language) {
  const std::string localized = MetadataOf(status, "localizedNl");
  if (language == Language::kDutch && !localized.empty()) return localized;
  return Text(language, TextKey(status));
}

// What the frame itself refuses is said in the person's language; what a library or the broker refuses
// as they say it.
std::string WhyText(const absl::Status& status, Language language) {
  const ErrorDetail detail = DetailOf(status);
  const std::string key = absl::StrFormat("error.%s.why", CodeOf(status));
  if (HasText(key)) return Text(language, key, {MetadataOf(status, "about")});
  if (detail.violations.size() < 2) return MessageOf(status);
  std::string why;
  for (const FieldViolation& violation : detail.violations) {
    if (!why.empty()) why += "; ";
    why += absl::StrFormat("%s: %s", violation.field, violation.description);
  }
  return why;
}

}  // namespace

ExitCode ExitCodeOf(const absl::Status& status) {
  if (status.ok()) return ExitCode::kOk;
  const std::string reason = ReasonOf(status);
  if (Holds(kVerificationReasons, reason)) return ExitCode::kVerification;
  if (Holds(kUsageReasons, reason)) return ExitCode::kUsage;
  switch (status.code()) {
    case absl::StatusCode::kInvalidArgument: return ExitCode::kUsage;
    case absl::StatusCode::kPermissionDenied: return ExitCode::kDenied;
    case absl::StatusCode::kUnauthenticated: return ExitCode::kLogIn;
    case absl::StatusCode::kNotFound: return ExitCode::kNotFound;
    case absl::StatusCode::kDataLoss: return ExitCode::kVerification;
    case absl::StatusCode::kUnavailable:
    case absl::StatusCode::kDeadlineExceeded: return ExitCode::kUnreachable;
    case absl::StatusCode::kCancelled: return ExitCode::kInterrupted;
    default: return ExitCode::kFault;
  }
}

std::string CodeOf(const absl::Status& status) {
  const std::string reason = ReasonOf(status);
  return reason.empty() ? std::string(CodeName(status.code())) : reason;
}

std::string FailureText(const absl::Status& status, Language language) {
  std::string text = absl::StrFormat("%s\n", WhatText(status, language));
  const auto line = [&](std::string_view key, const std::string& value) {
    if (value.empty()) return;
    text += absl::StrFormat("  %s: %s\n", Text(language, key), Printable(value));
  };
  line("frame.why", WhyText(status, language));
  line("frame.meant", MetadataOf(status, "nearest"));
  line("frame.do", Text(language, TextKey(status) + ".do"));
  line("frame.code", CodeOf(status));
  line("frame.trace", MetadataOf(status, "traceId"));
  return text;
}

Json FailureJson(const absl::Status& status, Language language) {
  const ErrorDetail detail = DetailOf(status);
  Json violations = Json::array();
  for (const FieldViolation& violation : detail.violations) {
    violations.push_back({{"field", violation.field}, {"description", violation.description}});
  }
  return {{"error",
           {{"code", CodeOf(status)},
            {"exit", static_cast<int>(ExitCodeOf(status))},
            {"message", MessageOf(status)},
            {"what", WhatText(status, language)},
            {"do", Text(language, TextKey(status) + ".do")},
            {"violations", violations},
            {"metadata", detail.metadata}}}};
}

}  // namespace sluis::cli

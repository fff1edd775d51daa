// How an error looks on the wire (api.md §7).
#include <gmock/gmock.h>

#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "broker/rpc/reasons.h"
#include "broker/rpc/status.h"
#include "lib/base/error.h"
#include "tests/broker/rpc/raw_call.h"

namespace sluis::rpc::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;

// As api.md §7 and pseudonyms.md §17 have them.
const std::map<int, std::set<std::string>>& Contract() {
  static const std::map<int, std::set<std::string>> contract = {
      {grpc::StatusCode::INVALID_ARGUMENT,
       {"FIELD_INVALID",
        "FIELD_MISSING",
        "UNKNOWN_FIELD",
        "UNKNOWN_PURPOSE",
        "UNKNOWN_LEGAL_BASIS",
        "UNKNOWN_FIELD_NAME",
        "PAGE_TOKEN_MISMATCH",
        "IDENTIFIER_IN_FREE_TEXT",
        "E_LENGTH",
        "E_ELEMENT",
        "E_IDENTITY",
        "E_SCALAR",
        "E_SCALAR_ZERO",
        "E_TRUNCATED",
        "E_TRAILING",
        "E_EMPTY_BATCH",
        "E_TYPE",
        "E_VERSION",
        "E_FLAGS",
        "E_BATCH_SIZE",
        "E_PAYLOAD",
        "E_UTF8",
        "E_TLV",
        "E_BSN",
        "E_SUBJECT",
        "E_STATEMENT"}},
      {grpc::StatusCode::UNAUTHENTICATED,
       {"CERTIFICATE_WITHOUT_OIN", "CERTIFICATE_NOT_TRUSTED", "ASSERTION_MISSING",
        "ASSERTION_INVALID", "ASSERTION_EXPIRED", "ASSERTION_REPLAYED"}},
      {grpc::StatusCode::PERMISSION_DENIED,
       {"RESOURCE_NOT_ACCESSIBLE", "PARTNER_SUSPENDED", "METHOD_NOT_ALLOWED", "MANDATE_INVALID",
        "OIN_MISMATCH", "USE_NOT_ALLOWED", "SECOND_PERSON_REQUIRED"}},
      {grpc::StatusCode::NOT_FOUND, {"RESOURCE_NOT_FOUND"}},
      {grpc::StatusCode::ALREADY_EXISTS, {"REQUEST_ID_REUSED", "ID_TAKEN"}},
      {grpc::StatusCode::FAILED_PRECONDITION,
       {"EXCHANGE_CLOSED",
        "APPROVAL_MISSING",
        "APPROVAL_EXPIRED",
        "APPROVER_IS_REQUESTER",
        "RETENTION_ENDED",
        "ALREADY_ERASED",
        "POLICY_PACK_STALE",
        "KEY_EPOCH_ENDED",
        "OBLIGATION_NOT_CONFIRMED",
        "ANSWER_EXCEEDS_DECISION",
        "E_SAME_CONTEXT",
        "E_SAME_DOMAIN",
        "E_SENDER",
        "E_RECIPIENT",
        "E_SELF",
        "E_LIFETIME",
        "E_EXPIRED",
        "E_SESSION",
        "E_REPLAY",
        "E_REPLAY_UNKNOWN",
        "E_DUPLICATE_B",
        "E_MANDATE",
        "E_CASE_CLOSED",
        "E_SIGNATURE",
        "E_REFUSED",
        "SUBJECT_NOT_SENT",
        "NO_TRANSCRYPTOR",
        "TRANSCRYPTOR_FAULT"}},
      {grpc::StatusCode::ABORTED, {"REQUEST_IN_PROGRESS", "ETAG_MISMATCH", "CONFLICTING_CHANGE"}},
      {grpc::StatusCode::RESOURCE_EXHAUSTED,
       {"RATE_LIMITED", "FISHING_LIMIT", "QUEUE_FULL", "PAYLOAD_TOO_LARGE", "E_QUOTA"}},
      {grpc::StatusCode::UNAVAILABLE,
       {"LOG_UNAVAILABLE", "STORE_UNAVAILABLE", "PROVIDER_UNREACHABLE", "STARTING",
        "TRANSCRYPTOR_UNAVAILABLE"}},
      {grpc::StatusCode::DEADLINE_EXCEEDED, {"DEADLINE_TOO_SHORT"}},
      {grpc::StatusCode::INTERNAL, {"INCIDENT"}},
      {grpc::StatusCode::DATA_LOSS, {"LOG_INCONSISTENT"}}};
  return contract;
}

// What stays inside: of starting, of the process's own files, of formats that no call carries.
const std::set<std::string>& Inside() {
  static const std::set<std::string> inside = {
      "DIRECTORY_ROLLBACK", "DIRECTORY_CONFLICT", "DIRECTORY_NOT_SIGNED", "PACK_NOT_FOUND",
      "PACK_INVALID", "PACK_NOT_PROVED", "CASES_INVALID", "QUERY_INVALID", "STEPS_USED_UP",
      "ANSWER_DAMAGED", "ANSWER_FORGOTTEN", "BOTH_HALVES", "CEREMONY_FINISHED",
      "KEYS_NOT_OF_THIS_SET", "KEYS_NOT_OPENED", "KEYS_OF_THE_OTHER", "REPLAY_MISSING",
      "REPLAY_OF_ANOTHER", "STATE_MISSING", "STATE_OF_ANOTHER", "WRONG_HOP", "PERIOD_INVALID",
      "CONFIG_INVALID", "FILE_NOT_FOUND", "FILE_NOT_USABLE", "FILE_TOO_LARGE", "KEY_FILE_EXISTS",
      "KEY_FILE_INVALID", "KEY_FILE_PERMISSIONS", "ADDRESS_NOT_USABLE", "LOG_IN_USE", "LOG_CLOSED",
      "HEAD_MOVED", "STORE_MISUSE", "E_LEAF", "E_RECORD", "E_CHECKPOINT", "E_COSIGNATURE_TIME",
      "E_MALFORMED", "E_NO_KNOWN_SIGNATURE", "E_ORDER", "E_QUORUM", "E_RECEIPT", "E_TILE_PATH",
      "E_TRUST_POLICY", "E_VKEY",
      // Told over HTTPS alone (exports.md §5.5).
      "NOT_REQUESTABLE", "DENIAL_NOT_BOUND", "DENIAL_EXPIRED"};
  return inside;
}

RawAnswer OnTheWire(const absl::Status& status) { return {ToGrpcStatus(status), {}}; }

TEST(Reasons, AreThoseOfTheContractEachWithItsCodeAndItsDutch) {
  std::map<int, std::set<std::string>> told;
  for (const ToldReason& reason : ToldReasons()) {
    EXPECT_TRUE(told[static_cast<int>(reason.code)].emplace(reason.reason).second)
        << reason.reason << " stands twice";
    EXPECT_TRUE(
        std::regex_match(std::string(reason.reason), std::regex("[A-Z][A-Z0-9_]{0,61}[A-Z0-9]")));
    EXPECT_FALSE(reason.dutch.empty()) << reason.reason;
  }
  EXPECT_EQ(told, Contract());
}

// Reads the sources: a reason that somebody adds must be given a place.
TEST(Reasons, OfTheSourcesAreToldOrStayInside) {
  const std::regex made(
      R"re((?:Error\(\s*(?:ErrorCode::k\w+,)?|InvalidField\(|Invalid\(|Refuse\(|BadDraft\()\s*"([A-Z][A-Z0-9]*_[A-Z0-9_]+)")re");
  int found = 0;
  for (const char* folder : {"broker", "lib", "policy/engine"}) {
    for (const auto& file : std::filesystem::recursive_directory_iterator(folder)) {
      if (file.path().extension() != ".cc") continue;
      std::stringstream text;
      text << std::ifstream(file.path()).rdbuf();
      const std::string content = text.str();
      for (std::sregex_iterator it(content.begin(), content.end(), made), end; it != end; ++it) {
        ++found;
        const std::string reason = (*it)[1];
        EXPECT_TRUE(FindToldReason(reason) != nullptr || Inside().contains(reason))
            << reason << " in " << file.path();
      }
    }
  }
  EXPECT_GT(found, 100);
}

TEST(ErrorOnTheWire, CarriesOneInfoADutchLineAndWhatItsCodeAsksFor) {
  for (const ToldReason& reason : ToldReasons()) {
    SCOPED_TRACE(reason.reason);
    const RawAnswer answer =
        OnTheWire(Error(ErrorCode::kInvalid, reason.reason, "what is wrong", {{"what", "it"}}));
    const google::rpc::Status details = answer.Details();
    EXPECT_EQ(answer.status.error_code(), static_cast<int>(reason.code));
    EXPECT_EQ(details.code(), static_cast<int>(reason.code));
    EXPECT_EQ(details.message(), answer.status.error_message());
    const auto info = answer.Find<google::rpc::ErrorInfo>();
    ASSERT_TRUE(info.has_value());
    EXPECT_EQ(info->reason(), reason.reason);
    EXPECT_EQ(info->domain(), "sluis.example");
    EXPECT_EQ(info->metadata().at("what"), "it");
    const auto dutch = answer.Find<google::rpc::LocalizedMessage>();
    ASSERT_TRUE(dutch.has_value());
    EXPECT_EQ(dutch->locale(), "nl-NL");
    EXPECT_EQ(dutch->message(), reason.dutch);
    EXPECT_EQ(answer.Find<google::rpc::RetryInfo>().has_value(),
              reason.code == absl::StatusCode::kUnavailable ||
                  reason.code == absl::StatusCode::kResourceExhausted);
    EXPECT_EQ(answer.Find<google::rpc::PreconditionFailure>().has_value(),
              reason.code == absl::StatusCode::kFailedPrecondition);
    EXPECT_FALSE(answer.Find<google::rpc::ResourceInfo>().has_value());
  }
}

TEST(ErrorOnTheWire, SaysWhenToTryAgain) {
  const absl::Status busy = Error(ErrorCode::kExhausted, "QUEUE_FULL", "too many calls wait");
  const auto own =
      OnTheWire(WithRetry(busy, absl::Milliseconds(2500))).Find<google::rpc::RetryInfo>();
  ASSERT_TRUE(own.has_value());
  EXPECT_EQ(own->retry_delay().seconds(), 2);
  EXPECT_EQ(own->retry_delay().nanos(), 500'000'000);
  EXPECT_EQ(OnTheWire(busy).Find<google::rpc::RetryInfo>()->retry_delay().seconds(), 1);
}

TEST(ErrorOnTheWire, OfTheInsideIsAnIncidentAndNothingMore) {
  const std::vector<absl::Status> inside = {
      absl::InternalError("SELECT * FROM cases"),
      absl::UnknownError("x/y.db"),
      absl::PermissionDeniedError("no reason"),
      Error(ErrorCode::kInternal, "STORE_MISUSE", "SELECT * FROM cases", {{"path", "x/y.db"}}),
      Error(ErrorCode::kAborted, "HEAD_MOVED", "SELECT * FROM cases"),
      Error(ErrorCode::kInvalid, "NO_SUCH_REASON", "SELECT * FROM cases")};
  std::set<std::string> ids;
  for (const absl::Status& status : inside) {
    const RawAnswer answer = OnTheWire(status);
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::INTERNAL);
    EXPECT_EQ(answer.Reason(), "INCIDENT");
    EXPECT_EQ(answer.Find<google::rpc::ErrorInfo>()->metadata_size(), 1);
    const std::string id = answer.Metadata("incident");
    EXPECT_THAT(answer.status.error_message(), HasSubstr(id));
    EXPECT_TRUE(ids.insert(id).second) << "every incident has an id of its own";
    const std::string text = answer.status.error_message() + answer.status.error_details();
    EXPECT_THAT(text, Not(HasSubstr("SELECT")));
    EXPECT_THAT(text, Not(HasSubstr("y.db")));
  }
}

TEST(ErrorOnTheWire, OfSomethingSealedSaysOnlyThatItWasRefused) {
  for (const char* reason : {"E_PADDING", "E_OPEN", "E_STREAM", "E_PROOF", "E_DH_ZERO", "E_POK",
                             "E_CANARY", "E_YFROM", "E_FACTOR_TRIVIAL"}) {
    const RawAnswer answer =
        OnTheWire(Error(ErrorCode::kInvalid, reason, "bucket 3", {{"bucket", "3"}}));
    EXPECT_EQ(answer.Reason(), "E_REFUSED");
    EXPECT_EQ(answer.status.error_code(), grpc::StatusCode::FAILED_PRECONDITION);
    EXPECT_THAT(answer.status.error_message() + answer.status.error_details(),
                Not(HasSubstr("bucket")));
  }
}

TEST(ErrorOnTheWire, StaysBelowSixKibibytesAndSaysHowManyMoreThereAre) {
  std::vector<FieldViolation> many;
  for (int i = 0; i < 500; ++i)
    many.push_back({absl::StrCat("exchange.fields[", i, "]"), std::string(100, 'x')});
  const RawAnswer answer = OnTheWire(InvalidFields("FIELD_INVALID", many));
  EXPECT_LE(answer.status.error_details().size(), 6u << 10);
  const auto bad = answer.Find<google::rpc::BadRequest>();
  ASSERT_TRUE(bad.has_value());
  const auto& last = bad->field_violations(bad->field_violations_size() - 1);
  EXPECT_EQ(last.field(), "request");
  EXPECT_THAT(last.description(), HasSubstr(absl::StrCat(500 - bad->field_violations_size() + 1)));
  many.resize(8);
  EXPECT_EQ(OnTheWire(InvalidFields("FIELD_INVALID", many)).Violations().size(), 8u);
}

TEST(ErrorOnTheWire, IsNoneWhenAllIsWell) {
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).ok());
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus()).error_details().empty());
}

}  // namespace
}  // namespace sluis::rpc::testing

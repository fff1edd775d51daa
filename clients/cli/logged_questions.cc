#include "clients/cli/logged_questions.h"

#include <sstream>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/json.h"
#include "policy/engine/authzen.h"

namespace sluis::cli {
namespace {

absl::Status NoQuestion(std::string_view what, std::string_view place) {
  return Error(ErrorCode::kInvalid, "LINE_INVALID",
               absl::StrFormat("%s %s of --log is no request", what, place),
               {{"about", std::string(place)}});
}

absl::StatusOr<LoggedQuestions> FromLines(const std::string& text) {
  LoggedQuestions questions;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::string place = absl::StrFormat("%d", questions.list.size() + 1);
    auto request = policy::ParseAuthzenRequest(line);
    if (!request.ok()) return NoQuestion("line", place);
    questions.list.push_back({std::move(place), *std::move(request)});
  }
  return questions;
}

// The index of a record is a decimal string, as Protocol Buffers write 64-bit numbers.
std::string PlaceOf(const Json& record) {
  const auto index = record.find("index");
  if (index == record.end()) return "0";
  return index->is_string() ? index->get<std::string>() : index->dump();
}

absl::StatusOr<LoggedQuestions> FromRecords(const Json& page) {
  if (page.contains("next_page_token") && page.at("next_page_token") != "") {
    return Error(ErrorCode::kInvalid, "LIST_INCOMPLETE",
                 "--log holds one page of records, and another follows; list them with --all");
  }
  LoggedQuestions questions;
  for (const Json& record : page.at("records")) {
    const Json::json_pointer where("/content/request");
    if (!record.is_object() || !record.contains(where)) {
      ++questions.without;
      continue;
    }
    auto request = policy::ParseAuthzenRequest(record.at(where).dump());
    if (!request.ok()) return NoQuestion("leaf", PlaceOf(record));
    questions.list.push_back({PlaceOf(record), *std::move(request)});
  }
  return questions;
}

}  // namespace

absl::StatusOr<LoggedQuestions> ReadLoggedQuestions(const std::string& text) {
  const auto whole = ParseJsonStrict(text, {.max_bytes = kMostLogged});
  const bool records = whole.ok() && whole->is_object() && whole->contains("records") &&
                       whole->at("records").is_array();
  return records ? FromRecords(*whole) : FromLines(text);
}

}  // namespace sluis::cli

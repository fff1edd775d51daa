#include "broker/authzen/protocol.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"

namespace sluis::authzen {
namespace {

constexpr std::uint64_t kDefaultLimit = 100, kMostLimit = 1000;

enum class Semantic { kExecuteAll, kDenyOnFirstDeny, kPermitOnFirstPermit };

absl::StatusOr<Json> ReadRoot(std::string_view body) {
  SLUIS_ASSIGN_OR_RETURN(Json root, ParseJsonStrict(body));
  Fault fault;
  const Members members(root, "", fault);
  if (fault.found()) return InvalidField("FIELD_INVALID", "body", fault.message);
  return root;
}

Json ToJson(Verdict verdict) {
  Json json = {{"decision", verdict.decision}};
  if (!verdict.context.empty()) json["context"] = std::move(verdict.context);
  return json;
}

Json Failed(int status, const std::string& message) {
  return {{"decision", false},
          {"context", {{"error", {{"status", status}, {"message", message}}}}}};
}

absl::StatusOr<Semantic> SemanticOf(const Json& root) {
  Fault fault;
  const Members options(Members(root, "", fault).ObjectOrEmpty("options"), "options", fault);
  const std::string name = options.TextIfAny("evaluations_semantic").value_or("execute_all");
  if (fault.found()) return fault.ToStatus();
  if (name == "execute_all") return Semantic::kExecuteAll;
  if (name == "deny_on_first_deny") return Semantic::kDenyOnFirstDeny;
  if (name == "permit_on_first_permit") return Semantic::kPermitOnFirstPermit;
  return InvalidField("FIELD_INVALID", "options.evaluations_semantic",
                      "must be execute_all, deny_on_first_deny or permit_on_first_permit");
}

bool Settles(Semantic semantic, bool decision) {
  return (semantic == Semantic::kDenyOnFirstDeny && !decision) ||
         (semantic == Semantic::kPermitOnFirstPermit && decision);
}

// The defaults of a batch: of a wrong type is malformed, incomplete is for the items to say.
absl::Status CheckDefaults(const Json& root) {
  Fault fault;
  const Members members(root, "", fault);
  for (const char* name : {"subject", "action", "resource", "context"}) members.ObjectOrEmpty(name);
  return fault.found() ? fault.ToStatus() : absl::OkStatus();
}

absl::Status CheckItems(const Json& items) {
  if (!items.is_array())
    return InvalidField("FIELD_INVALID", "evaluations", "must be an array of objects");
  if (items.size() > kMostEvaluations) {
    return InvalidField("FIELD_INVALID", "evaluations",
                        absl::StrFormat("must be at most %d", kMostEvaluations));
  }
  for (std::size_t i = 0; i < items.size(); ++i) {
    if (!items[i].is_object())
      return InvalidField("FIELD_INVALID", absl::StrFormat("evaluations[%d]", i),
                          "must be a JSON object");
  }
  return absl::OkStatus();
}

Json DecideItem(Hearing& hearing, const Json& item, const Json& defaults, std::size_t index) {
  Fault fault;
  const Question question = ReadQuestion(item, defaults, Searched::kNothing,
                                         absl::StrFormat("evaluations[%d]", index), fault);
  if (fault.found()) return Failed(400, fault.member + ": " + fault.message);
  absl::StatusOr<Verdict> verdict = hearing.Decide(question);
  if (verdict.ok()) return ToJson(*std::move(verdict));
  LogEvent(LogLevel::kError, "authzen-item", "reason=" + ReasonOf(verdict.status()));
  return Failed(500, "could not be decided; try again");
}

std::string_view SearchName(Searched searched) {
  switch (searched) {
    case Searched::kSubject:
      return "subject";
    case Searched::kResource:
      return "resource";
    case Searched::kAction:
      return "action";
    case Searched::kNothing:
      break;
  }
  return "";
}

std::string HashOf(const Json& json) { return HexEncode(AsView(Sha256(json.dump()))); }

struct PageAsked {
  std::string token;
  std::optional<std::uint64_t> limit;
};

absl::StatusOr<PageAsked> ReadPage(const Json& root) {
  Fault fault;
  const Members page(Members(root, "", fault).ObjectOrEmpty("page"), "page", fault);
  PageAsked asked;
  asked.token = page.TextIfAny("token").value_or("");
  if (const Json* limit = page.Find("limit"); limit != nullptr) {
    if (limit->is_number_unsigned() && *limit >= 1 && *limit <= kMostLimit) {
      asked.limit = limit->get<std::uint64_t>();
    } else {
      page.Fail("limit", absl::StrFormat("must be a whole number, 1 to %d", kMostLimit));
    }
  }
  if (fault.found()) return fault.ToStatus();
  return asked;
}

}  // namespace

Protocol::Protocol(std::string name, DecisionPoint& point, const SearchTokens& tokens,
                   const Clock& clock)
    : name_(std::move(name)), point_(point), tokens_(tokens), clock_(clock) {}

absl::StatusOr<Json> Protocol::Decide(const exchange::Caller& caller, const Json& root) const {
  Fault fault;
  const Question question = ReadQuestion(root, EmptyObject(), Searched::kNothing, "", fault);
  if (fault.found()) return fault.ToStatus();
  SLUIS_ASSIGN_OR_RETURN(const std::unique_ptr<Hearing> hearing, point_.Open(caller));
  SLUIS_ASSIGN_OR_RETURN(Verdict verdict, hearing->Decide(question));
  SLUIS_RETURN_IF_ERROR(hearing->Close());
  return ToJson(std::move(verdict));
}

absl::StatusOr<Json> Protocol::Evaluation(const exchange::Caller& caller,
                                          std::string_view body) const {
  SLUIS_ASSIGN_OR_RETURN(const Json root, ReadRoot(body));
  return Decide(caller, root);
}

absl::StatusOr<Json> Protocol::Evaluations(const exchange::Caller& caller,
                                           std::string_view body) const {
  SLUIS_ASSIGN_OR_RETURN(const Json root, ReadRoot(body));
  return DecideAll(caller, root);
}

absl::StatusOr<Json> Protocol::DecideAll(const exchange::Caller& caller, const Json& root) const {
  SLUIS_ASSIGN_OR_RETURN(const Semantic semantic, SemanticOf(root));
  const auto items = root.find("evaluations");
  if (items == root.end()) return Decide(caller, root);
  SLUIS_RETURN_IF_ERROR(CheckItems(*items));
  if (items->empty()) return Decide(caller, root);
  SLUIS_RETURN_IF_ERROR(CheckDefaults(root));
  SLUIS_ASSIGN_OR_RETURN(const std::unique_ptr<Hearing> hearing, point_.Open(caller));
  Json answers = Json::array();
  for (std::size_t i = 0; i < items->size(); ++i) {
    answers.push_back(DecideItem(*hearing, (*items)[i], root, i));
    if (Settles(semantic, answers.back().at("decision").get<bool>())) break;
  }
  SLUIS_RETURN_IF_ERROR(hearing->Close());
  return Json{{"evaluations", std::move(answers)}};
}

absl::StatusOr<Json> Protocol::Search(Searched searched, const exchange::Caller& caller,
                                      std::string_view body) const {
  SLUIS_ASSIGN_OR_RETURN(const Json root, ReadRoot(body));
  return Find(searched, caller, root);
}

absl::StatusOr<Json> Protocol::Find(Searched searched, const exchange::Caller& caller,
                                    const Json& root) const {
  Fault fault;
  const Question question = ReadQuestion(root, EmptyObject(), searched, "", fault);
  if (fault.found()) return fault.ToStatus();
  SLUIS_ASSIGN_OR_RETURN(const std::unique_ptr<Hearing> hearing, point_.Open(caller));
  SLUIS_ASSIGN_OR_RETURN(std::vector<Json> results, hearing->Search(searched, question));
  SLUIS_RETURN_IF_ERROR(hearing->Close());
  const std::string bound =
      absl::StrFormat("%s\n%s\n%s %s\n%s", name_, std::string(SearchName(searched)),
                      caller.ActorId(), caller.party.ToString(), hearing->Policy());
  return Paged(std::move(results), searched, root, bound);
}

absl::StatusOr<Json> Protocol::Paged(std::vector<Json> results, Searched searched, const Json& root,
                                     const std::string& bound) const {
  std::sort(results.begin(), results.end());
  SLUIS_ASSIGN_OR_RETURN(const PageAsked asked, ReadPage(root));
  Json request = root;
  request.erase("page");
  // The id of what is searched is ignored, here too.
  if (searched == Searched::kSubject) request["subject"].erase("id");
  if (searched == Searched::kResource) request["resource"].erase("id");
  const std::string all =
      absl::StrFormat("%s\n%s\n%s", bound, HashOf(request), HashOf(Json(results)));
  Cursor cursor{0, asked.limit.value_or(kDefaultLimit)};
  if (!asked.token.empty()) {
    SLUIS_ASSIGN_OR_RETURN(cursor, tokens_.Read(asked.token, all, clock_.Now()));
    if (asked.limit && *asked.limit != cursor.limit)
      return InvalidField("FIELD_INVALID", "page.limit",
                          "must stay the same over all pages, or be left out after the first");
  }
  const std::uint64_t total = results.size();
  const std::uint64_t begin = std::min(cursor.offset, total);
  const std::uint64_t end = std::min(begin + cursor.limit, total);
  Json page = Json::array();
  for (std::uint64_t i = begin; i < end; ++i) page.push_back(std::move(results[i]));
  const std::string next = end == total ? "" : tokens_.Make({end, cursor.limit}, all, clock_.Now());
  return Json{{"page", {{"next_token", next}, {"count", end - begin}, {"total", total}}},
              {"results", std::move(page)}};
}

Json Protocol::Metadata(const std::string& base, const std::string& endpoints) const {
  Json metadata = {{"policy_decision_point", base},
                   {"access_evaluation_endpoint", endpoints + "/access/v1/evaluation"},
                   {"access_evaluations_endpoint", endpoints + "/access/v1/evaluations"},
                   {"search_subject_endpoint", endpoints + "/access/v1/search/subject"},
                   {"search_resource_endpoint", endpoints + "/access/v1/search/resource"},
                   {"search_action_endpoint", endpoints + "/access/v1/search/action"},
                   {"capabilities", Json::array()}};
  if (const std::vector<std::string> types = point_.Obligations(); !types.empty())
    metadata["supported_obligations"] = types;
  return metadata;
}

}  // namespace sluis::authzen

#include "policy/engine/authzen.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/json.h"
#include "lib/base/status_macros.h"
#include "policy/engine/evaluate.h"
#include "policy/engine/request_check.h"

namespace sluis::policy {
namespace {

constexpr char kArticle20Fields[] = "artikel-20-velden";

// An object of the request with its path. Keeps the first fault; after it, reading gives empty
// values.
class Node {
 public:
  Node(const Json& json, std::string path, Invalid& fault)
      : json_(json.is_object() ? &json : nullptr), path_(std::move(path)), fault_(fault) {
    if (json_ == nullptr) Fail(path_, "must be a JSON object");
  }

  // A required object. One that is missing or no object is a fault.
  Node Object(const char* name) const {
    const Json* value = Find(name);
    if (value == nullptr) Fail(PathOf(name), "is required");
    return {value == nullptr ? Empty() : *value, PathOf(name), fault_};
  }
  std::string Text(const char* name) const {
    const Json* value = Find(name);
    if (value == nullptr) Fail(PathOf(name), "is required");
    return value == nullptr ? "" : String(*value, PathOf(name));
  }
  std::string TextOrEmpty(const char* name) const {
    return Find(name) == nullptr ? "" : Text(name);
  }
  bool Flag(const char* name) const {
    const Json* value = Find(name);
    if (value != nullptr && !value->is_boolean()) Fail(PathOf(name), "must be true or false");
    return value != nullptr && value->is_boolean() && value->get<bool>();
  }
  absl::Time Time(const char* name) const {
    const absl::StatusOr<absl::Time> time = ParseRfc3339(Text(name));
    if (time.ok()) return *time;
    Fail(PathOf(name), "must be RFC 3339 with seconds and a zone, as 2026-01-01T00:00:00+01:00");
    return absl::InfinitePast();
  }
  std::vector<std::string> Texts(const char* name) const {
    std::vector<std::string> texts;
    const Json& list = List(name);
    for (std::size_t i = 0; i < list.size(); ++i) texts.push_back(String(list[i], PathOf(name, i)));
    return texts;
  }
  // An array; empty, with a fault, if it is missing or something else.
  const Json& List(const char* name) const {
    const Json* value = Find(name);
    if (value != nullptr && value->is_array()) return *value;
    Fail(PathOf(name), value == nullptr ? "is required" : "must be an array");
    return Empty();
  }
  bool Has(const char* name) const { return Find(name) != nullptr; }
  const Json& json() const { return json_ == nullptr ? Empty() : *json_; }
  std::string PathOf(const char* name) const {
    return path_.empty() ? name : absl::StrCat(path_, ".", name);
  }
  std::string PathOf(const char* name, std::size_t i) const {
    return absl::StrFormat("%s[%d]", PathOf(name), i);
  }
  std::string String(const Json& value, const std::string& path) const {
    if (value.is_string()) return value.get<std::string>();
    Fail(path, "must be a string");
    return "";
  }
  void Fail(std::string member, std::string message) const {
    if (fault_.message.empty()) fault_ = {std::move(member), std::move(message)};
  }

 private:
  static const Json& Empty() {
    static const Json* empty = new Json(Json::object());
    return *empty;
  }
  const Json* Find(const char* name) const {
    if (json_ == nullptr) return nullptr;
    const auto found = json_->find(name);
    return found == json_->end() ? nullptr : &*found;
  }

  const Json* json_;
  std::string path_;
  Invalid& fault_;
};

void CheckType(const Node& entity, const char* expected) {
  if (entity.Text("type") != expected) {
    entity.Fail(entity.PathOf("type"), absl::StrFormat("must be `%s`", expected));
  }
}

void ReadSubject(const Node& subject, EvaluationRequest& request) {
  CheckType(subject, "functionary");
  request.subject_id = subject.Text("id");
  const Node properties = subject.Object("properties");
  request.subject_organisation = properties.Text("organisation");
  request.subject_unit = properties.Text("unit");
}

void ReadAction(const Node& action, EvaluationRequest& request) {
  request.action = action.Text("name");
  const Node properties = action.Object("properties");
  request.purpose = properties.Text("purpose");
  request.basis = properties.Text("basis");
  request.emergency = properties.Flag("emergency");
}

bool ReadMode(const Node& properties) {
  const std::string mode = properties.TextOrEmpty("mode");
  if (properties.Has("mode") && mode != "all-or-nothing" && mode != "subset") {
    properties.Fail(properties.PathOf("mode"), "must be `all-or-nothing` or `subset`");
  }
  return mode == "subset";
}

void ReadResource(const Node& resource, EvaluationRequest& request) {
  CheckType(resource, "case-signal");
  request.resource_id = resource.Text("id");
  const Node properties = resource.Object("properties");
  request.provider_organisation = properties.Text("provider_organisation");
  request.provider_unit = properties.Text("provider_unit");
  request.recipient_organisation = properties.TextOrEmpty("recipient_organisation");
  request.recipient_unit = properties.Text("recipient_unit");
  // Empty stands for left out, which only some actions allow; what is sent must be an OIN.
  if (properties.Has("recipient_organisation") && !IsOin(request.recipient_organisation)) {
    properties.Fail(properties.PathOf("recipient_organisation"),
                    "give the OIN of the organisation, 20 digits");
  }
  request.regime = properties.Text("regime");
  request.subject_category = properties.Text("subject_category");
  request.case_phase = properties.Text("case_phase");
  request.fields = properties.Texts("fields");
  request.subset = ReadMode(properties);
}

void ReadFacts(const Node& context, EvaluationRequest& request) {
  if (!context.Has("facts")) return;
  const Node facts = context.Object("facts");
  for (const auto& [id, value] : facts.json().items()) {
    if (id == kArticle20Fields) {
      request.artikel_20_velden = facts.Texts(kArticle20Fields);
    } else if (value.is_string()) {
      request.facts[id] = value.get<std::string>();
    } else {
      facts.Fail(facts.PathOf("*"), "a fact must be a string");
    }
  }
}

void ReadApprovals(const Node& context, Invalid& fault, EvaluationRequest& request) {
  if (!context.Has("approvals")) return;
  const Json& list = context.List("approvals");
  for (std::size_t i = 0; i < list.size(); ++i) {
    const Node approval(list[i], context.PathOf("approvals", i), fault);
    request.approvals.push_back(
        {approval.Text("role"), approval.Text("person"), approval.Time("time")});
  }
}

void ReadContext(const Node& context, Invalid& fault, EvaluationRequest& request) {
  request.time = context.Time("time");
  ReadFacts(context, request);
  ReadApprovals(context, fault, request);
}

Json NullIfEmpty(const std::string& text) { return text.empty() ? Json(nullptr) : Json(text); }
Json NullIfEmpty(const std::vector<std::string>& list) {
  return list.empty() ? Json(nullptr) : Json(list);
}

Json ApprovalsOf(const Decision& decision) {
  if (decision.approvals_needed.empty()) return nullptr;
  Json needed = Json::object();
  for (const auto& [id, need] : decision.approvals_needed)
    needed[id] = {{"k", need.k}, {"roles", need.roles}};
  return needed;
}

Json EmergencyOf(const Decision& decision) {
  if (!decision.emergency) return nullptr;
  return {{"max_access", decision.emergency_terms.max_access},
          {"review_within", decision.emergency_terms.review_within},
          {"review_by", decision.emergency_terms.review_by}};
}

Json FieldOutcomesOf(const Decision& decision) {
  Json outcomes = Json::object();
  for (const auto& [field, outcome] : decision.field_outcomes)
    outcomes[field] = std::string(OutcomeName(outcome));
  return outcomes;
}

Json FieldsOf(const Decision& decision) {
  Json fields = Json::object();
  for (const auto& [field, form] : decision.fields) fields[field] = form;
  return fields;
}

Invalid InvalidOf(const absl::Status& status) {
  const ErrorDetail detail = DetailOf(status);
  if (detail.violations.empty()) return {"", MessageOf(status)};
  return {detail.violations.front().field, detail.violations.front().description};
}

Decision InvalidDecision(const absl::Status& status) {
  Decision decision;
  decision.invalid = InvalidOf(status);
  decision.reason_nl = "Deze vraag is niet te lezen.";
  decision.reason_en = "This request cannot be read.";
  return decision;
}

}  // namespace

absl::StatusOr<EvaluationRequest> ParseAuthzenRequest(std::string_view json_line) {
  SLUIS_ASSIGN_OR_RETURN(const Json json, ParseJsonStrict(json_line));
  Invalid fault;
  EvaluationRequest request;
  const Node root(json, "", fault);
  ReadSubject(root.Object("subject"), request);
  ReadAction(root.Object("action"), request);
  ReadResource(root.Object("resource"), request);
  ReadContext(root.Object("context"), fault, request);
  if (!fault.message.empty()) return InvalidField("FIELD_INVALID", fault.member, fault.message);
  return request;
}

std::string AuthzenResponse(const Decision& decision) {
  Json context = {
      {"outcome", std::string(OutcomeName(decision.outcome))},
      {"fields", FieldsOf(decision)},
      {"field_outcomes", FieldOutcomesOf(decision)},
      {"retention", NullIfEmpty(decision.retention)},
      {"onward", NullIfEmpty(decision.onward)},
      {"onward_to", NullIfEmpty(decision.onward_to)},
      {"handling", NullIfEmpty(decision.handling)},
      {"feedback_due", NullIfEmpty(decision.feedback_due)},
      {"notify", decision.notify},
      {"marks", decision.marks},
      {"min_cell", decision.min_cell.has_value() ? Json(*decision.min_cell) : Json(nullptr)},
      {"approvals_needed", ApprovalsOf(decision)},
      {"deciding_rules", decision.deciding_rules},
      {"emergency", EmergencyOf(decision)},
      {"reason_user", {{"nl", decision.reason_nl}, {"en", decision.reason_en}}}};
  if (decision.outcome == Outcome::kInvalid) {
    context["error"] = {{"member", decision.invalid.member}, {"message", decision.invalid.message}};
  }
  return Json{{"decision", decision.outcome == Outcome::kPermitted},
              {"context", std::move(context)}}
      .dump();
}

std::string EvaluateLine(const Pack& pack, std::string_view json_line) {
  const absl::StatusOr<EvaluationRequest> request = ParseAuthzenRequest(json_line);
  return AuthzenResponse(request.ok() ? Evaluate(pack, *request)
                                      : InvalidDecision(request.status()));
}

std::string EvaluateLine(const CompiledPack& pack, std::string_view json_line) {
  const absl::StatusOr<EvaluationRequest> request = ParseAuthzenRequest(json_line);
  return AuthzenResponse(request.ok() ? pack.Evaluate(*request)
                                      : InvalidDecision(request.status()));
}

}  // namespace sluis::policy

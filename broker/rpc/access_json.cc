#include "broker/rpc/access_json.h"

#include <google/protobuf/descriptor.h>

#include <string>
#include <vector>

#include "broker/rpc/structs.h"
#include "lib/base/error.h"

namespace sluis::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Struct;

// Entities, questions and lists of them are named alike in both; what is no message there is said
// apart.
Json ObjectOf(const Message& message) {
  if (const auto* object = dynamic_cast<const Struct*>(&message)) return ToJson(*object);
  const auto& reflection = *message.GetReflection();
  std::vector<const FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  Json json = Json::object();
  for (const FieldDescriptor* field : fields) {
    Json& member = json[field->name()];
    if (field->is_repeated()) {
      member = Json::array();
      for (int i = 0; i < reflection.FieldSize(message, field); ++i)
        member.push_back(ObjectOf(reflection.GetRepeatedMessage(message, field, i)));
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      member = ObjectOf(reflection.GetMessage(message, field));
    } else if (field->cpp_type() == FieldDescriptor::CPPTYPE_STRING) {
      member = reflection.GetString(message, field);
    } else {
      json.erase(field->name());
    }
  }
  return json;
}

template <typename Request>
Json QuestionOf(const Request& request) {
  Json body = ObjectOf(request);
  body.erase("decision_point");
  return body;
}

template <typename Request>
Json SearchOf(const Request& request) {
  Json body = QuestionOf(request);
  body.erase("page_token");
  Json page = Json::object();
  if (!request.page_token().empty()) page["token"] = request.page_token();
  if (request.page_size() != 0) page["limit"] = static_cast<std::uint64_t>(request.page_size());
  if (!page.empty()) body["page"] = std::move(page);
  return body;
}

const char* NameOf(v1::EvaluationsSemantic semantic) {
  switch (semantic) {
    case v1::EVALUATIONS_SEMANTIC_DENY_ON_FIRST_DENY:
      return "deny_on_first_deny";
    case v1::EVALUATIONS_SEMANTIC_PERMIT_ON_FIRST_PERMIT:
      return "permit_on_first_permit";
    default:
      return "execute_all";
  }
}

void ToDecision(const Json& json, v1::AccessDecision* out) {
  out->set_decision(json.at("decision").get<bool>());
  if (const auto context = json.find("context"); context != json.end())
    ToStruct(*context, out->mutable_context());
}

template <typename Found>
void ToProperties(const Json& json, Found* out) {
  if (const auto properties = json.find("properties"); properties != json.end())
    ToStruct(*properties, out->mutable_properties());
}

template <typename Entity>
void ToEntity(const Json& json, Entity* out) {
  out->set_type(json.at("type").get<std::string>());
  out->set_id(json.at("id").get<std::string>());
  ToProperties(json, out);
}

void ToFound(const Json& json, v1::FoundSubject* out) { ToEntity(json, out->mutable_subject()); }
void ToFound(const Json& json, v1::FoundResource* out) { ToEntity(json, out->mutable_resource()); }
void ToFound(const Json& json, v1::FoundAction* out) {
  out->mutable_action()->set_name(json.at("name").get<std::string>());
  ToProperties(json, out->mutable_action());
}

template <typename Response>
void ToPage(const Json& body, Response* out) {
  for (const Json& result : body.at("results")) {
    auto* found = out->add_results();
    ToFound(result, found);
    const auto obligations = result.find("obligations");
    if (obligations == result.end()) continue;
    for (const Json& one : *obligations) ToStruct(one, found->add_obligations());
  }
  out->set_next_page_token(body.at("page").at("next_token").get<std::string>());
  out->set_total_size(body.at("page").at("total").get<std::int32_t>());
}

}  // namespace

Json BodyOf(const v1::EvaluateAccessRequest& request) { return QuestionOf(request); }

Json BodyOf(const v1::BatchEvaluateAccessRequest& request) {
  Json body = QuestionOf(request);
  body["options"] = {{"evaluations_semantic", NameOf(request.evaluations_semantic())}};
  return body;
}

Json BodyOf(const v1::SearchSubjectsRequest& request) { return SearchOf(request); }
Json BodyOf(const v1::SearchResourcesRequest& request) { return SearchOf(request); }
Json BodyOf(const v1::SearchActionsRequest& request) { return SearchOf(request); }

void FromBody(const Json& body, v1::EvaluateAccessResponse* out) {
  ToDecision(body, out->mutable_decision());
}

void FromBody(const Json& body, v1::BatchEvaluateAccessResponse* out) {
  const auto many = body.find("evaluations");
  if (many == body.end()) return ToDecision(body, out->add_evaluations());
  for (const Json& one : *many) ToDecision(one, out->add_evaluations());
}

void FromBody(const Json& body, v1::SearchSubjectsResponse* out) { ToPage(body, out); }
void FromBody(const Json& body, v1::SearchResourcesResponse* out) { ToPage(body, out); }
void FromBody(const Json& body, v1::SearchActionsResponse* out) { ToPage(body, out); }

absl::Status InFieldNames(const absl::Status& status) {
  if (!absl::IsInvalidArgument(status)) return status;
  ErrorDetail detail = DetailOf(status);
  for (FieldViolation& violation : detail.violations) {
    if (violation.field == "page.token") violation.field = "page_token";
    if (violation.field == "page.limit") violation.field = "page_size";
  }
  return InvalidFields(detail.reason, std::move(detail.violations));
}

}  // namespace sluis::rpc

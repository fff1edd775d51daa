#include "tests/broker/rpc/sample_request.h"

#include <google/protobuf/struct.pb.h>
#include <gtest/gtest.h>

#include "absl/strings/str_cat.h"
#include "broker/rpc/vocabulary.h"
#include "lib/base/resource_names.h"
#include "sluis/v1/arrangement.pb.h"
#include "sluis/v1/authorization.pb.h"
#include "sluis/v1/case.pb.h"
#include "sluis/v1/exchange.pb.h"
#include "sluis/v1/log.pb.h"
#include "sluis/v1/partner.pb.h"
#include "sluis/v1/pseudonym.pb.h"
#include "tests/broker/rpc/field_traits.h"
#include "tests/lib/identity/region.h"

namespace sluis::rpc::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Struct;
using identity::testing::kTownOin;

constexpr char kHex[] = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
constexpr char kUuid[] = "0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0";

std::string GoodText(const FieldDescriptor& field, const policy::Pack& pack) {
  const v1::FieldRules& rules = RulesOf(field);
  if (field.type() == FieldDescriptor::TYPE_BYTES) {
    return std::string(rules.exact_bytes() == 0 ? 1 : rules.exact_bytes(), 'b');
  }
  if (rules.vocabulary() == v1::VOCABULARY_ACTION) return "request";
  const std::string unit = "gemeente/oov";
  const std::string party = PartyName(identity::testing::PartyOf(kTownOin, unit));
  switch (rules.shape()) {
    case v1::SHAPE_OIN:
      return kTownOin;
    case v1::SHAPE_UNIT:
      return unit;
    case v1::SHAPE_UUID:
      return kUuid;
    case v1::SHAPE_PARTY_NAME:
      return party;
    case v1::SHAPE_EXCHANGE_NAME:
      return absl::StrCat(party, "/exchanges/", kHex);
    case v1::SHAPE_CASE_NAME:
      return absl::StrCat("cases/", kHex);
    case v1::SHAPE_HEX_ID:
      return kHex;
    default:
      break;
  }
  if (rules.vocabulary() == v1::VOCABULARY_UNSPECIFIED) return "x";
  const CodeList list = CodesOf(pack, rules.vocabulary());
  for (const std::string& id : list.ids()) {
    if (list.knows(id)) return id;
  }
  ADD_FAILURE() << "the pack has no " << list.name;
  return "";
}

void Fill(Message& message, const policy::Pack& pack);

void FillOne(Message& message, const FieldDescriptor& field, const policy::Pack& pack) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      if (field.is_repeated())
        reflection.AddString(&message, &field, GoodText(field, pack));
      else
        reflection.SetString(&message, &field, GoodText(field, pack));
      return;
    case FieldDescriptor::CPPTYPE_ENUM:
      return reflection.SetEnumValue(&message, &field, 1);
    case FieldDescriptor::CPPTYPE_INT32:
      return reflection.SetInt32(&message, &field, 1);
    case FieldDescriptor::CPPTYPE_INT64:
      return reflection.SetInt64(&message, &field, 3600);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return Fill(field.is_repeated() ? *reflection.AddMessage(&message, &field)
                                      : *reflection.MutableMessage(&message, &field),
                  pack);
    default:
      return;  // bool: false is meant too
  }
}

void Fill(Message& message, const policy::Pack& pack) {
  if (auto* object = dynamic_cast<Struct*>(&message)) {
    (*object->mutable_fields())["x"].set_string_value("x");
    return;
  }
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (Behaves(field, google::api::OUTPUT_ONLY) || Behaves(field, google::api::IDENTIFIER))
      continue;
    if (IsWellKnown(message) && field.name() == "nanos") continue;
    FillOne(message, field, pack);
  }
}

// What only goes with a recall, and one of the two ways to name a subject.
void FitAction(v1::Exchange& exchange) {
  exchange.clear_earlier_exchange();
  exchange.clear_recall_kind();
  exchange.clear_from_domain();
  exchange.clear_from_purpose();
  exchange.clear_register_();
}

void FitAction(Message& request) {
  if (auto* create = dynamic_cast<v1::CreateExchangeRequest*>(&request))
    FitAction(*create->mutable_exchange());
  if (auto* many = dynamic_cast<v1::BatchCreateExchangesRequest*>(&request)) {
    FitAction(*many->mutable_exchanges(0));
    many->mutable_exchanges(0)->set_action("inquire");
  }
}

}  // namespace

std::vector<Method> AllMethods() {
  std::vector<Method> methods;
  for (const auto* file : {v1::Exchange::descriptor()->file(), v1::Case::descriptor()->file(),
                           v1::Arrangement::descriptor()->file(), v1::Receipt::descriptor()->file(),
                           v1::Party::descriptor()->file(), v1::Session::descriptor()->file(),
                           v1::AccessSubject::descriptor()->file()}) {
    for (int i = 0; i < file->service_count(); ++i) {
      const auto* service = file->service(i);
      for (int j = 0; j < service->method_count(); ++j) {
        methods.push_back({absl::StrCat("/", service->full_name(), "/", service->method(j)->name()),
                           service->method(j)});
      }
    }
  }
  return methods;
}

MessagePtr SampleRequest(const Method& method, const policy::Pack& pack) {
  const Message* prototype = google::protobuf::MessageFactory::generated_factory()->GetPrototype(
      method.descriptor->input_type());
  MessagePtr request(prototype->New());
  Fill(*request, pack);
  FitAction(*request);
  return request;
}

}  // namespace sluis::rpc::testing

#include "tests/broker/rpc/sample_request.h"

#include <gtest/gtest.h>

#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "broker/rpc/vocabulary.h"
#include "google/api/field_behavior.pb.h"
#include "lib/base/resource_names.h"
#include "sluis/v1/arrangement.pb.h"
#include "sluis/v1/case.pb.h"
#include "sluis/v1/exchange.pb.h"
#include "sluis/v1/field_rules.pb.h"
#include "sluis/v1/log.pb.h"
#include "sluis/v1/partner.pb.h"
#include "sluis/v1/pseudonym.pb.h"
#include "tests/lib/identity/region.h"

namespace sluis::rpc::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using identity::testing::kTownOin;

constexpr char kHex[] = "0f1e2d3c4b5a69788796a5b4c3d2e1f0";
constexpr char kUuid[] = "0f1e2d3c-4b5a-4978-8796-a5b4c3d2e1f0";
constexpr char kNilUuid[] = "00000000-0000-0000-0000-000000000000";

bool Behaves(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  for (int i = 0; i < field.options().ExtensionSize(google::api::field_behavior); ++i) {
    if (field.options().GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

const v1::FieldRules& RulesOf(const FieldDescriptor& field) {
  return field.options().GetExtension(v1::rules);
}

bool IsText(const FieldDescriptor& field) {
  return field.cpp_type() == FieldDescriptor::CPPTYPE_STRING;
}

bool IsWellKnown(const Message& message) {
  return message.GetDescriptor()->file()->package() == "google.protobuf";
}

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
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    if (Behaves(field, google::api::OUTPUT_ONLY) || Behaves(field, google::api::IDENTIFIER))
      continue;
    if (IsWellKnown(message) && field.name() == "nanos") continue;
    FillOne(message, field, pack);
  }
}

// Where in a request a message stands.
using Locate = std::function<Message*(Message&)>;

class Faults {
 public:
  void Visit(const Message& sample, const std::string& prefix, const Locate& locate);
  std::vector<Fault> Take() { return std::move(faults_); }

 private:
  using Change = std::function<void(Message&)>;  // of the message that holds the field
  void Add(const std::string& field, std::string what, std::string reason, const Change& change);
  void SpoilOutput(const FieldDescriptor& field, const std::string& path);
  void SpoilText(const Message& sample, const FieldDescriptor& field, const std::string& path);
  void SpoilShape(const FieldDescriptor& field, const std::string& good, const std::string& path);
  void SpoilNumber(const FieldDescriptor& field, const std::string& path);
  void SpoilList(const Message& sample, const FieldDescriptor& field, const std::string& path);
  void SpoilTime(const std::string& path);
  void Into(const Message& sample, const FieldDescriptor& field, const std::string& path);
  void TextBecomes(const FieldDescriptor& field, const std::string& path, std::string what,
                   std::string reason, std::string value);

  std::vector<Fault> faults_;
  Locate here_;
};

void Faults::Add(const std::string& field, std::string what, std::string reason,
                 const Change& change) {
  faults_.push_back({field, std::move(what), std::move(reason),
                     [locate = here_, change](Message& root) { change(*locate(root)); }});
}

void Faults::Visit(const Message& sample, const std::string& prefix, const Locate& locate) {
  here_ = locate;
  Add(prefix.empty() ? "request" : prefix.substr(0, prefix.size() - 1), "an unknown field",
      "UNKNOWN_FIELD", [](Message& message) {
        message.GetReflection()->MutableUnknownFields(&message)->AddVarint(4711, 1);
      });
  if (IsWellKnown(sample)) return SpoilTime(prefix.substr(0, prefix.size() - 1));
  for (int i = 0; i < sample.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *sample.GetDescriptor()->field(i);
    const std::string path = prefix + field.name();
    here_ = locate;
    if (Behaves(field, google::api::OUTPUT_ONLY) || Behaves(field, google::api::IDENTIFIER)) {
      SpoilOutput(field, path);
      continue;
    }
    if (Behaves(field, google::api::REQUIRED)) {
      Add(path, "missing", "FIELD_MISSING",
          [&field](Message& message) { message.GetReflection()->ClearField(&message, &field); });
    }
    if (field.is_repeated())
      SpoilList(sample, field, path);
    else if (IsText(field))
      SpoilText(sample, field, path);
    else
      SpoilNumber(field, path);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) Into(sample, field, path);
  }
}

void Faults::Into(const Message& sample, const FieldDescriptor& field, const std::string& path) {
  const auto& reflection = *sample.GetReflection();
  const Locate parent = here_;
  if (field.is_repeated()) {
    Visit(reflection.GetRepeatedMessage(sample, &field, 0), path + "[0].",
          [parent, &field](Message& root) {
            Message* holder = parent(root);
            return holder->GetReflection()->MutableRepeatedMessage(holder, &field, 0);
          });
  } else {
    Visit(reflection.GetMessage(sample, &field), path + ".", [parent, &field](Message& root) {
      Message* holder = parent(root);
      return holder->GetReflection()->MutableMessage(holder, &field);
    });
  }
}

void Faults::SpoilOutput(const FieldDescriptor& field, const std::string& path) {
  Add(path, "set by the caller", "FIELD_INVALID", [&field](Message& message) {
    const auto& reflection = *message.GetReflection();
    switch (field.cpp_type()) {
      case FieldDescriptor::CPPTYPE_STRING:
        return field.is_repeated() ? reflection.AddString(&message, &field, "x")
                                   : reflection.SetString(&message, &field, "x");
      case FieldDescriptor::CPPTYPE_MESSAGE:
        if (field.is_repeated())
          reflection.AddMessage(&message, &field);
        else
          reflection.MutableMessage(&message, &field);
        return;
      case FieldDescriptor::CPPTYPE_BOOL:
        return reflection.SetBool(&message, &field, true);
      case FieldDescriptor::CPPTYPE_ENUM:
        return reflection.SetEnumValue(&message, &field, 1);
      case FieldDescriptor::CPPTYPE_INT32:
        return field.is_repeated() ? reflection.AddInt32(&message, &field, 1)
                                   : reflection.SetInt32(&message, &field, 1);
      case FieldDescriptor::CPPTYPE_INT64:
        return reflection.SetInt64(&message, &field, 1);
      default:
        ADD_FAILURE() << field.full_name() << " has a type that this test does not know";
    }
  });
}

void Faults::TextBecomes(const FieldDescriptor& field, const std::string& path, std::string what,
                         std::string reason, std::string value) {
  Add(path, std::move(what), std::move(reason), [&field, value](Message& message) {
    const auto& reflection = *message.GetReflection();
    if (field.is_repeated())
      reflection.SetRepeatedString(&message, &field, 0, value);
    else
      reflection.SetString(&message, &field, value);
  });
}

void Faults::SpoilText(const Message& sample, const FieldDescriptor& field,
                       const std::string& path) {
  const auto& reflection = *sample.GetReflection();
  const v1::FieldRules& rules = RulesOf(field);
  const std::string good = field.is_repeated() ? reflection.GetRepeatedString(sample, &field, 0)
                                               : reflection.GetString(sample, &field);
  EXPECT_GT(rules.max_bytes(), 0u) << field.full_name() << " has no bound";
  TextBecomes(field, path, "too long", "FIELD_INVALID", std::string(rules.max_bytes() + 1, 'a'));
  if (rules.exact_bytes() != 0) {
    TextBecomes(field, path, "too short", "FIELD_INVALID",
                std::string(rules.exact_bytes() - 1, 'a'));
  }
  if (field.type() != FieldDescriptor::TYPE_BYTES) SpoilShape(field, good, path);
}

void Faults::SpoilShape(const FieldDescriptor& field, const std::string& good,
                        const std::string& path) {
  const v1::FieldRules& rules = RulesOf(field);
  EXPECT_NE(rules.shape(), v1::SHAPE_UNSPECIFIED) << field.full_name() << " takes any text";
  for (const char* wrong : {"\x01", " ", "\xc3\xa9", "\n"}) {
    const std::size_t size = std::string_view(wrong).size();
    const std::string tail = good.size() > size ? good.substr(size) : "";
    TextBecomes(field, path, absl::StrFormat("with character %d", static_cast<int>(wrong[0])),
                "FIELD_INVALID", wrong + tail);
  }
  if (rules.shape() == v1::SHAPE_UUID)
    TextBecomes(field, path, "the nil UUID", "FIELD_INVALID", kNilUuid);
  if (rules.shape() == v1::SHAPE_HEX_ID)
    TextBecomes(field, path, "nothing but zeros", "FIELD_INVALID", std::string(32, '0'));
  if (rules.vocabulary() == v1::VOCABULARY_UNSPECIFIED) return;
  const bool unit = rules.vocabulary() == v1::VOCABULARY_UNIT;
  const std::string reason = rules.vocabulary() == v1::VOCABULARY_PURPOSE ? "UNKNOWN_PURPOSE"
                             : rules.vocabulary() == v1::VOCABULARY_LEGAL_BASIS
                                 ? "UNKNOWN_LEGAL_BASIS"
                             : rules.vocabulary() == v1::VOCABULARY_FIELD ? "UNKNOWN_FIELD_NAME"
                                                                          : "FIELD_INVALID";
  TextBecomes(field, path, "an unknown code", reason,
              unit ? "gemeente/no-such-desk" : "no-such-code");
}

void Faults::SpoilNumber(const FieldDescriptor& field, const std::string& path) {
  const v1::FieldRules& rules = RulesOf(field);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_ENUM:
      for (const int value : {99, -1}) {
        Add(path, absl::StrCat("enum value ", value), "FIELD_INVALID",
            [&field, value](Message& message) {
              message.GetReflection()->SetEnumValue(&message, &field, value);
            });
      }
      return;
    case FieldDescriptor::CPPTYPE_INT32:
      EXPECT_NE(rules.max(), 0) << field.full_name() << " has no range";
      return Add(path, "below its range", "FIELD_INVALID", [&field](Message& message) {
        message.GetReflection()->SetInt32(&message, &field, -1);
      });
    case FieldDescriptor::CPPTYPE_INT64:
      EXPECT_NE(rules.max(), 0) << field.full_name() << " has no range";
      return Add(path, "below its range", "FIELD_INVALID", [&field](Message& message) {
        message.GetReflection()->SetInt64(&message, &field, -1);
      });
    default:
      return;
  }
}

void Faults::SpoilList(const Message& sample, const FieldDescriptor& field,
                       const std::string& path) {
  const std::uint32_t most = RulesOf(field).max_items();
  EXPECT_GT(most, 0u) << field.full_name() << " has no bound";
  Add(path, "too many", "FIELD_INVALID", [&field, most](Message& message) {
    const auto& reflection = *message.GetReflection();
    while (reflection.FieldSize(message, &field) <= static_cast<int>(most)) {
      if (IsText(field))
        reflection.AddString(&message, &field, "x");
      else
        reflection.AddMessage(&message, &field);
    }
  });
  if (!IsText(field)) return;
  TextBecomes(field, path + "[0]", "empty", "FIELD_MISSING", "");
  SpoilText(sample, field, path + "[0]");
}

void Faults::SpoilTime(const std::string& path) {
  const auto set = [](Message& message, std::int64_t seconds, std::int32_t nanos) {
    const auto* descriptor = message.GetDescriptor();
    message.GetReflection()->SetInt64(&message, descriptor->FindFieldByName("seconds"), seconds);
    message.GetReflection()->SetInt32(&message, descriptor->FindFieldByName("nanos"), nanos);
  };
  constexpr std::int64_t kMost = std::numeric_limits<std::int64_t>::max();
  for (const std::int64_t seconds : {kMost, -kMost - 1}) {
    Add(path, absl::StrCat(seconds, " seconds"), "FIELD_INVALID",
        [set, seconds](Message& message) { set(message, seconds, 0); });
  }
  for (const std::int32_t nanos : {-1, 1'000'000'000}) {
    Add(path, absl::StrCat(nanos, " nanos"), "FIELD_INVALID",
        [set, nanos](Message& message) { set(message, 3600, nanos); });
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
                           v1::Party::descriptor()->file(), v1::Session::descriptor()->file()}) {
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

std::vector<Fault> FaultsOf(const Message& sample) {
  Faults faults;
  faults.Visit(sample, "", [](Message& root) { return &root; });
  return faults.Take();
}

}  // namespace sluis::rpc::testing

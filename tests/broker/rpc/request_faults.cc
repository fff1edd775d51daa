// FaultsOf of tests/broker/rpc/sample_request.h.
#include <google/protobuf/struct.pb.h>
#include <gtest/gtest.h>

#include <limits>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "tests/broker/rpc/field_traits.h"
#include "tests/broker/rpc/sample_request.h"

namespace sluis::rpc::testing {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Struct;

constexpr char kNilUuid[] = "00000000-0000-0000-0000-000000000000";

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
  void SpoilStruct(const FieldDescriptor& field, const std::string& path);
  void Into(const Message& sample, const FieldDescriptor& field, const std::string& path);
  void TextBecomes(const FieldDescriptor& field, const std::string& path, std::string what,
                   std::string reason, std::string value);

  std::vector<Fault> faults_;
  Locate here_;
  const FieldDescriptor* within_ = nullptr;  // the field that holds the message
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
  if (dynamic_cast<const Struct*>(&sample) != nullptr)
    return SpoilStruct(*within_, prefix.substr(0, prefix.size() - 1));
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
  within_ = &field;
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
  const std::vector<const char*> control = {"\x01", "\n"};
  const std::vector<const char*> more = {"\x01", " ", "\xc3\xa9", "\n"};
  for (const char* wrong : rules.shape() == v1::SHAPE_TEXT ? control : more) {
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
      if (const std::int64_t above = rules.max() + 1;
          above <= std::numeric_limits<std::int32_t>::max()) {
        Add(path, "above its range", "FIELD_INVALID", [&field, above](Message& message) {
          message.GetReflection()->SetInt32(&message, &field, static_cast<std::int32_t>(above));
        });
      }
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

void Faults::SpoilStruct(const FieldDescriptor& field, const std::string& path) {
  using google::protobuf::Value;
  const v1::FieldRules& rules = RulesOf(field);
  EXPECT_GT(rules.max_bytes(), 0u) << field.full_name() << " has no bound";
  EXPECT_GT(rules.max_depth(), 0u) << field.full_name() << " may be of any depth";
  const auto spoil = [&](std::string what, std::string reason,
                         const std::function<void(Value&)>& change) {
    Add(path, std::move(what), std::move(reason), [change](Message& message) {
      change((*dynamic_cast<Struct&>(message).mutable_fields())["x"]);
    });
  };
  spoil("an unknown field in a value", "UNKNOWN_FIELD", [](Value& value) {
    value.GetReflection()->MutableUnknownFields(&value)->AddVarint(4711, 1);
  });
  spoil("an unknown field in a list", "UNKNOWN_FIELD", [](Value& value) {
    auto* list = value.mutable_list_value();
    list->GetReflection()->MutableUnknownFields(list)->AddVarint(4711, 1);
  });
  spoil("a value without a kind", "FIELD_INVALID",
        [](Value& value) { value.mutable_list_value()->add_values(); });
  spoil("no number", "FIELD_INVALID",
        [](Value& value) { value.set_number_value(std::numeric_limits<double>::quiet_NaN()); });
  spoil("an infinite number", "FIELD_INVALID",
        [](Value& value) { value.set_number_value(-std::numeric_limits<double>::infinity()); });
  spoil("too large", "FIELD_INVALID", [most = rules.max_bytes()](Value& value) {
    value.set_string_value(std::string(most, 'a'));
  });
  for (const bool lists : {true, false}) {
    spoil("too deep", "FIELD_INVALID", [lists, most = rules.max_depth()](Value& value) {
      Value* inner = &value;
      for (std::uint32_t i = 0; i < most; ++i) {
        inner = lists ? inner->mutable_list_value()->add_values()
                      : &(*inner->mutable_struct_value()->mutable_fields())["x"];
      }
      inner->set_bool_value(true);
    });
  }
}

}  // namespace

std::vector<Fault> FaultsOf(const Message& sample) {
  Faults faults;
  faults.Visit(sample, "", [](Message& root) { return &root; });
  return faults.Take();
}

}  // namespace sluis::rpc::testing

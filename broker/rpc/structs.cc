#include "broker/rpc/structs.h"

#include <cmath>

#include "absl/strings/str_format.h"

namespace sluis::rpc {
namespace {

using google::protobuf::ListValue;
using google::protobuf::Struct;
using google::protobuf::Value;

constexpr double kWholeBelow = 9007199254740992.0;  // 2^53

std::optional<StructFault> Invalid(std::string description) {
  return StructFault{"FIELD_INVALID", std::move(description)};
}

template <typename Message>
bool HasUnknown(const Message& message) {
  return !message.GetReflection()->GetUnknownFields(message).empty();
}

std::optional<StructFault> Unknown() {
  return StructFault{
      "UNKNOWN_FIELD",
      "holds a field that this broker does not know; it might matter, so it is refused"};
}

// The recursion is bounded by the depth that is allowed.
class StructCheck {
 public:
  explicit StructCheck(int most_levels) : most_(most_levels) {}

  std::optional<StructFault> OfObject(const Struct& object, int level) const {
    if (level > most_) return TooDeep();
    if (HasUnknown(object)) return Unknown();
    for (const auto& [name, value] : object.fields()) {
      if (auto fault = OfValue(value, level)) return fault;
    }
    return std::nullopt;
  }

 private:
  std::optional<StructFault> TooDeep() const {
    return Invalid(absl::StrFormat("may be nested %d levels deep at most", most_));
  }
  std::optional<StructFault> OfList(const ListValue& list, int level) const {
    if (level > most_) return TooDeep();
    if (HasUnknown(list)) return Unknown();
    for (const Value& value : list.values()) {
      if (auto fault = OfValue(value, level)) return fault;
    }
    return std::nullopt;
  }
  std::optional<StructFault> OfValue(const Value& value, int level) const {
    if (HasUnknown(value)) return Unknown();
    switch (value.kind_case()) {
      case Value::kStructValue:
        return OfObject(value.struct_value(), level + 1);
      case Value::kListValue:
        return OfList(value.list_value(), level + 1);
      case Value::kNumberValue:
        if (!std::isfinite(value.number_value()))
          return Invalid("holds a number that is not finite");
        return std::nullopt;
      case Value::KIND_NOT_SET:
        return Invalid("holds a value without a kind; null is a kind of its own");
      default:
        return std::nullopt;
    }
  }

  const int most_;
};

Json ValueToJson(const Value& value) {
  switch (value.kind_case()) {
    case Value::kStructValue:
      return ToJson(value.struct_value());
    case Value::kListValue: {
      Json list = Json::array();
      for (const Value& one : value.list_value().values()) list.push_back(ValueToJson(one));
      return list;
    }
    case Value::kStringValue:
      return value.string_value();
    case Value::kBoolValue:
      return value.bool_value();
    case Value::kNumberValue: {
      const double number = value.number_value();
      if (std::trunc(number) != number || std::fabs(number) >= kWholeBelow) return number;
      if (number < 0) return static_cast<std::int64_t>(number);
      return static_cast<std::uint64_t>(number);
    }
    default:
      return nullptr;
  }
}

void ToValue(const Json& json, Value* out) {
  if (json.is_object()) {
    ToStruct(json, out->mutable_struct_value());
  } else if (json.is_array()) {
    ListValue& list = *out->mutable_list_value();
    for (const Json& one : json) ToValue(one, list.add_values());
  } else if (json.is_string()) {
    out->set_string_value(json.get<std::string>());
  } else if (json.is_boolean()) {
    out->set_bool_value(json.get<bool>());
  } else if (json.is_number()) {
    out->set_number_value(json.get<double>());
  } else {
    out->set_null_value(google::protobuf::NULL_VALUE);
  }
}

}  // namespace

std::optional<StructFault> FaultOf(const Struct& object, const v1::FieldRules& rules) {
  // Depth first: the size is a recursion too.
  const StructCheck check(static_cast<int>(rules.max_depth()));
  if (auto fault = check.OfObject(object, 1)) return fault;
  if (object.ByteSizeLong() <= rules.max_bytes()) return std::nullopt;
  return Invalid(absl::StrFormat("must be at most %d bytes", rules.max_bytes()));
}

Json ToJson(const Struct& object) {
  Json json = Json::object();
  for (const auto& [name, value] : object.fields()) json[name] = ValueToJson(value);
  return json;
}

void ToStruct(const Json& json, Struct* out) {
  for (const auto& [name, value] : json.items()) ToValue(value, &(*out->mutable_fields())[name]);
}

}  // namespace sluis::rpc

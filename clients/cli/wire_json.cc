#include "clients/cli/wire_json.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/duration.pb.h>
#include <google/protobuf/timestamp.pb.h>

#include "absl/strings/ascii.h"
#include "absl/strings/str_format.h"
#include "lib/base/clock.h"
#include "lib/base/encoding.h"

namespace sluis::cli {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;

// EXCHANGE_STATE_FORWARDED of ExchangeState is FORWARDED.
std::string EnumName(const google::protobuf::EnumValueDescriptor& value) {
  std::string prefix;
  for (const char c : value.type()->name()) {
    if (absl::ascii_isupper(static_cast<unsigned char>(c)) && !prefix.empty()) prefix += '_';
    prefix += absl::ascii_toupper(static_cast<unsigned char>(c));
  }
  const std::string& name = value.name();
  return name.starts_with(prefix + "_") ? name.substr(prefix.size() + 1) : name;
}

Json MessageJson(const Message& message) {
  if (const auto* time = dynamic_cast<const google::protobuf::Timestamp*>(&message)) {
    return FormatRfc3339Millis(absl::FromUnixSeconds(time->seconds()) + absl::Nanoseconds(time->nanos()));
  }
  if (const auto* duration = dynamic_cast<const google::protobuf::Duration*>(&message)) {
    return absl::StrFormat("%ds", duration->seconds());
  }
  return WireJson(message);
}

std::string TextOf(const FieldDescriptor& field, const std::string& bytes) {
  return field.type() == FieldDescriptor::TYPE_BYTES ? Base64Encode(bytes) : bytes;
}

Json Single(const Message& message, const FieldDescriptor& field) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE: return MessageJson(reflection.GetMessage(message, &field));
    case FieldDescriptor::CPPTYPE_STRING: return TextOf(field, reflection.GetString(message, &field));
    case FieldDescriptor::CPPTYPE_ENUM: return EnumName(*reflection.GetEnum(message, &field));
    case FieldDescriptor::CPPTYPE_BOOL: return reflection.GetBool(message, &field);
    case FieldDescriptor::CPPTYPE_INT32: return reflection.GetInt32(message, &field);
    case FieldDescriptor::CPPTYPE_INT64: return reflection.GetInt64(message, &field);
    default: return nullptr;  // the contract has no other types
  }
}

Json Item(const Message& message, const FieldDescriptor& field, int i) {
  const auto& reflection = *message.GetReflection();
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_MESSAGE: return MessageJson(reflection.GetRepeatedMessage(message, &field, i));
    case FieldDescriptor::CPPTYPE_STRING: return TextOf(field, reflection.GetRepeatedString(message, &field, i));
    case FieldDescriptor::CPPTYPE_ENUM: return EnumName(*reflection.GetRepeatedEnum(message, &field, i));
    default: return nullptr;
  }
}

Json Array(const Message& message, const FieldDescriptor& field) {
  Json array = Json::array();
  const int size = message.GetReflection()->FieldSize(message, &field);
  for (int i = 0; i < size; ++i) array.push_back(Item(message, field, i));
  return array;
}

}  // namespace

Json WireJson(const Message& message) {
  Json json = Json::object();
  const auto& descriptor = *message.GetDescriptor();
  for (int i = 0; i < descriptor.field_count(); ++i) {
    const FieldDescriptor& field = *descriptor.field(i);
    if (field.is_repeated()) {
      json[field.name()] = Array(message, field);
    } else if (!field.has_presence() || message.GetReflection()->HasField(message, &field)) {
      json[field.name()] = Single(message, field);
    }
  }
  return json;
}

}  // namespace sluis::cli

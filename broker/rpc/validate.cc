#include "broker/rpc/validate.h"

#include <google/protobuf/descriptor.h>
#include <google/protobuf/struct.pb.h>
#include <google/protobuf/unknown_field_set.h>

#include <algorithm>
#include <string>
#include <vector>

#include "absl/strings/str_format.h"
#include "broker/rpc/cross_rules.h"
#include "broker/rpc/shapes.h"
#include "broker/rpc/structs.h"
#include "broker/rpc/vocabulary.h"
#include "google/api/field_behavior.pb.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "sluis/v1/field_rules.pb.h"

namespace sluis::rpc {
namespace {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::Reflection;

bool Behaves(const FieldDescriptor& field, google::api::FieldBehavior behavior) {
  const auto& options = field.options();
  for (int i = 0; i < options.ExtensionSize(google::api::field_behavior); ++i) {
    if (options.GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

class Validation {
 public:
  explicit Validation(const policy::Pack& pack) : pack_(pack) {}

  void CheckMessage(const Message& message, const std::string& prefix);
  // After CheckMessage: what is wrong with a field itself is said first, and alone.
  void CheckAcross(const Message& request);
  absl::Status Result() &&;

 private:
  void Violate(std::string_view reason, const std::string& path, std::string description);
  void CheckField(const Message& message, const FieldDescriptor& field, const std::string& path);
  void CheckRepeated(const Message& message, const FieldDescriptor& field, const std::string& path);
  void CheckText(const std::string& value, const FieldDescriptor& field, const std::string& path);
  void CheckNumber(std::int64_t value, const v1::FieldRules& rules, const std::string& path);
  void CheckEnum(int value, const FieldDescriptor& field, const std::string& path);
  void CheckNested(const Message& message, const FieldDescriptor& field, const std::string& path);
  void CheckTime(const Message& message, const std::string& path);

  const policy::Pack& pack_;
  std::string reason_;
  std::vector<FieldViolation> violations_;
};

void Validation::Violate(std::string_view reason, const std::string& path,
                         std::string description) {
  if (violations_.empty()) reason_ = std::string(reason);
  violations_.push_back({path, std::move(description)});
}

absl::Status Validation::Result() && {
  if (violations_.empty()) return absl::OkStatus();
  return InvalidFields(reason_, std::move(violations_));
}

void Validation::CheckMessage(const Message& message, const std::string& prefix) {
  const Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) {
    Violate("UNKNOWN_FIELD", prefix.empty() ? "request" : prefix.substr(0, prefix.size() - 1),
            "holds a field that this broker does not know; it might matter, so it is refused");
  }
  for (int i = 0; i < message.GetDescriptor()->field_count(); ++i) {
    const FieldDescriptor& field = *message.GetDescriptor()->field(i);
    CheckField(message, field, prefix + field.name());
  }
}

void Validation::CheckField(const Message& message, const FieldDescriptor& field,
                            const std::string& path) {
  const Reflection& reflection = *message.GetReflection();
  const bool present = field.is_repeated() ? reflection.FieldSize(message, &field) > 0
                                           : reflection.HasField(message, &field);
  if (Behaves(field, google::api::OUTPUT_ONLY)) {
    if (present) Violate("FIELD_INVALID", path, "is set by the broker; leave it out");
    return;
  }
  if (!present) {
    if (Behaves(field, google::api::REQUIRED)) Violate("FIELD_MISSING", path, "is required");
    return;
  }
  if (field.is_repeated()) return CheckRepeated(message, field, path);
  switch (field.cpp_type()) {
    case FieldDescriptor::CPPTYPE_STRING:
      return CheckText(reflection.GetString(message, &field), field, path);
    case FieldDescriptor::CPPTYPE_ENUM:
      return CheckEnum(reflection.GetEnumValue(message, &field), field, path);
    case FieldDescriptor::CPPTYPE_INT32:
      return CheckNumber(reflection.GetInt32(message, &field),
                         field.options().GetExtension(v1::rules), path);
    case FieldDescriptor::CPPTYPE_INT64:
      return CheckNumber(reflection.GetInt64(message, &field),
                         field.options().GetExtension(v1::rules), path);
    case FieldDescriptor::CPPTYPE_MESSAGE:
      return CheckNested(reflection.GetMessage(message, &field), field, path);
    default:
      return;  // bool: both values are meant
  }
}

void Validation::CheckRepeated(const Message& message, const FieldDescriptor& field,
                               const std::string& path) {
  const Reflection& reflection = *message.GetReflection();
  const int size = reflection.FieldSize(message, &field);
  const std::uint32_t most = field.options().GetExtension(v1::rules).max_items();
  if (static_cast<std::uint32_t>(size) > most) {
    return Violate("FIELD_INVALID", path, absl::StrFormat("may hold %d elements at most", most));
  }
  for (int i = 0; i < size; ++i) {
    const std::string element = absl::StrFormat("%s[%d]", path, i);
    if (field.cpp_type() == FieldDescriptor::CPPTYPE_MESSAGE) {
      CheckNested(reflection.GetRepeatedMessage(message, &field, i), field, element);
    } else {
      CheckText(reflection.GetRepeatedString(message, &field, i), field, element);
    }
  }
}

void Validation::CheckText(const std::string& value, const FieldDescriptor& field,
                           const std::string& path) {
  const v1::FieldRules& rules = field.options().GetExtension(v1::rules);
  if (value.empty()) return Violate("FIELD_MISSING", path, "must not be empty");
  if (rules.exact_bytes() != 0 && value.size() != rules.exact_bytes()) {
    return Violate("FIELD_INVALID", path,
                   absl::StrFormat("must be exactly %d bytes", rules.exact_bytes()));
  }
  if (value.size() > rules.max_bytes()) {
    return Violate("FIELD_INVALID", path,
                   absl::StrFormat("must be at most %d bytes", rules.max_bytes()));
  }
  if (field.type() == FieldDescriptor::TYPE_BYTES) return;
  if (std::string problem = ShapeProblem(rules.shape(), value); !problem.empty()) {
    return Violate("FIELD_INVALID", path, std::move(problem));
  }
  if (rules.vocabulary() == v1::VOCABULARY_UNSPECIFIED) return;
  if (const CodeList list = CodesOf(pack_, rules.vocabulary()); !list.knows(value)) {
    const std::string nearest = Nearest(value, list.ids());
    Violate(list.reason, path,
            nearest.empty() ? absl::StrFormat("is no %s of the policy in force", list.name)
                            : absl::StrFormat("is no %s of the policy in force; did you mean %s?",
                                              list.name, nearest));
  }
}

void Validation::CheckNumber(std::int64_t value, const v1::FieldRules& rules,
                             const std::string& path) {
  if (value >= rules.min() && value <= rules.max()) return;
  Violate("FIELD_INVALID", path,
          absl::StrFormat("must be from %d to %d", rules.min(), rules.max()));
}

void Validation::CheckEnum(int value, const FieldDescriptor& field, const std::string& path) {
  if (value != 0 && field.enum_type()->FindValueByNumber(value) != nullptr) return;
  std::vector<std::string> names;
  for (int i = 1; i < field.enum_type()->value_count(); ++i)
    names.push_back(field.enum_type()->value(i)->name());
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  Violate("FIELD_INVALID", path, "must be one of " + list);
}

void Validation::CheckNested(const Message& message, const FieldDescriptor& field,
                             const std::string& path) {
  if (const auto* object = dynamic_cast<const google::protobuf::Struct*>(&message)) {
    const auto fault = FaultOf(*object, field.options().GetExtension(v1::rules));
    if (fault) Violate(fault->reason, path, fault->description);
    return;
  }
  if (message.GetDescriptor()->file()->package() == "google.protobuf")
    return CheckTime(message, path);
  CheckMessage(message, path + ".");
}

// Timestamp and Duration: beside Struct our contract has no other message from outside.
void Validation::CheckTime(const Message& message, const std::string& path) {
  const Reflection& reflection = *message.GetReflection();
  if (!reflection.GetUnknownFields(message).empty()) {
    return Violate("UNKNOWN_FIELD", path,
                   "holds a field that this broker does not know; it might matter, so it is "
                   "refused");
  }
  const auto& descriptor = *message.GetDescriptor();
  const bool moment = descriptor.name() == "Timestamp";
  const std::int64_t seconds = reflection.GetInt64(message, descriptor.FindFieldByName("seconds"));
  const std::int32_t nanos = reflection.GetInt32(message, descriptor.FindFieldByName("nanos"));
  // RFC 3339 reaches from year 1 to 9999; a duration as protobuf defines it, but never negative.
  const std::int64_t least = moment ? -62135596800 : 0;
  const std::int64_t most = moment ? 253402300799 : 315576000000;
  if (seconds >= least && seconds <= most && nanos >= 0 && nanos < 1'000'000'000) return;
  Violate("FIELD_INVALID", path,
          moment ? "is no moment between the years 1 and 9999" : "is no span of time");
}

void Validation::CheckAcross(const Message& request) {
  for (RuleViolation& violation : CrossViolations(request)) {
    // Of the field itself, of something within it, or of what it stands in.
    const bool said =
        std::any_of(violations_.begin(), violations_.end(), [&](const FieldViolation& known) {
          return known.field == violation.field || known.field.starts_with(violation.field + ".") ||
                 violation.field.starts_with(known.field + ".");
        });
    if (!said) Violate(violation.reason, violation.field, std::move(violation.description));
  }
}

}  // namespace

absl::Status ValidateRequest(const Message& request, const policy::Pack& pack) {
  Validation validation(pack);
  validation.CheckMessage(request, "");
  validation.CheckAcross(request);
  return std::move(validation).Result();
}

}  // namespace sluis::rpc

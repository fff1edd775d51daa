// What the contract says of a field, for tests that walk over all of them.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include "google/api/field_behavior.pb.h"
#include "sluis/v1/field_rules.pb.h"

namespace sluis::rpc::testing {

inline bool Behaves(const google::protobuf::FieldDescriptor& field,
                    google::api::FieldBehavior behavior) {
  for (int i = 0; i < field.options().ExtensionSize(google::api::field_behavior); ++i) {
    if (field.options().GetExtension(google::api::field_behavior, i) == behavior) return true;
  }
  return false;
}

inline const v1::FieldRules& RulesOf(const google::protobuf::FieldDescriptor& field) {
  return field.options().GetExtension(v1::rules);
}

inline bool IsText(const google::protobuf::FieldDescriptor& field) {
  return field.cpp_type() == google::protobuf::FieldDescriptor::CPPTYPE_STRING;
}

inline bool IsWellKnown(const google::protobuf::Message& message) {
  return message.GetDescriptor()->file()->package() == "google.protobuf";
}

}  // namespace sluis::rpc::testing

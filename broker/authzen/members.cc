#include "broker/authzen/members.h"

#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"

namespace sluis::authzen {

const Json& EmptyObject() {
  static const Json* empty = new Json(Json::object());
  return *empty;
}

absl::Status Fault::ToStatus() const {
  return InvalidField(missing ? "FIELD_MISSING" : "FIELD_INVALID", member, message);
}

Members::Members(const Json& object, std::string place, Fault& fault)
    : object_(object.is_object() ? &object : &EmptyObject()),
      place_(std::move(place)),
      fault_(fault) {
  if (!object.is_object() && !fault_.found()) fault_ = {place_, "must be a JSON object"};
}

const Json* Members::Find(std::string_view name) const {
  const auto found = object_->find(name);
  return found == object_->end() ? nullptr : &*found;
}

std::string Members::Text(std::string_view name) const {
  if (!Has(name)) Miss(name);
  return TextIfAny(name).value_or("");
}

std::optional<std::string> Members::TextIfAny(std::string_view name) const {
  const Json* value = Find(name);
  if (value == nullptr) return std::nullopt;
  if (value->is_string()) return value->get<std::string>();
  Fail(name, "must be a string");
  return std::nullopt;
}

bool Members::FlagOr(std::string_view name, bool otherwise) const {
  const Json* value = Find(name);
  if (value == nullptr) return otherwise;
  if (value->is_boolean()) return value->get<bool>();
  Fail(name, "must be true or false");
  return otherwise;
}

std::vector<std::string> Members::Texts(std::string_view name) const {
  const Json* value = Find(name);
  std::vector<std::string> texts;
  if (value == nullptr || !value->is_array()) {
    if (value == nullptr) Miss(name);
    Fail(name, "must be an array of strings");
    return texts;
  }
  for (const Json& item : *value) {
    if (!item.is_string()) {
      Fail(name, "must be an array of strings");
      return {};
    }
    texts.push_back(item.get<std::string>());
  }
  return texts;
}

const Json& Members::ObjectOrEmpty(std::string_view name) const {
  const Json* value = Find(name);
  if (value == nullptr) return EmptyObject();
  if (value->is_object()) return *value;
  Fail(name, "must be a JSON object");
  return EmptyObject();
}

std::string Members::PlaceOf(std::string_view name) const {
  return place_.empty() ? std::string(name) : absl::StrFormat("%s.%s", place_, std::string(name));
}

void Members::Fail(std::string_view name, std::string_view message) const {
  if (!fault_.found()) fault_ = {PlaceOf(name), std::string(message)};
}

void Members::Miss(std::string_view name) const {
  if (!fault_.found()) fault_ = {PlaceOf(name), "is required", true};
}

}  // namespace sluis::authzen

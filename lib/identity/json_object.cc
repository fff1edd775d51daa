#include "lib/identity/json_object.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/ids.h"
#include "lib/base/status_macros.h"

namespace sluis::identity {
namespace {

// RFC 3339 ends in the year 9999; a number beyond it is a mistake, such as milliseconds.
constexpr std::int64_t kLastSecond = 253'402'300'799;

}  // namespace

absl::StatusOr<JsonObject> JsonObject::Of(const Json& value, std::string path) {
  if (!value.is_object()) {
    return InvalidField("FIELD_INVALID", path.empty() ? "document" : path, "must be a JSON object");
  }
  return JsonObject(value, std::move(path));
}

std::string JsonObject::PathOf(std::string_view name) const {
  return path_.empty() ? std::string(name) : absl::StrFormat("%s.%s", path_, name);
}

absl::Status JsonObject::Bad(std::string_view name, std::string_view description) const {
  return InvalidField("FIELD_INVALID", PathOf(name), description);
}

bool JsonObject::Has(std::string_view name) const { return value_->contains(std::string(name)); }

absl::StatusOr<const Json*> JsonObject::Take(std::string_view name) {
  const auto found = value_->find(std::string(name));
  if (found == value_->end()) return InvalidField("FIELD_MISSING", PathOf(name), "must be there");
  taken_.emplace(name);
  return &*found;
}

absl::StatusOr<std::string> JsonObject::Text(std::string_view name, std::size_t max_bytes) {
  SLUIS_ASSIGN_OR_RETURN(const Json* value, Take(name));
  if (!value->is_string()) return Bad(name, "must be a text");
  const auto& text = value->get_ref<const std::string&>();
  if (text.empty() || text.size() > max_bytes) {
    return Bad(name, absl::StrFormat("must have 1 to %d bytes", max_bytes));
  }
  return text;
}

absl::StatusOr<std::int64_t> JsonObject::Integer(std::string_view name, std::int64_t min,
                                                 std::int64_t max) {
  SLUIS_ASSIGN_OR_RETURN(const Json* value, Take(name));
  const bool fits =
      value->is_number_integer() &&
      !(value->is_number_unsigned() && value->get<std::uint64_t>() > std::uint64_t{1} << 62);
  if (!fits || value->get<std::int64_t>() < min || value->get<std::int64_t>() > max) {
    return Bad(name, absl::StrFormat("must be a whole number from %d to %d", min, max));
  }
  return value->get<std::int64_t>();
}

absl::StatusOr<bool> JsonObject::Boolean(std::string_view name) {
  SLUIS_ASSIGN_OR_RETURN(const Json* value, Take(name));
  if (!value->is_boolean()) return Bad(name, "must be true or false");
  return value->get<bool>();
}

absl::StatusOr<absl::Time> JsonObject::UnixTime(std::string_view name) {
  SLUIS_ASSIGN_OR_RETURN(const std::int64_t seconds, Integer(name, 0, kLastSecond));
  return absl::FromUnixSeconds(seconds);
}

absl::StatusOr<Bytes> JsonObject::Base64(std::string_view name, std::size_t size) {
  SLUIS_ASSIGN_OR_RETURN(const std::string text, Text(name, kMaxText));
  auto bytes = Base64Decode(text);
  if (!bytes.ok() || bytes->size() != size)
    return Bad(name, absl::StrFormat("must be %d bytes in base64", size));
  return bytes;
}

absl::StatusOr<JsonObject> JsonObject::Object(std::string_view name) {
  SLUIS_ASSIGN_OR_RETURN(const Json* value, Take(name));
  return Of(*value, PathOf(name));
}

absl::StatusOr<const Json*> JsonObject::TakeArray(std::string_view name, std::size_t min,
                                                  std::size_t max) {
  SLUIS_ASSIGN_OR_RETURN(const Json* value, Take(name));
  if (!value->is_array() || value->size() < min || value->size() > max) {
    return Bad(name, absl::StrFormat("must be a list of %d to %d items", min, max));
  }
  return value;
}

absl::StatusOr<std::vector<JsonObject>> JsonObject::Objects(std::string_view name, std::size_t min,
                                                            std::size_t max) {
  SLUIS_ASSIGN_OR_RETURN(const Json* array, TakeArray(name, min, max));
  std::vector<JsonObject> objects;
  for (std::size_t i = 0; i < array->size(); ++i) {
    SLUIS_ASSIGN_OR_RETURN(JsonObject object,
                           Of((*array)[i], absl::StrFormat("%s[%d]", PathOf(name), i)));
    objects.push_back(std::move(object));
  }
  return objects;
}

absl::StatusOr<std::set<std::string>> JsonObject::Texts(std::string_view name, std::size_t min,
                                                        std::size_t max) {
  SLUIS_ASSIGN_OR_RETURN(const Json* array, TakeArray(name, min, max));
  std::set<std::string> texts;
  for (const Json& item : *array) {
    if (!item.is_string() || item.get_ref<const std::string&>().size() > kMaxText) {
      return Bad(name, "must be a list of texts");
    }
    if (!texts.insert(item.get_ref<const std::string&>()).second)
      return Bad(name, "holds a text twice");
  }
  return texts;
}

absl::Status JsonObject::Finish() const {
  for (const auto& item : value_->items()) {
    if (taken_.contains(item.key())) continue;
    // The name is the writer's text, so it is not repeated.
    return InvalidField("UNKNOWN_FIELD", path_.empty() ? "document" : path_,
                        "holds a member that is not defined");
  }
  return absl::OkStatus();
}

absl::StatusOr<std::string> ParseCode(std::string_view text) {
  if (!IsResourceId(text))
    return Error(ErrorCode::kInvalid, "FIELD_INVALID", "must be a code of [a-z0-9-]");
  return std::string(text);
}

absl::StatusOr<Digest> ParseDigest(std::string_view hex) {
  auto bytes = HexDecode(hex);
  Digest digest{};
  if (!bytes.ok() || bytes->size() != digest.size()) {
    return Error(ErrorCode::kInvalid, "FIELD_INVALID", "must be 64 lower-case hex characters");
  }
  std::copy(bytes->begin(), bytes->end(), digest.begin());
  return digest;
}

}  // namespace sluis::identity

#include "clients/lib/references.h"

#include <algorithm>

#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::edge {
namespace {

constexpr char kRef[] = "ref";

}  // namespace

bool IsReference(const Json& json) {
  return json.is_object() && json.size() == 1 && json.contains(kRef);
}

absl::StatusOr<Json> ReplaceReferences(
    const Json& json, const std::function<absl::StatusOr<Json>(std::size_t)>& replace) {
  if (IsReference(json)) {
    const Json& number = json.at(kRef);
    if (!number.is_number_unsigned()) {
      return Error(ErrorCode::kInvalid, "E_PAYLOAD", "a value refers to somebody by no number");
    }
    return replace(number.get<std::size_t>());
  }
  if (!json.is_structured()) return json;
  Json out = json;
  for (Json& member : out) {
    SLUIS_ASSIGN_OR_RETURN(member, ReplaceReferences(member, replace));
  }
  return out;
}

Json WithoutReferences(const Json& json) {
  if (IsReference(json)) return Json();
  if (!json.is_structured()) return json;
  Json out = json.is_array() ? Json::array() : Json::object();
  for (const auto& [key, member] : json.items()) {
    Json kept = WithoutReferences(member);
    if (kept.is_null()) continue;
    if (json.is_array()) {
      out.push_back(std::move(kept));
    } else {
      out[key] = std::move(kept);
    }
  }
  return out.empty() ? Json() : out;
}

Json ReferencesTo(std::size_t n) {
  if (n == 1) return Json{{kRef, 0U}};
  Json list = Json::array();
  for (std::size_t i = 0; i < n; ++i) list.push_back(Json{{kRef, i}});
  return list;
}

std::string ReadableText(const Json& json) {
  if (json.is_string()) return json.get<std::string>();
  const bool texts = json.is_array() && std::all_of(json.begin(), json.end(), [](const Json& one) {
                       return one.is_string();
                     });
  if (!texts) return json.dump();
  std::string text;
  for (const Json& one : json) text += (text.empty() ? "" : "; ") + one.get<std::string>();
  return text;
}

}  // namespace sluis::edge

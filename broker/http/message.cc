#include "broker/http/message.h"

namespace sluis::http {

std::optional<std::string_view> Request::Header(std::string_view lower_case_name) const {
  std::optional<std::string_view> found;
  for (const auto& [name, value] : headers) {
    if (name != lower_case_name) continue;
    if (found) return std::nullopt;
    found = value;
  }
  return found;
}

}  // namespace sluis::http

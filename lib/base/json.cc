#include "lib/base/json.h"

#include <algorithm>
#include <set>
#include <vector>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis {
namespace {

absl::Status JsonError(std::string_view message) {
  return Error(ErrorCode::kInvalid, "FIELD_INVALID", message);
}

// `line 3, column 7` of a byte offset.
std::string Place(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const std::string_view before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const std::size_t start = before.rfind('\n');
  const std::size_t column = start == std::string_view::npos ? offset + 1 : offset - start;
  return absl::StrFormat("line %d, column %d", line, column);
}

// Walks the text once before nlohmann builds the value: refuses duplicate members and too much depth.
class Checker : public nlohmann::json_sax<Json> {
 public:
  Checker(std::string_view text, int max_depth) : text_(text), max_depth_(max_depth) {}
  absl::Status status() const { return status_; }

  bool null() override { return true; }
  bool boolean(bool) override { return true; }
  bool number_integer(number_integer_t) override { return true; }
  bool number_unsigned(number_unsigned_t) override { return true; }
  bool number_float(number_float_t, const string_t&) override { return true; }
  bool string(string_t&) override { return true; }
  bool binary(binary_t&) override { return Fail("binary values are not JSON"); }
  bool start_object(std::size_t) override { return Enter(); }
  bool start_array(std::size_t) override { return Enter(); }
  bool end_object() override { return members_.pop_back(), true; }
  bool end_array() override { return members_.pop_back(), true; }
  bool key(string_t& name) override {
    if (members_.back().insert(name).second) return true;
    return Fail("a member stands twice in one object");
  }
  bool parse_error(std::size_t position, const std::string&, const nlohmann::detail::exception&) override {
    return Fail(absl::StrFormat("not valid JSON at %s", Place(text_, position == 0 ? 0 : position - 1)));
  }

 private:
  bool Enter() {
    members_.emplace_back();
    return static_cast<int>(members_.size()) <= max_depth_ || Fail("JSON nested too deeply");
  }
  bool Fail(std::string_view message) {
    if (status_.ok()) status_ = JsonError(message);
    return false;
  }
  std::string_view text_;
  int max_depth_;
  std::vector<std::set<std::string>> members_;
  absl::Status status_;
};

// Member order of RFC 8785: by UTF-16 code unit.
std::u16string Utf16(std::string_view text) {
  std::u16string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[i]);
    const std::size_t length = lead < 0x80 ? 1 : lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
    std::uint32_t point = length == 1 ? lead : lead & (0xFFU >> (length + 1));
    for (std::size_t j = 1; j < length; ++j) {
      point = (point << 6) | (static_cast<std::uint8_t>(text[i + j]) & 0x3FU);
    }
    if (point >= 0x10000) {
      out.push_back(static_cast<char16_t>(0xD800 + ((point - 0x10000) >> 10)));
      out.push_back(static_cast<char16_t>(0xDC00 + ((point - 0x10000) & 0x3FF)));
    } else {
      out.push_back(static_cast<char16_t>(point));
    }
    i += length;
  }
  return out;
}

absl::Status WriteCanonical(const Json& value, std::string& out);

absl::Status WriteObject(const Json& object, std::string& out) {
  std::vector<std::pair<std::u16string, std::string>> names;
  for (const auto& item : object.items()) {
    if (!IsValidUtf8(item.key())) return Error(ErrorCode::kInvalid, "E_STATEMENT", "member name is not UTF-8");
    names.emplace_back(Utf16(item.key()), item.key());
  }
  std::sort(names.begin(), names.end());
  out.push_back('{');
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out.push_back(',');
    SLUIS_RETURN_IF_ERROR(WriteCanonical(Json(names[i].second), out));
    out.push_back(':');
    SLUIS_RETURN_IF_ERROR(WriteCanonical(object.at(names[i].second), out));
  }
  out.push_back('}');
  return absl::OkStatus();
}

absl::Status WriteArray(const Json& array, std::string& out) {
  out.push_back('[');
  for (std::size_t i = 0; i < array.size(); ++i) {
    if (i > 0) out.push_back(',');
    SLUIS_RETURN_IF_ERROR(WriteCanonical(array[i], out));
  }
  out.push_back(']');
  return absl::OkStatus();
}

absl::Status WriteInteger(const Json& value, std::string& out) {
  constexpr std::int64_t kLimit = std::int64_t{1} << 53;
  const bool fits = value.is_number_unsigned() ? value.get<std::uint64_t>() < static_cast<std::uint64_t>(kLimit)
                                               : value.get<std::int64_t>() > -kLimit && value.get<std::int64_t>() < kLimit;
  if (!fits) return Error(ErrorCode::kInvalid, "E_STATEMENT", "integers stay below 2^53");
  out += value.dump();
  return absl::OkStatus();
}

absl::Status WriteCanonical(const Json& value, std::string& out) {
  if (value.is_object()) return WriteObject(value, out);
  if (value.is_array()) return WriteArray(value, out);
  if (value.is_number_integer()) return WriteInteger(value, out);
  if (value.is_string() && !IsValidUtf8(value.get_ref<const std::string&>())) {
    return Error(ErrorCode::kInvalid, "E_STATEMENT", "text is not UTF-8");
  }
  if (value.is_string() || value.is_boolean()) {
    // nlohmann escapes exactly what RFC 8785 asks for: ", \ and control characters, \b \f \n \r \t short.
    out += value.dump();
    return absl::OkStatus();
  }
  return Error(ErrorCode::kInvalid, "E_STATEMENT", "null and fractions do not belong in signed JSON");
}

}  // namespace

absl::StatusOr<Json> ParseJsonStrict(std::string_view text, const JsonLimits& limits) {
  if (text.size() > limits.max_bytes) return JsonError("JSON text too large");
  if (!IsValidUtf8(text)) return JsonError("JSON text is not UTF-8");
  // nlohmann skips a byte order mark and takes a zero byte for the end, whatever follows.
  if (text.starts_with("\xef\xbb\xbf") || text.find('\0') != std::string_view::npos) {
    return JsonError("JSON text with a byte order mark or a zero byte");
  }
  Checker checker(text, limits.max_depth);
  if (!Json::sax_parse(text.begin(), text.end(), &checker)) {
    return checker.status().ok() ? JsonError("not valid JSON") : checker.status();
  }
  return Json::parse(text.begin(), text.end(), nullptr, /*allow_exceptions=*/false);
}

absl::StatusOr<std::string> CanonicalJson(const Json& value) {
  std::string out;
  SLUIS_RETURN_IF_ERROR(WriteCanonical(value, out));
  return out;
}

absl::StatusOr<Json> ParseCanonicalJson(std::string_view bytes) {
  auto value = ParseJsonStrict(bytes);
  if (!value.ok()) return Error(ErrorCode::kInvalid, "E_STATEMENT", MessageOf(value.status()));
  SLUIS_ASSIGN_OR_RETURN(std::string canonical, CanonicalJson(*value));
  if (canonical != bytes) return Error(ErrorCode::kInvalid, "E_STATEMENT", "the bytes are not in canonical form");
  return value;
}

}  // namespace sluis

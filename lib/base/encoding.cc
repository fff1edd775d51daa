#include "lib/base/encoding.h"

#include <algorithm>
#include <array>
#include <vector>

#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis {
namespace {

constexpr std::string_view kHex = "0123456789abcdef";
constexpr std::string_view kBase64 =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::string_view kBase64Url =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

absl::Status Bad(std::string_view what) {
  return Error(ErrorCode::kInvalid, "FIELD_INVALID", what);
}

std::string Encode64(BytesView bytes, std::string_view alphabet, bool pad) {
  std::string out;
  out.reserve((bytes.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    const std::size_t n = std::min<std::size_t>(3, bytes.size() - i);
    std::uint32_t group = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      group = (group << 8) | (j < n ? static_cast<std::uint8_t>(bytes[i + j]) : 0U);
    }
    for (std::size_t j = 0; j <= n; ++j) out.push_back(alphabet[(group >> (18 - 6 * j)) & 63]);
    if (pad) out.append(3 - n, '=');
  }
  return out;
}

// `text` without padding.
absl::StatusOr<Bytes> Decode64(std::string_view text, std::string_view alphabet) {
  if (text.size() % 4 == 1) return Bad("not base64");
  Bytes out;
  out.reserve(text.size() * 3 / 4);
  std::uint32_t buffer = 0;
  int bits = 0;
  for (char c : text) {
    const std::size_t value = alphabet.find(c);
    if (value == std::string_view::npos) return Bad("not base64");
    buffer = (buffer << 6) | static_cast<std::uint32_t>(value);
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      out.push_back(static_cast<char>((buffer >> bits) & 0xFF));
    }
  }
  if ((buffer & ((1U << bits) - 1)) != 0) return Bad("base64 with non-zero trailing bits");
  return out;
}

// Bytes of the first code point of a text that is not empty, or 0 if it is not well-formed (RFC 3629 3).
std::size_t FirstPointLength(std::string_view text) {
  const auto lead = static_cast<std::uint8_t>(text[0]);
  if (lead < 0x80) return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || length > text.size()) return 0;
  std::uint32_t point = lead & (0xFFU >> (length + 1));
  for (const char c : text.substr(1, length - 1)) {
    const auto next = static_cast<std::uint8_t>(c);
    if ((next & 0xC0) != 0x80) return 0;
    point = (point << 6) | (next & 0x3FU);
  }
  const std::uint32_t smallest = length == 4 ? 0x10000 : length == 3 ? 0x800 : 0x80;
  const bool surrogate = point >= 0xD800 && point <= 0xDFFF;
  return point < smallest || point > 0x10FFFF || surrogate ? 0 : length;
}

}  // namespace

std::string HexEncode(BytesView bytes) {
  std::string out;
  out.reserve(bytes.size() * 2);
  for (char c : bytes) {
    const auto byte = static_cast<std::uint8_t>(c);
    out.push_back(kHex[byte >> 4]);
    out.push_back(kHex[byte & 15]);
  }
  return out;
}

absl::StatusOr<Bytes> HexDecode(std::string_view text) {
  if (text.size() % 2 != 0) return Bad("hex of odd length");
  Bytes out;
  out.reserve(text.size() / 2);
  for (std::size_t i = 0; i < text.size(); i += 2) {
    const std::size_t high = kHex.find(text[i]);
    const std::size_t low = kHex.find(text[i + 1]);
    if (high == std::string_view::npos || low == std::string_view::npos) return Bad("not lower-case hex");
    out.push_back(static_cast<char>(high << 4 | low));
  }
  return out;
}

std::string Base64Encode(BytesView bytes) { return Encode64(bytes, kBase64, true); }
std::string Base64UrlEncode(BytesView bytes) { return Encode64(bytes, kBase64Url, false); }
absl::StatusOr<Bytes> Base64UrlDecode(std::string_view text) { return Decode64(text, kBase64Url); }

absl::StatusOr<Bytes> Base64Decode(std::string_view text) {
  if (text.size() % 4 != 0) return Bad("base64 without its padding");
  std::size_t padding = 0;
  while (padding < 2 && padding < text.size() && text[text.size() - 1 - padding] == '=') ++padding;
  return Decode64(text.substr(0, text.size() - padding), kBase64);
}

bool IsValidUtf8(std::string_view text) {
  while (!text.empty()) {
    const std::size_t length = FirstPointLength(text);
    if (length == 0) return false;
    text.remove_prefix(length);
  }
  return true;
}

absl::StatusOr<std::uint64_t> ParseDecimal(std::string_view text, std::uint64_t max) {
  if (text.empty() || text.size() > 20 || (text.size() > 1 && text[0] == '0')) return Bad("not a decimal number");
  std::uint64_t value = 0;
  for (char c : text) {
    if (c < '0' || c > '9') return Bad("not a decimal number");
    const auto digit = static_cast<std::uint64_t>(c - '0');
    if (value > (max - digit) / 10 || digit > max) return Bad("number too large");
    value = value * 10 + digit;
  }
  return value;
}

std::size_t EditDistance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t above = row[j];
      row[j] = std::min({above + 1, row[j - 1] + 1, diagonal + (a[i - 1] == b[j - 1] ? 0 : 1)});
      diagonal = above;
    }
  }
  return row[b.size()];
}

}  // namespace sluis

#include "lib/pseudonym/internal/tlv.h"

#include <algorithm>
#include <array>

#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {
namespace {

constexpr std::size_t kMaxLength = 127;
constexpr std::string_view kOriginKinds[] = {"bsn", "rsin", "kvk", "kenteken", "bag"};

bool IsDigit(char c) { return c >= '0' && c <= '9'; }
bool IsLower(char c) { return c >= 'a' && c <= 'z'; }
bool IsLowerHex(char c) { return IsDigit(c) || (c >= 'a' && c <= 'f'); }

template <typename Test>
bool AllOf(BytesView value, Test test) {
  return std::all_of(value.begin(), value.end(), test);
}

bool IsName(BytesView value) {
  return !value.empty() && value.size() <= 64 && value[0] != '-' &&
         AllOf(value, [](char c) { return IsLower(c) || IsDigit(c) || c == '-'; });
}

bool IsUnit(BytesView value) {
  return !value.empty() && value.size() <= 64 &&
         AllOf(value, [](char c) { return IsLower(c) || IsDigit(c) || c == '/' || c == '-'; });
}

bool IsEpoch(BytesView value) {
  const auto epoch = ParseDecimal(value, 0xFFFFFFFF);
  return epoch.ok() && *epoch > 0;
}

bool IsId(BytesView value) { return value.size() == 32 && AllOf(value, IsLowerHex); }

}  // namespace

absl::Status TlvError(std::string_view message) { return Refuse("E_TLV", message); }

bool IsTlvValue(Tag tag, BytesView value) {
  switch (tag) {
    case Tag::kVersion:
      return value == "\x01";
    case Tag::kEpoch:
      return IsEpoch(value);
    case Tag::kCase:
    case Tag::kSession:
      return IsId(value);
    case Tag::kOin:
      return value.size() == 20 && AllOf(value, IsDigit);
    case Tag::kPurpose:
    case Tag::kRegister:
      return IsName(value);
    case Tag::kOriginKind:
      return std::find(std::begin(kOriginKinds), std::end(kOriginKinds), value) !=
             std::end(kOriginKinds);
    case Tag::kUnit:
      return IsUnit(value);
  }
  return false;
}

absl::StatusOr<Bytes> EncodeTlv(std::initializer_list<std::pair<Tag, BytesView>> fields) {
  Bytes out;
  for (const auto& [tag, value] : fields) {
    if (!IsTlvValue(tag, value)) return TlvError("a value has not the form of its tag");
    out.push_back(static_cast<char>(tag));
    out.push_back(static_cast<char>(value.size()));
    out.append(value);
  }
  return out;
}

absl::StatusOr<std::vector<BytesView>> DecodeTlv(BytesView bytes, std::span<const Tag> tags) {
  std::vector<BytesView> values;
  for (const Tag tag : tags) {
    if (bytes.size() < 2) return TlvError("the domain or context ends too early");
    if (static_cast<std::uint8_t>(bytes[0]) != static_cast<std::uint8_t>(tag)) {
      return TlvError("the domain or context has another tag than its kind");
    }
    const std::size_t length = static_cast<std::uint8_t>(bytes[1]);
    if (length > kMaxLength || bytes.size() - 2 < length) {
      return TlvError("a value of the domain or context is too long");
    }
    values.push_back(bytes.substr(2, length));
    if (!IsTlvValue(tag, values.back())) return TlvError("a value has not the form of its tag");
    bytes.remove_prefix(2 + length);
  }
  if (!bytes.empty()) return TlvError("bytes are left behind the domain or context");
  return values;
}

}  // namespace sluis::pseudonym

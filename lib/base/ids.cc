#include "lib/base/ids.h"

#include <algorithm>

#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis {
namespace {

bool IsDecimal(char c) { return c >= '0' && c <= '9'; }
bool IsLowerAlnum(char c) { return (c >= 'a' && c <= 'z') || IsDecimal(c); }

absl::Status BadId(std::string_view what) {
  return Error(ErrorCode::kInvalid, "FIELD_INVALID", what);
}

}  // namespace

absl::StatusOr<Oin> Oin::Parse(std::string_view text) {
  if (text.size() != 20 || !std::all_of(text.begin(), text.end(), IsDecimal)) {
    return BadId("an OIN is exactly 20 digits");
  }
  return Oin(text);
}

absl::StatusOr<UnitPath> UnitPath::Parse(std::string_view text) {
  const std::size_t slash = text.find('/');
  const bool charset = std::all_of(text.begin(), text.end(), [](char c) {
    return IsLowerAlnum(c) || c == '-' || c == '/';
  });
  if (text.size() > 64 || !charset || slash == std::string_view::npos || slash == 0 ||
      slash + 1 == text.size() || text.find('/', slash + 1) != std::string_view::npos) {
    return BadId("a unit is kind/department, such as gemeente/oov");
  }
  return UnitPath(text);
}

template <typename Tag>
absl::StatusOr<RandomId<Tag>> RandomId<Tag>::Parse(std::string_view hex) {
  if (hex.size() != 32) return BadId("an id is 32 lower-case hex characters");
  SLUIS_ASSIGN_OR_RETURN(Bytes raw, HexDecode(hex));
  std::array<std::uint8_t, 16> bytes;
  std::copy(raw.begin(), raw.end(), bytes.begin());
  RandomId id(bytes);
  if (id.empty()) return BadId("an id of only zeros names nothing");
  return id;
}

template <typename Tag>
std::string RandomId<Tag>::hex() const {
  return HexEncode(AsView(bytes_));
}

template class RandomId<ExchangeTag>;
template class RandomId<CaseTag>;

bool IsResourceId(std::string_view text) {
  if (text.empty() || text.size() > 63 || text[0] < 'a' || text[0] > 'z' || text.back() == '-') return false;
  return std::all_of(text.begin(), text.end(), [](char c) { return IsLowerAlnum(c) || c == '-'; });
}

absl::StatusOr<Bytes> ParseUuid(std::string_view text) {
  std::string hex;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool dash_place = i == 8 || i == 13 || i == 18 || i == 23;
    if ((text[i] == '-') != dash_place) return BadId("not a UUID");
    if (dash_place) continue;
    hex.push_back(text[i] >= 'A' && text[i] <= 'F' ? static_cast<char>(text[i] - 'A' + 'a') : text[i]);
  }
  if (text.size() != 36) return BadId("a UUID has 36 characters");
  SLUIS_ASSIGN_OR_RETURN(Bytes bytes, HexDecode(hex));
  if (bytes == Bytes(16, '\0')) return BadId("the nil UUID names nothing");
  return bytes;
}

bool PassesElevenTest(std::string_view digits) {
  if (digits.size() != 9 || !std::all_of(digits.begin(), digits.end(), IsDecimal)) return false;
  int sum = -(digits[8] - '0');
  for (int i = 0; i < 8; ++i) sum += (9 - i) * (digits[static_cast<std::size_t>(i)] - '0');
  return digits != "000000000" && sum % 11 == 0;
}

bool ContainsBsnLikeRun(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && IsDecimal(text[end])) ++end;
    if (end - i == 9 && PassesElevenTest(text.substr(i, 9))) return true;
    i = end == i ? i + 1 : end;
  }
  return false;
}

}  // namespace sluis

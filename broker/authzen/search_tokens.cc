#include "broker/authzen/search_tokens.h"

#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/random.h"

namespace sluis::authzen {
namespace {

constexpr absl::Duration kTokenLife = absl::Hours(1);
constexpr std::size_t kTokenMac = 32;
constexpr std::size_t kLongestToken = 256;

absl::Status OtherList() {
  return InvalidField("PAGE_TOKEN_MISMATCH", "page.token",
                      "belongs to another request, to a list that changed, or is too old; start "
                      "again without it");
}

}  // namespace

SearchTokens::SearchTokens() : key_(RandomBytes(32)) {}

std::string SearchTokens::Make(const Cursor& cursor, std::string_view bound, absl::Time now) const {
  const std::string content = absl::StrFormat("%d %d %d", absl::ToUnixSeconds(now + kTokenLife),
                                              cursor.offset, cursor.limit);
  const Digest mac = HmacSha256(key_, {content, "\n", bound});
  return Base64UrlEncode(ToBytes(mac) + content);
}

absl::StatusOr<Cursor> SearchTokens::Read(std::string_view token, std::string_view bound,
                                          absl::Time now) const {
  if (token.size() > kLongestToken) return OtherList();
  const absl::StatusOr<Bytes> bytes = Base64UrlDecode(token);
  if (!bytes.ok() || bytes->size() <= kTokenMac) return OtherList();
  const std::string content = bytes->substr(kTokenMac);
  const Digest mac = HmacSha256(key_, {content, "\n", bound});
  if (!ConstantTimeEqual(BytesView(*bytes).substr(0, kTokenMac), AsView(mac))) return OtherList();
  const std::vector<std::string> parts = absl::StrSplit(content, ' ');
  if (parts.size() != 3) return OtherList();
  const auto until = ParseDecimal(parts[0], 1ULL << 40);
  const auto offset = ParseDecimal(parts[1], 1ULL << 32);
  const auto limit = ParseDecimal(parts[2], 1ULL << 32);
  if (!until.ok() || !offset.ok() || !limit.ok()) return OtherList();
  if (absl::ToUnixSeconds(now) > static_cast<std::int64_t>(*until)) return OtherList();
  return Cursor{*offset, *limit};
}

}  // namespace sluis::authzen

#include "broker/rpc/page_token.h"

#include <algorithm>
#include <memory>

#include "absl/strings/str_format.h"
#include "broker/rpc/request_bytes.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/crypto/hash.h"
#include "lib/crypto/random.h"

namespace sluis::rpc {
namespace {

constexpr absl::Duration kLife = absl::Hours(24);
constexpr std::size_t kMacSize = 32;

absl::Status Mismatch() {
  return InvalidField("PAGE_TOKEN_MISMATCH", "page_token",
                      "belongs to another list or is too old; start again without it");
}

// The request as it is for every page: without what differs from page to page.
std::unique_ptr<google::protobuf::Message> Common(const google::protobuf::Message& request) {
  std::unique_ptr<google::protobuf::Message> copy(request.New());
  copy->CopyFrom(request);
  for (const char* name : {"page_token", "page_size", "request_id"}) {
    const auto* field = copy->GetDescriptor()->FindFieldByName(name);
    if (field != nullptr) copy->GetReflection()->ClearField(copy.get(), field);
  }
  return copy;
}

}  // namespace

PageTokens::PageTokens() : key_(RandomBytes(32)) {}

Digest PageTokens::Mac(const exchange::Caller& caller, std::string_view method,
                       const google::protobuf::Message& request, std::string_view content) const {
  const Digest about = Sha256(RequestBytes(*Common(request)));
  return HmacSha256(key_, absl::StrFormat("%s\n%s\n%s\n%s", std::string(method),
                                          caller.ActorId() + caller.party.ToString(),
                                          HexEncode(AsView(about)), std::string(content)));
}

std::string PageTokens::Make(const exchange::Caller& caller, std::string_view method,
                             const google::protobuf::Message& request, std::string_view after,
                             absl::Time now) const {
  const std::string content =
      absl::StrFormat("%d %s", absl::ToUnixSeconds(now + kLife), std::string(after));
  return Base64UrlEncode(ToBytes(Mac(caller, method, request, content)) + content);
}

absl::StatusOr<std::string> PageTokens::Read(const exchange::Caller& caller,
                                             std::string_view method,
                                             const google::protobuf::Message& request,
                                             const std::string& token, absl::Time now) const {
  if (token.empty()) return std::string();
  const absl::StatusOr<Bytes> bytes = Base64UrlDecode(token);
  if (!bytes.ok() || bytes->size() <= kMacSize) return Mismatch();
  const std::string content = bytes->substr(kMacSize);
  if (!ConstantTimeEqual(BytesView(*bytes).substr(0, kMacSize),
                         AsView(Mac(caller, method, request, content)))) {
    return Mismatch();
  }
  const std::size_t space = content.find(' ');
  const absl::StatusOr<std::uint64_t> until = ParseDecimal(content.substr(0, space), 1ULL << 40);
  if (!until.ok() || absl::ToUnixSeconds(now) > static_cast<std::int64_t>(*until))
    return Mismatch();
  return content.substr(space + 1);
}

int PageSize(int asked) { return asked == 0 ? 50 : std::min(asked, 500); }

}  // namespace sluis::rpc

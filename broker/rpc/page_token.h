// Page tokens (api.md §6): opaque, authenticated, bound to caller, method and all other fields of
// the request, good for 24 hours. The key lives as long as the process, so a restart asks to start
// the list again.
#pragma once

#include <google/protobuf/message.h>

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/exchange/caller.h"
#include "lib/base/bytes.h"

namespace sluis::rpc {

// Thread-safe.
class PageTokens {
 public:
  PageTokens();

  // `after` names the last element of the page; `request` is the request of the page.
  std::string Make(const exchange::Caller& caller, std::string_view method,
                   const google::protobuf::Message& request, std::string_view after,
                   absl::Time now) const;
  // What was `after`; empty for an empty token. INVALID_ARGUMENT / PAGE_TOKEN_MISMATCH for any
  // other token than one made for this caller, method and request.
  absl::StatusOr<std::string> Read(const exchange::Caller& caller, std::string_view method,
                                   const google::protobuf::Message& request,
                                   const std::string& token, absl::Time now) const;

 private:
  Digest Mac(const exchange::Caller& caller, std::string_view method,
             const google::protobuf::Message& request, std::string_view content) const;
  const Bytes key_;
};

// 0 is 50, more than 500 is 500 (api.md §6). Precondition: not negative.
int PageSize(int asked);

}  // namespace sluis::rpc

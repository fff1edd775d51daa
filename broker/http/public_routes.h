// What everybody may read without log-in (log.md B10): checkpoint and tiles, which hold no personal
// data, and whether the service is well. To be served by a listener without client certificates.
//
//   <prefix>/checkpoint              the published checkpoint; 404 before the first
//   <prefix>/tile/<L>/<N>[.p/<W>]    only what that checkpoint implies; a partial tile is cut from
//   the widest /healthz                         200 `ok`, or 503 once the log cannot be written
#pragma once

#include <memory>
#include <string>

#include "absl/status/statusor.h"
#include "broker/http/message.h"
#include "broker/journal/journal.h"
#include "broker/storage/store.h"

namespace sluis::http {

// Thread-safe. Journal and store outlive it.
class PublicRoutes : public Handler {
 public:
  // INVALID_ARGUMENT for a prefix that CheckPrefix refuses.
  static absl::StatusOr<std::unique_ptr<PublicRoutes>> Create(std::string prefix,
                                                              const journal::Journal& journal,
                                                              storage::Store& store);
  Response Handle(const Request& request) override;

 private:
  PublicRoutes(std::string prefix, const journal::Journal& journal, storage::Store& store)
      : prefix_(std::move(prefix)), journal_(journal), store_(store) {}
  Response Checkpoint() const;
  Response Tile(std::string_view path) const;

  const std::string prefix_;
  const journal::Journal& journal_;
  storage::Store& store_;
};

// `ok` or 503, for a load balancer; says nothing else.
Response Health(const journal::Journal& journal);

}  // namespace sluis::http

// WatchInbox: each stream reads from its cursor, waits until its party is told, and ends with OK
// after ten minutes; the caller goes on from its cursor, so nothing is lost over a reconnect.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <map>
#include <memory>
#include <set>
#include <vector>

#include "absl/status/statusor.h"
#include "broker/exchange/service.h"
#include "lib/base/mutex.h"
#include "sluis/v1/exchange.pb.h"

namespace sluis::rpc {

class InboxStream;

// Thread-safe. `service` outlives it; every stream has ended when Stop() returns.
class InboxStreams {
 public:
  explicit InboxStreams(exchange::Service& service);
  ~InboxStreams();

  // The reactor of a new stream.
  grpc::ServerWriteReactor<v1::InboxEntry>* Start(exchange::Caller caller, std::int64_t after,
                                                  bool until_caught_up);
  // That of a call which was not admitted: it ends at once.
  grpc::ServerWriteReactor<v1::InboxEntry>* Refuse(const grpc::Status& status);
  // Ends every stream with OK: its caller reconnects, here or elsewhere. New ones end at once.
  void Stop();

 private:
  friend class InboxStream;
  struct Pump;
  void Wake(const PartyId& party);
  void Remove(InboxStream* stream);
  std::vector<std::shared_ptr<InboxStream>> StreamsOf(const std::set<PartyId>& parties,
                                                      bool everyone);

  exchange::Service& service_;
  Mutex mutex_;
  CondVar gone_;
  bool stopping_ SLUIS_GUARDED_BY(mutex_) = false;
  std::multimap<PartyId, std::shared_ptr<InboxStream>> streams_ SLUIS_GUARDED_BY(mutex_);
  std::unique_ptr<Pump> pump_;  // reads for the streams, off the journal's thread
};

}  // namespace sluis::rpc

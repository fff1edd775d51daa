// One WatchInbox stream. gRPC calls its reactions, the pump its Step(); a mutex keeps them apart.
#pragma once

#include <grpcpp/support/server_callback.h>

#include <chrono>
#include <deque>
#include <memory>

#include "broker/exchange/service.h"
#include "lib/base/mutex.h"
#include "sluis/v1/exchange.pb.h"

namespace sluis::rpc {

class InboxStreams;

class InboxStream : public grpc::ServerWriteReactor<v1::InboxEntry>,
                    public std::enable_shared_from_this<InboxStream> {
 public:
  InboxStream(InboxStreams& owner, exchange::Caller caller, std::int64_t after,
              bool until_caught_up, std::chrono::steady_clock::time_point end)
      : owner_(owner),
        caller_(std::move(caller)),
        until_caught_up_(until_caught_up),
        end_(end),
        cursor_(after) {}

  const PartyId& party() const { return caller_.party; }
  std::chrono::steady_clock::time_point end() const { return end_; }

  // Reads on from the cursor if nothing is being written, and ends the stream when its time is
  // over.
  void Step(exchange::Service& service, std::chrono::steady_clock::time_point now);
  // Ends it with OK as soon as no write is under way.
  void End();

 private:
  void OnWriteDone(bool ok) override;
  void OnCancel() override;
  void OnDone() override;
  // Starts what comes next: a write, the end, or nothing.
  void Advance() SLUIS_REQUIRES(mutex_);

  InboxStreams& owner_;
  const exchange::Caller caller_;
  const bool until_caught_up_;
  const std::chrono::steady_clock::time_point end_;

  Mutex mutex_;
  std::int64_t cursor_ SLUIS_GUARDED_BY(mutex_);
  std::deque<v1::InboxEntry> waiting_ SLUIS_GUARDED_BY(mutex_);
  v1::InboxEntry writing_entry_ SLUIS_GUARDED_BY(mutex_);
  bool writing_ SLUIS_GUARDED_BY(mutex_) = false;
  bool ending_ SLUIS_GUARDED_BY(mutex_) = false;
  bool finished_ SLUIS_GUARDED_BY(mutex_) = false;
  grpc::Status status_ SLUIS_GUARDED_BY(mutex_);
};

}  // namespace sluis::rpc

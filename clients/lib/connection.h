// The way to the broker: gRPC over mutual TLS 1.3, a fresh assertion for every attempt, a deadline
// on every call, and patience as api.md §8 has it. Requests go out as bytes, so that what was
// stored is what is sent.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/lib/assertion_source.h"
#include "clients/lib/party_folder.h"
#include "lib/base/bytes.h"

namespace sluis::edge {

// How long to wait and how often to try again after UNAVAILABLE; nothing else is tried again.
struct Patience {
  absl::Duration deadline = absl::Seconds(10);  // of one attempt
  int retries = 5;
  absl::Duration first_pause = absl::Seconds(1);
  double growth = 1.3;
  // Waits; tests put their own here.
  std::function<void(absl::Duration)> pause = absl::SleepFor;
  // In [0, 1): which part of a quarter of the pause is added, so that edges do not knock together.
  std::function<double()> jitter;
};

// Ends a stream from another thread or a signal watcher. Thread-safe.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;
  void Stop();
  bool stopped() const;

 private:
  friend class Connection;
  struct State;
  std::unique_ptr<State> state_;
};

// Thread-safe.
class Connection {
 public:
  // Does not connect yet. `party` and `assertions` outlive it.
  static std::unique_ptr<Connection> Create(const PartyFolder& party, AssertionSource& assertions,
                                            Patience patience = {});
  ~Connection();
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  // One unary call: the bytes of the answer, or a RemoteError. `method` is a gRPC path.
  absl::StatusOr<Bytes> Call(std::string_view method, BytesView request) const;

  // Reads one stream until it ends, `stop` is given or `take` fails; OK if the broker ended it with
  // OK or it was stopped. One attempt: the caller goes on from its cursor.
  absl::Status Stream(std::string_view method, BytesView request, StopSignal& stop,
                      const std::function<absl::Status(BytesView message)>& take) const;

  // The pause before attempt `n` (1, 2, ...) after `failure`.
  absl::Duration PauseBefore(int n, const absl::Status& failure) const;
  const Patience& patience() const { return patience_; }

 private:
  struct Channel;
  Connection(std::unique_ptr<Channel> channel, AssertionSource& assertions, Patience patience);
  absl::StatusOr<Bytes> Attempt(const std::string& method, BytesView request) const;

  std::unique_ptr<Channel> channel_;
  AssertionSource& assertions_;
  Patience patience_;
};

}  // namespace sluis::edge

// One desk's inbox: a thread reads the stream and hands each exchange to the client that waits for
// it, as a register system with many officers behind one connection would.
#pragma once

#include <future>
#include <map>
#include <string>
#include <thread>

#include "clients/lib/connection.h"
#include "clients/lib/names.h"
#include "lib/base/mutex.h"
#include "sluis/v1/exchange.pb.h"

namespace sluis::bench {

class InboxDesk {
 public:
  // Reads all lines of `party`; of those with another event it takes no notice. `connection` must
  // outlive it.
  InboxDesk(const edge::Connection& connection, const PartyId& party, sluis::v1::InboxEvent event);
  ~InboxDesk();
  InboxDesk(const InboxDesk&) = delete;
  InboxDesk& operator=(const InboxDesk&) = delete;

  // Waits for the line about the exchange of this name. Once a name.
  sluis::v1::Exchange Await(const std::string& name);
  // Mean size of the lines that were read, the ignored ones included, times how many there were for
  // each that was not ignored: what one exchange costs in bytes pushed.
  std::size_t BytesPerLine() const;

 private:
  absl::Status Take(BytesView message);

  const sluis::v1::InboxEvent event_;
  edge::StopSignal stop_;
  mutable Mutex mutex_;
  std::map<std::string, std::promise<sluis::v1::Exchange>> lines_ SLUIS_GUARDED_BY(mutex_);
  std::size_t bytes_ SLUIS_GUARDED_BY(mutex_) = 0;
  std::size_t count_ SLUIS_GUARDED_BY(mutex_) = 0;
  std::thread thread_;
};

}  // namespace sluis::bench

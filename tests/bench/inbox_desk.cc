#include "tests/bench/inbox_desk.h"

#include "clients/lib/methods.h"
#include "tests/bench/must.h"

namespace sluis::bench {

using sluis::v1::Exchange;
using sluis::v1::InboxEntry;

InboxDesk::InboxDesk(const edge::Connection& connection, const PartyId& party,
                     sluis::v1::InboxEvent event)
    : event_(event), thread_([this, &connection, name = PartyName(party)] {
        sluis::v1::WatchInboxRequest request;
        request.set_parent(name);
        Must(connection.Stream(edge::kWatchInbox.path, request.SerializeAsString(), stop_,
                               [this](BytesView message) { return Take(message); }),
             "reading an inbox");
      }) {}

InboxDesk::~InboxDesk() {
  stop_.Stop();
  thread_.join();
}

absl::Status InboxDesk::Take(BytesView message) {
  InboxEntry entry;
  Must(entry.ParseFromArray(message.data(), static_cast<int>(message.size())), "an inbox line");
  const MutexLock lock(mutex_);
  bytes_ += message.size();
  if (entry.event() != event_) return absl::OkStatus();
  ++count_;
  lines_[entry.exchange().name()].set_value(std::move(*entry.mutable_exchange()));
  return absl::OkStatus();
}

Exchange InboxDesk::Await(const std::string& name) {
  std::future<Exchange> line;
  {
    const MutexLock lock(mutex_);
    line = lines_[name].get_future();
  }
  Exchange exchange = line.get();
  const MutexLock lock(mutex_);
  lines_.erase(name);
  return exchange;
}

std::size_t InboxDesk::BytesPerLine() const {
  const MutexLock lock(mutex_);
  return count_ == 0 ? 0 : bytes_ / count_;
}

}  // namespace sluis::bench

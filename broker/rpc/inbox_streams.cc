#include "broker/rpc/inbox_streams.h"

#include <chrono>
#include <thread>
#include <vector>

#include "broker/rpc/inbox_stream.h"
#include "broker/rpc/status.h"

namespace sluis::rpc {
namespace {

using std::chrono::steady_clock;

constexpr std::chrono::minutes kLife(10);
// How late the end of a stream may be noticed.
constexpr std::chrono::seconds kTick(5);

// A call that was not admitted.
class RefusedStream : public grpc::ServerWriteReactor<v1::InboxEntry> {
 public:
  explicit RefusedStream(const grpc::Status& status) { Finish(status); }
  void OnDone() override { delete this; }
};

}  // namespace

// The thread that reads for all streams, and the parties that wait for it.
struct InboxStreams::Pump {
  explicit Pump(InboxStreams& owner) : thread([this, &owner] { Run(owner); }) {}

  void Run(InboxStreams& owner) {
    for (;;) {
      std::set<PartyId> parties;
      bool everyone = false;
      {
        MutexLock lock(mutex);
        if (woken.empty() && !stop) everyone = !wake.WaitFor(mutex, kTick);
        if (stop) return;
        parties.swap(woken);
      }
      for (const std::shared_ptr<InboxStream>& stream : owner.StreamsOf(parties, everyone)) {
        stream->Step(owner.service_, steady_clock::now());
      }
    }
  }

  void Wake(const PartyId& party) {
    MutexLock lock(mutex);
    woken.insert(party);
    wake.NotifyOne();
  }

  void Stop() {
    {
      MutexLock lock(mutex);
      stop = true;
      wake.NotifyOne();
    }
    if (thread.joinable()) thread.join();
  }

  Mutex mutex;
  CondVar wake;
  std::set<PartyId> woken SLUIS_GUARDED_BY(mutex);
  bool stop SLUIS_GUARDED_BY(mutex) = false;
  std::thread thread;
};

InboxStreams::InboxStreams(exchange::Service& service)
    : service_(service), pump_(std::make_unique<Pump>(*this)) {
  service_.OnInbox([this](const PartyId& party) { Wake(party); });
}

InboxStreams::~InboxStreams() { Stop(); }

grpc::ServerWriteReactor<v1::InboxEntry>* InboxStreams::Refuse(const grpc::Status& status) {
  return new RefusedStream(status);
}

grpc::ServerWriteReactor<v1::InboxEntry>* InboxStreams::Start(exchange::Caller caller,
                                                              std::int64_t after,
                                                              bool until_caught_up) {
  auto stream = std::make_shared<InboxStream>(*this, std::move(caller), after, until_caught_up,
                                              steady_clock::now() + kLife);
  {
    MutexLock lock(mutex_);
    if (stopping_) return new RefusedStream(grpc::Status::OK);
    streams_.emplace(stream->party(), stream);
  }
  Wake(stream->party());
  return stream.get();
}

std::vector<std::shared_ptr<InboxStream>> InboxStreams::StreamsOf(const std::set<PartyId>& parties,
                                                                  bool everyone) {
  std::vector<std::shared_ptr<InboxStream>> found;
  MutexLock lock(mutex_);
  for (const auto& [party, stream] : streams_) {
    if (everyone || parties.contains(party)) found.push_back(stream);
  }
  return found;
}

void InboxStreams::Wake(const PartyId& party) { pump_->Wake(party); }

void InboxStreams::Remove(InboxStream* stream) {
  MutexLock lock(mutex_);
  const auto [first, last] = streams_.equal_range(stream->party());
  for (auto it = first; it != last; ++it) {
    if (it->second.get() != stream) continue;
    streams_.erase(it);
    break;
  }
  gone_.NotifyAll();
}

void InboxStreams::Stop() {
  std::vector<std::shared_ptr<InboxStream>> open;
  {
    MutexLock lock(mutex_);
    stopping_ = true;
    for (const auto& [party, stream] : streams_) open.push_back(stream);
  }
  for (const std::shared_ptr<InboxStream>& stream : open) stream->End();
  open.clear();
  {
    MutexLock lock(mutex_);
    while (!streams_.empty()) gone_.Wait(mutex_);
  }
  pump_->Stop();
}

}  // namespace sluis::rpc

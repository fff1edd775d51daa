#include "broker/rpc/inbox_stream.h"

#include "broker/rpc/convert.h"
#include "broker/rpc/inbox_streams.h"
#include "broker/rpc/status.h"

namespace sluis::rpc {
namespace {

constexpr int kReadAhead = 32;

v1::InboxEntry ToEntry(const exchange::Service::InboxLine& line) {
  v1::InboxEntry entry;
  entry.set_sequence(line.line.sequence);
  entry.set_event(static_cast<v1::InboxEvent>(line.line.event));
  ToWire(line.exchange, entry.mutable_exchange());
  ToWire(line.line.create_time, entry.mutable_create_time());
  return entry;
}

}  // namespace

void InboxStream::Step(exchange::Service& service, std::chrono::steady_clock::time_point now) {
  std::int64_t cursor = 0;
  {
    MutexLock lock(mutex_);
    if (now >= end_) ending_ = true;
    if (writing_ || ending_ || finished_ || !waiting_.empty()) {
      Advance();
      return;
    }
    cursor = cursor_;
  }
  // The pump alone reads, so the cursor stands still meanwhile.
  const absl::StatusOr<std::vector<exchange::Service::InboxLine>> lines =
      service.ReadInbox(caller_, cursor, kReadAhead);
  MutexLock lock(mutex_);
  if (!lines.ok()) {
    status_ = ToGrpcStatus(lines.status());
    ending_ = true;
  } else {
    for (const exchange::Service::InboxLine& line : *lines) {
      waiting_.push_back(ToEntry(line));
      cursor_ = line.line.sequence;
    }
    if (lines->empty() && until_caught_up_) ending_ = true;
  }
  Advance();
}

void InboxStream::Advance() {
  if (writing_ || finished_) return;
  if (!ending_ && !waiting_.empty()) {
    writing_entry_ = std::move(waiting_.front());
    waiting_.pop_front();
    writing_ = true;
    StartWrite(&writing_entry_);
  } else if (ending_) {
    finished_ = true;
    Finish(status_);
  }
}

void InboxStream::End() {
  MutexLock lock(mutex_);
  ending_ = true;
  Advance();
}

void InboxStream::OnWriteDone(bool ok) {
  bool drained = false;
  {
    MutexLock lock(mutex_);
    writing_ = false;
    if (!ok) ending_ = true;
    Advance();
    drained = !writing_ && !finished_;
  }
  if (drained) owner_.Wake(party());
}

void InboxStream::OnCancel() { End(); }

void InboxStream::OnDone() { owner_.Remove(this); }

}  // namespace sluis::rpc

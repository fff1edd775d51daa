#include "broker/transcryptor/counters.h"

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/log.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::transcryptor {

void Counters::Served(std::string_view call, std::size_t items) {
  MutexLock lock(mutex_);
  ++served_[std::string(call)];
  items_[std::string(call)] += static_cast<std::int64_t>(items);
}

void Counters::Refused(std::string_view call, std::string_view code) {
  MutexLock lock(mutex_);
  ++refused_[{std::string(call), std::string(code)}];
}

std::int64_t Counters::served(std::string_view call) const {
  MutexLock lock(mutex_);
  const auto found = served_.find(call);
  return found == served_.end() ? 0 : found->second;
}

std::int64_t Counters::items(std::string_view call) const {
  MutexLock lock(mutex_);
  const auto found = items_.find(call);
  return found == items_.end() ? 0 : found->second;
}

std::int64_t Counters::refused(std::string_view code) const {
  MutexLock lock(mutex_);
  std::int64_t count = 0;
  for (const auto& [key, number] : refused_) count += key.second == code ? number : 0;
  return count;
}

std::string Counters::Text() const {
  MutexLock lock(mutex_);
  std::string text;
  for (const auto& [call, number] : served_) {
    text += absl::StrFormat("sluis_transcryptor_served_total{call=\"%s\"} %d\n", call, number);
  }
  for (const auto& [call, number] : items_) {
    text += absl::StrFormat("sluis_transcryptor_items_total{call=\"%s\"} %d\n", call, number);
  }
  for (const auto& [key, number] : refused_) {
    text += absl::StrFormat("sluis_transcryptor_refused_total{call=\"%s\",code=\"%s\"} %d\n",
                            key.first, key.second, number);
  }
  return text;
}

absl::Status Outward(const absl::Status& status, std::string_view call, Counters& counters) {
  if (status.ok()) return status;
  const std::string code = ReasonOf(status).empty() ? "FAULT" : ReasonOf(status);
  counters.Refused(call, code);
  LogEvent(LogLevel::kWarning, "refused", absl::StrFormat("call=%s code=%s", call, code));
  switch (pseudonym::ClassOf(code)) {
    case pseudonym::RefusalClass::kBytes:
    case pseudonym::RefusalClass::kRequest:
    case pseudonym::RefusalClass::kSecret:
      return pseudonym::ForSender(status);
    case pseudonym::RefusalClass::kOther:
      return status;  // about the call itself, or a fault of ours
  }
  return status;
}

}  // namespace sluis::transcryptor

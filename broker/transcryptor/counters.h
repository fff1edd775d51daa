// What a transcryptor did and refused, by call and code: numbers only, nothing about whom.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <utility>

#include "absl/status/status.h"
#include "lib/base/mutex.h"

namespace sluis::transcryptor {

// Thread-safe. Bounded: calls and codes are ours.
class Counters {
 public:
  void Served(std::string_view call, std::size_t items);
  void Refused(std::string_view call, std::string_view code);

  std::int64_t served(std::string_view call) const;
  std::int64_t items(std::string_view call) const;
  std::int64_t refused(std::string_view code) const;
  // As Prometheus text lines.
  std::string Text() const;

 private:
  mutable Mutex mutex_;
  std::map<std::string, std::int64_t, std::less<>> served_ SLUIS_GUARDED_BY(mutex_);
  std::map<std::string, std::int64_t, std::less<>> items_ SLUIS_GUARDED_BY(mutex_);
  std::map<std::pair<std::string, std::string>, std::int64_t> refused_ SLUIS_GUARDED_BY(mutex_);
};

// Logs and counts a refusal with its full code, and gives what the caller may see of it.
absl::Status Outward(const absl::Status& status, std::string_view call, Counters& counters);

}  // namespace sluis::transcryptor

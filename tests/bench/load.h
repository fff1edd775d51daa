// N clients that each do one thing after the other: how many a second, and how long each took.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <string>

#include "absl/time/time.h"

namespace sluis::bench {

struct LoadOptions {
  int clients = 1;
  absl::Duration warm_up = absl::Milliseconds(500);
  absl::Duration measured = absl::Seconds(5);
  pid_t server = 0;  // whose processor time is counted too; 0 for none
};

// What was seen between warm-up and end.
struct LoadResult {
  int count = 0;
  double per_second = 0;
  absl::Duration p50, p99;
  double client_cpu = 0, server_cpu = 0;         // seconds a thing
  std::map<std::string, double> server_threads;  // seconds a thing, by thread
};

// `body(client)` does one thing, on a thread of that client; it never fails (must.h).
LoadResult RunLoad(const LoadOptions& options, const std::function<void(int client)>& body);

}  // namespace sluis::bench

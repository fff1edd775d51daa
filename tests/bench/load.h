// N clients that each do one thing after the other: how many a second, and how long each took.
#pragma once

#include <sys/types.h>

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "absl/time/time.h"

namespace sluis::bench {

struct LoadOptions {
  int clients = 1;
  absl::Duration warm_up = absl::Milliseconds(300);
  absl::Duration measured = absl::Seconds(2);
  pid_t server = 0;  // whose processor time is counted too; 0 for none
};

// What was seen between warm-up and end; of several slices together after Add.
struct LoadResult {
  std::vector<absl::Duration> took;
  absl::Duration length;
  double client_seconds = 0, server_seconds = 0;  // processor time
  std::map<std::string, double> server_threads;   // the same by thread of the server

  void Add(const LoadResult& slice);
  double PerSecond() const;
  // The nearest-rank percentile; zero if there is nothing.
  absl::Duration Percentile(double part) const;
  // Microseconds of processor time for each thing.
  double PerThing(double seconds) const;
};

// `body(client)` does one thing, on a thread of that client; it never fails (must.h).
LoadResult RunLoad(const LoadOptions& options, const std::function<void(int client)>& body);

}  // namespace sluis::bench

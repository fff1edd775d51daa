#include "tests/bench/load.h"

#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cmath>
#include <thread>
#include <vector>

#include "absl/time/clock.h"
#include "tests/bench/child_process.h"

namespace sluis::bench {
namespace {

struct Thing {
  absl::Time end;
  absl::Duration took;
};

// A moment, and what was used up to it.
struct Mark {
  explicit Mark(pid_t pid) : time(absl::Now()), client(CpuSeconds(::getpid())) {
    if (pid == 0) return;
    server = CpuSeconds(pid);
    threads = CpuSecondsByThread(pid);
  }
  absl::Time time;
  double client = 0, server = 0;
  std::map<std::string, double> threads;
};

LoadResult Summarise(const std::vector<std::vector<Thing>>& things, const Mark& from,
                     const Mark& to) {
  LoadResult result;
  for (const std::vector<Thing>& of_client : things) {
    for (const Thing& thing : of_client) {
      if (thing.end >= from.time && thing.end < to.time) result.took.push_back(thing.took);
    }
  }
  result.length = to.time - from.time;
  result.client_seconds = to.client - from.client;
  result.server_seconds = to.server - from.server;
  for (const auto& [name, seconds] : to.threads) {
    const auto before = from.threads.find(name);
    result.server_threads[name] = seconds - (before == from.threads.end() ? 0 : before->second);
  }
  return result;
}

}  // namespace

void LoadResult::Add(const LoadResult& slice) {
  took.insert(took.end(), slice.took.begin(), slice.took.end());
  length += slice.length;
  client_seconds += slice.client_seconds;
  server_seconds += slice.server_seconds;
  for (const auto& [name, seconds] : slice.server_threads) server_threads[name] += seconds;
}

double LoadResult::PerSecond() const {
  return static_cast<double>(took.size()) / absl::ToDoubleSeconds(length);
}

double LoadResult::PerThing(double seconds) const {
  return 1e6 * seconds / static_cast<double>(std::max<std::size_t>(took.size(), 1));
}

absl::Duration LoadResult::Percentile(double part) const {
  if (took.empty()) return absl::ZeroDuration();
  std::vector<absl::Duration> sorted = took;
  std::sort(sorted.begin(), sorted.end());
  const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

LoadResult RunLoad(const LoadOptions& options, const std::function<void(int client)>& body) {
  std::atomic<bool> stop = false;
  std::vector<std::vector<Thing>> things(static_cast<std::size_t>(options.clients));
  std::vector<std::thread> threads;
  for (int client = 0; client < options.clients; ++client) {
    threads.emplace_back([&, client] {
      while (!stop) {
        const absl::Time start = absl::Now();
        body(client);
        const absl::Time end = absl::Now();
        things[static_cast<std::size_t>(client)].push_back({end, end - start});
      }
    });
  }
  absl::SleepFor(options.warm_up);
  const Mark from(options.server);
  absl::SleepFor(options.measured);
  const Mark to(options.server);
  stop = true;
  for (std::thread& thread : threads) thread.join();
  return Summarise(things, from, to);
}

}  // namespace sluis::bench

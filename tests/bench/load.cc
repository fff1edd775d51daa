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

// The nearest-rank percentile of a sorted list; zero of an empty one.
absl::Duration Percentile(const std::vector<absl::Duration>& sorted, double part) {
  if (sorted.empty()) return absl::ZeroDuration();
  const auto rank = static_cast<std::size_t>(std::ceil(part * static_cast<double>(sorted.size())));
  return sorted[std::max<std::size_t>(rank, 1) - 1];
}

LoadResult Summarise(const std::vector<std::vector<Thing>>& things, const Mark& from,
                     const Mark& to) {
  LoadResult result;
  std::vector<absl::Duration> took;
  for (const std::vector<Thing>& of_client : things) {
    for (const Thing& thing : of_client) {
      if (thing.end >= from.time && thing.end < to.time) took.push_back(thing.took);
    }
  }
  std::sort(took.begin(), took.end());
  result.count = static_cast<int>(took.size());
  result.per_second = result.count / absl::ToDoubleSeconds(to.time - from.time);
  result.p50 = Percentile(took, 0.50);
  result.p99 = Percentile(took, 0.99);
  const double share = 1.0 / std::max(result.count, 1);
  result.client_cpu = (to.client - from.client) * share;
  result.server_cpu = (to.server - from.server) * share;
  for (const auto& [name, seconds] : to.threads) {
    const auto before = from.threads.find(name);
    const double used = seconds - (before == from.threads.end() ? 0 : before->second);
    if (used > 0) result.server_threads[name] = used * share;
  }
  return result;
}

}  // namespace

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

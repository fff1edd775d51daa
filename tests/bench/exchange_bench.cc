// Measures exchanges through the real broker beside the floors that no broker can go below, and
// prints one table. README.md says what each row means.
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <string>
#include <thread>
#include <vector>

#include "absl/strings/str_format.h"
#include "absl/strings/str_split.h"
#include "tests/bench/echo_wire.h"
#include "tests/bench/edge_path.h"
#include "tests/bench/floor_commit.h"
#include "tests/bench/floor_echo.h"
#include "tests/bench/floor_seal.h"
#include "tests/bench/load.h"
#include "tests/bench/must.h"
#include "tests/bench/region.h"
#include "tests/bench/wire_path.h"

namespace sluis::bench {
namespace {

struct Options {
  std::string sluisd = "build/release/bin/sluisd";
  std::string wrap;  // a program to run sluisd under, with its arguments
  std::string folder = "build/bench";
  std::vector<int> clients = {1, 16, 64};
  double seconds = 5;
  bool edge = true, floors = true, threads = false;
};

// Slices of a row: path and floors take turns, so that whatever else this machine does meanwhile
// meets all of them.
constexpr int kSlices = 3;

void PrintHead() {
  std::printf("%-34s %7s %9s %9s %9s %12s %12s\n", "row", "clients", "per s", "p50 ms", "p99 ms",
              "client us", "broker us");
}

void PrintRow(const char* name, int clients, const LoadResult& result) {
  std::printf("%-34s %7d %9.1f %9.2f %9.2f %12.0f %12.0f\n", name, clients, result.PerSecond(),
              absl::ToDoubleMilliseconds(result.Percentile(0.50)),
              absl::ToDoubleMilliseconds(result.Percentile(0.99)),
              result.PerThing(result.client_seconds), result.PerThing(result.server_seconds));
  std::fflush(stdout);
}

void PrintThreads(const LoadResult& result) {
  for (const auto& [name, seconds] : result.server_threads) {
    const double used = result.PerThing(seconds);
    if (used > 10) std::printf("    %-30s %8.0f us\n", name.c_str(), used);
  }
}

// One number of clients: the path, and each floor with what the path was seen to send and store.
class Round {
 public:
  Round(const Options& options, std::string self, int clients)
      : options_(options), self_(std::move(self)), clients_(clients) {}

  void Run() {
    StartPath();
    wire_.Add(Measure(region_->broker_pid(), [this](int n) { path_->RunOnce(n); }));
    if (options_.floors) StartFloors();
    for (int slice = 0; slice < kSlices; ++slice) {
      if (slice > 0) {
        wire_.Add(Measure(region_->broker_pid(), [this](int n) { path_->RunOnce(n); }));
      }
      if (options_.floors) MeasureFloors();
    }
    Print();
    if (options_.edge) MeasureEdge();
  }

 private:
  std::filesystem::path Fresh(const char* name) const {
    const std::filesystem::path folder = std::filesystem::path(options_.folder) / name;
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder.parent_path());
    return folder;
  }
  std::vector<std::string> Broker() const {
    std::vector<std::string> command = absl::StrSplit(options_.wrap, ' ', absl::SkipEmpty());
    command.push_back(options_.sluisd);
    return command;
  }
  LoadResult Measure(pid_t server, const std::function<void(int)>& body) const {
    const absl::Duration slice = absl::Seconds(options_.seconds) / kSlices;
    return RunLoad({clients_, std::min(absl::Milliseconds(500), slice / 2), slice, server}, body);
  }

  void StartPath() {
    region_ = std::make_unique<Region>(Fresh("wire"), Broker());
    path_ = std::make_unique<WirePath>(*region_, clients_);
  }
  void StartFloors() {
    plan_ = {path_->Calls(), path_->Pushes()};
    rows_ = StoredBytes::CountIn(region_->database());
    rows_.mailbox_bytes = plan_.calls.at(1).request;
    echo_server_ = std::make_unique<EchoFloor>(self_, *region_, plan_, clients_);
    const std::filesystem::path folder = Fresh("commit");
    std::filesystem::create_directories(folder);
    committer_ = std::make_unique<CommitFloor>(folder / "floor.db", rows_);
    sealing_ = std::make_unique<SealFloor>(*region_);
  }
  void MeasureFloors() {
    echo_.Add(Measure(echo_server_->server_pid(), [this](int n) { echo_server_->RunOnce(n); }));
    commit_.Add(Measure(0, [this](int) { committer_->RunOnce(); }));
    seal_.Add(Measure(0, [this](int) { sealing_->RunOnce(); }));
  }
  void MeasureEdge() {
    sealing_.reset();
    committer_.reset();
    echo_server_.reset();
    path_.reset();
    region_ = std::make_unique<Region>(Fresh("edge"), Broker());
    EdgePath path(*region_, clients_);
    PrintRow("full path, clients' own journals", clients_,
             Measure(region_->broker_pid(), [&](int n) { path.RunOnce(n); }));
  }

  void Print() const {
    PrintRow("full path", clients_, wire_);
    if (options_.threads) PrintThreads(wire_);
    if (!options_.floors) return;
    PrintRow("floor: gRPC mTLS echo", clients_, echo_);
    PrintRow("floor: SQLite group commit", clients_, commit_);
    PrintRow("floor: sealing", clients_, seal_);
    PrintRatio();
  }
  void PrintRatio() const {
    const double sum = 1 / echo_.PerSecond() + 1 / commit_.PerSecond() + 1 / seal_.PerSecond();
    double floors = 0;
    for (const LoadResult* floor : {&echo_, &commit_, &seal_}) {
      floors += floor->PerThing(floor->client_seconds + floor->server_seconds);
    }
    const double used = wire_.PerThing(wire_.client_seconds + wire_.server_seconds);
    std::printf("%-34s %7d %9.1f   full path: %.0f %% of it\n", "sum of the floors allows",
                clients_, 1 / sum, 100 * wire_.PerSecond() * sum);
    std::printf("    processor time: full path %.0f us, floors %.0f us (%.0f %%)\n", used, floors,
                100 * floors / used);
    std::printf("    bytes a call (request/answer):");
    for (const MessageSizes& call : plan_.calls) {
      std::printf(" %zu/%zu", call.request, call.answer);
    }
    std::printf("; pushed: %zu, %zu\n", plan_.pushes[0].answer, plan_.pushes[1].answer);
    std::printf("    stored an exchange: %.1f leaves, %.1f inbox lines, %.1f request ids\n",
                rows_.leaf.rows, rows_.inbox.rows, rows_.request.rows);
    std::printf("    acts a commit: full path %.1f, floor %.1f\n", region_->ActsPerCommit(),
                committer_->ActsPerCommit());
    std::fflush(stdout);
  }

  const Options& options_;
  const std::string self_;
  const int clients_;
  std::unique_ptr<Region> region_;
  std::unique_ptr<WirePath> path_;
  std::unique_ptr<EchoFloor> echo_server_;
  std::unique_ptr<CommitFloor> committer_;
  std::unique_ptr<SealFloor> sealing_;
  EchoPlan plan_;
  StoredBytes rows_;
  LoadResult wire_, echo_, commit_, seal_;
};

void PrintMachine(const Options& options) {
  double load = 0;
  std::ifstream("/proc/loadavg") >> load;
  std::printf("%s UTC, %u cores, load before: %.1f, %.1f s a row\n",
              absl::FormatTime("%Y-%m-%d %H:%M", absl::Now(), absl::UTCTimeZone()).c_str(),
              std::thread::hardware_concurrency(), load, options.seconds);
}

int Run(int argc, char** argv) {
  CLI::App app("Exchanges a second through the real broker, beside their floors.");
  Options options;
  std::string echo_folder;
  app.add_option("--sluisd", options.sluisd, "the broker's program");
  app.add_option("--wrap", options.wrap, "run the broker under this command");
  app.add_option("--folder", options.folder, "working folder, on the disk that is measured");
  app.add_option("--clients", options.clients, "numbers of clients")->delimiter(',');
  app.add_option("--seconds", options.seconds, "length of each row");
  app.add_flag("!--no-edge", options.edge, "leave out the path with the clients' own journals");
  app.add_flag("!--no-floors", options.floors, "leave out the floors");
  app.add_flag("--threads", options.threads, "show the broker's processor time by thread");
  app.add_option("--serve-echo", echo_folder, "internal: be the echo floor's server");
  CLI11_PARSE(app, argc, argv);
  if (!echo_folder.empty()) return ServeEcho(echo_folder);
  PrintMachine(options);
  PrintHead();
  for (const int clients : options.clients) Round(options, argv[0], clients).Run();
  return 0;
}

}  // namespace
}  // namespace sluis::bench

int main(int argc, char** argv) { return sluis::bench::Run(argc, argv); }

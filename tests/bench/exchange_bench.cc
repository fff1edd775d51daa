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
  double seconds = 6;
  bool edge = true, floors = true, threads = false;
};

class Table {
 public:
  static void Head() {
    std::printf("%-34s %7s %9s %9s %9s %12s %12s\n", "row", "clients", "per s", "p50 ms", "p99 ms",
                "client us", "broker us");
  }
  static void Row(const std::string& name, int clients, const LoadResult& result) {
    std::printf("%-34s %7d %9.1f %9.2f %9.2f %12.0f %12.0f\n", name.c_str(), clients,
                result.per_second, absl::ToDoubleMilliseconds(result.p50),
                absl::ToDoubleMilliseconds(result.p99), result.client_cpu * 1e6,
                result.server_cpu * 1e6);
    std::fflush(stdout);
  }
  static void Threads(const LoadResult& result) {
    for (const auto& [name, seconds] : result.server_threads) {
      if (seconds > 10e-6) std::printf("    %-30s %8.0f us\n", name.c_str(), seconds * 1e6);
    }
  }
};

// One number of clients: the path, then each floor with what the path was seen to send and store.
class Round {
 public:
  Round(const Options& options, std::string self, int clients)
      : options_(options), self_(std::move(self)), clients_(clients) {}

  void Run() {
    MeasureWire();
    if (options_.floors) {
      MeasureEcho();
      MeasureCommit();
      MeasureSealing();
      PrintRatio();
    }
    region_.reset();
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
  LoadOptions Load(pid_t server) const {
    return {clients_, absl::Seconds(std::min(1.0, options_.seconds / 4)),
            absl::Seconds(options_.seconds), server};
  }
  LoadResult Report(const char* name, const LoadResult& result) const {
    Table::Row(name, clients_, result);
    if (options_.threads) Table::Threads(result);
    return result;
  }

  void MeasureWire() {
    region_ = std::make_unique<Region>(Fresh("wire"), Broker());
    {
      WirePath path(*region_, clients_);
      wire_ = Report("full path",
                     RunLoad(Load(region_->broker_pid()), [&](int n) { path.RunOnce(n); }));
      plan_ = {path.Calls(), path.Pushes()};
    }
    sealing_ = std::make_unique<SealFloor>(*region_);  // asks the broker for the directory
    region_->StopBroker();
  }
  void MeasureEcho() {
    EchoFloor floor(self_, *region_, plan_, clients_);
    echo_ = Report("floor: gRPC mTLS echo",
                   RunLoad(Load(floor.server_pid()), [&](int n) { floor.RunOnce(n); }));
  }
  void MeasureCommit() {
    StoredBytes stored = StoredBytes::CountIn(region_->database());
    stored.mailbox_bytes = plan_.calls.at(1).request;
    const std::filesystem::path folder = Fresh("commit");
    std::filesystem::create_directories(folder);
    CommitFloor floor(folder / "floor.db", stored);
    commit_ = Report("floor: SQLite group commit", RunLoad(Load(0), [&](int) { floor.RunOnce(); }));
    acts_per_commit_ = floor.ActsPerCommit();
    rows_ = stored;
  }
  void MeasureSealing() {
    seal_ = Report("floor: sealing", RunLoad(Load(0), [&](int) { sealing_->RunOnce(); }));
  }
  void MeasureEdge() {
    region_ = std::make_unique<Region>(Fresh("edge"), Broker());
    EdgePath path(*region_, clients_);
    Report("full path, clients' own journals",
           RunLoad(Load(region_->broker_pid()), [&](int n) { path.RunOnce(n); }));
  }

  void PrintRatio() const {
    const double sum = 1 / echo_.per_second + 1 / commit_.per_second + 1 / seal_.per_second;
    std::printf("%-34s %7d %9.1f   full path is %.0f %% of it\n", "sum of the floors allows",
                clients_, 1 / sum, 100 * wire_.per_second * sum);
    std::printf("    bytes a call (request/answer):");
    for (const MessageSizes& call : plan_.calls) {
      std::printf(" %zu/%zu", call.request, call.answer);
    }
    std::printf("; pushed: %zu, %zu\n", plan_.pushes[0].answer, plan_.pushes[1].answer);
    std::printf(
        "    stored an exchange: %.1f leaves, %.1f inbox lines, %.1f request ids; "
        "floor: %.1f acts a commit\n",
        rows_.leaf.rows, rows_.inbox.rows, rows_.request.rows, acts_per_commit_);
    std::fflush(stdout);
  }

  const Options& options_;
  const std::string self_;
  const int clients_;
  std::unique_ptr<Region> region_;
  std::unique_ptr<SealFloor> sealing_;
  EchoPlan plan_;
  StoredBytes rows_;
  double acts_per_commit_ = 0;
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
  Table::Head();
  for (const int clients : options.clients) Round(options, argv[0], clients).Run();
  return 0;
}

}  // namespace
}  // namespace sluis::bench

int main(int argc, char** argv) { return sluis::bench::Run(argc, argv); }

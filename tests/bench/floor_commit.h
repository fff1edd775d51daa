// Floor: SQLite alone. One writer commits the acts that wait as one transaction, with the rows and
// bytes that the full path was seen to store, on the same disk under the same settings (WAL, full
// sync); clients wait for the commit of each of their acts.
#pragma once

#include <filesystem>
#include <future>
#include <memory>
#include <thread>
#include <vector>

#include "lib/base/mutex.h"

namespace sluis::bench {

// What one exchange leaves in the broker's database, counted in it.
struct StoredBytes {
  // Read from the database of a broker that nobody asks anything now.
  static StoredBytes CountIn(const std::filesystem::path& database);
  // Rows an exchange (fractions where an act in a few makes one), and mean bytes of a row's body.
  struct Table {
    double rows = 0;
    std::size_t bytes = 0;
  };
  int exchanges = 0;
  Table exchange, exchange_party, request, assertion, inbox, leaf, record, salt, record_party;
  std::size_t mailbox_bytes = 1024;  // emptied at the end: taken from what was sent
};

class CommitFloor {
 public:
  CommitFloor(const std::filesystem::path& file, const StoredBytes& stored);
  ~CommitFloor();
  CommitFloor(const CommitFloor&) = delete;
  CommitFloor& operator=(const CommitFloor&) = delete;
  // The four acts of one exchange, each waiting for its commit. Thread-safe.
  void RunOnce();
  // Acts for each commit so far.
  double ActsPerCommit() const;

 private:
  class Database;
  struct Act {
    int number = 0;  // 0 to 3
    std::uint64_t exchange = 0;
    std::promise<void> done;
  };
  void Run();

  std::unique_ptr<Database> database_;
  mutable Mutex mutex_;
  CondVar wake_;
  std::vector<Act> waiting_ SLUIS_GUARDED_BY(mutex_);
  bool stop_ SLUIS_GUARDED_BY(mutex_) = false;
  std::uint64_t next_ SLUIS_GUARDED_BY(mutex_) = 0;
  std::uint64_t acts_ SLUIS_GUARDED_BY(mutex_) = 0;
  std::uint64_t commits_ SLUIS_GUARDED_BY(mutex_) = 0;
  std::thread thread_;
};

}  // namespace sluis::bench

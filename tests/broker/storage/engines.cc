#include "tests/broker/storage/engines.h"

#include "broker/storage/memory/memory_store.h"
#include "broker/storage/sqlite/sqlite_store.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::storage::testing {
namespace {

class MemoryEngine : public Engine {
 public:
  Store& store() override { return store_; }

 private:
  MemoryStore store_;
};

class SqliteEngine : public Engine {
 public:
  SqliteEngine() {
    auto store = SqliteStore::Open(folder_.path() / "sluis.db");
    EXPECT_OK(store);
    store_ = *std::move(store);
  }
  Store& store() override { return *store_; }

 private:
  ::sluis::testing::TempDir folder_;
  std::unique_ptr<SqliteStore> store_;
};

}  // namespace

std::vector<EngineKind> AllEngines() {
  return {{"memory", [] { return std::make_unique<MemoryEngine>(); }},
          {"sqlite", [] { return std::make_unique<SqliteEngine>(); }}};
}

void StoreContract::SetUp() {
  engine_ = GetParam().make();
  ASSERT_NE(engine_, nullptr);
}

std::unique_ptr<Transaction> StoreContract::Begin() {
  absl::StatusOr<std::unique_ptr<Transaction>> transaction = store().Begin();
  EXPECT_OK(transaction);
  return *std::move(transaction);
}

std::unique_ptr<Reader> StoreContract::Snapshot() {
  absl::StatusOr<std::unique_ptr<Reader>> reader = store().Snapshot();
  EXPECT_OK(reader);
  return *std::move(reader);
}

void StoreContract::Committed(const std::function<void(Transaction&)>& write) {
  std::unique_ptr<Transaction> transaction = Begin();
  write(*transaction);
  ASSERT_OK(transaction->Commit());
}

}  // namespace sluis::storage::testing

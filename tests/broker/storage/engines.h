// The engines that run the contract suite. A test takes its store from the fixture and knows no engine.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <ostream>
#include <string>
#include <vector>

#include "broker/storage/store.h"
#include "tests/support/status_matchers.h"

namespace sluis::storage::testing {

using ::sluis::testing::HasReason;

// One empty store with whatever it stands on; gone with all it kept when it is destroyed.
class Engine {
 public:
  virtual ~Engine() = default;
  virtual Store& store() = 0;
};

struct EngineKind {
  std::string name;
  std::function<std::unique_ptr<Engine>()> make;
};

inline void PrintTo(const EngineKind& kind, std::ostream* out) { *out << kind.name; }

std::vector<EngineKind> AllEngines();

class StoreContract : public ::testing::TestWithParam<EngineKind> {
 protected:
  void SetUp() override;
  Store& store() { return engine_->store(); }
  std::unique_ptr<Transaction> Begin();
  std::unique_ptr<Reader> Snapshot();
  // Runs `write` in a transaction of its own and commits it.
  void Committed(const std::function<void(Transaction&)>& write);

 private:
  std::unique_ptr<Engine> engine_;
};

inline std::string NameOf(const ::testing::TestParamInfo<EngineKind>& info) { return info.param.name; }

}  // namespace sluis::storage::testing

#define SLUIS_RUN_ON_ALL_ENGINES(suite) \
  INSTANTIATE_TEST_SUITE_P(Engines, suite, ::testing::ValuesIn(AllEngines()), NameOf)

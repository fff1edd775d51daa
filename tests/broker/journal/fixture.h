// A journal on a store in memory, its guard in a folder of its own, and the checks that every test
// ends with.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "broker/journal/journal.h"
#include "broker/storage/memory/memory_store.h"
#include "lib/base/clock.h"
#include "lib/tlog/classify.h"
#include "lib/tlog/trust_policy.h"
#include "tests/support/temp_dir.h"

namespace sluis::testing {

inline constexpr char kOrigin[] = "log.sluis.example/2026";

Oin OperatorOin();
Oin MunicipalityOin();
Oin PoliceOin();
// 2026-11-23T14:05:09.123Z.
absl::Time TestTime();
Ed25519PrivateKey LogKey();
SecretBytes StoreKey();
// Trusts LogKey() for kOrigin; no witnesses.
tlog::TrustPolicy LogTrust();
Digest PolicyDigest();

// A REQUEST of the municipality to the police, permitted under PolicyDigest(), with exchange id
// `number`.
journal::LeafDraft RequestDraft(std::uint8_t number);
// An item that writes that leaf.
journal::Apply Log(journal::LeafDraft draft);
// An item that writes the leaf and, as state of the broker, a request id of that number.
journal::Apply LogAndStore(std::uint8_t number);
// Whether that state is there.
bool IsStored(storage::Store& store, std::uint8_t number);
ExchangeId ExchangeNumber(std::uint8_t number);

// What the whole log says, verified from outside, record by record; fails the test otherwise.
struct CheckedLog {
  std::vector<tlog::Leaf> leaves;
  std::vector<tlog::LeafKind> Kinds() const;
};

class JournalTest : public ::testing::Test {
 protected:
  JournalTest() {
    options.origin = kOrigin, options.operator_oin = OperatorOin(),
    options.guard_path = guard_path();
  }
  std::string guard_path() const { return (folder.path() / "guard").string(); }

  absl::StatusOr<std::unique_ptr<journal::Journal>> Open() { return Open(store); }
  absl::StatusOr<std::unique_ptr<journal::Journal>> Open(storage::Store& on);
  // Every leaf, tile, note, record and salt in the store (log.md B11).
  CheckedLog CheckLog() { return CheckLog(store); }
  CheckedLog CheckLog(storage::Store& of);

  TempDir folder;
  storage::MemoryStore store;
  ManualClock clock{TestTime()};
  journal::JournalOptions options;
};

// The log in the store goes on from the checkpoint in the receipt, as it must from every one ever
// released.
void CheckContinues(storage::Store& store, const journal::CommittedLeaf& released);

// The receipt verifies and is of the leaf that it says; returns what was verified.
tlog::Leaf CheckReceipt(const journal::CommittedLeaf& committed);

}  // namespace sluis::testing

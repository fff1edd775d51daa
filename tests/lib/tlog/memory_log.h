// A small log in memory that serves itself as a real one does, by path. Its files can be spoiled.
#pragma once

#include <cstdint>
#include <map>
#include <random>
#include <string>
#include <vector>

#include "lib/crypto/ed25519.h"
#include "lib/tlog/log_verifier.h"
#include "lib/tlog/trust_policy.h"

namespace sluis::testing {

inline constexpr char kTestOrigin[] = "log.sluis.example/2026";
inline constexpr char kTestWitness[] = "witness.sluis.example/w1";

// The key whose seed is 32 consecutive bytes from `first` (log 0x00, witness 0x20, officer 0x40).
Ed25519PrivateKey TestKey(std::uint8_t first);

// A leaf that decodes, different for every index and `random`; hours never go back.
Bytes RandomLeaf(std::uint64_t index, std::mt19937_64& random);

class MemoryLog : public tlog::LogSource {
 public:
  // Entries must be leaves for VerifyLog, but the tree does not mind.
  explicit MemoryLog(std::vector<Bytes> entries);

  absl::StatusOr<Bytes> ReadCheckpoint() override { return Read("checkpoint"); }
  absl::StatusOr<Bytes> ReadTile(const tlog::TileId& id) override {
    return Read(tlog::TilePath(id));
  }
  absl::StatusOr<Bytes> ReadBundle(const tlog::BundleId& id) override {
    return Read(tlog::BundlePath(id));
  }

  // By path: `checkpoint`, `tile/...`, `tile/entries/...`.
  std::map<std::string, Bytes> files;
  tlog::Checkpoint checkpoint;  // signed by log and witness in files["checkpoint"]
  std::vector<Bytes> entries;
  int reads = 0;

 private:
  absl::StatusOr<Bytes> Read(const std::string& path);
};

// Trusts log and witness of the test keys, and needs both.
tlog::TrustPolicy StrictPolicy();
std::string StrictPolicyText();

}  // namespace sluis::testing

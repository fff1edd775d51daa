#include "tests/lib/tlog/memory_log.h"

#include <numeric>

#include "lib/base/error.h"
#include "lib/tlog/cosignature.h"
#include "lib/tlog/tile_builder.h"

namespace sluis::testing {
namespace {

constexpr std::uint64_t kCosignTime = 1795446060;

}  // namespace

Ed25519PrivateKey TestKey(std::uint8_t first) {
  Bytes seed(32, '\0');
  std::iota(seed.begin(), seed.end(), static_cast<char>(first));
  return Ed25519PrivateKey::FromSeed(SecretBytes::Take(std::move(seed))).value();
}

Bytes RandomLeaf(std::uint64_t index, std::mt19937_64& random) {
  tlog::Leaf leaf;
  leaf.kind = random() % 2 == 0 ? tlog::LeafKind::kRequest : tlog::LeafKind::kDecision;
  leaf.outcome = tlog::LeafOutcome::kPermitted;
  leaf.retention = tlog::RetentionClass::kWpg;
  leaf.hour = 1795442400 + static_cast<std::int64_t>(index / 3) * tlog::kSecondsPerHour;
  leaf.acting = "00000099000000001000";
  leaf.other = "00000099000000002000";
  std::generate(leaf.policy_digest.begin(), leaf.policy_digest.end(),
                [&random] { return static_cast<std::uint8_t>(random()); });
  leaf.commitment = leaf.policy_digest;
  if (index > 0 && random() % 3 == 0) {
    const std::uint64_t first = random() % index;
    leaf.reference = tlog::LeafReference{0, first, first + 1, false};
  }
  return tlog::EncodeLeaf(leaf).value();
}

MemoryLog::MemoryLog(std::vector<Bytes> log_entries) : entries(std::move(log_entries)) {
  tlog::TileBuilder tree;
  for (const Bytes& entry : entries) tree.Append(tlog::LeafHash(entry));
  for (tlog::Tile& tile : tree.TakeFull()) files[tlog::TilePath(tile.id)] = std::move(tile.hashes);
  for (tlog::Tile& tile : tree.Edge()) files[tlog::TilePath(tile.id)] = std::move(tile.hashes);
  for (const tlog::BundleId& id : tlog::BundlesOf(entries.size())) {
    const auto bundle =
        std::span(entries).subspan(id.index * tlog::kTileWidth, static_cast<std::size_t>(id.width));
    files[tlog::BundlePath(id)] = tlog::EncodeBundle(bundle).value();
  }
  checkpoint = {kTestOrigin, tree.size(), tree.root(), {}};
  const std::string text = tlog::FormatCheckpoint(checkpoint).value();
  files["checkpoint"] =
      tlog::SignCheckpoint(checkpoint, TestKey(0)).value() +
      tlog::CosignatureLine(text, kTestWitness, TestKey(0x20), kCosignTime).value();
}

absl::StatusOr<Bytes> MemoryLog::Read(const std::string& path) {
  ++reads;
  const auto file = files.find(path);
  if (file != files.end()) return file->second;
  return Error(ErrorCode::kNotFound, "RESOURCE_NOT_FOUND", "no such file");
}

std::string StrictPolicyText() {
  const auto log =
      tlog::VerifierKey::Create(kTestOrigin, tlog::KeyType::kEd25519, TestKey(0).public_key());
  const auto witness = tlog::VerifierKey::Create(kTestWitness, tlog::KeyType::kCosignature,
                                                 TestKey(0x20).public_key());
  return "log " + log->Format() + "\nwitness w1 " + witness->Format() + "\nquorum w1\n";
}

tlog::TrustPolicy StrictPolicy() { return tlog::TrustPolicy::Parse(StrictPolicyText()).value(); }

}  // namespace sluis::testing

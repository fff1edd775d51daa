#include "lib/tlog/log_verifier.h"

#include <gtest/gtest.h>

#include <random>

#include "tests/lib/tlog/memory_log.h"
#include "tests/support/status_matchers.h"

namespace sluis::tlog {
namespace {

using testing::HasReason;
using testing::MemoryLog;
using testing::StrictPolicy;

const absl::Time kNow = absl::FromUnixSeconds(1795446060);
constexpr std::size_t kFramed = kLeafSize + 2;  // a leaf with its length

std::vector<Bytes> RandomLeaves(std::size_t count, std::uint64_t seed = 1) {
  std::mt19937_64 random(seed);
  std::vector<Bytes> leaves;
  for (std::size_t i = 0; i < count; ++i) leaves.push_back(testing::RandomLeaf(i, random));
  return leaves;
}

absl::Status Verify(MemoryLog& log, const VerifyLogOptions& options = {}) {
  return VerifyLog(log, StrictPolicy(), kNow, options).status();
}

std::string MetadataOf(const absl::Status& status, const char* key) {
  const ErrorDetail detail = DetailOf(status);
  const auto found = detail.metadata.find(key);
  return found == detail.metadata.end() ? "" : found->second;
}

TEST(LogVerifierTest, SoundLogsOfManySizes) {
  for (const std::size_t size : {0U, 1U, 2U, 255U, 256U, 257U, 512U, 700U}) {
    MemoryLog log(RandomLeaves(size));
    ASSERT_OK_AND_ASSIGN(const LogReport report, VerifyLog(log, StrictPolicy(), kNow));
    EXPECT_EQ(report.checkpoint.checkpoint, log.checkpoint);
    EXPECT_EQ(report.bundles, BundlesOf(size).size());
    EXPECT_EQ(report.tiles, TilesOf(size).size());
    std::uint64_t leaves = 0;
    for (const auto& [kind, count] : report.kinds) leaves += count;
    EXPECT_EQ(leaves, size);
  }
}

TEST(LogVerifierTest, CountsKindsAndHandsOutLeaves) {
  MemoryLog log(RandomLeaves(300));
  std::map<LeafKind, std::uint64_t> kinds;
  VerifyLogOptions options;
  options.on_leaf = [&kinds, next = std::uint64_t{0}](std::uint64_t index,
                                                      const Leaf& leaf) mutable {
    EXPECT_EQ(index, next++);
    ++kinds[leaf.kind];
  };
  ASSERT_OK_AND_ASSIGN(const LogReport report, VerifyLog(log, StrictPolicy(), kNow, options));
  EXPECT_EQ(report.kinds, kinds);
  EXPECT_EQ(report.first_hour, 1795442400);
  EXPECT_EQ(report.last_hour, 1795442400 + 99 * kSecondsPerHour);
}

// Whether the fault that was reported is the flipped byte: the file, and within it the leaf or the
// hash.
void ExpectNamed(const absl::Status& fault, const std::string& file, std::size_t byte) {
  EXPECT_THAT(fault, HasReason("LOG_INCONSISTENT"));
  EXPECT_EQ(MetadataOf(fault, "file"), file) << fault;
  if (file == "checkpoint") return;
  ASSERT_NE(MetadataOf(fault, "byte"), "") << fault;
  const std::size_t named = std::stoull(MetadataOf(fault, "byte"));
  if (!file.starts_with("tile/entries/")) {
    EXPECT_EQ(named, byte / 32 * 32) << fault;
    return;
  }
  // A fault in the length is named where the length stands, one in the leaf where the leaf starts.
  const std::size_t start = byte / kFramed * kFramed;
  EXPECT_EQ(named, byte - start < 2 ? start : start + 2) << fault;
  const std::uint64_t first = ParseBundlePath(file)->index * kTileWidth;
  EXPECT_EQ(MetadataOf(fault, "leaf"), std::to_string(first + byte / kFramed)) << fault;
}

TEST(LogVerifierTest, EveryFlippedBitOfASmallLogIsNamed) {
  const MemoryLog sound(RandomLeaves(3));
  for (const auto& [path, content] : sound.files) {
    for (std::size_t bit = 0; bit < content.size() * 8; ++bit) {
      MemoryLog log = sound;
      log.files[path][bit / 8] = static_cast<char>(log.files[path][bit / 8] ^ (1 << (bit % 8)));
      ExpectNamed(Verify(log), path, bit / 8);
    }
  }
}

TEST(LogVerifierTest, RandomFlipsOfLargerLogsAreNamed) {
  std::mt19937_64 random(20261123);
  for (int round = 0; round < 40; ++round) {
    MemoryLog log(RandomLeaves(1 + random() % 900, random()));
    auto file = log.files.begin();
    std::advance(file, static_cast<std::ptrdiff_t>(random() % log.files.size()));
    const std::size_t bit = random() % (file->second.size() * 8);
    file->second[bit / 8] = static_cast<char>(file->second[bit / 8] ^ (1 << (bit % 8)));
    ExpectNamed(Verify(log), file->first, bit / 8);
  }
}

TEST(LogVerifierTest, SaysPlaceAndCauseInWords) {
  MemoryLog log(RandomLeaves(300));
  log.files["tile/entries/000"][17 * kFramed + 150] ^= 1;
  EXPECT_EQ(MessageOf(Verify(log)),
            "leaf 17 (tile/entries/000, byte 3300): its hash differs from tile/0/000 position 17");
  MemoryLog tile(RandomLeaves(300));
  tile.files["tile/1/000.p/1"][5] ^= 1;
  EXPECT_EQ(MessageOf(Verify(tile)),
            "tile/1/000.p/1, byte 0: the hash at position 0 is not that of the leaves below it");
}

TEST(LogVerifierTest, MissingAndCutFilesAreNamed) {
  const MemoryLog sound(RandomLeaves(600));
  for (const auto& [path, content] : sound.files) {
    MemoryLog missing = sound;
    missing.files.erase(path);
    EXPECT_EQ(MetadataOf(Verify(missing), "file"), path);
    MemoryLog cut = sound;
    cut.files[path].pop_back();
    EXPECT_EQ(MetadataOf(Verify(cut), "file"), path);
    MemoryLog longer = sound;
    longer.files[path].push_back('\0');
    EXPECT_EQ(MetadataOf(Verify(longer), "file"), path);
  }
}

TEST(LogVerifierTest, WhatCannotBeFetchedIsNoFaultOfTheLog) {
  struct Broken : MemoryLog {
    using MemoryLog::MemoryLog;
    absl::StatusOr<Bytes> ReadBundle(const BundleId&) override {
      return Error(ErrorCode::kUnavailable, "STORE_UNAVAILABLE", "the connection broke");
    }
  } log(RandomLeaves(3));
  EXPECT_THAT(Verify(log), HasReason("STORE_UNAVAILABLE"));
}

// Logs whose tiles and signature are right, but whose leaves the log should never have written.
TEST(LogVerifierTest, HoursThatGoBackAreNamed) {
  std::vector<Bytes> leaves = RandomLeaves(6);
  Leaf leaf = DecodeLeaf(leaves[3], 3).value();
  leaf.hour -= 2 * kSecondsPerHour;
  leaves[3] = EncodeLeaf(leaf).value();
  MemoryLog log(leaves);
  const absl::Status fault = Verify(log);
  EXPECT_EQ(MetadataOf(fault, "leaf"), "3");
  EXPECT_NE(MessageOf(fault).find("hour"), std::string::npos);
}

TEST(LogVerifierTest, ReferencesForwardAreNamed) {
  std::vector<Bytes> leaves = RandomLeaves(6);
  Leaf leaf = DecodeLeaf(leaves[4], 4).value();
  leaf.reference = LeafReference{0, 4, 5, false};
  leaves[4] = EncodeLeaf(leaf).value();
  MemoryLog log(leaves);
  const absl::Status fault = Verify(log);
  EXPECT_EQ(MetadataOf(fault, "leaf"), "4");
  EXPECT_NE(MessageOf(fault).find("reference"), std::string::npos);
}

TEST(LogVerifierTest, EntriesThatAreNoLeavesAreNamed) {
  std::vector<Bytes> leaves = RandomLeaves(4);
  leaves[2] = "note";
  MemoryLog log(leaves);
  EXPECT_EQ(MetadataOf(Verify(log), "leaf"), "2");
}

// A broker that rewrites a leaf with all its tiles, but cannot sign.
TEST(LogVerifierTest, AConsistentRewriteFailsAgainstTheSignature) {
  MemoryLog log(RandomLeaves(300));
  std::vector<Bytes> leaves = log.entries;
  leaves[7] = RandomLeaves(8, 99)[7];
  const MemoryLog rewritten(leaves);
  const Bytes note = log.files.at("checkpoint");
  log.files = rewritten.files;
  log.files["checkpoint"] = note;
  const absl::Status fault = Verify(log);
  EXPECT_EQ(MetadataOf(fault, "file"), "checkpoint");
  EXPECT_NE(MessageOf(fault).find("root"), std::string::npos);
}

TEST(LogVerifierTest, GrowthFromAnEarlierCheckpoint) {
  const std::vector<Bytes> leaves = RandomLeaves(700);
  for (const std::size_t size : {0U, 1U, 256U, 300U, 700U}) {
    const MemoryLog earlier(
        std::vector<Bytes>(leaves.begin(), leaves.begin() + static_cast<std::ptrdiff_t>(size)));
    MemoryLog log(leaves);
    EXPECT_OK(Verify(log, {earlier.checkpoint, {}})) << size;
    EXPECT_OK(VerifyGrowth(log, earlier.checkpoint, log.checkpoint)) << size;
  }
}

TEST(LogVerifierTest, RewrittenAndRolledBackLogsAreFound) {
  const std::vector<Bytes> leaves = RandomLeaves(400);
  std::vector<Bytes> other = leaves;
  other[100] = RandomLeaves(101, 99)[100];
  other.resize(300);
  MemoryLog log(leaves), fork(other);
  for (const Checkpoint& earlier :
       {fork.checkpoint, Checkpoint{testing::kTestOrigin, 500, LeafHash("x"), {}},
        Checkpoint{"other.example", 1, LeafHash("x"), {}}}) {
    EXPECT_THAT(Verify(log, {earlier, {}}), HasReason("LOG_INCONSISTENT"));
    EXPECT_THAT(VerifyGrowth(log, earlier, log.checkpoint), HasReason("LOG_INCONSISTENT"));
  }
}

TEST(LogVerifierTest, GrowthNeedsTilesOfTheNewCheckpoint) {
  const std::vector<Bytes> leaves = RandomLeaves(400);
  const MemoryLog earlier(std::vector<Bytes>(leaves.begin(), leaves.begin() + 300));
  MemoryLog log(leaves);
  log.files["tile/0/001.p/144"][40] ^= 1;
  EXPECT_THAT(VerifyGrowth(log, earlier.checkpoint, log.checkpoint), HasReason("LOG_INCONSISTENT"));
}

}  // namespace
}  // namespace sluis::tlog

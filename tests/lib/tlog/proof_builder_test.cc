#include "lib/tlog/proof_builder.h"

#include <gtest/gtest.h>

#include <random>

#include "lib/tlog/tile_builder.h"
#include "tests/lib/tlog/memory_log.h"
#include "tests/lib/tlog/reference_tree.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::tlog {
namespace {

using testing::HasReason;
using testing::MemoryLog;

std::vector<Bytes> Entries(std::size_t count) {
  std::vector<Bytes> entries;
  for (std::size_t i = 0; i < count; ++i) entries.push_back(std::to_string(i));
  return entries;
}

TEST(ProofBuilderTest, ProofsOfTheVectors) {
  for (const auto& file : testing::LoadVectors("rfc6962-tree")) {
    std::vector<Bytes> entries;
    for (const Json& leaf : file.content.at("leaves")) entries.push_back(testing::Unhex(leaf));
    MemoryLog log(entries);
    TileHashSource source(log, entries.size());
    for (const Json& c : file.content.at("inclusion")) {
      ASSERT_OK_AND_ASSIGN(const Proof proof,
                           InclusionProof(source, c.at("index").get<std::uint64_t>(),
                                          c.at("size").get<std::uint64_t>()));
      ASSERT_EQ(proof.size(), c.at("proof").size());
      for (std::size_t i = 0; i < proof.size(); ++i) {
        EXPECT_EQ(AsView(proof[i]), testing::Unhex(c.at("proof")[i]));
      }
    }
    for (const Json& c : file.content.at("consistency")) {
      ASSERT_OK_AND_ASSIGN(const Proof proof,
                           ConsistencyProof(source, c.at("size1").get<std::uint64_t>(),
                                            c.at("size2").get<std::uint64_t>()));
      ASSERT_EQ(proof.size(), c.at("proof").size());
      for (std::size_t i = 0; i < proof.size(); ++i) {
        EXPECT_EQ(AsView(proof[i]), testing::Unhex(c.at("proof")[i]));
      }
    }
  }
}

// Random sizes around tile boundaries, random indices: the proofs are those of the slow reference.
TEST(ProofBuilderTest, AgreesWithTheReferenceAtRandomSizes) {
  std::mt19937_64 random(20261123);
  for (int round = 0; round < 12; ++round) {
    const std::size_t size = 1 + random() % 1200;
    const std::vector<Bytes> entries = Entries(size);
    MemoryLog log(entries);
    TileHashSource source(log, size);
    ASSERT_OK_AND_ASSIGN(const Digest root, RootAt(source, size));
    EXPECT_EQ(root, testing::ReferenceRoot(entries));
    for (int probe = 0; probe < 6; ++probe) {
      const std::size_t old_size = 1 + random() % size;
      const std::size_t index = random() % old_size;
      const auto tree = std::span(entries).first(old_size);
      ASSERT_OK_AND_ASSIGN(const Proof path, InclusionProof(source, index, old_size));
      EXPECT_EQ(path, testing::ReferencePath(index, tree)) << index << " of " << old_size;
      ASSERT_OK_AND_ASSIGN(const Proof grown, ConsistencyProof(source, old_size, size));
      EXPECT_EQ(grown, testing::ReferenceConsistency(old_size, entries))
          << old_size << " to " << size;
      EXPECT_OK(VerifyConsistency(old_size, size, grown, testing::ReferenceRoot(tree), root));
    }
  }
}

TEST(ProofBuilderTest, ThreeLevelsOfTiles) {
  MemoryLog log(Entries(66000));
  TileHashSource source(log, 66000);
  for (const std::uint64_t index : {0U, 255U, 256U, 65535U, 65536U, 65999U}) {
    ASSERT_OK_AND_ASSIGN(const Proof proof, InclusionProof(source, index, 66000));
    EXPECT_OK(
        VerifyInclusion(index, 66000, LeafHash(std::to_string(index)), proof, log.checkpoint.root));
  }
  for (const std::uint64_t size : {1U, 256U, 300U, 65536U, 65537U}) {
    ASSERT_OK_AND_ASSIGN(const Digest root, RootAt(source, size));
    ASSERT_OK_AND_ASSIGN(const Proof proof, ConsistencyProof(source, size, 66000));
    EXPECT_OK(VerifyConsistency(size, 66000, proof, root, log.checkpoint.root));
  }
}

TEST(ProofBuilderTest, NeighbouringProofsReadNothingTwice) {
  MemoryLog log(Entries(66000));
  TileHashSource source(log, 66000);
  ASSERT_OK(InclusionProof(source, 65999, 66000));
  const int reads = log.reads;
  for (std::uint64_t index = 65800; index < 66000; ++index)
    ASSERT_OK(InclusionProof(source, index, 66000));
  EXPECT_EQ(log.reads, reads);
}

TEST(ProofBuilderTest, GrowReadsPartialTilesAnew) {
  MemoryLog small(Entries(300)), large(Entries(700));
  struct Current : TileReader {
    TileReader* log = nullptr;
    absl::StatusOr<Bytes> ReadTile(const TileId& id) override { return log->ReadTile(id); }
  } current;
  current.log = &small;
  TileHashSource source(current, 300);
  ASSERT_OK_AND_ASSIGN(const Digest before, RootAt(source, 300));
  EXPECT_EQ(before, small.checkpoint.root);
  current.log = &large;
  source.Grow(700);
  ASSERT_OK_AND_ASSIGN(const Digest after, RootAt(source, 700));
  EXPECT_EQ(after, large.checkpoint.root);
}

TEST(ProofBuilderTest, RefusesWhatCannotBe) {
  MemoryLog log(Entries(10));
  TileHashSource source(log, 10);
  EXPECT_THAT(InclusionProof(source, 10, 10), HasReason("E_PROOF"));
  EXPECT_THAT(InclusionProof(source, 3, 11), HasReason("E_PROOF"));
  EXPECT_THAT(ConsistencyProof(source, 5, 4), HasReason("E_PROOF"));
  EXPECT_THAT(RootAt(source, 11), HasReason("E_PROOF"));
  ASSERT_OK_AND_ASSIGN(const Digest empty, RootAt(source, 0));
  EXPECT_EQ(empty, EmptyRoot());
  log.files["tile/0/000.p/10"].pop_back();
  TileHashSource cut(log, 10);
  EXPECT_THAT(RootAt(cut, 10), HasReason("LOG_INCONSISTENT"));
}

TEST(TileBuilderTest, GoesOnFromStoredTilesAtAnySize) {
  for (const std::size_t start :
       {0U, 1U, 255U, 256U, 257U, 511U, 512U, 700U, 65535U, 65536U, 65537U}) {
    MemoryLog log(Entries(start));
    ASSERT_OK_AND_ASSIGN(TileBuilder resumed, TileBuilder::Load(log, start));
    EXPECT_EQ(resumed.root(), log.checkpoint.root) << start;
    for (std::size_t i = start; i < start + 300; ++i) resumed.Append(LeafHash(std::to_string(i)));
    for (Tile& tile : resumed.TakeFull()) log.files[TilePath(tile.id)] = std::move(tile.hashes);
    for (Tile& tile : resumed.Edge()) log.files[TilePath(tile.id)] = std::move(tile.hashes);
    const MemoryLog whole(Entries(start + 300));
    EXPECT_EQ(resumed.root(), whole.checkpoint.root) << start;
    for (const TileId& id : TilesOf(start + 300)) {
      EXPECT_EQ(log.files.at(TilePath(id)), whole.files.at(TilePath(id))) << TilePath(id);
    }
  }
}

// What a log does with each batch: prove the new leaves before the full tiles are given away.
TEST(TileBuilderTest, ProvesTheLeavesJustAppended) {
  for (const std::size_t start : {0U, 1U, 200U, 255U, 256U, 65400U, 65536U}) {
    MemoryLog log(Entries(start));
    ASSERT_OK_AND_ASSIGN(TileBuilder tree, TileBuilder::Load(log, start));
    for (const std::size_t count : {1U, 2U, 255U, 300U}) {
      const std::uint64_t first = tree.size();
      for (std::size_t i = 0; i < count; ++i) tree.Append(LeafHash(std::to_string(first + i)));
      for (std::uint64_t i = first; i < tree.size(); ++i) {
        ASSERT_OK_AND_ASSIGN(const Proof proof, InclusionProof(tree, i, tree.size()));
        const Digest leaf_hash = LeafHash(std::to_string(i));
        EXPECT_OK(VerifyInclusion(i, tree.size(), leaf_hash, proof, tree.root())) << i;
      }
      tree.TakeFull();
    }
  }
}

TEST(TileBuilderTest, KnowsNothingOfTilesThatWereTaken) {
  TileBuilder tree;
  for (std::size_t i = 0; i < 257; ++i) tree.Append(LeafHash(std::to_string(i)));
  EXPECT_OK(tree.Subtree(0, 255));
  tree.TakeFull();
  EXPECT_THAT(tree.Subtree(0, 255), HasReason("E_PROOF"));
  EXPECT_OK(tree.Subtree(8, 0));
  EXPECT_OK(tree.Subtree(0, 256));
  EXPECT_THAT(tree.Subtree(0, 257), HasReason("E_PROOF"));
  EXPECT_THAT(tree.Subtree(1, 128), HasReason("E_PROOF"));
  EXPECT_THAT(tree.Subtree(-1, 0), HasReason("E_PROOF"));
  EXPECT_THAT(tree.Subtree(63, 0), HasReason("E_PROOF"));
}

}  // namespace
}  // namespace sluis::tlog

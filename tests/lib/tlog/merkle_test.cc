#include "lib/tlog/merkle.h"

#include <gtest/gtest.h>

#include <random>

#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"
#include "tests/lib/tlog/reference_tree.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::tlog {
namespace {

using testing::HasReason;
using testing::LoadVectors;
using testing::Unhex;

Digest HexDigest(const Json& hex) { return DigestFromBytes(Unhex(hex)).value(); }

Proof HexProof(const Json& hashes) {
  Proof proof;
  for (const Json& hash : hashes) proof.push_back(HexDigest(hash));
  return proof;
}

std::vector<Bytes> RandomEntries(std::size_t count, std::mt19937_64& random) {
  std::vector<Bytes> entries;
  for (std::size_t i = 0; i < count; ++i) entries.push_back(std::to_string(random()));
  return entries;
}

std::vector<Digest> LeafHashes(std::span<const Bytes> entries) {
  std::vector<Digest> hashes;
  for (const Bytes& entry : entries) hashes.push_back(LeafHash(entry));
  return hashes;
}

TEST(MerkleTest, HashesAndRootsOfTheVectors) {
  for (const auto& file : LoadVectors("rfc6962-tree")) {
    const Json& leaves = file.content.at("leaves");
    ASSERT_FALSE(leaves.empty());
    TreeFrontier frontier;
    EXPECT_EQ(frontier.root(), EmptyRoot());
    for (std::size_t i = 0; i < leaves.size(); ++i) {
      EXPECT_EQ(frontier.root(), HexDigest(file.content.at("roots").at(i))) << i;
      EXPECT_EQ(LeafHash(Unhex(leaves[i])), HexDigest(file.content.at("leaf_hashes").at(i))) << i;
      frontier.Append(LeafHash(Unhex(leaves[i])));
    }
    EXPECT_EQ(frontier.root(), HexDigest(file.content.at("roots").at(leaves.size())));
  }
}

TEST(MerkleTest, ProofsOfTheVectorsHold) {
  for (const auto& file : LoadVectors("rfc6962-tree")) {
    const Json& roots = file.content.at("roots");
    for (const Json& c : file.content.at("inclusion")) {
      const auto index = c.at("index").get<std::uint64_t>(),
                 size = c.at("size").get<std::uint64_t>();
      EXPECT_OK(VerifyInclusion(index, size, HexDigest(file.content.at("leaf_hashes").at(index)),
                                HexProof(c.at("proof")), HexDigest(roots.at(size))));
    }
    for (const Json& c : file.content.at("consistency")) {
      const auto old_size = c.at("size1").get<std::uint64_t>(),
                 size = c.at("size2").get<std::uint64_t>();
      EXPECT_OK(VerifyConsistency(old_size, size, HexProof(c.at("proof")),
                                  HexDigest(roots.at(old_size)), HexDigest(roots.at(size))));
    }
  }
}

// A hash as it stands in a probe: it may be of any length.
absl::StatusOr<Digest> ProbeDigest(const Json& base64) {
  auto raw = Base64Decode(base64.get<std::string>());
  return raw.ok() ? DigestFromBytes(*raw) : raw.status();
}

absl::Status VerifyProbe(const Json& probe) {
  Proof proof;
  if (!probe.at("proof").is_null()) {
    for (const Json& hash : probe.at("proof")) {
      SLUIS_ASSIGN_OR_RETURN(proof.emplace_back(), ProbeDigest(hash));
    }
  }
  if (probe.at("kind") == "inclusion") {
    SLUIS_ASSIGN_OR_RETURN(const Digest leaf_hash, ProbeDigest(probe.at("leafHash")));
    SLUIS_ASSIGN_OR_RETURN(const Digest root, ProbeDigest(probe.at("root")));
    return VerifyInclusion(probe.at("leafIdx").get<std::uint64_t>(),
                           probe.at("treeSize").get<std::uint64_t>(), leaf_hash, proof, root);
  }
  SLUIS_ASSIGN_OR_RETURN(const Digest root, ProbeDigest(probe.at("root1")));
  SLUIS_ASSIGN_OR_RETURN(const Digest new_root, ProbeDigest(probe.at("root2")));
  return VerifyConsistency(probe.at("size1").get<std::uint64_t>(),
                           probe.at("size2").get<std::uint64_t>(), proof, root, new_root);
}

TEST(MerkleTest, ProbesOfTheVectors) {
  for (const auto& file : LoadVectors("merkle-proofs")) {
    int accepted = 0, refused = 0;
    for (const Json& probe : file.content.at("cases")) {
      const bool expected = probe.at("expect") == "accept";
      ASSERT_TRUE(expected || probe.at("expect") == "refuse");
      EXPECT_EQ(VerifyProbe(probe).ok(), expected) << probe.at("id");
      ++(expected ? accepted : refused);
    }
    EXPECT_GT(accepted, 0) << file.path;
    EXPECT_GT(refused, 0) << file.path;
  }
}

TEST(MerkleTest, AgreesWithTheReferenceAtEverySmallSize) {
  std::mt19937_64 random(1);
  const std::vector<Bytes> entries = RandomEntries(70, random);
  for (std::size_t size = 1; size <= entries.size(); ++size) {
    const auto tree = std::span(entries).first(size);
    const Digest root = testing::ReferenceRoot(tree);
    EXPECT_EQ(RootOf(LeafHashes(tree)), root) << size;
    for (std::size_t i = 0; i < size; ++i) {
      EXPECT_OK(VerifyInclusion(i, size, LeafHash(tree[i]), testing::ReferencePath(i, tree), root));
      const auto proof = testing::ReferenceConsistency(i + 1, tree);
      EXPECT_OK(
          VerifyConsistency(i + 1, size, proof, testing::ReferenceRoot(tree.first(i + 1)), root));
    }
  }
}

TEST(MerkleTest, AnyOtherPositionHashOrRootIsRefused) {
  std::mt19937_64 random(2);
  const std::vector<Bytes> entries = RandomEntries(37, random);
  const Digest root = testing::ReferenceRoot(entries);
  for (std::size_t i = 0; i < entries.size(); ++i) {
    Proof proof = testing::ReferencePath(i, entries);
    const Digest leaf_hash = LeafHash(entries[i]);
    for (std::size_t other = 0; other < 80; ++other) {
      EXPECT_EQ(VerifyInclusion(other, entries.size(), leaf_hash, proof, root).ok(), other == i);
    }
    for (Digest& hash : proof) {
      hash[random() % 32] ^= 1;
      EXPECT_THAT(VerifyInclusion(i, entries.size(), leaf_hash, proof, root), HasReason("E_PROOF"));
      hash = {};
    }
  }
}

TEST(MerkleTest, ConsistencyOfOtherSizesIsRefused) {
  std::mt19937_64 random(3);
  const std::vector<Bytes> entries = RandomEntries(29, random);
  const Digest new_root = testing::ReferenceRoot(entries);
  for (std::size_t size = 1; size < entries.size(); ++size) {
    const Digest root = testing::ReferenceRoot(std::span(entries).first(size));
    const Proof proof = testing::ReferenceConsistency(size, entries);
    for (std::size_t other = 0; other < 40; ++other) {
      EXPECT_EQ(VerifyConsistency(other, entries.size(), proof, root, new_root).ok(),
                other == size);
    }
    EXPECT_THAT(VerifyConsistency(size, entries.size(), proof, new_root, root),
                HasReason("E_PROOF"));
  }
}

TEST(MerkleTest, AnEmptyOldTreeProvesNothing) {
  const Digest root = LeafHash("entry");
  EXPECT_THAT(VerifyConsistency(0, 1, {}, EmptyRoot(), root), HasReason("E_PROOF"));
  EXPECT_OK(VerifyConsistency(0, 0, {}, EmptyRoot(), EmptyRoot()));
  EXPECT_THAT(VerifyInclusion(0, 0, root, {}, EmptyRoot()), HasReason("E_PROOF"));
}

TEST(MerkleTest, FrontierGoesOnFromItsRightEdge) {
  TreeFrontier whole;
  for (int i = 0; i < 100; ++i) {
    ASSERT_OK_AND_ASSIGN(TreeFrontier resumed,
                         TreeFrontier::FromRightEdge(whole.size(), whole.subtrees()));
    whole.Append(LeafHash(std::to_string(i)));
    resumed.Append(LeafHash(std::to_string(i)));
    EXPECT_EQ(resumed.root(), whole.root());
  }
  EXPECT_THAT(TreeFrontier::FromRightEdge(3, {EmptyRoot()}), HasReason("E_LENGTH"));
}

TEST(MerkleTest, HashesHave32Bytes) {
  EXPECT_THAT(DigestFromBytes(Bytes(31, 'x')), HasReason("E_LENGTH"));
  EXPECT_THAT(DigestFromBytes(Bytes(33, 'x')), HasReason("E_LENGTH"));
  EXPECT_OK(DigestFromBytes(Bytes(32, 'x')));
}

}  // namespace
}  // namespace sluis::tlog

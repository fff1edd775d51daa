#include "lib/tlog/checkpoint.h"

#include <gtest/gtest.h>

#include "lib/tlog/cosignature.h"
#include "lib/tlog/merkle.h"
#include "tests/lib/tlog/memory_log.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::tlog {
namespace {

using testing::HasReason;
using testing::LoadVectors;

std::vector<VerifierKey> Keys(const Json& vkeys) {
  std::vector<VerifierKey> keys;
  for (const Json& vkey : vkeys)
    keys.push_back(VerifierKey::Parse(vkey.get<std::string>()).value());
  return keys;
}

TEST(CheckpointTest, CheckpointsOfTheVectors) {
  for (const auto& file : LoadVectors("signed-notes")) {
    int seen = 0;
    for (const Json& c : file.content.at("positive")) {
      if (!c.contains("checkpoint")) continue;
      ++seen;
      const std::vector<VerifierKey> keys = Keys(c.at("vkeys"));
      const std::string note = c.at("note").get<std::string>();
      ASSERT_OK_AND_ASSIGN(const SignedCheckpoint verified,
                           VerifyCheckpoint(note, keys[0].name(), keys));
      EXPECT_EQ(verified.checkpoint.size, c.at("checkpoint").at("size").get<std::uint64_t>());
      EXPECT_EQ(FormatCheckpoint(verified.checkpoint).value(), ParseNote(note)->text);
    }
    EXPECT_GT(seen, 0) << file.path;
  }
}

// The roots in the notes are those of the leaves that the vectors name.
TEST(CheckpointTest, RootsOfTheVectorsAreThoseOfTheirLeaves) {
  for (const auto& file : LoadVectors("signed-notes")) {
    if (!file.content.contains("tessera_leaves")) continue;
    TreeFrontier frontier;
    std::vector<Digest> roots{frontier.root()};
    for (const Json& leaf : file.content.at("tessera_leaves")) {
      frontier.Append(LeafHash(leaf.get<std::string>()));
      roots.push_back(frontier.root());
    }
    for (const Json& c : file.content.at("positive")) {
      if (!c.at("id").get<std::string>().starts_with("log-")) continue;
      const auto checkpoint = ParseCheckpoint(ParseNote(c.at("note").get<std::string>())->text);
      EXPECT_EQ(checkpoint->root, roots.at(checkpoint->size)) << c.at("id");
    }
  }
}

TEST(CheckpointTest, RefusedCheckpointsOfTheVectors) {
  for (const auto& file : LoadVectors("signed-notes")) {
    ASSERT_FALSE(file.content.at("refused_checkpoints").empty());
    for (const Json& c : file.content.at("refused_checkpoints")) {
      EXPECT_THAT(VerifyCheckpoint(c.at("note").get<std::string>(),
                                   c.at("origin").get<std::string>(), Keys(c.at("vkeys"))),
                  HasReason(c.at("expect").get<std::string>()))
          << c.at("id");
    }
  }
}

TEST(CheckpointTest, TheLogItselfMustHaveSigned) {
  const Ed25519PrivateKey witness = testing::TestKey(0x20);
  const std::vector<VerifierKey> keys{
      VerifierKey::Create(testing::kTestOrigin, KeyType::kEd25519, testing::TestKey(0).public_key())
          .value(),
      VerifierKey::Create("w.example", KeyType::kCosignature, witness.public_key()).value()};
  const std::string text = FormatCheckpoint({testing::kTestOrigin, 1, LeafHash("x"), {}}).value();
  const std::string line = CosignatureLine(text, "w.example", witness, 1795446060).value();
  EXPECT_THAT(VerifyCheckpoint(text + "\n" + line, testing::kTestOrigin, keys),
              HasReason("E_NO_KNOWN_SIGNATURE"));
}

TEST(CheckpointTest, FormatsOnlyWhatCanBeRead) {
  const Digest root = LeafHash("x");
  EXPECT_OK(FormatCheckpoint({"a.example/log", 1, root, {"extension"}}));
  for (const char* origin : {"", "a b", "a+b", "https://a.example", "a.example/", "a\nb"}) {
    EXPECT_THAT(FormatCheckpoint({origin, 1, root, {}}), HasReason("E_CHECKPOINT")) << origin;
  }
  EXPECT_THAT(FormatCheckpoint({"a.example", std::uint64_t{1} << 63, root, {}}),
              HasReason("E_CHECKPOINT"));
  EXPECT_THAT(FormatCheckpoint({"a.example", 0, root, {}}), HasReason("E_CHECKPOINT"));
  EXPECT_THAT(FormatCheckpoint({"a.example", 1, root, {""}}), HasReason("E_CHECKPOINT"));
  EXPECT_THAT(FormatCheckpoint({"a.example", 1, root, {"two\nlines"}}), HasReason("E_CHECKPOINT"));
}

}  // namespace
}  // namespace sluis::tlog

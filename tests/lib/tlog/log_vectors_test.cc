// The worked example of log.md Part C: one small log with its records, receipts, bad receipts and
// verdicts.
#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/crypto/hash.h"
#include "lib/tlog/classify.h"
#include "lib/tlog/cosignature.h"
#include "lib/tlog/log_verifier.h"
#include "lib/tlog/order_note.h"
#include "lib/tlog/receipt.h"
#include "tests/lib/tlog/memory_log.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::tlog {
namespace {

using testing::LoadVectors;
using testing::TestKey;
using testing::Unhex;

// A verifier works after the last cosignature of the example.
const absl::Time kNow = absl::FromUnixSeconds(1795446100);

VerifierKey Key(const Json& file, const char* name) {
  return VerifierKey::Parse(file.at("vkeys").at(name).get<std::string>()).value();
}

TrustPolicy PolicyOf(const Json& file) {
  const Json& vkeys = file.at("vkeys");
  return TrustPolicy::Parse("log " + vkeys.at("log").get<std::string>() + "\nwitness w1 " +
                            vkeys.at("witness").get<std::string>() + "\nquorum w1\n")
      .value();
}

Opening OpeningOf(const Json& entry) {
  return {entry.at("record").get<std::string>(), Unhex(entry.at("salt"))};
}

Leaf LeafOf(const Json& entry) {
  return DecodeLeaf(Unhex(entry.at("leaf")), entry.at("index").get<std::uint64_t>()).value();
}

std::vector<Bytes> EntriesOf(const Json& file) {
  std::vector<Bytes> entries;
  for (const Json& entry : file.at("entries")) entries.push_back(Unhex(entry.at("leaf")));
  return entries;
}

TEST(LogVectorsTest, VerifierKeysAreThoseOfTheSeeds) {
  for (const auto& file : LoadVectors("log-vectors")) {
    EXPECT_EQ(Key(file.content, "log").public_key(), TestKey(0x00).public_key());
    EXPECT_EQ(Key(file.content, "witness").public_key(), TestKey(0x20).public_key());
    EXPECT_EQ(Key(file.content, "officer").public_key(), TestKey(0x40).public_key());
    EXPECT_EQ(HexEncode(AsView(Sha256("policy bundle of the example"))),
              file.content.at("policy_digest").get<std::string>());
  }
}

TEST(LogVectorsTest, LeavesAndRecords) {
  for (const auto& file : LoadVectors("log-vectors")) {
    const Json& purpose = file.content.at("purpose");
    const PurposeReference reference = PurposeReferenceOf(purpose.at("id").get<std::string>());
    EXPECT_EQ(HexEncode(AsView(reference)), purpose.at("reference").get<std::string>());
    for (const Json& entry : file.content.at("entries")) {
      const Bytes bytes = Unhex(entry.at("leaf"));
      const Leaf leaf = LeafOf(entry);
      EXPECT_EQ(EncodeLeaf(leaf).value(), bytes);
      EXPECT_EQ(KindName(leaf.kind), entry.at("kind").get<std::string>());
      EXPECT_EQ(AsView(leaf.policy_digest), Unhex(file.content.at("policy_digest")));
      EXPECT_EQ(AsView(LeafHash(bytes)), Unhex(entry.at("leaf_hash")));
      const Opening opening = OpeningOf(entry);
      EXPECT_EQ(PadRecord(opening.record)->size(), entry.at("padded_length").get<std::size_t>());
      EXPECT_EQ(AsView(RecordCommitment(opening.salt, opening.record).value()),
                Unhex(entry.at("commitment")));
      EXPECT_OK(OpenLeaf(leaf, opening));
    }
  }
}

TEST(LogVectorsTest, ServedFilesAndNotes) {
  for (const auto& file : LoadVectors("log-vectors")) {
    testing::MemoryLog log(EntriesOf(file.content));
    TileHashSource source(log, log.checkpoint.size);
    for (const auto& [size, root] : file.content.at("roots").items()) {
      EXPECT_EQ(Base64Encode(AsView(RootAt(source, std::stoull(size)).value())),
                root.get<std::string>());
    }
    EXPECT_EQ(log.files.at("tile/0/000.p/3"), Unhex(file.content.at("tile_0_000_p_3")));
    EXPECT_EQ(AsView(Sha256(log.files.at("tile/entries/000.p/3"))),
              Unhex(file.content.at("bundle_entries_000_p_3_sha256")));
    const auto checkpoint = file.content.at("checkpoint_3").get<std::string>();
    EXPECT_EQ(SignCheckpoint(log.checkpoint, TestKey(0)).value(), checkpoint);
    const auto text = FormatCheckpoint(log.checkpoint).value();
    EXPECT_EQ(CosignatureLine(text, Key(file.content, "witness").name(), TestKey(0x20), 1795446060)
                  .value(),
              file.content.at("cosignature_3").get<std::string>());
    EXPECT_OK(VerifyLog(log, PolicyOf(file.content), kNow));
  }
}

TEST(LogVectorsTest, ReceiptIsMadeAndVerified) {
  for (const auto& file : LoadVectors("log-vectors")) {
    testing::MemoryLog log(EntriesOf(file.content));
    TileHashSource source(log, log.checkpoint.size);
    const auto text = file.content.at("receipt_1").get<std::string>();
    const auto note = file.content.at("checkpoint_3").get<std::string>() +
                      file.content.at("cosignature_3").get<std::string>();
    EXPECT_EQ(FormatReceipt({log.entries[1], 1, InclusionProof(source, 1, 3).value(), note}), text);
    ASSERT_OK_AND_ASSIGN(const VerifiedReceipt receipt,
                         VerifyReceipt(text, PolicyOf(file.content), kNow));
    EXPECT_EQ(receipt.index, 1U);
    EXPECT_EQ(receipt.leaf, LeafOf(file.content.at("entries")[1]));
    EXPECT_EQ(receipt.checkpoint.witnesses, std::vector<std::string>{"w1"});
  }
}

TEST(LogVectorsTest, BadReceiptsAreRejected) {
  for (const auto& file : LoadVectors("log-vectors")) {
    ASSERT_FALSE(file.content.at("bad_receipts").empty());
    const TrustPolicy policy = PolicyOf(file.content);
    for (const Json& c : file.content.at("bad_receipts")) {
      ASSERT_EQ(c.at("expect"), "reject");
      EXPECT_FALSE(VerifyReceipt(c.at("receipt").get<std::string>(), policy, kNow).ok())
          << c.at("name");
    }
  }
}

TEST(LogVectorsTest, OrderNote) {
  for (const auto& file : LoadVectors("log-vectors")) {
    const std::vector<VerifierKey> keys{Key(file.content, "officer")};
    const auto note = file.content.at("order_note").get<std::string>();
    ASSERT_OK_AND_ASSIGN(const SignedOrder order, VerifyOrder(note, keys));
    EXPECT_EQ(SignNote(FormatOrder(order.order).value(), keys[0].name(), TestKey(0x40)).value(),
              note);
    EXPECT_EQ(order.order.reference, "2026-00017");
  }
}

TEST(LogVectorsTest, Classification) {
  for (const auto& file : LoadVectors("log-vectors")) {
    const Json& entries = file.content.at("entries");
    const std::vector<OrderKey> keys{{Key(file.content, "officer"), 0, std::nullopt}};
    ASSERT_FALSE(file.content.at("classification").empty());
    for (const Json& c : file.content.at("classification")) {
      LogView log{testing::kTestOrigin, 2026, {}, {}};
      for (const Json& entry : entries) log.leaves.push_back(LeafOf(entry));
      for (const Json& index : c.at("present")) {
        log.openings[index.get<std::uint64_t>()] = OpeningOf(entries[index.get<std::size_t>()]);
      }
      std::vector<std::string> verdicts;
      for (const LeafVerdict verdict : ClassifyLeaves(std::span(&log, 1), keys)) {
        verdicts.push_back(VerdictName(verdict));
      }
      EXPECT_EQ(verdicts, c.at("result").get<std::vector<std::string>>()) << c.at("present");
    }
  }
}

}  // namespace
}  // namespace sluis::tlog

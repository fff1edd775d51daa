#include "lib/tlog/trust_policy.h"

#include <gtest/gtest.h>

#include "absl/strings/str_format.h"
#include "lib/tlog/cosignature.h"
#include "lib/tlog/merkle.h"
#include "tests/lib/tlog/memory_log.h"
#include "tests/support/status_matchers.h"

namespace sluis::tlog {
namespace {

using ::testing::ElementsAre;
using testing::HasReason;
using testing::kTestOrigin;
using testing::TestKey;

const absl::Time kTrustPolicyNow = absl::FromUnixSeconds(1795446060);

std::string Vkey(const std::string& name, KeyType type, std::uint8_t seed) {
  return VerifierKey::Create(name, type, TestKey(seed).public_key())->Format();
}
std::string LogLine() {
  return "log " + Vkey(kTestOrigin, KeyType::kEd25519, 0) + " http://log.sluis.example\n";
}
// Witness i of the tests, named wi.
std::string WitnessLine(int i) {
  const std::string name = absl::StrFormat("w%d", i);
  return "witness " + name + " " +
         Vkey(name + ".example", KeyType::kCosignature, static_cast<std::uint8_t>(0x20 + i)) + "\n";
}
std::string Witnesses(int count) {
  std::string lines;
  for (int i = 1; i <= count; ++i) lines += WitnessLine(i);
  return lines;
}

// A checkpoint cosigned by the given witnesses.
std::string NoteBy(std::initializer_list<int> witnesses, std::uint64_t time = 1795446060) {
  const Checkpoint checkpoint{kTestOrigin, 1, LeafHash("x"), {}};
  std::string note = SignCheckpoint(checkpoint, TestKey(0)).value();
  for (const int i : witnesses) {
    note += CosignatureLine(FormatCheckpoint(checkpoint).value(), absl::StrFormat("w%d.example", i),
                            TestKey(static_cast<std::uint8_t>(0x20 + i)), time)
                .value();
  }
  return note;
}

TEST(TrustPolicyTest, ReadsEveryLine) {
  ASSERT_OK_AND_ASSIGN(
      const TrustPolicy policy,
      TrustPolicy::Parse("# trust\n\n \t# more\n" + LogLine() + Witnesses(3) +
                         "group\tg  2 w1 w2\ngroup all-of all g w3 \nquorum all-of"));
  EXPECT_EQ(policy.logs().at(0).url, "http://log.sluis.example");
  EXPECT_EQ(policy.witnesses().size(), 3U);
  EXPECT_EQ(policy.groups().at(0).threshold, 2U);
  EXPECT_THAT(policy.groups().at(1).members, ElementsAre("g", "w3"));
  EXPECT_EQ(policy.quorum(), "all-of");
}

TEST(TrustPolicyTest, RefusesWithTheLine) {
  const std::string start = LogLine() + Witnesses(2);  // lines 1 to 3
  const std::string log_vkey = Vkey(kTestOrigin, KeyType::kEd25519, 0);
  for (const std::string& line :
       {std::string("quorum none\nquorum none"),
        std::string("quorum w9"),
        std::string("group g 2 w1"),
        std::string("group g 0 w1"),
        std::string("group g any"),
        std::string("group g all w1 w1"),
        std::string("group g all g"),
        std::string("group none all w1"),
        std::string("group w1 all w2"),
        std::string("group g 01 w1"),
        std::string("group g all w1\ngroup h all w1"),
        std::string("group g all none"),
        std::string("quorum"),
        std::string("quorum w1 w2"),
        std::string("Log ") + log_vkey,
        LogLine(),
        "log " + log_vkey.substr(1),
        WitnessLine(1),
        "witness other " + Vkey("other.example", KeyType::kCosignature, 0x21),
        "witness w3 " + Vkey("w3.example", KeyType::kEd25519, 0x23),
        "log " + Vkey("other.example", KeyType::kCosignature, 0x60),
        "witness none " + Vkey("w3.example", KeyType::kCosignature, 0x23),
        std::string("witness w3"),
        std::string("quorum none\r"),
        std::string("# \x01"),
        std::string("# \x7f")}) {
    const auto policy = TrustPolicy::Parse(start + line + "\n");
    EXPECT_THAT(policy, HasReason("E_TRUST_POLICY")) << line;
    const std::string message = MessageOf(policy.status());
    EXPECT_TRUE(message.find("line 4:") != std::string::npos ||
                message.find("line 5:") != std::string::npos)
        << message;
  }
  EXPECT_THAT(TrustPolicy::Parse(start), HasReason("E_TRUST_POLICY"));
}

TEST(TrustPolicyTest, QuorumNoneSaysSo) {
  ASSERT_OK_AND_ASSIGN(const TrustPolicy policy, TrustPolicy::Parse(LogLine() + "quorum none\n"));
  ASSERT_OK_AND_ASSIGN(const TrustedCheckpoint checkpoint,
                       policy.Verify(NoteBy({1}), kTrustPolicyNow));
  EXPECT_TRUE(checkpoint.no_quorum);
  EXPECT_TRUE(checkpoint.witnesses.empty());
}

TEST(TrustPolicyTest, QuorumOfNestedGroups) {
  ASSERT_OK_AND_ASSIGN(
      const TrustPolicy policy,
      TrustPolicy::Parse(LogLine() + Witnesses(5) +
                         "group a 2 w1 w2 w3\ngroup b any w4 w5\ngroup q all a b\nquorum q\n"));
  ASSERT_OK_AND_ASSIGN(const TrustedCheckpoint good,
                       policy.Verify(NoteBy({1, 3, 5}), kTrustPolicyNow));
  EXPECT_FALSE(good.no_quorum);
  EXPECT_THAT(good.witnesses, ElementsAre("w1", "w3", "w5"));
  EXPECT_THAT(policy.Verify(NoteBy({1, 2, 3}), kTrustPolicyNow), HasReason("E_QUORUM"));
  EXPECT_THAT(policy.Verify(NoteBy({1, 4, 5}), kTrustPolicyNow), HasReason("E_QUORUM"));
  EXPECT_THAT(policy.Verify(NoteBy({1, 1, 4}), kTrustPolicyNow), HasReason("E_QUORUM"));
  EXPECT_THAT(policy.Verify(NoteBy({}), kTrustPolicyNow), HasReason("E_QUORUM"));
}

TEST(TrustPolicyTest, RefusesCosignaturesFromTheFuture) {
  ASSERT_OK_AND_ASSIGN(const TrustPolicy policy,
                       TrustPolicy::Parse(LogLine() + Witnesses(1) + "quorum w1\n"));
  EXPECT_OK(policy.Verify(NoteBy({1}, 1795446360), kTrustPolicyNow));
  EXPECT_THAT(policy.Verify(NoteBy({1}, 1795446361), kTrustPolicyNow),
              HasReason("E_COSIGNATURE_TIME"));
}

TEST(TrustPolicyTest, BelievesListedLogsOnly) {
  ASSERT_OK_AND_ASSIGN(
      const TrustPolicy policy,
      TrustPolicy::Parse("log " + Vkey("other.example", KeyType::kEd25519, 0) + "\nquorum none\n"));
  EXPECT_THAT(policy.Verify(NoteBy({}), kTrustPolicyNow), HasReason("E_NO_KNOWN_SIGNATURE"));
  // A listed key that signs for an origin which is not its own.
  const Checkpoint checkpoint{"third.example", 1, LeafHash("x"), {}};
  const std::string text = FormatCheckpoint(checkpoint).value();
  EXPECT_THAT(policy.Verify(SignNote(text, "other.example", TestKey(0)).value(), kTrustPolicyNow),
              HasReason("E_NO_KNOWN_SIGNATURE"));
}

TEST(TrustPolicyTest, HoldsManyLogsWitnessesAndGroups) {
  std::string text;
  for (int i = 0; i < 40; ++i) {
    text += "log " +
            Vkey(absl::StrFormat("log%d.example", i), KeyType::kEd25519,
                 static_cast<std::uint8_t>(100 + i)) +
            "\n";
    text += WitnessLine(i);
    text += absl::StrFormat("group g%d all w%d\n", i, i);
  }
  ASSERT_OK_AND_ASSIGN(const TrustPolicy policy, TrustPolicy::Parse(text + "quorum g39\n"));
  EXPECT_EQ(policy.groups().size(), 40U);
}

}  // namespace
}  // namespace sluis::tlog

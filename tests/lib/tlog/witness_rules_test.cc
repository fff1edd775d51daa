#include "lib/tlog/witness_rules.h"

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "tests/lib/tlog/memory_log.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::tlog {
namespace {

using testing::HasReason;
using testing::kTestOrigin;
using testing::TestKey;

std::string BodyOf(const Json& step) {
  AddCheckpointRequest request;
  request.old_size = step.at("old").get<std::uint64_t>();
  request.note = step.at("checkpoint").get<std::string>();
  for (const Json& hash : step.at("proof")) {
    request.proof.push_back(DigestFromBytes(Base64Decode(hash.get<std::string>()).value()).value());
  }
  return FormatAddCheckpoint(request);
}

void Store(const WitnessAnswer& answer, WitnessedLog& log) {
  if (answer.accepted) log.row = WitnessRow{answer.accepted->size, answer.accepted->root, ""};
}

TEST(WitnessRulesTest, SessionOfTheVectors) {
  for (const auto& file : testing::LoadVectors("cosignature")) {
    const Json& session = file.content.at("session");
    ASSERT_OK_AND_ASSIGN(const VerifierKey key,
                         VerifierKey::Parse(session.at("log_vkey").get<std::string>()));
    std::map<std::string, WitnessedLog> logs{{key.name(), {{key}, std::nullopt}}};
    int number = 0;
    for (const Json& step : session.at("steps")) {
      const WitnessAnswer answer = AnswerAddCheckpoint(BodyOf(step), logs);
      EXPECT_EQ(answer.status, step.at("status").get<int>())
          << "step " << number << ": " << answer.reason;
      EXPECT_EQ(answer.body, step.value("body", "")) << "step " << number;
      EXPECT_EQ(answer.accepted.has_value(), answer.status == 200) << "step " << number;
      Store(answer, logs.at(key.name()));
      ++number;
    }
    EXPECT_GT(number, 0);
  }
}

class OwnWitnessTest : public ::testing::Test {
 protected:
  OwnWitnessTest() {
    logs_[kTestOrigin].keys = {
        VerifierKey::Create(kTestOrigin, KeyType::kEd25519, TestKey(0).public_key()).value()};
  }
  std::string Body(std::uint64_t old_size, const Proof& proof, const Checkpoint& checkpoint) {
    return FormatAddCheckpoint({old_size, proof, SignCheckpoint(checkpoint, TestKey(0)).value()});
  }
  WitnessAnswer Add(std::uint64_t old_size, const Proof& proof, const Checkpoint& checkpoint) {
    const WitnessAnswer answer = AnswerAddCheckpoint(Body(old_size, proof, checkpoint), logs_);
    Store(answer, logs_.at(kTestOrigin));
    return answer;
  }
  std::map<std::string, WitnessedLog> logs_;
};

TEST_F(OwnWitnessTest, FollowsALogFromItsEmptyTree) {
  testing::MemoryLog log({"a", "b", "c", "d", "e"});
  TileHashSource source(log, 5);
  EXPECT_EQ(Add(0, {}, {kTestOrigin, 0, EmptyRoot(), {}}).status, 200);
  EXPECT_EQ(Add(0, {LeafHash("x")}, {kTestOrigin, 3, RootAt(source, 3).value(), {}}).status, 422);
  EXPECT_EQ(Add(0, {}, {kTestOrigin, 3, RootAt(source, 3).value(), {}}).status, 200);
  EXPECT_EQ(
      Add(3, ConsistencyProof(source, 3, 5).value(), {kTestOrigin, 5, log.checkpoint.root, {}})
          .status,
      200);
}

TEST_F(OwnWitnessTest, AForkIsEvidence) {
  const Digest a = LeafHash("a"), b = LeafHash("b");
  ASSERT_EQ(Add(0, {}, {kTestOrigin, 1, a, {}}).status, 200);
  const WitnessAnswer same_size = Add(1, {}, {kTestOrigin, 1, b, {}});
  EXPECT_EQ(same_size.status, 422);
  EXPECT_TRUE(same_size.fork_evidence);
  EXPECT_TRUE(Add(1, {b}, {kTestOrigin, 2, NodeHash(b, a), {}}).fork_evidence);
  EXPECT_FALSE(Add(0, {}, {kTestOrigin, 1, b, {}}).fork_evidence);
}

// A checkpoint that says size 0 with another root cannot be signed through the library.
TEST_F(OwnWitnessTest, SizeZeroNeedsTheEmptyRoot) {
  const std::string text =
      std::string(kTestOrigin) + "\n0\n" + Base64Encode(AsView(LeafHash("a"))) + "\n";
  const std::string body =
      FormatAddCheckpoint({0, {}, SignNote(text, kTestOrigin, TestKey(0)).value()});
  EXPECT_EQ(AnswerAddCheckpoint(body, logs_).status, 422);
}

TEST_F(OwnWitnessTest, MalformedRequestsAre400) {
  const std::string good = Body(0, {}, {kTestOrigin, 1, LeafHash("a"), {}});
  EXPECT_EQ(AnswerAddCheckpoint(good, logs_).status, 200);
  for (const std::string& body :
       {std::string(), good.substr(1), "old 00" + good.substr(5), "old -1" + good.substr(5),
        "old 0\nxx\n" + good.substr(6), std::string("old 0\n\nno note"),
        good.substr(0, good.size() - 1), good + std::string(70000, 'x')}) {
    EXPECT_EQ(AnswerAddCheckpoint(body, logs_).status, 400) << body.substr(0, 40);
  }
  EXPECT_EQ(
      AnswerAddCheckpoint(Body(0, Proof(63), {kTestOrigin, 1, LeafHash("a"), {}}), logs_).status,
      422);
  EXPECT_EQ(
      AnswerAddCheckpoint(Body(0, Proof(64), {kTestOrigin, 1, LeafHash("a"), {}}), logs_).status,
      400);
}

TEST(AddCheckpointTest, RoundTrip) {
  const AddCheckpointRequest request{7, {LeafHash("a"), LeafHash("b")}, "note\n\nsignatures\n"};
  ASSERT_OK_AND_ASSIGN(const AddCheckpointRequest parsed,
                       ParseAddCheckpoint(FormatAddCheckpoint(request)));
  EXPECT_EQ(parsed.old_size, 7U);
  EXPECT_EQ(parsed.proof, request.proof);
  EXPECT_EQ(parsed.note, request.note);
  EXPECT_THAT(ParseAddCheckpoint("old 7\n"), HasReason("E_MALFORMED"));
}

}  // namespace
}  // namespace sluis::tlog

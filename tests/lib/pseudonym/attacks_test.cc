// Attacks of pseudonyms.md §14 at the checks of a transcryptor and of who verifies it.
#include <gtest/gtest.h>

#include "lib/pseudonym/internal/with_nonces.h"
#include "lib/pseudonym/refusal.h"
#include "tests/lib/pseudonym/world.h"
#include "tests/support/status_matchers.h"

namespace sluis::pseudonym {
namespace {

using sluis::testing::HasReason;

class AttacksTest : public ::testing::Test {
 protected:
  World world;
  Member& oov = world.Join("00000099000000001000", "gemeente/oov");
  Member& toezicht = world.Join("00000099000000001000", "gemeente/toezicht");
  Member& riec = world.Join("00000099000000003000", "riec/bureau");
  const Domain origin = Domain::Origin(SubjectKind::kBsn);
  const Domain table = world.NewCase(riec, "riec-signaalweging");
  const GroupElement anna = ElementOf(Subject::Create(SubjectKind::kBsn, "999990019").value())
                                .element(SecretAccess::ForTest());

  World::Ask Ask(std::size_t items = 1) {
    return {
        RequestKind::kTranscrypt, oov, riec, origin, table, std::vector<GroupElement>(items, anna)};
  }
  absl::Status Try(const World::Ask& ask, absl::Time now = kNow) {
    const DecisionStatement statement = world.StatementFor(ask);
    return world.Admit(1, world.Sign(ask, statement).bytes(), statement.wire(), now).status();
  }
};

// N-REPLAY: the same bytes are answered again and cost nothing; other bytes under the nonce are
// not.
TEST_F(AttacksTest, ReplayOfTheSameBytesCostsNoQuota) {
  const DecisionStatement statement = world.StatementFor(Ask());
  const SignedRequest request = world.Sign(Ask(), statement);
  ASSERT_OK_AND_ASSIGN(const auto first, world.Admit(1, request.bytes(), statement.wire()));
  EXPECT_FALSE(first.answered);
  ASSERT_OK_AND_ASSIGN(const auto resumed, world.Admit(1, request.bytes(), statement.wire()));
  EXPECT_FALSE(resumed.answered);
  world.t[0].nonces.Answered(request.digest());
  ASSERT_OK_AND_ASSIGN(const auto again, world.Admit(1, request.bytes(), statement.wire()));
  EXPECT_TRUE(again.answered);
  EXPECT_EQ(world.t[0].quota.Charged("signer 00000099000000001000/gemeente/oov 2026-09-21"), 1U);
}

TEST_F(AttacksTest, OtherBytesUnderANonceAreRefused) {
  const DecisionStatement statement = world.StatementFor(Ask());
  const SignedRequest request = world.Sign(Ask(), statement);
  ASSERT_OK(world.Admit(1, request.bytes(), statement.wire()));
  std::vector<ItemToSend> items;
  items.push_back({Encrypt(anna, oov.session().key.y).value(), {}});
  RandomNonces nonces;
  ASSERT_OK_AND_ASSIGN(const SignedRequest other,
                       AssembleRequest(nonces, request.head(), items, oov.signing));
  EXPECT_THAT(world.Admit(1, other.bytes(), statement.wire()), HasReason("E_REPLAY"));
  EXPECT_OK(world.Admit(2, other.bytes(), statement.wire()));  // each cache is its own
}

// N-CACHE: what was issued before the lost cache could vouch for it is refused, what is newer
// served.
TEST_F(AttacksTest, LostCacheRefusesWhatItCannotKnow) {
  world.t[0].nonces.LoseUntil(kNow + absl::Seconds(60));
  EXPECT_THAT(Try(Ask()), HasReason("E_REPLAY_UNKNOWN"));
  World::Ask dated_ahead = Ask();
  dated_ahead.issued = kNow + absl::Seconds(59);
  EXPECT_THAT(Try(dated_ahead), HasReason("E_REPLAY_UNKNOWN"));
  World::Ask later = Ask();
  later.issued = kNow + absl::Seconds(60);
  EXPECT_OK(Try(later, kNow + absl::Seconds(61)));
}

TEST_F(AttacksTest, TimeIsCheckedToTheSecond) {
  const absl::Time issued = Ask().issued;
  EXPECT_OK(Try(Ask(), issued - absl::Seconds(10)));  // the statement began 10 s before
  World::Ask ask = Ask();
  ask.issued = kNow + absl::Seconds(60);
  EXPECT_OK(Try(ask));
  ask.issued = kNow + absl::Seconds(61);
  EXPECT_THAT(Try(ask), HasReason("E_EXPIRED"));
  ask.issued = kNow - absl::Seconds(360);
  EXPECT_OK(Try(ask));
  ask.issued = kNow - absl::Seconds(361);
  EXPECT_THAT(Try(ask), HasReason("E_EXPIRED"));
}

TEST_F(AttacksTest, QueuedRequestsLiveThreeDays) {
  World::Ask ask = Ask();
  ask.queued = true;
  ask.life = absl::Hours(72);
  EXPECT_OK(Try(ask));
}

// N-QUOTA: the item over the limit is refused and counts; 20 a day inside one organisation.
TEST_F(AttacksTest, QuotaIsPerCaseSignerAndOrganisation) {
  EXPECT_OK(Try(Ask(200)));
  EXPECT_THAT(Try(Ask()), HasReason("E_QUOTA"));
  const Domain intake = world.NewCase(oov, "signaal-intake");
  World::Ask inside{RequestKind::kTranscrypt,           toezicht, oov, origin, intake,
                    std::vector<GroupElement>(20, anna)};
  EXPECT_OK(Try(inside));
  inside.elements.resize(1, anna);
  EXPECT_THAT(Try(inside), HasReason("E_QUOTA"));
}

TEST_F(AttacksTest, BulkOfTheStatementTakesThePlaceOfTheQuota) {
  const World::Ask ask = Ask(201);
  const DecisionStatement statement = world.StatementFor(ask, 300);
  EXPECT_OK(world.Admit(1, world.Sign(ask, statement).bytes(), statement.wire()));
  // The same statement again: together they are more than it allows.
  EXPECT_THAT(world.Admit(1, world.Sign(ask, statement).bytes(), statement.wire()),
              HasReason("E_QUOTA"));
}

// N-YFROM-1, N-YFROM-2
TEST_F(AttacksTest, ForeignYIsRefusedAtBothHops) {
  const DecisionStatement statement = world.StatementFor(Ask());
  const SecretScalar own = SecretScalar::Random();
  const GroupElement y = MultiplyBase(own);
  std::vector<ItemToSend> items;
  items.push_back({Encrypt(anna, y).value(), {}});
  const World::Ask ask = Ask();
  ASSERT_OK_AND_ASSIGN(const SignedRequest request,
                       SignRequest({ask.kind, ask.from.party, world.RouteOf(ask), y, ask.issued,
                                    ask.issued + ask.life, statement.digest()},
                                   items, oov.signing));
  EXPECT_THAT(world.Admit(1, request.bytes(), statement.wire()), HasReason("E_YFROM"));

  const DecisionStatement honest = world.StatementFor(Ask());
  ASSERT_OK_AND_ASSIGN(const AdmittedRequest admitted,
                       world.Admit(2, world.Sign(Ask(), honest).bytes(), honest.wire()));
  BatchRequest batch = admitted.request.FirstBatch();
  batch.y_from = y;  // what a lying first hop would hand on
  EXPECT_THAT(world.RunHop(2, admitted, batch), HasReason("E_YFROM"));
}

TEST_F(AttacksTest, SessionMustBeLive) {
  world.t[0].sessions.Revoke(riec.session().context);
  EXPECT_THAT(Try(Ask()), HasReason("E_SESSION"));
  world.t[0].sessions.Record(riec.session().context, riec.session().key.y, kNow);
  EXPECT_THAT(Try(Ask()), HasReason("E_SESSION"));
  world.t[0].sessions.Record(riec.session().context, riec.session().key.y, kNow + absl::Seconds(1));
  EXPECT_OK(Try(Ask()));
}

// N-MAUL: a ciphertext made from another's has no proof of knowledge.
TEST_F(AttacksTest, CiphertextOfAnotherCannotBeReused) {
  const DecisionStatement statement = world.StatementFor(Ask());
  const SignedRequest honest = world.Sign(Ask(), statement);
  const Ciphertext stolen = honest.items()[0].ciphertext;
  const SecretScalar two = SecretScalar::Decode([] {
                             SecretBytes bytes(kScalarSize);
                             bytes.RevealForWriting(SecretAccess::ForTest())[0] = 2;
                             return bytes;
                           }())
                               .value();
  const Ciphertext forged[] = {{Multiply(two, stolen.b), Multiply(two, stolen.c)},
                               {stolen.b, Add(stolen.c, anna).value()}};
  for (const Ciphertext& ciphertext : forged) {
    std::vector<ItemToSend> items;
    items.push_back({{ciphertext, SecretScalar::Random()}, {}});
    RandomNonces nonces;
    RequestHead head = honest.head();
    head.nonce = nonces.Nonce();
    ASSERT_OK_AND_ASSIGN(const SignedRequest request,
                         AssembleRequest(nonces, head, items, oov.signing));
    EXPECT_THAT(world.Admit(1, request.bytes(), statement.wire()), HasReason("E_POK"));
  }
}

TEST_F(AttacksTest, JudgeHasTheLastWordBeforeAnythingIsKept) {
  world.judge.verdict = Refuse("E_MANDATE", "the own pack does not permit it");
  EXPECT_THAT(Try(Ask()), HasReason("E_MANDATE"));
  EXPECT_EQ(world.judge.asked, 1);
  EXPECT_EQ(world.t[0].quota.Charged("signer 00000099000000001000/gemeente/oov 2026-09-21"), 0U);
}

TEST_F(AttacksTest, StatementOfAnotherBrokerIsRefused) {
  World other;
  const World::Ask ask = Ask();
  const DecisionStatement statement = other.StatementFor(ask);
  EXPECT_THAT(world.Admit(1, world.Sign(ask, statement).bytes(), statement.wire()),
              HasReason("E_SIGNATURE"));
}

// A malicious transcryptor: each lie shows, and at whom it was told.
class LyingHopTest : public AttacksTest {
 protected:
  void SetUp() override {
    ask_.emplace(Ask(3));
    ASSERT_OK(world.Transcrypt(*ask_));  // publishes the commitments
    statement_.emplace(world.StatementFor(*ask_));
    request_.emplace(world.Sign(*ask_, *statement_));
    admitted_.emplace(world.Admit(1, request_->bytes(), statement_->wire()).value());
    answer_ = world.RunHop(1, *admitted_, request_->FirstBatch()).value();
    ASSERT_OK(Verify());
  }
  absl::Status Verify() { return world.VerifyAnswer(1, *request_, admitted_->route, answer_); }
  void SignAgain() {
    const auto payloads = request_->Payloads();
    answer_.signature = SignHop({Hop::kFirst, request_->digest(), answer_.batch_request,
                                 answer_.batch_response, payloads, answer_.proof_block},
                                world.t[0].signing);
  }
  ProofBlock Block() { return ProofBlock::Decode(answer_.proof_block).value(); }
  BatchResponse Response() { return BatchResponse::Decode(answer_.batch_response).value(); }

  std::optional<World::Ask> ask_;
  std::optional<DecisionStatement> statement_;
  std::optional<SignedRequest> request_;
  std::optional<AdmittedRequest> admitted_;
  HopAnswer answer_;
};

TEST_F(LyingHopTest, AnswerThatWasNotSignedIsRefused) {
  BatchResponse response = Response();
  std::swap(response.items[0], response.items[1]);
  answer_.batch_response = response.Encode();
  EXPECT_THAT(Verify(), HasReason("E_SIGNATURE"));
}

TEST_F(LyingHopTest, SwappedItemsShow) {
  BatchResponse response = Response();
  std::swap(response.items[0], response.items[1]);
  answer_.batch_response = response.Encode();
  SignAgain();
  EXPECT_THAT(Verify(), HasReason("E_PROOF"));
}

TEST_F(LyingHopTest, SwappedItemsShowWithTheOrderSaid) {
  BatchResponse response = Response();
  ProofBlock block = Block();
  std::swap(response.items[0], response.items[1]);
  std::swap(block.permutation[0], block.permutation[1]);
  std::swap(block.materials[0], block.materials[1]);
  answer_.batch_response = response.Encode();
  answer_.proof_block = block.Encode();
  SignAgain();
  EXPECT_THAT(Verify(), HasReason("E_PROOF"));  // nobody asked for another order
}

TEST_F(LyingHopTest, AnotherFactorShows) {
  const HopFactors other = HopFactors::Derive(TranscryptorKeys::Generate(), admitted_->route,
                                              nullptr, world.t[0].SaltOf(table))
                               .value();
  const BatchRequest batch = request_->FirstBatch();
  const HopOutput output =
      TranscryptBatch(other, MakeHeaderBase(other, batch.y_from), {batch.items, batch.y_from})
          .value();
  answer_.batch_response = output.response.Encode();
  answer_.proof_block = output.proof_block;
  SignAgain();
  EXPECT_THAT(Verify(), HasReason("E_PROOF"));
}

TEST_F(LyingHopTest, AnItemMadeUpShows) {
  for (const std::size_t i : {0U, 1U, 2U}) {
    BatchResponse response = Response();
    response.items[i].c = anna;
    answer_.batch_response = response.Encode();
    SignAgain();
    EXPECT_THAT(Verify(), HasReason("E_PROOF"));
  }
}

TEST_F(LyingHopTest, MissingAndExtraItemsShow) {
  BatchResponse response = Response();
  response.items.pop_back();
  answer_.batch_response = response.Encode();
  SignAgain();
  EXPECT_THAT(Verify(), HasReason("E_PROOF"));
  ProofBlock block = Block();
  block.permutation.pop_back();
  block.materials.pop_back();
  answer_.proof_block = block.Encode();
  SignAgain();
  EXPECT_THAT(Verify(), HasReason("E_PROOF"));
}

TEST_F(LyingHopTest, AnItemTakenTwiceShows) {
  ProofBlock block = Block();
  block.permutation[1] = block.permutation[0];
  answer_.proof_block = block.Encode();
  SignAgain();
  EXPECT_THAT(Verify(), HasReason("E_PROOF"));
}

TEST_F(LyingHopTest, OneMaterialForAnotherShows) {
  ProofBlock block = Block();
  std::swap(block.materials[0], block.materials[2]);
  answer_.proof_block = block.Encode();
  SignAgain();
  EXPECT_THAT(Verify(), HasReason("E_PROOF"));
}

TEST_F(LyingHopTest, EachProofOfTheHeaderCounts) {
  for (Proof PseudonymBatchHeader::*proof :
       {&PseudonymBatchHeader::proof_s, &PseudonymBatchHeader::proof_k,
        &PseudonymBatchHeader::proof_t, &PseudonymBatchHeader::proof_b,
        &PseudonymBatchHeader::proof_c}) {
    const Bytes kept = answer_.proof_block;
    ProofBlock block = Block();
    block.header.*proof = block.materials[0].proof;
    answer_.proof_block = block.Encode();
    SignAgain();
    EXPECT_THAT(Verify(), HasReason("E_PROOF"));
    answer_.proof_block = kept;
  }
}

TEST_F(LyingHopTest, SecondCommitmentForAFactorIsRefused) {
  const Commitment other = SignCommitment(Hop::kFirst, table.bytes(), anna, world.t[0].signing);
  EXPECT_THAT(AcceptCommitment(other, world.t[0].signing.public_key(), world.commitments),
              HasReason("E_PROOF"));
  const Commitment trivial =
      SignCommitment(Hop::kFirst, "x", GroupElement::Generator(), world.t[0].signing);
  EXPECT_THAT(AcceptCommitment(trivial, world.t[0].signing.public_key(), world.commitments),
              HasReason("E_FACTOR_TRIVIAL"));
  EXPECT_THAT(VerifyCommitment(other, world.t[1].signing.public_key()), HasReason("E_SIGNATURE"));
}

}  // namespace
}  // namespace sluis::pseudonym

// What pseudonyms must and must not do, played through both transcryptors with all checks.
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "lib/pseudonym/enrolment.h"
#include "lib/pseudonym/inquiry.h"
#include "lib/pseudonym/internal/nonces.h"
#include "lib/pseudonym/refusal.h"
#include "tests/lib/pseudonym/world.h"
#include "tests/support/status_matchers.h"

namespace sluis::pseudonym {
namespace {

using sluis::testing::HasReason;

GroupElement Hashed(SubjectKind kind, BytesView value) {
  return ElementOf(Subject::Create(kind, value).value()).element(SecretAccess::ForTest());
}
GroupElement Person(BytesView bsn) { return Hashed(SubjectKind::kBsn, bsn); }

class PropertiesTest : public ::testing::Test {
 protected:
  World world;
  Member& toezicht = world.Join("00000099000000001000", "gemeente/toezicht");
  Member& oov = world.Join("00000099000000001000", "gemeente/oov");
  Member& police = world.Join("00000099000000002000", "politie/informatie");
  Member& riec = world.Join("00000099000000003000", "riec/bureau");
  const Domain origin = Domain::Origin(SubjectKind::kBsn);
  const GroupElement anna = Person("999990019"), bert = Person("999990020");

  World::Ask To(const Member& from, const Member& to, const Domain& domain,
                std::vector<GroupElement> elements) {
    return {RequestKind::kTranscrypt, from, to, origin, domain, std::move(elements)};
  }
  GroupElement One(const World::Ask& ask) {
    auto result = world.Transcrypt(ask);
    EXPECT_OK(result);
    return result.ok() ? result->at(0) : GroupElement::Generator();
  }
};

TEST_F(PropertiesTest, TwoSendersMeetInOnePseudonym) {
  const Domain table = world.NewCase(riec, "riec-signaalweging");
  const GroupElement from_oov = One(To(oov, riec, table, {anna}));
  EXPECT_EQ(from_oov, One(To(police, riec, table, {anna})));
  EXPECT_NE(from_oov, One(To(police, riec, table, {bert})));
  EXPECT_NE(from_oov, anna);
}

TEST_F(PropertiesTest, CasesEpochsPurposesAndPartiesDoNotMeet) {
  std::set<GroupElement> all;
  all.insert(One(To(oov, riec, world.NewCase(riec, "riec-signaalweging"), {anna})));
  all.insert(One(To(oov, riec, world.NewCase(riec, "riec-signaalweging"), {anna})));
  all.insert(One(To(oov, riec, world.NewCase(riec, "riec-casus"), {anna})));
  all.insert(One(To(oov, police, world.NewCase(police, "openbare-orde"), {anna})));
  EXPECT_EQ(all.size(), 4U);
}

TEST_F(PropertiesTest, KindsOfSubjectsWithTheSameDigitsDoNotMeet) {
  const Domain table = world.NewCase(riec, "riec-signaalweging");
  World::Ask rsin{
      RequestKind::kTranscrypt,           oov,   riec,
      Domain::Origin(SubjectKind::kRsin), table, {Hashed(SubjectKind::kRsin, "999990019")}};
  EXPECT_NE(One(To(oov, riec, table, {anna})), One(rsin));
}

TEST_F(PropertiesTest, MoveEqualsDirect) {
  world.Open(riec);
  const Domain table = world.NewCase(riec, "riec-signaalweging");
  const Domain casus = world.NewCase(riec, "riec-casus");
  const GroupElement in_table = One(To(oov, riec, table, {anna}));
  for (const bool verifiable : {true, false}) {
    World::Ask move{RequestKind::kMove, riec, riec, table, casus, {in_table}, 1};
    move.verifiable = verifiable;
    EXPECT_EQ(One(move), One(To(police, riec, casus, {anna})));
  }
}

TEST_F(PropertiesTest, PassOnEqualsDirect) {
  const Domain intake = world.NewCase(oov, "signaal-intake");
  const Domain table = world.NewCase(riec, "riec-signaalweging");
  const GroupElement known = One(To(toezicht, oov, intake, {anna}));
  const GroupElement passed = One({RequestKind::kPassOn, oov, riec, intake, table, {known}});
  EXPECT_EQ(passed, One(To(police, riec, table, {anna})));
}

TEST_F(PropertiesTest, ReverseGivesTheSourceItsOwnSubject) {
  const Domain table = world.NewCase(riec, "riec-signaalweging");
  const GroupElement pseudonym = One(To(oov, riec, table, {anna}));
  EXPECT_EQ(One({RequestKind::kReverse, riec, oov, table, origin, {pseudonym}}), anna);
}

TEST_F(PropertiesTest, InquiryMeetsEnrolmentFromOriginAndFromCase) {
  const Domain index = world.IndexOf(police);
  std::vector<SubjectElement> subjects;
  subjects.emplace_back(anna);
  subjects.emplace_back(bert);
  ASSERT_OK_AND_ASSIGN(const EnrolBatch batch, EnrolBatch::Blind(subjects));
  ASSERT_OK_AND_ASSIGN(const EnrolFactor f1, EnrolFactor::Derive(world.t[0].keys, origin, index));
  ASSERT_OK_AND_ASSIGN(const EnrolFactor f2, EnrolFactor::Derive(world.t[1].keys, origin, index));
  const EnrolResponse first = f1.Evaluate(Hop::kFirst, batch.blinded());
  const EnrolResponse second = f2.Evaluate(Hop::kSecond, first.elements);
  ASSERT_OK_AND_ASSIGN(const auto enrolled,
                       batch.Unblind(first, second, f1.public_f(), f2.public_f()));
  const auto asked = One({RequestKind::kInquire, riec, police, origin, index, {anna}});
  EXPECT_TRUE(IndexKey(IndexPseudonym(asked)).Equals(IndexKey(enrolled[0])));
  const Domain table = world.NewCase(riec, "riec-signaalweging");
  const GroupElement known = One(To(oov, riec, table, {bert}));
  World::Ask inquiry{RequestKind::kInquire,
                     riec,
                     police,
                     table,
                     index,
                     {FillerElement(), known, FillerElement(), FillerElement()}};
  ASSERT_OK_AND_ASSIGN(const auto answers, world.Transcrypt(inquiry));
  EXPECT_TRUE(IndexKey(IndexPseudonym(answers[1])).Equals(IndexKey(enrolled[1])));
  for (const std::size_t filler : {0U, 2U, 3U}) {
    for (const IndexPseudonym& p : enrolled) {
      EXPECT_FALSE(IndexPseudonym(answers[filler]).Equals(p));
    }
  }
}

// N-SHRED: one salt at one transcryptor is enough, with everything else in place.
TEST_F(PropertiesTest, ShreddingEndsACaseForGood) {
  world.Open(riec);
  const Domain table = world.NewCase(riec, "riec-signaalweging");
  const Domain casus = world.NewCase(riec, "riec-casus");
  const GroupElement before = One(To(oov, riec, table, {anna}));
  for (Transcryptor& t : world.t) {
    CaseSalt kept =
        CaseSalt::FromBytes(SecretBytes::CopyOf(t.SaltOf(table)->bytes(SecretAccess::ForTest())))
            .value();
    t.salts.erase(table);
    EXPECT_THAT(world.Transcrypt(To(oov, riec, table, {anna})), HasReason("E_CASE_CLOSED"));
    EXPECT_THAT(world.Transcrypt({RequestKind::kMove, riec, riec, table, casus, {before}, 1}),
                HasReason("E_CASE_CLOSED"));
    EXPECT_THAT(world.Transcrypt({RequestKind::kReverse, riec, oov, table, origin, {before}}),
                HasReason("E_CASE_CLOSED"));
    t.salts.emplace(table, std::move(kept));
  }
  EXPECT_EQ(One(To(oov, riec, table, {anna})), before);
  // A new salt under the same domain does not bring the old pseudonyms back.
  world.t[0].salts.erase(table);
  world.t[0].salts.emplace(table, CaseSalt::Draw());
  const Route route = world.RouteOf(To(oov, riec, table, {anna}));
  GroupElement after = anna;
  for (const Transcryptor& t : world.t) {
    const auto from = t.keys.ReshuffleFactor(route.d_from, nullptr);
    const auto to = t.keys.ReshuffleFactor(route.d_to, t.SaltOf(table));
    after = Multiply(from->Inverse().Times(*to), after);
  }
  EXPECT_NE(after, before);
  // And whoever kept the first commitment sees that it is another factor.
  EXPECT_THAT(world.Transcrypt(To(oov, riec, table, {anna})), HasReason("E_PROOF"));
}

// N-INJECT: a chosen M in C does not come out as s*M.
TEST_F(PropertiesTest, PlantedElementIsNotReadable) {
  const Domain table = world.NewCase(riec, "riec-signaalweging");
  const World::Ask ask = To(oov, riec, table, {anna});
  ASSERT_OK_AND_ASSIGN(const HopFactors factors, world.t[0].Factors(world.RouteOf(ask)));
  const GroupElement y = oov.session().key.y;
  const Ciphertext planted{MultiplyBase(SecretScalar::Random()), bert};
  ASSERT_OK_AND_ASSIGN(const HopOutput output,
                       TranscryptBatch(factors, MakeHeaderBase(factors, y), {{&planted, 1}, y}));
  const auto from = world.t[0].keys.ReshuffleFactor(origin, nullptr);
  const auto to = world.t[0].keys.ReshuffleFactor(table, world.t[0].SaltOf(table));
  EXPECT_NE(output.response.items[0].c, Multiply(from->Inverse().Times(*to), bert));
}

// N-SHUFFLE: all 24 orders of 4 come out about equally often.
TEST(ShuffleTest, IsUniform) {
  std::map<std::vector<std::uint32_t>, int> seen;
  RandomNonces nonces;
  for (int run = 0; run < 24'000; ++run) ++seen[nonces.Permutation(4)];
  EXPECT_EQ(seen.size(), 24U);
  double chi = 0;
  for (const auto& [order, count] : seen) chi += (count - 1000.0) * (count - 1000.0) / 1000.0;
  EXPECT_LT(chi, 70.0);  // 23 degrees of freedom: beyond it less than once in a million
}

TEST_F(PropertiesTest, ShuffledBatchVerifiesAndKeepsItsMembers) {
  const Domain table = world.NewCase(riec, "riec-signaalweging");
  World::Ask ask = To(oov, riec, table, {anna, bert, Person("999990032")});
  ask.shuffle = true;
  ASSERT_OK_AND_ASSIGN(const auto mixed, world.Transcrypt(ask));
  const std::set<GroupElement> got(mixed.begin(), mixed.end());
  EXPECT_EQ(got.size(), 3U);
  EXPECT_EQ(got, (std::set<GroupElement>{One(To(police, riec, table, {anna})),
                                         One(To(police, riec, table, {bert})),
                                         One(To(police, riec, table, {Person("999990032")}))}));
}

// Another session's key, of another unit of the same organisation too, opens to something else.
TEST_F(PropertiesTest, OnlyTheSessionOfTheRequestOpens) {
  const Domain intake = world.NewCase(oov, "signaal-intake");
  const World::Ask ask = To(police, oov, intake, {anna});
  const DecisionStatement statement = world.StatementFor(ask);
  const SignedRequest request = world.Sign(ask, statement);
  ASSERT_OK_AND_ASSIGN(const auto right, world.Run(request, statement, oov.session().key.sk));
  World::Ask other = ask;
  const DecisionStatement again = world.StatementFor(other);
  ASSERT_OK_AND_ASSIGN(const auto wrong,
                       world.Run(world.Sign(other, again), again, toezicht.session().key.sk));
  EXPECT_NE(right[0], wrong[0]);
}

// The order and the proofs of r live in memory that is wiped, from the hop on to who opens them.
static_assert(std::is_same_v<decltype(HopOutput::proof_block), SecretBytes>);

TEST_F(PropertiesTest, AWipedOrderIsOfNoUse) {
  const Domain table = world.NewCase(riec, "riec-signaalweging");
  const World::Ask ask = To(oov, riec, table, {anna});
  ASSERT_OK_AND_ASSIGN(const HopFactors factors, world.t[0].Factors(world.RouteOf(ask)));
  const GroupElement y = oov.session().key.y;
  std::vector<Ciphertext> items;
  for (int i = 0; i < 3; ++i) items.push_back(Encrypt(anna, y)->ciphertext);
  ASSERT_OK_AND_ASSIGN(const HopOutput output,
                       TranscryptBatch(factors, MakeHeaderBase(factors, y), {items, y, true}));
  ASSERT_OK_AND_ASSIGN(ProofBlock block,
                       ProofBlock::Decode(output.proof_block.Reveal(SecretAccess::ForTest())));
  EXPECT_TRUE(IsPermutation(block.permutation));
  block.WipeOrder();
  EXPECT_EQ(block.permutation, std::vector<std::uint32_t>(3));
  EXPECT_THAT(ProofBlock::Decode(block.Encode()), HasReason("E_PROOF"));
}

TEST_F(PropertiesTest, VerifiedHeadersAreRemembered) {
  const Domain table = world.NewCase(riec, "riec-signaalweging");
  const World::Ask ask = To(oov, riec, table, {anna});
  ASSERT_OK_AND_ASSIGN(const HopFactors factors, world.t[0].Factors(world.RouteOf(ask)));
  const GroupElement y = oov.session().key.y;
  const HeaderBase base = MakeHeaderBase(factors, y);
  for (int round = 0; round < 2; ++round) {
    const std::vector<Ciphertext> items{Encrypt(anna, y)->ciphertext};
    ASSERT_OK_AND_ASSIGN(const HopOutput output, TranscryptBatch(factors, base, {items, y}));
    EXPECT_OK(
        VerifyHop(ProofBlock::Decode(output.proof_block.Reveal(SecretAccess::ForTest())).value(),
                  {items, y, output.response, false, factors.commitments()}, &world.headers));
    EXPECT_EQ(world.headers.size(), 1U);
  }
  // The memory is of these commitments and this Y: with others it is proved anew, and fails.
  HopCommitments other = factors.commitments();
  std::swap(other.s_from, other.s_to);
  const auto items = std::vector<Ciphertext>{Encrypt(anna, y)->ciphertext};
  ASSERT_OK_AND_ASSIGN(const HopOutput output, TranscryptBatch(factors, base, {items, y}));
  EXPECT_THAT(
      VerifyHop(ProofBlock::Decode(output.proof_block.Reveal(SecretAccess::ForTest())).value(),
                {items, y, output.response, false, other}, &world.headers),
      HasReason("E_PROOF"));
}

}  // namespace
}  // namespace sluis::pseudonym

// No branch and no address depends on a secret scalar (lib/crypto/ristretto255.h says so): every
// path that computes with one, with its secrets marked, under valgrind. The first suite shows that
// a leak would be seen, and runs on its own, since what it does is an error.
#include "tests/lib/pseudonym/taint.h"

#include <gtest/gtest.h>

#include "lib/crypto/hash_to_group.h"
#include "lib/pseudonym/ceremony.h"
#include "lib/pseudonym/enrolment.h"
#include "lib/pseudonym/hop_factors.h"
#include "lib/pseudonym/hop_proof.h"
#include "lib/pseudonym/internal/attribute_batch.h"
#include "lib/pseudonym/internal/hop_scalars.h"
#include "lib/pseudonym/internal/knowledge.h"
#include "lib/pseudonym/internal/with_nonces.h"
#include "tests/support/status_matchers.h"

namespace sluis::pseudonym {
namespace {

GroupElement Element(BytesView name) { return HashToGroup(name); }

// Each test adds nothing to what memcheck counted before it.
class TaintTest : public ::testing::Test {
 protected:
  void SetUp() override {
    ASSERT_TRUE(RUNNING_ON_VALGRIND) << "this test sees nothing without valgrind";
    before_ = VALGRIND_COUNT_ERRORS;
  }
  void TearDown() override { EXPECT_EQ(NewErrors(), 0U); }
  unsigned NewErrors() const { return VALGRIND_COUNT_ERRORS - before_; }
  void Reset() { before_ = VALGRIND_COUNT_ERRORS; }

  MarkedNonces nonces;

 private:
  unsigned before_ = 0;
};

// --- would a leak be seen? ---

volatile int g_sink = 0;

// What a careless multiplication does: it adds where a bit is set.
[[gnu::noinline]] Point DoubleAndAdd(const SecretScalar& scalar, const GroupElement& element) {
  const BytesView bytes = scalar.Reveal(SecretAccess::ForTest());
  Point sum;
  for (int bit = 15; bit >= 0; --bit) {
    sum = sum.Plus(sum);
    if ((static_cast<std::uint8_t>(bytes[bit / 8]) >> (bit % 8) & 1) != 0) sum = sum.Plus(element);
  }
  return sum;
}

[[gnu::noinline]] int LookUp(const SecretScalar& scalar) {
  static const std::array<int, 256> table = {1, 2, 3};
  return table[static_cast<std::uint8_t>(scalar.Reveal(SecretAccess::ForTest())[0])];
}

class LeakTest : public TaintTest {
 protected:
  void TearDown() override {}
};

TEST_F(LeakTest, BranchOnABitIsSeen) {
  (void)DoubleAndAdd(SecretScalar::Random(), Element("canary"));
  EXPECT_EQ(NewErrors(), 0U) << "without marks there is nothing to see";
  (void)DoubleAndAdd(MarkedScalar(), Element("canary"));
  EXPECT_GT(NewErrors(), 0U);
}

TEST_F(LeakTest, SecretAsIndexIsSeen) {
  g_sink = LookUp(MarkedScalar());
  EXPECT_GT(NewErrors(), 0U);
}

TEST_F(LeakTest, BranchOnADerivedFactorIsSeen) {
  const SecretScalar factor =
      DeriveFactor(Marked(SecretBytes::Random(32)), FactorLabel::kReshuffle, "id");
  Reset();
  (void)DoubleAndAdd(factor, Element("canary"));
  EXPECT_GT(NewErrors(), 0U);
}

TEST_F(LeakTest, BranchOnAProductIsSeen) {
  const SecretScalar product = MarkedScalar().Times(SecretScalar::Random()).Inverse();
  Reset();
  (void)DoubleAndAdd(product, Element("canary"));
  EXPECT_GT(NewErrors(), 0U);
}

// --- scalars ---

TEST_F(TaintTest, DeriveFactor) {
  const SecretBytes secret = Marked(SecretBytes::Random(32));
  const SecretBytes id = Marked(SecretBytes::Random(80));  // a case salt stands in it
  for (const auto label :
       {FactorLabel::kRekeyPseudonym, FactorLabel::kRekeyAttribute, FactorLabel::kReshuffle}) {
    EXPECT_TRUE(IsMarked(DeriveFactor(secret, label, id.Reveal(SecretAccess::ForTest()))));
  }
}

TEST_F(TaintTest, ScalarArithmetic) {
  const SecretScalar a = MarkedScalar(), b = MarkedScalar();
  EXPECT_TRUE(IsMarked(a.Times(b)));
  EXPECT_TRUE(IsMarked(a.Inverse()));
  EXPECT_TRUE(IsMarked(a.Clone()));
  EXPECT_TRUE(IsMarked(a.MinusProduct(HashToScalar({"challenge"}), b).bytes()));
  const bool one = a.IsOne(), same = a.Equals(b);
  EXPECT_FALSE(Public(one));
  EXPECT_FALSE(Public(same));
}

TEST_F(TaintTest, ScalarsFromBytes) {
  const SecretBytes wide = Marked(SecretBytes::Random(kUniformSize));
  ASSERT_OK_AND_ASSIGN(const SecretScalar reduced, SecretScalar::Reduce(wide));
  EXPECT_TRUE(IsMarked(reduced));
  const SecretBytes encoded =
      Marked(SecretBytes::CopyOf(SecretScalar::Random().Reveal(SecretAccess::ForTest())));
  ASSERT_OK_AND_ASSIGN(const SecretScalar decoded, SecretScalar::Decode(encoded));
  EXPECT_TRUE(IsMarked(decoded));
}

TEST_F(TaintTest, Multiplication) {
  const SecretScalar a = MarkedScalar();
  EXPECT_TRUE(IsMarked(MultiplyBase(a).bytes()));
  EXPECT_TRUE(IsMarked(Multiply(a, Element("element")).bytes()));
  EXPECT_TRUE(IsMarked(Point::BaseTimes(a).bytes()));
  EXPECT_TRUE(IsMarked(Point(Element("element")).Times(a).bytes()));
}

// --- encryption ---

TEST_F(TaintTest, EncryptAndDecrypt) {
  const SecretScalar sk = MarkedScalar();
  const GroupElement y = Public(MultiplyBase(sk)), message = Element("message");
  ASSERT_OK_AND_ASSIGN(const Encrypted encrypted, Encrypt(nonces, message, y));
  EXPECT_TRUE(IsMarked(encrypted.blind));
  EXPECT_TRUE(IsMarked(encrypted.ciphertext.c.bytes()));
  ASSERT_OK_AND_ASSIGN(const GroupElement opened, Decrypt(Public(encrypted.ciphertext), sk));
  EXPECT_TRUE(IsMarked(opened.bytes()));
  EXPECT_EQ(Public(opened), message);
}

TEST_F(TaintTest, ProofOfKnowledge) {
  const GroupElement y = Element("y");
  ASSERT_OK_AND_ASSIGN(const Encrypted encrypted, Encrypt(nonces, Element("message"), y));
  const Ciphertext ciphertext = Public(encrypted.ciphertext);
  const Digest payload{};
  const Bytes context = KnowledgeContext("head");
  const KnowledgeClaim claim{context, 0, ciphertext, payload};
  const Proof proof = ProveKnowledge(nonces, encrypted.blind, claim);
  EXPECT_TRUE(IsMarked(proof.s.bytes()));
  EXPECT_OK(VerifyKnowledge(Public(proof), claim));
}

// --- proofs ---

TEST_F(TaintTest, Dleq) {
  const SecretScalar secret = MarkedScalar();
  const GroupElement b = Public(MultiplyBase(secret));
  std::vector<Statement> statements;
  for (const char* name : {"one", "two", "three"}) {
    statements.push_back({Element(name), Public(Multiply(secret, Element(name)))});
  }
  const Proof proof = ProveDleq(nonces, secret, b, statements);
  EXPECT_TRUE(IsMarked(proof.c.bytes()));
  EXPECT_TRUE(IsMarked(proof.s.bytes()));
  EXPECT_OK(VerifyDleq(Public(proof), b, statements));
}

TEST_F(TaintTest, Ceremony) {
  const SecretScalar x1 = MarkedScalar(), x2 = MarkedScalar();
  const GroupElement big_x1 = Public(MultiplyBase(x1)), big_x2 = Public(MultiplyBase(x2));
  const GroupElement y = Public(Multiply(x2, big_x1));
  const Proof proof1 = ProveCeremony(nonces, x1, big_x2, y);
  const Proof proof2 = ProveCeremony(nonces, x2, big_x1, y);
  EXPECT_OK(VerifyCeremony({big_x1, big_x2, y, Public(proof1), Public(proof2)}));
}

// --- a transcryptor ---

TranscryptorKeys MarkedKeys() {
  return TranscryptorKeys::Create(Marked(SecretBytes::Random(kLongSecretSize)),
                                  Marked(SecretBytes::Random(kLongSecretSize)), MarkedScalar())
      .value();
}

class TaintedHopTest : public TaintTest {
 protected:
  const Party from{"00000099000000001000", "gemeente/oov"};
  const Party to{"00000099000000003000", "riec/bureau"};
  const Context c_from = Context::Draw(from).value(), c_to = Context::Draw(to).value();
  const Domain origin = Domain::Origin(SubjectKind::kBsn);
  const Domain of_case = Domain::Case(1, std::string(32, 'a'), to, "riec-signaalweging").value();
  const CaseSalt salt = CaseSalt::FromBytes(Marked(SecretBytes::Random(kCaseSaltSize))).value();
};

TEST_F(TaintedHopTest, SessionShareAndStep) {
  const TranscryptorKeys keys = MarkedKeys();
  const SecretScalar k_c = keys.RekeyFactor(c_from);
  EXPECT_TRUE(IsMarked(k_c));
  const ShareMaterial share = MakeShare(nonces, keys.x(), k_c);
  EXPECT_TRUE(IsMarked(share.u));
  EXPECT_TRUE(IsMarked(share.Encode().Reveal(SecretAccess::ForTest())));
  const SessionStep step = MakeSessionStep(nonces, k_c, Element("y"));
  EXPECT_OK(VerifySessionStep(Public(step), Public(MultiplyBase(k_c))));
}

// The whole way of a batch: factors, header, items with and without proofs.
TEST_F(TaintedHopTest, Transcryption) {
  const TranscryptorKeys keys = MarkedKeys();
  ASSERT_OK_AND_ASSIGN(const HopFactors factors,
                       HopFactors::Derive(keys, {origin, of_case, c_from, c_to}, nullptr, &salt));
  for (const SecretScalar* secret :
       {&factors.scalars().s, &factors.scalars().k, &factors.scalars().t}) {
    EXPECT_TRUE(IsMarked(*secret));
  }
  const GroupElement y = Element("y");
  const HeaderBase base = Public(MakeHeaderBase(nonces, factors, y));
  std::vector<Ciphertext> items;
  for (const char* name : {"one", "two"}) {
    items.push_back(Public(Encrypt(nonces, Element(name), y)->ciphertext));
  }
  for (const bool verifiable : {true, false}) {
    ASSERT_OK_AND_ASSIGN(HopOutput output, TranscryptBatch(nonces, factors, base,
                                                           {items, y, verifiable, verifiable}));
    EXPECT_TRUE(IsMarked(output.response.items[0].b.bytes()));
    if (!verifiable) continue;
    const BytesView proof = output.proof_block.Reveal(SecretAccess::ForTest());
    EXPECT_TRUE(IsMarked(proof));
    MarkPublic(proof);
    output.response.items = Public(output.response.items);
    ASSERT_OK_AND_ASSIGN(const ProofBlock block, ProofBlock::Decode(proof));
    EXPECT_OK(VerifyHop(block, {items, y, output.response, true, Public(factors.commitments())},
                        nullptr));
  }
  // At the second hop what comes in is public, and so is the comparison with the registry.
  EXPECT_TRUE(IsMarked(factors.Rekeyed(base.y_to).bytes()));
}

TEST_F(TaintedHopTest, Attributes) {
  const SecretScalar k_from = MarkedScalar(), k_to = MarkedScalar();
  const std::vector<Ciphertext> items{
      Public(Encrypt(nonces, Element("message"), Element("y"))->ciphertext)};
  EXPECT_OK(RekeyAttributes(nonces, k_from, k_to, Element("y"), items).status());
}

TEST_F(TaintedHopTest, Enrolment) {
  const Domain index = Domain::Index(1, to, "register").value();
  const TranscryptorKeys keys = MarkedKeys();
  ASSERT_OK_AND_ASSIGN(const EnrolFactor factor, EnrolFactor::Derive(keys, origin, index));
  EXPECT_TRUE(IsMarked(factor.f()));
  const GroupElement f = Public(factor.public_f());
  const FactorTie tie = Public(MakeTie(nonces, factor));
  EXPECT_OK(VerifyTie(tie, Public(factor.s_origin()), Public(factor.s_index())));
  std::vector<SubjectElement> subjects;
  subjects.emplace_back(Element("subject"));
  ASSERT_OK_AND_ASSIGN(const EnrolBatch batch, BlindEnrolment(nonces, subjects));
  EXPECT_TRUE(IsMarked(batch.blinded()[0].bytes()));
  MarkPublic(batch.blinded()[0].bytes());
  const auto answer = [&](Hop hop, std::span<const GroupElement> elements) {
    EnrolResponse response = EvaluateEnrolment(nonces, factor, hop, elements);
    EXPECT_TRUE(IsMarked(response.elements[0].bytes()));
    return EnrolResponse{hop, Public(response.elements), Public(response.proof)};
  };
  const EnrolResponse first = answer(Hop::kFirst, batch.blinded());
  const EnrolResponse second = answer(Hop::kSecond, first.elements);
  ASSERT_OK_AND_ASSIGN(const auto pseudonyms, batch.Unblind(first, second, f, f));
  EXPECT_TRUE(IsMarked(pseudonyms[0].bytes(SecretAccess::ForTest())));
}

}  // namespace
}  // namespace sluis::pseudonym

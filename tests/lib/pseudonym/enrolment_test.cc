#include "lib/pseudonym/enrolment.h"

#include <gtest/gtest.h>

#include "tests/lib/pseudonym/world.h"
#include "tests/support/status_matchers.h"

namespace sluis::pseudonym {
namespace {

using sluis::testing::HasReason;

class EnrolmentTest : public ::testing::Test {
 protected:
  World world;
  Member& police = world.Join("00000099000000002000", "politie/informatie");
  const Domain origin = Domain::Origin(SubjectKind::kBsn);
  const Domain index = world.IndexOf(police);

  DecisionStatement Mandate(std::int64_t bulk) {
    StatementTerms terms;
    terms.exchange = "ex-1";
    terms.issued = absl::ToUnixSeconds(kNow) - 20;
    terms.expires = absl::ToUnixSeconds(kNow) + 3600;
    terms.pack = world.pack;
    terms.outcome = "PERMITTED";
    terms.bulk = bulk;
    const Party& p = police.party;
    terms.request = {
        {"action", {{"name", "enrol"}, {"properties", {{"purpose", "bevraging-register"}}}}},
        {"resource",
         {{"id", std::string(32, '0')},
          {"properties",
           {{"register", "personen"},
            {"provider_organisation", p.oin},
            {"provider_unit", p.unit},
            {"recipient_organisation", p.oin},
            {"recipient_unit", p.unit}}}}},
        {"subject", {{"properties", {{"organisation", p.oin}, {"unit", p.unit}}}}}};
    return DecisionStatement::Sign(terms, world.broker).value();
  }
  std::vector<GroupElement> Elements(std::size_t count) {
    return std::vector<GroupElement>(count, MultiplyBase(SecretScalar::Random()));
  }
  absl::StatusOr<SignedEnrolment> Sign(const DecisionStatement& mandate, std::size_t count) {
    const EnrolTerms terms{police.party,     origin, index, kNow, kNow + absl::Minutes(5),
                           mandate.digest(), {},     0,     false};
    return SignEnrolment(terms, Elements(count), police.signing);
  }
  absl::StatusOr<AdmittedEnrolment> Admit(const SignedEnrolment& enrolment,
                                          const DecisionStatement& mandate) {
    return AdmitEnrolment(enrolment.bytes(), mandate.wire(), world.trust, world.broker.public_key(),
                          world.judge, world.t[0].nonces, world.t[0].quota, kNow);
  }
};

TEST_F(EnrolmentTest, CountsAgainstTheBulkOfItsMandate) {
  const DecisionStatement mandate = Mandate(10);
  for (int i = 0; i < 2; ++i) {
    ASSERT_OK_AND_ASSIGN(const SignedEnrolment enrolment, Sign(mandate, 5));
    EXPECT_OK(Admit(enrolment, mandate));
    EXPECT_OK(Admit(enrolment, mandate));  // the same bytes cost nothing
  }
  ASSERT_OK_AND_ASSIGN(const SignedEnrolment more, Sign(mandate, 1));
  EXPECT_THAT(Admit(more, mandate), HasReason("E_QUOTA"));
  ASSERT_OK_AND_ASSIGN(const SignedEnrolment too_many, Sign(mandate, 11));
  EXPECT_THAT(Admit(too_many, mandate), HasReason("E_MANDATE"));
}

TEST_F(EnrolmentTest, ASecondMandateForTheSameRegisterAddsNothing) {
  const DecisionStatement one = Mandate(10), other = Mandate(9);
  ASSERT_OK_AND_ASSIGN(const SignedEnrolment first, Sign(one, 8));
  EXPECT_OK(Admit(first, one));
  ASSERT_OK_AND_ASSIGN(const SignedEnrolment more, Sign(other, 2));
  EXPECT_THAT(Admit(more, other), HasReason("E_QUOTA"));
}

// N-ENROL-4097
TEST_F(EnrolmentTest, BatchesAreBounded) {
  const DecisionStatement mandate = Mandate(1'000'000);
  EXPECT_OK(Sign(mandate, kMaxBatch));
  EXPECT_THAT(Sign(mandate, kMaxBatch + 1), HasReason("E_BATCH_SIZE"));
  EXPECT_THAT(Sign(mandate, 0), HasReason("E_EMPTY_BATCH"));
  EXPECT_THAT(EnrolBatch::Blind({}), HasReason("E_EMPTY_BATCH"));
}

TEST_F(EnrolmentTest, OnlyTheOwnerUnderItsOwnMandate) {
  const DecisionStatement mandate = Mandate(10), other = Mandate(11);
  ASSERT_OK_AND_ASSIGN(const SignedEnrolment enrolment, Sign(mandate, 1));
  EXPECT_THAT(Admit(enrolment, other), HasReason("E_MANDATE"));
  Member& riec = world.Join("00000099000000003000", "riec/bureau");
  const EnrolTerms terms{riec.party,       origin, index, kNow, kNow + absl::Minutes(5),
                         mandate.digest(), {},     0,     false};
  EXPECT_THAT(SignEnrolment(terms, Elements(1), riec.signing), HasReason("E_SENDER"));
}

TEST_F(EnrolmentTest, FactorsGoFromOriginToIndexAlone) {
  const Domain of_case = world.NewCase(police, "openbare-orde");
  EXPECT_THAT(EnrolFactor::Derive(world.t[0].keys, origin, of_case), HasReason("E_TLV"));
  EXPECT_THAT(EnrolFactor::Derive(world.t[0].keys, index, index), HasReason("E_TLV"));
}

TEST_F(EnrolmentTest, BlindsDifferForTheSameSubject) {
  std::vector<SubjectElement> twice;
  twice.emplace_back(Elements(1)[0]);
  twice.push_back(twice[0].Clone());
  ASSERT_OK_AND_ASSIGN(const EnrolBatch batch, EnrolBatch::Blind(twice));
  EXPECT_NE(batch.blinded()[0], batch.blinded()[1]);
}

TEST_F(EnrolmentTest, SignatureIsOfTheWholeChain) {
  const Digest request{1};
  const Ed25519PrivateKey& key = world.t[1].signing;
  const Bytes signature = SignEnrolResponse(Hop::kSecond, request, "first", "second", key);
  EXPECT_OK(
      VerifyEnrolSignature(Hop::kSecond, request, "first", "second", signature, key.public_key()));
  EXPECT_THAT(
      VerifyEnrolSignature(Hop::kFirst, request, "first", "second", signature, key.public_key()),
      HasReason("E_SIGNATURE"));
  EXPECT_THAT(
      VerifyEnrolSignature(Hop::kSecond, request, "other", "second", signature, key.public_key()),
      HasReason("E_SIGNATURE"));
  EXPECT_THAT(
      VerifyEnrolSignature(Hop::kSecond, Digest{2}, "first", "second", signature, key.public_key()),
      HasReason("E_SIGNATURE"));
}

}  // namespace
}  // namespace sluis::pseudonym

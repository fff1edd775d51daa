#include "lib/pseudonym/ceremony.h"

#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace sluis::pseudonym {
namespace {

using sluis::testing::HasReason;

struct Ceremony {
  TranscryptorKeys first = TranscryptorKeys::Generate(), second = TranscryptorKeys::Generate();
  GroupElement y = CombineKeys(second, first.public_x());
  CeremonyRecord record{first.public_x(), second.public_x(), y,
                        ProveCeremony(first, second.public_x(), y),
                        ProveCeremony(second, first.public_x(), y)};
};

TEST(CeremonyTest, RecordComesBackAndVerifies) {
  const Ceremony c;
  ASSERT_OK_AND_ASSIGN(const CeremonyRecord back, CeremonyRecord::Decode(c.record.Encode()));
  EXPECT_OK(VerifyCeremony(back));
  EXPECT_EQ(back.y, CombineKeys(c.first, c.second.public_x()));
}

TEST(CeremonyTest, EveryPartCounts) {
  const GroupElement other = MultiplyBase(SecretScalar::Random());
  for (GroupElement CeremonyRecord::*part :
       {&CeremonyRecord::x1, &CeremonyRecord::x2, &CeremonyRecord::y}) {
    Ceremony c;
    c.record.*part = other;
    EXPECT_THAT(VerifyCeremony(c.record), HasReason("E_PROOF"));
  }
  Ceremony swapped;
  std::swap(swapped.record.proof1, swapped.record.proof2);
  EXPECT_THAT(VerifyCeremony(swapped.record), HasReason("E_PROOF"));
}

TEST(CeremonyTest, TrivialAndEqualKeysAreRefused) {
  Ceremony c;
  c.record.x1 = GroupElement::Generator();
  EXPECT_THAT(VerifyCeremony(c.record), HasReason("E_FACTOR_TRIVIAL"));
  Ceremony same;
  same.record.x2 = same.record.x1;
  EXPECT_THAT(VerifyCeremony(same.record), HasReason("E_FACTOR_TRIVIAL"));
}

TEST(CeremonyTest, SizeIsFixed) {
  const Bytes bytes = Ceremony().record.Encode();
  EXPECT_EQ(bytes.size(), 224U);
  EXPECT_THAT(CeremonyRecord::Decode(bytes.substr(1)), HasReason("E_LENGTH"));
  EXPECT_THAT(CeremonyRecord::Decode(bytes + "x"), HasReason("E_LENGTH"));
}

TEST(TranscryptorKeysTest, SecretsHaveTheirSizeAndXIsNotOne) {
  SecretBytes one(kScalarSize);
  one.RevealForWriting(SecretAccess::ForTest())[0] = 1;
  EXPECT_THAT(TranscryptorKeys::Create(SecretBytes::Random(32), SecretBytes::Random(32),
                                       SecretScalar::Decode(one).value()),
              HasReason("E_FACTOR_TRIVIAL"));
  EXPECT_THAT(TranscryptorKeys::Create(SecretBytes::Random(31), SecretBytes::Random(32),
                                       SecretScalar::Random()),
              HasReason("E_LENGTH"));
  EXPECT_THAT(TranscryptorKeys::Create(SecretBytes::Random(32), SecretBytes::Random(33),
                                       SecretScalar::Random()),
              HasReason("E_LENGTH"));
}

}  // namespace
}  // namespace sluis::pseudonym

#include "lib/pseudonym/domain.h"

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/crypto/hash_to_group.h"
#include "lib/pseudonym/secret_element.h"
#include "tests/support/status_matchers.h"

namespace sluis::pseudonym {
namespace {

using sluis::testing::HasReason;

const Party kRiec{"00000099000000003000", "riec/bureau"};
const std::string kId(32, 'a');

TEST(DomainTest, MadeAndReadBack) {
  EXPECT_EQ(HexEncode(Domain::Origin(SubjectKind::kBsn).bytes()), "010101060362736e");
  ASSERT_OK_AND_ASSIGN(const Domain d, Domain::Case(4294967295U, kId, kRiec, "riec-casus"));
  ASSERT_OK_AND_ASSIGN(const Domain back, Domain::Decode(d.bytes()));
  EXPECT_EQ(back, d);
  EXPECT_EQ(back.kind(), DomainKind::kCase);
  EXPECT_EQ(back.epoch(), 4294967295U);
  EXPECT_EQ(back.case_id(), kId);
  EXPECT_EQ(back.party(), kRiec);
  EXPECT_EQ(back.purpose(), "riec-casus");
  ASSERT_OK_AND_ASSIGN(const Domain index, Domain::Index(1, kRiec, "personen"));
  EXPECT_EQ(Domain::Decode(index.bytes())->register_name(), "personen");
  ASSERT_OK_AND_ASSIGN(const Context c, Context::Draw(kRiec));
  EXPECT_EQ(Context::Decode(c.bytes())->session(), c.session());
}

TEST(DomainTest, ValuesWithoutTheirFormAreRefused) {
  EXPECT_THAT(Domain::Case(0, kId, kRiec, "riec-casus"), HasReason("E_TLV"));
  EXPECT_THAT(Domain::Case(1, "a", kRiec, "riec-casus"), HasReason("E_TLV"));
  EXPECT_THAT(Domain::Case(1, kId, {"", "riec/bureau"}, "riec-casus"), HasReason("E_TLV"));
  EXPECT_THAT(Domain::Case(1, kId, {kRiec.oin, ""}, "riec-casus"), HasReason("E_TLV"));
  EXPECT_THAT(Domain::Case(1, kId, kRiec, "-casus"), HasReason("E_TLV"));
  EXPECT_THAT(Domain::Case(1, kId, kRiec, std::string(65, 'a')), HasReason("E_TLV"));
  EXPECT_THAT(Domain::Index(1, kRiec, ""), HasReason("E_TLV"));
  EXPECT_THAT(Context::Create(kRiec, "A" + kId.substr(1)), HasReason("E_TLV"));
}

// Every byte of a domain counts, and no domain is read as one of another kind.
TEST(DomainTest, NoOtherSpelling) {
  const Domain domains[] = {Domain::Origin(SubjectKind::kKenteken),
                            Domain::Case(7, kId, kRiec, "riec-casus").value(),
                            Domain::Index(7, kRiec, "personen").value()};
  for (const Domain& d : domains) {
    EXPECT_EQ(Domain::DecodeOrigin(d.bytes()).ok(), d.kind() == DomainKind::kOrigin);
    EXPECT_EQ(Domain::DecodeCase(d.bytes()).ok(), d.kind() == DomainKind::kCase);
    EXPECT_EQ(Domain::DecodeIndex(d.bytes()).ok(), d.kind() == DomainKind::kIndex);
    for (std::size_t i = 0; i < d.bytes().size(); ++i) {
      Bytes shorter = d.bytes();
      shorter.erase(i, 1);
      EXPECT_THAT(Domain::Decode(shorter), HasReason("E_TLV"));
      Bytes high = d.bytes();
      high[i] = static_cast<char>(high[i] | 0x80);
      EXPECT_THAT(Domain::Decode(high), HasReason("E_TLV"));
    }
  }
}

TEST(DomainTest, SaltStaysLocal) {
  const Domain d = Domain::Case(7, kId, kRiec, "riec-casus").value();
  const CaseSalt salt = CaseSalt::Draw();
  ASSERT_OK_AND_ASSIGN(const SecretBytes local, LocalIdentifier(d, &salt));
  const BytesView bytes = local.Reveal(SecretAccess::ForTest());
  EXPECT_EQ(bytes, d.bytes() + "\x10\x40" + HexEncode(salt.bytes(SecretAccess::ForTest())));
  EXPECT_THAT(Domain::Decode(bytes), HasReason("E_TLV"));
  EXPECT_THAT(LocalIdentifier(d, nullptr), HasReason("E_CASE_CLOSED"));
  EXPECT_THAT(CaseSalt::FromBytes(SecretBytes::Random(31)), HasReason("E_LENGTH"));
}

TEST(CanaryTest, IsNeverAPerson) {
  ASSERT_OK_AND_ASSIGN(const GroupElement canary, CanaryElement("00112233445566ff"));
  EXPECT_EQ(canary, HashToGroup("sluis-canary-v1:00112233445566ff"));
  for (const char* text : {"", "999990019", "00112233445566FF", "00112233445566fg"}) {
    EXPECT_THAT(CanaryElement(text), HasReason("E_SUBJECT")) << text;
  }
}

TEST(PartyTest, BecomesAPartyIdIfItIsOne) {
  EXPECT_EQ(Party::Of(kRiec.ToPartyId().value()), kRiec);
  EXPECT_FALSE((Party{kRiec.oin, ""}).ToPartyId().ok());
  EXPECT_FALSE((Party{kRiec.oin, "transcryptor"}).ToPartyId().ok());
}

}  // namespace
}  // namespace sluis::pseudonym

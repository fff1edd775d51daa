#include "lib/base/resource_names.h"

#include <gtest/gtest.h>

#include "tests/support/status_matchers.h"

namespace sluis {
namespace {

constexpr char kHex[] = "00112233445566778899aabbccddeeff";

TEST(ResourceNames, AreReadAsTheyAreWritten) {
  const PartyId party{*Oin::Parse("00000099100000001000"),
                      *UnitPath::Parse("gemeente/sociaal-domein")};
  EXPECT_EQ(PartyName(party), "partners/00000099100000001000/units/gemeente-sociaal-domein");
  ASSERT_TRUE(ParsePartyName(PartyName(party)).ok());
  EXPECT_EQ(*ParsePartyName(PartyName(party)), party);

  const ExchangeId exchange = *ExchangeId::Parse(kHex);
  const auto parsed = ParseExchangeName(ExchangeName(party, exchange));
  ASSERT_TRUE(parsed.ok());
  EXPECT_EQ(parsed->owner, party);
  EXPECT_EQ(parsed->id, exchange);

  const CaseId id = *CaseId::Parse(kHex);
  EXPECT_EQ(*ParseCaseName(CaseName(id)), id);
}

TEST(ResourceNames, RefuseAnyOtherSpelling) {
  for (const char* name :
       {"", "partners/", "partners/0/units/gemeente-oov",
        "partners/00000099100000001000/units/gemeente",
        "partners/00000099100000001000/units/gemeente/oov",
        "partners/00000099100000001000/units/gemeente-oov/",
        "Partners/00000099100000001000/units/gemeente-oov",
        "partners/00000099100000001000/units/-oov", "partners/00000099100000001000"}) {
    EXPECT_FALSE(ParsePartyName(name).ok()) << name;
    EXPECT_FALSE(ParseExchangeName(std::string(name) + "/exchanges/" + kHex).ok()) << name;
  }
  for (const char* name :
       {"cases/", "cases/00112233445566778899AABBCCDDEEFF", "cases/0011",
        "case/00112233445566778899aabbccddeeff", "cases/00112233445566778899aabbccddeeff/"}) {
    EXPECT_FALSE(ParseCaseName(name).ok()) << name;
  }
}

}  // namespace
}  // namespace sluis

#include "lib/base/ids.h"

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "tests/support/status_matchers.h"

namespace sluis {
namespace {

using testing::HasReason;

TEST(OinTest, ExactlyTwentyDigits) {
  ASSERT_OK_AND_ASSIGN(const Oin oin, Oin::Parse("00000099000000001000"));
  EXPECT_EQ(oin.str(), "00000099000000001000");
  EXPECT_TRUE(oin.IsTest());
  EXPECT_FALSE(Oin::Parse("00000001000000001000")->IsTest());
  EXPECT_TRUE(Oin().empty());
  for (const char* text :
       {"", "0000009900000000100", "000000990000000010000", "0000009900000000100x",
        " 0000009900000000100", "+0000099000000001000"}) {
    EXPECT_THAT(Oin::Parse(text), HasReason("FIELD_INVALID")) << text;
  }
}

TEST(UnitPathTest, NoPartnerCanCallItselfTheTranscryptor) {
  EXPECT_EQ(UnitPath::Transcryptor().str(), "transcryptor");
  EXPECT_THAT(UnitPath::Parse("transcryptor"), HasReason("FIELD_INVALID"));
}

TEST(UnitPathTest, KindAndDepartment) {
  ASSERT_OK_AND_ASSIGN(const UnitPath unit, UnitPath::Parse("gemeente/sociaal-domein"));
  EXPECT_EQ(unit.kind(), "gemeente");
  EXPECT_EQ(unit.department(), "sociaal-domein");
  for (const std::string& text :
       {std::string(), std::string("gemeente"), std::string("/oov"), std::string("gemeente/"),
        std::string("gemeente/oov/x"), std::string("Gemeente/oov"), std::string("gemeente/o v"),
        std::string("gemeente//oov"), "gemeente/" + std::string(56, 'a')}) {
    EXPECT_THAT(UnitPath::Parse(text), HasReason("FIELD_INVALID")) << text;
  }
  EXPECT_OK(UnitPath::Parse("gemeente/" + std::string(55, 'a')));
}

TEST(PartyIdTest, UnitsOfOneOrganisationAreDifferentParties) {
  const Oin oin = Oin::Parse("00000099000000001000").value();
  const PartyId oov{oin, UnitPath::Parse("gemeente/oov").value()};
  const PartyId boa{oin, UnitPath::Parse("gemeente/boa").value()};
  EXPECT_NE(oov, boa);
  EXPECT_EQ(oov.ToString(), "00000099000000001000/gemeente/oov");
}

TEST(RandomIdTest, HexBothWays) {
  const std::string hex = "59908df50572502ceeabbcc669a28bcc";
  ASSERT_OK_AND_ASSIGN(const ExchangeId id, ExchangeId::Parse(hex));
  EXPECT_EQ(id.hex(), hex);
  EXPECT_EQ(id.bytes(), HexDecode(hex).value());
  EXPECT_TRUE(ExchangeId().empty());
  for (const char* text :
       {"", "59908DF50572502CEEABBCC669A28BCC", "59908df50572502ceeabbcc669a28bc",
        "59908df50572502ceeabbcc669a28bcc0", "59908df5-0572502ceeabbcc669a28bcc",
        "00000000000000000000000000000000", "5990zdf50572502ceeabbcc669a28bcc"}) {
    EXPECT_THAT(CaseId::Parse(text), HasReason("FIELD_INVALID")) << text;
  }
}

TEST(ResourceIdTest, Shape) {
  for (const std::string& id : {std::string("a"), std::string("a1"),
                                std::string("zorg-en-veiligheid"), std::string(63, 'a')}) {
    EXPECT_TRUE(IsResourceId(id)) << id;
  }
  for (const std::string& id :
       {std::string(), std::string("-a"), std::string("a-"), std::string("1a"), std::string("A"),
        std::string("a_b"), std::string("a.b"), std::string("a b"), std::string(64, 'a')}) {
    EXPECT_FALSE(IsResourceId(id)) << id;
  }
}

TEST(UuidTest, ThirtySixCharactersAndNotNil) {
  EXPECT_EQ(HexEncode(ParseUuid("123e4567-e89b-12d3-a456-426614174000").value()),
            "123e4567e89b12d3a456426614174000");
  EXPECT_EQ(ParseUuid("123E4567-E89B-12D3-A456-426614174000").value(),
            ParseUuid("123e4567-e89b-12d3-a456-426614174000").value());
  for (const char* text :
       {"", "123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400",
        "123e4567-e89b-12d3-a456-4266141740000", "123e4567-e89b-12d3-a456-42661417400g",
        "{23e4567-e89b-12d3-a456-42661417400}", "123e4567-e89b12d3--a456-426614174000",
        "00000000-0000-0000-0000-000000000000"}) {
    EXPECT_THAT(ParseUuid(text), HasReason("FIELD_INVALID")) << text;
  }
}

TEST(ElevenTestTest, OfAllTestNumbersNineHundredAndNinePass) {
  int pass = 0;
  for (int i = 0; i < 10000; ++i) {
    const std::string tail = std::to_string(i);
    pass += PassesElevenTest("99999" + std::string(4 - tail.size(), '0') + tail);
  }
  EXPECT_EQ(pass, 909);
  EXPECT_FALSE(PassesElevenTest("000000000"));
  EXPECT_FALSE(PassesElevenTest("99999001"));
  EXPECT_FALSE(PassesElevenTest("9999900190"));
  EXPECT_FALSE(PassesElevenTest("99999001x"));
}

TEST(ElevenTestTest, FoundInsideOtherText) {
  EXPECT_TRUE(ContainsBsnLikeRun("dossier-999990019"));
  EXPECT_TRUE(ContainsBsnLikeRun("999990019"));
  EXPECT_TRUE(ContainsBsnLikeRun("12 999990019 34"));
  EXPECT_FALSE(ContainsBsnLikeRun("dossier-999990018"));
  EXPECT_FALSE(ContainsBsnLikeRun("9999900190")) << "ten digits are another number";
  EXPECT_FALSE(ContainsBsnLikeRun("99999-0019"));
  EXPECT_FALSE(ContainsBsnLikeRun(""));
}

}  // namespace
}  // namespace sluis

#include "lib/identity/arrangement.h"

#include <gtest/gtest.h>

#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/crypto/hash.h"
#include "tests/lib/identity/region.h"
#include "tests/support/status_matchers.h"
#include "tests/support/vectors.h"

namespace sluis::identity {
namespace {

using sluis::testing::HasReason;
using testing::DirectoryOf;
using testing::kPoliceOin;
using testing::kProsecutionOin;
using testing::kSmallTownOin;
using testing::kTownOin;
using testing::PartyOf;
using testing::TestPartner;

const absl::Time kFrom = absl::FromUnixSeconds(1'780'000'000);
const absl::Time kUntil = absl::FromUnixSeconds(1'811'536'000);
const absl::Time kNow = absl::FromUnixSeconds(1'790'000'000);

const PartyId kOov = PartyOf(kTownOin, "gemeente/oov");
const PartyId kPolice = PartyOf(kPoliceOin, "politie/informatie");
const PartyId kProsecution = PartyOf(kProsecutionOin, "om/officier");
const PartyId kSmallMayor = PartyOf(kSmallTownOin, "gemeente/burgemeester");

class ArrangementTest : public ::testing::Test {
 protected:
  static ArrangementTerms Covenant() {
    ArrangementTerms terms;
    terms.id = "convenant-midden";
    terms.fact = kFactCovenant;
    terms.parties = {kOov, kPolice};
    terms.from = kFrom;
    terms.until = kUntil;
    terms.purposes = {"openbare-orde", "gebiedsaanpak"};
    return terms;
  }
  static ArrangementTerms Mandate() {
    ArrangementTerms terms = Covenant();
    terms.id = "mandaat-klein";
    terms.fact = kFactMandate;
    terms.parties = {kSmallMayor, kOov};
    terms.principal = kSmallMayor;
    terms.agent = kOov;
    return terms;
  }
  static ArrangementTerms Article20() {
    ArrangementTerms terms = Covenant();
    terms.id = "besluit-20";
    terms.fact = kFactArticle20;
    terms.parties = {kPolice, kProsecution};
    terms.recipients = {kOov};
    terms.fields = {"sig-feiten", "pand-adres"};
    terms.purposes = {"gebiedsaanpak"};
    return terms;
  }
  static ArrangementQuery Query(const PartyId& provider, const PartyId& recipient,
                                const std::string& purpose = "openbare-orde",
                                absl::Time now = kNow) {
    return {.provider = provider,
            .recipient = recipient,
            .purpose = purpose,
            .case_id = std::nullopt,
            .now = now};
  }
  Bytes SignatureOf(const Arrangement& arrangement, const TestPartner& partner,
                    const PartyId& party) {
    return SignArrangement(arrangement, partner.SigningKey(party.unit.str()));
  }

  TestPartner town_{kTownOin, {"gemeente/oov", "gemeente/wethouder"}};
  TestPartner police_{kPoliceOin, {"politie/informatie"}};
  std::shared_ptr<const Directory> directory_ = DirectoryOf({&town_, &police_});
};

// --- vectors of pseudonyms.md §8.2 ---

TEST(ArrangementVectors, StatementsParseAndVerify) {
  int count = 0;
  for (const auto& file : sluis::testing::LoadVectors("decision-statement")) {
    if (!file.content.contains("arrangements")) continue;
    for (const Json& vector : file.content["arrangements"]) {
      const std::string text = vector["json"];
      ASSERT_OK_AND_ASSIGN(const Arrangement arrangement, Arrangement::Parse(text));
      EXPECT_EQ(arrangement.statement(), text);
      std::vector<TestPartner> partners;
      PartySignatures signatures;
      for (const Json& signature : vector["signatures"]) {
        const std::string unit = signature["unit"];
        const std::string oin = signature["oin"];
        const auto seed = SecretBytes::CopyOf(sluis::testing::Unhex(signature["seed"]));
        ASSERT_OK_AND_ASSIGN(Ed25519PrivateKey key, Ed25519PrivateKey::FromSeed(seed));
        EXPECT_EQ(HexEncode(SignArrangement(arrangement, key)),
                  signature["signature"].get<std::string>());
        partners.emplace_back(oin, std::vector{unit});
        partners.back().entry.units[0].signing =
            *Ed25519PublicKey::Parse(sluis::testing::Unhex(signature["public"]));
        signatures.emplace_back(PartyOf(oin, unit), sluis::testing::Unhex(signature["signature"]));
      }
      std::vector<const TestPartner*> pointers;
      for (const TestPartner& partner : partners) pointers.push_back(&partner);
      const auto directory = DirectoryOf(pointers);
      EXPECT_OK(VerifyArrangement(text, signatures, *directory));
      signatures.pop_back();
      EXPECT_THAT(VerifyArrangement(text, signatures, *directory), HasReason("FIELD_MISSING"));
      // It names no purpose, so it can be shown but helps nobody.
      const ArrangementTerms& terms = arrangement.terms();
      EXPECT_FALSE(arrangement.AppliesTo(
          {terms.parties[0], terms.parties[1], "riec-casus", std::nullopt, kNow}));
      ++count;
    }
  }
  EXPECT_GE(count, 1);
}

// --- form ---

TEST_F(ArrangementTest, RoundTripsEveryKind) {
  ArrangementTerms authority = Covenant();
  authority.fact = kFactAuthority;
  authority.parties = {kPolice, kProsecution};
  authority.authority = kProsecution;
  authority.recipients = {kOov};
  authority.only_case = *CaseId::Parse("0123456789abcdef0123456789abcdef");
  ArrangementTerms by_law = Covenant();
  by_law.fact = kFactByLaw;
  by_law.parties = {PartyOf(kTownOin, "gemeente/raad")};
  by_law.in_force = false;
  for (const ArrangementTerms& terms : {Covenant(), Mandate(), Article20(), authority, by_law}) {
    ASSERT_OK_AND_ASSIGN(const Arrangement made, Arrangement::Create(terms));
    ASSERT_OK_AND_ASSIGN(const Arrangement read, Arrangement::Parse(made.statement()));
    EXPECT_EQ(read.terms(), terms) << terms.fact;
    EXPECT_EQ(read.digest(), Sha256(made.statement()));
  }
}

TEST_F(ArrangementTest, RefusesOtherBytesThanTheCanonicalOnes) {
  const std::string text = Arrangement::Create(Covenant())->statement();
  EXPECT_THAT(Arrangement::Parse(text + "\n"), HasReason("E_STATEMENT"));
  EXPECT_THAT(Arrangement::Parse(Json::parse(text).dump(1)), HasReason("E_STATEMENT"));
  EXPECT_THAT(Arrangement::Parse(""), HasReason("E_STATEMENT"));
  EXPECT_THAT(Arrangement::Parse(std::string(70'000, ' ')), HasReason("FIELD_INVALID"));
}

TEST_F(ArrangementTest, RefusesMembersThatAreMissingMistypedOrNotOfThisFact) {
  const Json good = Json::parse(Arrangement::Create(Covenant())->statement());
  const auto with = [&](const char* member, const Json& value) {
    Json json = good;
    json[member] = value;
    return Arrangement::Parse(*CanonicalJson(json)).status();
  };
  for (const auto& item : good.items()) {
    if (item.key() == "purposes") continue;
    Json json = good;
    json.erase(item.key());
    const auto refused = Arrangement::Parse(*CanonicalJson(json));
    EXPECT_THAT(refused, HasReason("FIELD_MISSING"));
    EXPECT_EQ(DetailOf(refused.status()).metadata["field"], item.key());
    EXPECT_EQ(DetailOf(with(item.key().c_str(), true)).metadata["field"], item.key());
  }
  EXPECT_THAT(with("extra", 1), HasReason("UNKNOWN_FIELD"));
  EXPECT_THAT(with("fields", Json::array({"sig-feiten"})), HasReason("UNKNOWN_FIELD"));
  EXPECT_THAT(with("recipients", good["parties"]), HasReason("UNKNOWN_FIELD"));
  EXPECT_THAT(with("principal", good["parties"][0]), HasReason("UNKNOWN_FIELD"));
  EXPECT_THAT(with("authority", good["parties"][0]), HasReason("UNKNOWN_FIELD"));
  EXPECT_THAT(with("v", 2), HasReason("FIELD_INVALID"));
  EXPECT_THAT(with("serial", 0), HasReason("FIELD_INVALID"));
  EXPECT_THAT(with("value", "maybe"), HasReason("FIELD_INVALID"));
  EXPECT_THAT(with("until", good["from"]), HasReason("FIELD_INVALID"));
  EXPECT_THAT(with("from", -1), HasReason("FIELD_INVALID"));
  EXPECT_THAT(with("purposes", Json::array()), HasReason("FIELD_INVALID"));
  EXPECT_THAT(with("purposes", Json::array({"a", "a"})), HasReason("FIELD_INVALID"));
  EXPECT_THAT(with("parties", Json::array()), HasReason("FIELD_INVALID"));
  EXPECT_THAT(with("parties", Json::array({good["parties"][0], good["parties"][0]})),
              HasReason("FIELD_INVALID"));
  EXPECT_THAT(with("case", "x"), HasReason("FIELD_INVALID"));
  EXPECT_THAT(with("arrangement", "zaak-999990019"), HasReason("FIELD_INVALID"));
}

TEST_F(ArrangementTest, HoldsEachFactToItsOwnTerms) {
  ArrangementTerms terms = Article20();
  terms.fields.clear();
  EXPECT_THAT(Arrangement::Create(terms), HasReason("FIELD_MISSING"));
  terms = Article20();
  terms.recipients.clear();
  EXPECT_THAT(Arrangement::Create(terms), HasReason("FIELD_MISSING"));
  terms = Mandate();
  terms.agent.reset();
  EXPECT_THAT(Arrangement::Create(terms), HasReason("FIELD_MISSING"));
  terms = Mandate();
  terms.principal = kPolice;  // does not sign
  EXPECT_THAT(Arrangement::Create(terms), HasReason("FIELD_INVALID"));
  terms = Mandate();
  terms.parties.push_back(kPolice);
  terms.principal = kPolice;  // signs, but is no municipality
  EXPECT_THAT(Arrangement::Create(terms), HasReason("FIELD_INVALID"));
  terms = Mandate();
  terms.agent = terms.principal;
  EXPECT_THAT(Arrangement::Create(terms), HasReason("FIELD_INVALID"));
  terms = Covenant();
  terms.fact = kFactAuthority;
  EXPECT_THAT(Arrangement::Create(terms), HasReason("FIELD_MISSING"));
  terms = Covenant();
  terms.fact = kFactByLaw;  // two organisations
  EXPECT_THAT(Arrangement::Create(terms), HasReason("FIELD_INVALID"));
}

// --- signatures ---

TEST_F(ArrangementTest, NeedsOneSignatureOfEachParty) {
  ASSERT_OK_AND_ASSIGN(const Arrangement covenant, Arrangement::Create(Covenant()));
  const Bytes of_town = SignatureOf(covenant, town_, kOov);
  const Bytes of_police = SignatureOf(covenant, police_, kPolice);
  const auto verify = [&](const PartySignatures& signatures) {
    return VerifyArrangement(covenant.statement(), signatures, *directory_);
  };
  EXPECT_OK(verify({{kOov, of_town}, {kPolice, of_police}}));
  EXPECT_OK(verify({{kPolice, of_police}, {kOov, of_town}}));
  EXPECT_THAT(verify({}), HasReason("FIELD_MISSING"));
  const auto missing = verify({{kOov, of_town}});
  EXPECT_THAT(missing, HasReason("FIELD_MISSING"));
  EXPECT_EQ(DetailOf(missing.status()).metadata["party"], kPolice.ToString());
  EXPECT_THAT(verify({{kOov, of_town}, {kPolice, of_town}}), HasReason("E_SIGNATURE"));
  EXPECT_THAT(verify({{kOov, of_town}, {kPolice, of_police.substr(1)}}), HasReason("E_SIGNATURE"));
  EXPECT_THAT(verify({{kOov, of_town}, {kPolice, of_police}, {kPolice, of_police}}),
              HasReason("FIELD_INVALID"));
  const PartyId alderman = PartyOf(kTownOin, "gemeente/wethouder");
  EXPECT_THAT(verify({{kOov, of_town},
                      {kPolice, of_police},
                      {alderman, SignatureOf(covenant, town_, alderman)}}),
              HasReason("FIELD_INVALID"));
  // Another unit of the same organisation cannot sign for the party.
  EXPECT_THAT(verify({{kOov, SignatureOf(covenant, town_, alderman)}, {kPolice, of_police}}),
              HasReason("E_SIGNATURE"));
}

TEST_F(ArrangementTest, RefusesASignatureOverOtherTermsOrOfAStranger) {
  ASSERT_OK_AND_ASSIGN(const Arrangement covenant, Arrangement::Create(Covenant()));
  ArrangementTerms longer = Covenant();
  longer.until += absl::Hours(1);
  ASSERT_OK_AND_ASSIGN(const Arrangement stretched, Arrangement::Create(longer));
  const PartySignatures signatures = {{kOov, SignatureOf(covenant, town_, kOov)},
                                      {kPolice, SignatureOf(covenant, police_, kPolice)}};
  EXPECT_THAT(VerifyArrangement(stretched.statement(), signatures, *directory_),
              HasReason("E_SIGNATURE"));
  const auto without_police = DirectoryOf({&town_});
  EXPECT_THAT(VerifyArrangement(covenant.statement(), signatures, *without_police),
              HasReason("FIELD_INVALID"));
}

// --- meaning ---

TEST_F(ArrangementTest, CovenantBindsItsPartiesBothWays) {
  ASSERT_OK_AND_ASSIGN(const Arrangement covenant, Arrangement::Create(Covenant()));
  EXPECT_TRUE(covenant.AppliesTo(Query(kOov, kPolice)));
  EXPECT_TRUE(covenant.AppliesTo(Query(kPolice, kOov)));
  EXPECT_TRUE(covenant.AppliesTo(Query(kPolice, kOov, "gebiedsaanpak")));
  EXPECT_FALSE(covenant.AppliesTo(Query(kPolice, kOov, "bibob-toets")));
  EXPECT_FALSE(covenant.AppliesTo(Query(kPolice, kProsecution)));
  EXPECT_FALSE(covenant.AppliesTo(Query(kPolice, PartyOf(kTownOin, "gemeente/wethouder"))));
  EXPECT_FALSE(covenant.AppliesTo(Query(kPolice, kPolice)));
}

TEST_F(ArrangementTest, HoldsFromItsFirstSecondUntilBeforeItsEnd) {
  ASSERT_OK_AND_ASSIGN(const Arrangement covenant, Arrangement::Create(Covenant()));
  EXPECT_FALSE(covenant.AppliesTo(Query(kOov, kPolice, "openbare-orde", kFrom - absl::Seconds(1))));
  EXPECT_TRUE(covenant.AppliesTo(Query(kOov, kPolice, "openbare-orde", kFrom)));
  EXPECT_TRUE(
      covenant.AppliesTo(Query(kOov, kPolice, "openbare-orde", kUntil - absl::Nanoseconds(1))));
  EXPECT_FALSE(covenant.AppliesTo(Query(kOov, kPolice, "openbare-orde", kUntil)));
}

TEST_F(ArrangementTest, OfOneCaseHelpsNoOther) {
  ArrangementTerms terms = Covenant();
  terms.only_case = *CaseId::Parse("0123456789abcdef0123456789abcdef");
  ASSERT_OK_AND_ASSIGN(const Arrangement arrangement, Arrangement::Create(terms));
  ArrangementQuery query = Query(kOov, kPolice);
  EXPECT_FALSE(arrangement.AppliesTo(query));
  query.case_id = *CaseId::Parse("ffffffffffffffffffffffffffffffff");
  EXPECT_FALSE(arrangement.AppliesTo(query));
  query.case_id = terms.only_case;
  EXPECT_TRUE(arrangement.AppliesTo(query));
}

TEST_F(ArrangementTest, MandateGoesOneWayAndToOneParty) {
  ASSERT_OK_AND_ASSIGN(const Arrangement mandate, Arrangement::Create(Mandate()));
  const PartyId in_the_name_of = PartyOf(kSmallTownOin, "gemeente/oov");
  EXPECT_TRUE(mandate.AppliesTo(Query(kOov, in_the_name_of)));
  EXPECT_FALSE(mandate.AppliesTo(Query(in_the_name_of, kOov)));
  EXPECT_FALSE(mandate.AppliesTo(Query(kPolice, in_the_name_of)));
  EXPECT_FALSE(mandate.AppliesTo(Query(PartyOf(kTownOin, "gemeente/wethouder"), in_the_name_of)));
  EXPECT_FALSE(mandate.AppliesTo(Query(kOov, kPolice)));
}

TEST_F(ArrangementTest, DecisionGoesFromASignerToANamedRecipient) {
  ASSERT_OK_AND_ASSIGN(const Arrangement decision, Arrangement::Create(Article20()));
  EXPECT_TRUE(decision.AppliesTo(Query(kPolice, kOov, "gebiedsaanpak")));
  EXPECT_FALSE(decision.AppliesTo(Query(kOov, kPolice, "gebiedsaanpak")));
  EXPECT_FALSE(decision.AppliesTo(Query(kPolice, kProsecution, "gebiedsaanpak")));
  EXPECT_FALSE(decision.AppliesTo(Query(kPolice, kOov, "openbare-orde")));
}

TEST_F(ArrangementTest, WhoAgreesIsNotWhoProvides) {
  ArrangementTerms terms = Covenant();
  terms.fact = kFactAuthority;
  terms.parties = {kPolice, kProsecution};
  terms.authority = kProsecution;
  terms.recipients = {kOov};
  ASSERT_OK_AND_ASSIGN(const Arrangement agreement, Arrangement::Create(terms));
  EXPECT_TRUE(agreement.AppliesTo(Query(kPolice, kOov)));
  EXPECT_FALSE(agreement.AppliesTo(Query(kProsecution, kOov)));
}

TEST_F(ArrangementTest, ByLawHoldsWithinItsMunicipality) {
  ArrangementTerms terms = Covenant();
  terms.fact = kFactByLaw;
  terms.parties = {PartyOf(kTownOin, "gemeente/raad")};
  terms.purposes = {"woonoverlast-151d"};
  ASSERT_OK_AND_ASSIGN(const Arrangement by_law, Arrangement::Create(terms));
  const PartyId supervision = PartyOf(kTownOin, "gemeente/toezicht");
  EXPECT_TRUE(by_law.AppliesTo(Query(supervision, kOov, "woonoverlast-151d")));
  EXPECT_FALSE(by_law.AppliesTo(Query(kPolice, kOov, "woonoverlast-151d")));
  EXPECT_FALSE(by_law.AppliesTo(Query(kSmallMayor, kSmallMayor, "woonoverlast-151d")));
}

// --- replacing and facts ---

TEST_F(ArrangementTest, AHigherSerialOfTheSamePartiesReplaces) {
  ASSERT_OK_AND_ASSIGN(const Arrangement current, Arrangement::Create(Covenant()));
  EXPECT_OK(CheckReplaces(current, current));
  ArrangementTerms next = Covenant();
  next.until += absl::Hours(1);
  EXPECT_THAT(CheckReplaces(current, *Arrangement::Create(next)), HasReason("CONFLICTING_CHANGE"));
  next.serial = 2;
  EXPECT_OK(CheckReplaces(current, *Arrangement::Create(next)));
  EXPECT_THAT(CheckReplaces(*Arrangement::Create(next), current), HasReason("CONFLICTING_CHANGE"));
  next.parties.push_back(kProsecution);
  EXPECT_OK(CheckReplaces(current, *Arrangement::Create(next)));
  next.parties = {kOov, kProsecution};  // the police did not sign this
  EXPECT_THAT(CheckReplaces(current, *Arrangement::Create(next)), HasReason("ID_TAKEN"));
  next = Mandate();
  next.id = Covenant().id;
  next.serial = 2;
  EXPECT_THAT(CheckReplaces(current, *Arrangement::Create(next)), HasReason("ID_TAKEN"));
}

TEST_F(ArrangementTest, FactsComeFromTheNewestStatements) {
  const Arrangement covenant = *Arrangement::Create(Covenant());
  ArrangementTerms withdrawn_terms = Covenant();
  withdrawn_terms.serial = 2;
  withdrawn_terms.in_force = false;
  const Arrangement withdrawn = *Arrangement::Create(withdrawn_terms);
  const auto value = [](const std::vector<Arrangement>& newest, const ArrangementQuery& query,
                        std::string_view fact = kFactCovenant) {
    return FactFrom(newest, fact, query).value;
  };
  EXPECT_EQ(value({}, Query(kOov, kPolice)), FactValue::kAbsent);
  EXPECT_EQ(value({covenant}, Query(kOov, kPolice)), FactValue::kValid);
  EXPECT_EQ(value({covenant}, Query(kOov, kPolice), kFactMandate), FactValue::kAbsent);
  EXPECT_EQ(value({withdrawn}, Query(kOov, kPolice)), FactValue::kAbsent);
  EXPECT_EQ(value({covenant}, Query(kOov, kPolice, "openbare-orde", kUntil)), FactValue::kExpired);
  EXPECT_EQ(value({covenant}, Query(kOov, kPolice, "openbare-orde", kFrom - absl::Seconds(1))),
            FactValue::kAbsent);
  EXPECT_EQ(value({covenant}, Query(kOov, kPolice, "bibob-toets", kUntil)), FactValue::kAbsent);
  EXPECT_EQ(value({withdrawn}, Query(kOov, kPolice, "openbare-orde", kUntil)), FactValue::kAbsent);
  EXPECT_EQ(FactValueName(FactValue::kExpired), "expired");
}

TEST_F(ArrangementTest, FieldsOfSeveralDecisionsAddUpWhileEachHolds) {
  ArrangementTerms second = Article20();
  second.id = "besluit-21";
  second.fields = {"p-naam"};
  second.until = kNow + absl::Hours(1);
  const std::vector<Arrangement> newest = {*Arrangement::Create(Article20()),
                                           *Arrangement::Create(second)};
  ArrangementFact fact = FactFrom(newest, kFactArticle20, Query(kPolice, kOov, "gebiedsaanpak"));
  EXPECT_EQ(fact.value, FactValue::kValid);
  EXPECT_EQ(fact.fields, (std::set<std::string>{"p-naam", "pand-adres", "sig-feiten"}));
  EXPECT_EQ(fact.arrangements, (std::vector<std::string>{"besluit-20", "besluit-21"}));
  fact = FactFrom(newest, kFactArticle20,
                  Query(kPolice, kOov, "gebiedsaanpak", kNow + absl::Hours(1)));
  EXPECT_EQ(fact.fields, (std::set<std::string>{"pand-adres", "sig-feiten"}));
}

}  // namespace
}  // namespace sluis::identity

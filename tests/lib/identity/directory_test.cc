#include "lib/identity/directory.h"

#include <gtest/gtest.h>

#include <functional>

#include "lib/base/encoding.h"
#include "lib/crypto/hash.h"
#include "lib/tlog/signed_note.h"
#include "tests/lib/crypto/test_pki.h"
#include "tests/lib/identity/region.h"
#include "tests/support/status_matchers.h"

namespace sluis::identity {
namespace {

using sluis::testing::HasReason;
using testing::CertificateOf;
using testing::DocumentOf;
using testing::kPoliceOin;
using testing::kProsecutionOin;
using testing::kTownOin;
using testing::OinOf;
using testing::PartyOf;
using testing::TestOfficers;
using testing::TestPartner;
using testing::UnitOf;

class DirectoryTest : public ::testing::Test {
 protected:
  absl::StatusOr<std::shared_ptr<const Directory>> Parse(BytesView note) {
    return Directory::Parse(note, officers_.Pinned());
  }
  std::shared_ptr<const Directory> Make(const DirectoryDocument& document) {
    return Parse(officers_.Sign(document)).value();
  }
  Bytes SignText(const std::string& text) {
    constexpr tlog::NoteLimits kWide = {.max_note = 8 << 20, .max_text = 8 << 20};
    const std::string note =
        tlog::SignNote(text, officers_.first_name, officers_.first, kWide).value();
    return note + tlog::SignNoteLine(text, officers_.second_name, officers_.second, kWide).value();
  }
  // The directory after `bend` changed its JSON.
  absl::Status ParseBent(const std::function<void(Json&)>& bend) {
    Json json = Json::parse(*WriteDirectory(document_));
    bend(json);
    return Parse(SignText(json.dump() + "\n")).status();
  }
  // The same where one partner, unit or key is meant.
  std::string FieldOfBent(const std::function<void(Json&)>& bend) {
    const absl::Status status = ParseBent(bend);
    EXPECT_FALSE(status.ok());
    return DetailOf(status).metadata["field"];
  }

  TestOfficers officers_;
  TestPartner town_{kTownOin, {"gemeente/oov", "gemeente/wethouder"}};
  TestPartner police_{kPoliceOin, {"politie/informatie"}};
  DirectoryDocument document_ = DocumentOf({&town_, &police_});
};

TEST_F(DirectoryTest, ReadsBackWhatWasSigned) {
  document_.partners[1].units[0].registers = {
      {.id = "bvh", .regime = "wpg-8", .size = 20'000, .epoch = 3, .kinds = {"bsn", "kenteken"}}};
  document_.partners[1].units[0].quota = Quota{.per_case = 500, .per_day = 5000};
  document_.partners[0].name = "Gemeente Pekela \"Noord\" \xC3\xA9";
  const Bytes note = officers_.Sign(document_);
  ASSERT_OK_AND_ASSIGN(const auto directory, Parse(note));
  EXPECT_EQ(directory->name(), "midden");
  EXPECT_EQ(directory->version(), 7);
  EXPECT_EQ(directory->issued(), absl::FromUnixSeconds(1'790'000'000));
  EXPECT_EQ(directory->note(), note);
  EXPECT_EQ(directory->digest(), Sha256(*WriteDirectory(document_)));
  const Partner* town = directory->FindPartner(OinOf(kTownOin));
  ASSERT_NE(town, nullptr);
  EXPECT_EQ(town->name, document_.partners[0].name);
  EXPECT_EQ(town->kind, "gemeente");
  ASSERT_NE(town->FindAssertionKey("key-1"), nullptr);
  EXPECT_EQ(town->FindAssertionKey("key-1")->units.size(), 2U);
  EXPECT_EQ(town->FindAssertionKey("key-2"), nullptr);
  const UnitEntry* desk = directory->FindParty(PartyOf(kPoliceOin, "politie/informatie"));
  ASSERT_NE(desk, nullptr);
  EXPECT_EQ(desk->signing, police_.SigningKey("politie/informatie").public_key());
  EXPECT_EQ(desk->sealing, police_.sealing.at("politie/informatie")->public_key());
  EXPECT_EQ(desk->registers, document_.partners[1].units[0].registers);
  EXPECT_EQ(desk->quota, (Quota{.per_case = 500, .per_day = 5000}));
  EXPECT_EQ(directory->FindParty(PartyOf(kPoliceOin, "politie/recherche")), nullptr);
  EXPECT_EQ(directory->FindPartner(OinOf(kProsecutionOin)), nullptr);
}

TEST_F(DirectoryTest, MayBeLargerThanANoteOfTheLog) {
  std::vector<std::string> units;
  for (int i = 0; i < 64; ++i) units.push_back("om/parket-" + std::to_string(i));
  const TestPartner large(kProsecutionOin, units);
  document_.partners.push_back(large.entry);
  const Bytes note = officers_.Sign(document_);
  EXPECT_GT(note.size(), tlog::kMaxNoteTextSize);
  ASSERT_OK_AND_ASSIGN(const auto directory, Parse(note));
  EXPECT_NE(directory->FindParty(PartyOf(kProsecutionOin, "om/parket-63")), nullptr);
}

TEST_F(DirectoryTest, NeedsTheSignaturesOfBothOfficers) {
  const Bytes one = *SignDirectory(document_, officers_.first_name, officers_.first);
  EXPECT_THAT(Parse(one), HasReason("DIRECTORY_NOT_SIGNED"));
  EXPECT_THAT(Parse(*CosignDirectory(one, officers_.first_name, officers_.first)),
              HasReason("DIRECTORY_NOT_SIGNED"));
  const Ed25519PrivateKey stranger = Ed25519PrivateKey::Generate();
  EXPECT_THAT(Parse(*CosignDirectory(one, officers_.second_name, stranger)),
              HasReason("DIRECTORY_NOT_SIGNED"));
  EXPECT_THAT(Parse("no note"), HasReason("DIRECTORY_NOT_SIGNED"));
  Bytes changed = officers_.Sign(document_);
  changed[changed.find("\"version\":7") + 10] = '8';
  EXPECT_THAT(Parse(changed), HasReason("DIRECTORY_NOT_SIGNED"));
  // In either order, and beside the signature of someone else.
  const Bytes reversed =
      *CosignDirectory(*SignDirectory(document_, officers_.second_name, officers_.second),
                       officers_.first_name, officers_.first);
  EXPECT_OK(Parse(*CosignDirectory(reversed, "somebody.example/else", stranger)));
}

TEST_F(DirectoryTest, OfficersAreTwo) {
  const std::string first =
      tlog::VerifierKey::Create("a.example", tlog::KeyType::kEd25519, officers_.first.public_key())
          ->Format();
  const std::string other_key =
      tlog::VerifierKey::Create("a.example", tlog::KeyType::kEd25519, officers_.second.public_key())
          ->Format();
  const std::string other_name =
      tlog::VerifierKey::Create("b.example", tlog::KeyType::kEd25519, officers_.first.public_key())
          ->Format();
  const std::string witness = tlog::VerifierKey::Create("b.example", tlog::KeyType::kCosignature,
                                                        officers_.second.public_key())
                                  ->Format();
  EXPECT_FALSE(DirectoryOfficers::Create(first, first).ok());
  EXPECT_FALSE(DirectoryOfficers::Create(first, other_key).ok());
  EXPECT_FALSE(DirectoryOfficers::Create(first, other_name).ok());
  EXPECT_FALSE(DirectoryOfficers::Create(first, witness).ok());
  EXPECT_FALSE(DirectoryOfficers::Create("x", first).ok());
}

TEST_F(DirectoryTest, MustBeOneCanonicalLine) {
  const std::string line = *WriteDirectory(document_);
  ASSERT_OK(Parse(SignText(line + "\n")));
  EXPECT_THAT(Parse(SignText(line + "\n\n")), HasReason("E_STATEMENT"));
  EXPECT_THAT(Parse(SignText(line + " \n")), HasReason("E_STATEMENT"));
  EXPECT_THAT(Parse(SignText(line + "\n{}\n")), HasReason("E_STATEMENT"));
  EXPECT_THAT(Parse(SignText(Json::parse(line).dump(1) + "\n")), HasReason("E_STATEMENT"));
  std::string twice = line;
  twice.insert(1, R"("issued":1,)");
  EXPECT_THAT(Parse(SignText(twice + "\n")), HasReason("E_STATEMENT"));
  EXPECT_THAT(Parse(SignText("[]\n")), HasReason("FIELD_INVALID"));
}

TEST_F(DirectoryTest, RefusesUnknownMembersEverywhere) {
  EXPECT_THAT(ParseBent([](Json& json) { json["extra"] = 1; }), HasReason("UNKNOWN_FIELD"));
  const auto bent = [&](const std::string& pointer) {
    return ParseBent([&](Json& json) { json[Json::json_pointer(pointer)]["extra"] = true; });
  };
  for (const char* at : {"/partners/0", "/partners/0/assertion_keys/0",
                         "/partners/0/certificates/0", "/partners/0/units/1"}) {
    EXPECT_THAT(bent(at), HasReason("UNKNOWN_FIELD")) << at;
  }
}

TEST_F(DirectoryTest, NamesTheMemberThatIsMissingOrMistyped) {
  for (const char* member : {"v", "name", "version", "issued", "partners"}) {
    EXPECT_EQ(FieldOfBent([&](Json& json) { json.erase(member); }), member);
    EXPECT_EQ(FieldOfBent([&](Json& json) { json[member] = false; }), member);
  }
  for (const char* member : {"oin", "kind", "name", "regions", "suspended", "issuer", "client_id",
                             "assertion_keys", "certificates", "units"}) {
    const std::string path = std::string("partners[1].") + member;
    EXPECT_EQ(FieldOfBent([&](Json& json) { json["partners"][1].erase(member); }), path);
    EXPECT_EQ(FieldOfBent([&](Json& json) { json["partners"][1][member] = 1; }), path);
  }
  for (const char* member : {"unit", "signing", "sealing", "registers"}) {
    const std::string path = std::string("partners[0].units[1].") + member;
    EXPECT_EQ(FieldOfBent([&](Json& json) { json["partners"][0]["units"][1].erase(member); }),
              path);
    EXPECT_EQ(FieldOfBent([&](Json& json) { json["partners"][0]["units"][1][member] = "x"; }),
              path);
  }
  for (const char* member : {"kid", "alg", "pem", "units"}) {
    const std::string path = std::string("partners[0].assertion_keys[0].") + member;
    EXPECT_EQ(
        FieldOfBent([&](Json& json) { json["partners"][0]["assertion_keys"][0][member] = 1; }),
        path);
  }
}

TEST_F(DirectoryTest, RefusesValuesOutOfRange) {
  const auto partner = [&](const char* member, const Json& value) {
    return FieldOfBent([&](Json& json) { json["partners"][0][member] = value; });
  };
  EXPECT_EQ(FieldOfBent([](Json& json) { json["version"] = 0; }), "version");
  EXPECT_EQ(FieldOfBent([](Json& json) { json["v"] = 2; }), "v");
  EXPECT_EQ(FieldOfBent([](Json& json) { json["partners"] = Json::array(); }), "partners");
  EXPECT_EQ(partner("oin", "123"), "partners[0].oin");
  EXPECT_EQ(partner("name", "a\nb"), "partners[0].name");
  EXPECT_EQ(partner("issuer", "with space"), "partners[0].issuer");
  EXPECT_EQ(partner("regions", Json::array({"midden", "midden"})), "partners[0].regions");
  EXPECT_EQ(partner("units", Json::array()), "partners[0].units");
  const auto key = [&](const char* member, const Json& value) {
    return FieldOfBent(
        [&](Json& json) { json["partners"][0]["assertion_keys"][0][member] = value; });
  };
  EXPECT_EQ(key("alg", "none"), "partners[0].assertion_keys[0].alg");
  EXPECT_EQ(key("alg", "HS256"), "partners[0].assertion_keys[0].alg");
  EXPECT_EQ(key("alg", "PS256"), "partners[0].assertion_keys[0].pem");
  EXPECT_EQ(key("pem", sluis::testing::RsaPublicPem(1024)), "partners[0].assertion_keys[0].pem");
  EXPECT_EQ(key("units", Json::array({"gemeente/raad"})), "partners[0].assertion_keys[0].units");
  EXPECT_EQ(key("units", Json::array()), "partners[0].assertion_keys[0].units");
  const auto unit = [&](const char* member, const Json& value) {
    return FieldOfBent([&](Json& json) { json["partners"][0]["units"][0][member] = value; });
  };
  EXPECT_EQ(unit("unit", "politie/oov"), "partners[0].units[0].unit");
  EXPECT_EQ(unit("signing", Base64Encode(Bytes(32, '\0'))), "partners[0].units[0].signing");
  EXPECT_EQ(unit("signing", Base64Encode(Bytes(31, '\1'))), "partners[0].units[0].signing");
  const auto register_field = [&](const char* member, const Json& value) {
    return FieldOfBent([&](Json& json) {
      Json entry = {
          {"id", "brp"}, {"regime", "brp"}, {"size", 1}, {"epoch", 1}, {"kinds", {"bsn"}}};
      entry[member] = value;
      json["partners"][0]["units"][0]["registers"] = Json::array({entry});
    });
  };
  const std::string at = "partners[0].units[0].registers[0].";
  EXPECT_EQ(register_field("size", 0), at + "size");
  EXPECT_EQ(register_field("epoch", 4'294'967'296), at + "epoch");
  EXPECT_EQ(register_field("kinds", Json::array({"naam"})), at + "kinds");
  EXPECT_EQ(register_field("id", "BRP"), at + "id");
  EXPECT_EQ(unit("quota", {{"per_case", 199}, {"per_day", 2000}}),
            "partners[0].units[0].quota.per_case");
}

TEST_F(DirectoryTest, RefusesWhatStandsTwice) {
  const auto field = [&] {
    const auto written = WriteDirectory(document_);
    EXPECT_FALSE(written.ok());
    return DetailOf(written.status()).metadata["field"];
  };
  const DirectoryDocument good = document_;
  document_.partners.push_back(document_.partners[0]);
  EXPECT_EQ(field(), "partners[2].oin");

  document_ = good;  // one signing key for two parties of one organisation, then of two
  document_.partners[0].units[1].signing = document_.partners[0].units[0].signing;
  EXPECT_EQ(field(), "partners[0].units[1].signing");
  document_ = good;
  document_.partners[1].units[0].signing = document_.partners[0].units[0].signing;
  EXPECT_EQ(field(), "partners[1].units[0].signing");
  document_ = good;
  document_.partners[1].units[0].sealing = document_.partners[0].units[1].sealing;
  EXPECT_EQ(field(), "partners[1].units[0].sealing");

  document_ = good;
  document_.partners[1].assertion_keys[0].key = document_.partners[0].assertion_keys[0].key;
  EXPECT_EQ(field(), "partners[1].assertion_keys[0].pem");
  document_ = good;
  document_.partners[1].certificates[0].thumbprint =
      document_.partners[0].certificates[0].thumbprint;
  EXPECT_EQ(field(), "partners[1].certificates[0].thumbprint");
  document_ = good;
  document_.partners[0].units.push_back(document_.partners[0].units[0]);
  EXPECT_EQ(field(), "partners[0].units[2].unit");
  document_ = good;
  document_.partners[0].assertion_keys.push_back(document_.partners[0].assertion_keys[0]);
  EXPECT_EQ(field(), "partners[0].assertion_keys[1].kid");
}

TEST_F(DirectoryTest, AdmitsListedCertificatesOfPartnersInGoodStanding) {
  document_.partners[1].suspended = true;
  const auto directory = Make(document_);
  PeerCertificate peer{.oin = OinOf(kTownOin),
                       .thumbprint = CertificateOf(kTownOin),
                       .not_before = {},
                       .not_after = {}};
  ASSERT_OK_AND_ASSIGN(const Partner* partner, directory->Admit(peer));
  EXPECT_EQ(partner->oin, peer.oin);
  peer.thumbprint = CertificateOf(kPoliceOin);
  auto refused = directory->Admit(peer);
  EXPECT_THAT(refused, HasReason("CERTIFICATE_NOT_TRUSTED"));
  EXPECT_EQ(DetailOf(refused.status()).metadata["why"], "not-listed");
  peer.oin = OinOf(kPoliceOin);
  EXPECT_THAT(directory->Admit(peer), HasReason("PARTNER_SUSPENDED"));
  peer.oin = OinOf(kProsecutionOin);
  refused = directory->Admit(peer);
  EXPECT_EQ(DetailOf(refused.status()).metadata["why"], "not-admitted");
}

TEST_F(DirectoryTest, KnowsWhoSharesARegion) {
  TestPartner prosecution(kProsecutionOin, {"om/parket"});
  prosecution.entry.regions = {};
  document_.partners.push_back(prosecution.entry);
  document_.partners[1].regions = {"noord", "midden"};
  EXPECT_EQ(Make(document_)->Compare(OinOf(kTownOin), OinOf(kPoliceOin)), SameRegion::kYes);
  document_.partners[1].regions = {"noord"};
  const auto directory = Make(document_);
  EXPECT_EQ(directory->Compare(OinOf(kTownOin), OinOf(kPoliceOin)), SameRegion::kNo);
  EXPECT_EQ(directory->Compare(OinOf(kTownOin), OinOf(kTownOin)), SameRegion::kYes);
  EXPECT_EQ(directory->Compare(OinOf(kTownOin), OinOf(kProsecutionOin)), SameRegion::kUnknown);
  EXPECT_EQ(directory->Compare(OinOf("00000099900000009000"), OinOf(kTownOin)),
            SameRegion::kUnknown);
}

TEST_F(DirectoryTest, NeverGoesBack) {
  const auto current = Make(document_);
  EXPECT_OK(CheckNewer(nullptr, *current));
  EXPECT_OK(CheckNewer(current.get(), *Make(document_)));
  DirectoryDocument other = document_;
  other.partners[0].suspended = true;
  EXPECT_THAT(CheckNewer(current.get(), *Make(other)), HasReason("DIRECTORY_CONFLICT"));
  other.version = 8;
  EXPECT_OK(CheckNewer(current.get(), *Make(other)));
  other.version = 6;
  EXPECT_THAT(CheckNewer(current.get(), *Make(other)), HasReason("DIRECTORY_ROLLBACK"));
  other.version = 9;
  other.name = "noord";
  EXPECT_THAT(CheckNewer(current.get(), *Make(other)), HasReason("DIRECTORY_CONFLICT"));
}

TEST_F(DirectoryTest, KeepsTestOinsAndRealOnesApart) {
  EXPECT_OK(Make(document_)->CheckOins(/*demonstration=*/true));
  EXPECT_THAT(Make(document_)->CheckOins(/*demonstration=*/false), HasReason("FIELD_INVALID"));
  document_.partners[1].oin = OinOf("00000001000000000000");
  EXPECT_THAT(Make(document_)->CheckOins(/*demonstration=*/true), HasReason("FIELD_INVALID"));
  EXPECT_THAT(Make(document_)->CheckOins(/*demonstration=*/false), HasReason("FIELD_INVALID"));
}

TEST_F(DirectoryTest, CosignsOnlyWhatIsADirectory) {
  const std::string text = "{\"v\":1}\n";
  const std::string note = *tlog::SignNote(text, officers_.first_name, officers_.first);
  EXPECT_THAT(CosignDirectory(note, officers_.second_name, officers_.second),
              HasReason("FIELD_MISSING"));
}

}  // namespace
}  // namespace sluis::identity

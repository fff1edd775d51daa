// A pack comes into force by two persons or not at all; what was changed on the way, is too old or
// says it otherwise than one way only is refused with its own reason.
#include "policy/signed/bundle.h"

#include <gmock/gmock.h>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/json.h"
#include "lib/crypto/hash.h"
#include "lib/tlog/signed_note.h"
#include "policy/engine/authzen.h"
#include "policy/engine/evaluate.h"
#include "policy/engine/loader.h"
#include "tests/policy/signed/signed_pack.h"
#include "tests/policy/the_pack.h"
#include "tests/support/status_matchers.h"

namespace sluis::policy {
namespace {

using ::sluis::testing::HasReason;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::LaterPack;
using testing::TestActivators;
using testing::ThePack;

constexpr tlog::NoteLimits kWide = {.max_note = 9 << 20, .max_text = 9 << 20};

class BundleTest : public ::testing::Test {
 protected:
  // Signs any text as both do.
  Bytes Note(const std::string& text) const {
    return tlog::SignNote(text, persons.first_name, persons.first, kWide).value() +
           tlog::SignNoteLine(text, persons.second_name, persons.second, kWide).value();
  }
  std::string Text(const Bytes& bundle) const { return tlog::ParseNote(bundle, kWide)->text; }
  // The bundle signed by both with one change in its JSON.
  absl::Status After(const std::function<void(Json&)>& change) const {
    const std::string text = Text(good);
    const std::size_t line = text.find('\n') + 1;
    Json json = Json::parse(text.substr(line));
    change(json);
    return Bundle::Parse(Note(text.substr(0, line) + CanonicalJson(json).value() + "\n"),
                         persons.Pinned())
        .status();
  }
  static void Redigest(Json& json) {
    json["digest"] = HexEncode(AsView(Sha256(CanonicalJson(json["pack"]).value())));
  }

  const absl::Time issued = testing::At("2026-11-26T10:00:00Z");
  const TestActivators persons;
  const Bytes good = persons.SignThePack(issued);
};

TEST_F(BundleTest, HoldsThePackToTheByte) {
  ASSERT_OK_AND_ASSIGN(const auto bundle, Bundle::Parse(good, persons.Pinned()));
  EXPECT_EQ(CanonicalBytes(*bundle->pack()), CanonicalBytes(ThePack()));
  EXPECT_EQ(bundle->digest(), Sha256(CanonicalBytes(ThePack())));
  EXPECT_EQ(bundle->terms().issued, issued);
  EXPECT_EQ(bundle->stale_after(), issued + absl::Hours(24 * 30));
  EXPECT_EQ(bundle->terms().change_over, absl::ZeroDuration());
  EXPECT_THAT(bundle->signers(), ElementsAre(persons.first_name, persons.second_name));
}

TEST_F(BundleTest, DecidesAsTheFolderDoes) {
  ASSERT_OK_AND_ASSIGN(const auto bundle, Bundle::Parse(good, persons.Pinned()));
  for (const Json& line : testing::ReadJsonLines("tests/scenarios/scenarios-public.jsonl")) {
    const std::string request = line.at("request").dump();
    EXPECT_EQ(EvaluateLine(*bundle->pack(), request), EvaluateLine(ThePack(), request));
  }
}

TEST_F(BundleTest, OnePersonIsNotEnoughHoweverHeSigns) {
  const BundleTerms terms{.issued = issued, .max_age = absl::Hours(1)};
  ASSERT_OK_AND_ASSIGN(const Bytes half,
                       SignBundle(ThePack(), terms, persons.first_name, persons.first));
  EXPECT_THAT(Bundle::Parse(half, persons.Pinned()), HasReason("PACK_NOT_SIGNED"));
  EXPECT_THAT(CosignBundle(half, persons.first_name, persons.first),
              HasReason("PACK_SIGNER_REPEATED"));
  EXPECT_THAT(CosignBundle(half, persons.first_name, persons.second),
              HasReason("PACK_SIGNER_REPEATED"));
  // His key under the other's name is not the other's key.
  EXPECT_THAT(CosignBundle(half, persons.second_name, persons.first),
              HasReason("PACK_SIGNER_REPEATED"));
  ASSERT_OK_AND_ASSIGN(const Bytes posing,
                       CosignBundle(half, persons.second_name, Ed25519PrivateKey::Generate()));
  EXPECT_THAT(Bundle::Parse(posing, persons.Pinned()), HasReason("PACK_NOT_SIGNED"));
  const Bytes twice = half + half.substr(half.rfind("\n\n") + 2);
  EXPECT_THAT(Bundle::Parse(twice, persons.Pinned()), HasReason("PACK_SIGNER_REPEATED"));
}

TEST_F(BundleTest, OthersMayHaveSignedTooButDoNotCount) {
  const TestActivators others;
  EXPECT_THAT(Bundle::Parse(good, others.Pinned()), HasReason("PACK_NOT_SIGNED"));
  const Ed25519PrivateKey third = Ed25519PrivateKey::Generate();
  ASSERT_OK_AND_ASSIGN(const Bytes three, CosignBundle(good, "policy.example/3", third));
  EXPECT_OK(Bundle::Parse(three, persons.Pinned()));
}

TEST_F(BundleTest, AnActivatorListCannotHoldOnePersonTwice) {
  const auto reason = [](const std::vector<std::string>& vkeys) {
    return Activators::Create(vkeys).status();
  };
  const auto vkey = [](const std::string& name, const Ed25519PrivateKey& key) {
    return tlog::VerifierKey::Create(name, tlog::KeyType::kEd25519, key.public_key())->Format();
  };
  const std::vector<std::string> both = persons.Vkeys();
  EXPECT_THAT(reason({both[0]}), HasReason("FIELD_INVALID"));
  EXPECT_THAT(reason({}), HasReason("FIELD_INVALID"));
  EXPECT_THAT(reason({both[0], both[0]}), HasReason("FIELD_INVALID"));
  EXPECT_THAT(reason({both[0], vkey("policy.example/9", persons.first)}),
              HasReason("FIELD_INVALID"));
  EXPECT_THAT(reason({both[0], vkey(persons.first_name, persons.second)}),
              HasReason("FIELD_INVALID"));
  EXPECT_THAT(reason({both[0], "policy.example/2"}), HasReason("FIELD_INVALID"));
  EXPECT_THAT(reason(std::vector<std::string>(17, both[0])), HasReason("FIELD_INVALID"));
}

TEST_F(BundleTest, EveryChangedByteIsNoticed) {
  // One of each hundred thousandth part, so that head, content and signatures are all hit.
  for (std::size_t at = 0; at < good.size(); at += good.size() / 211 + 1) {
    Bytes changed = good;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_FALSE(Bundle::Parse(changed, persons.Pinned()).ok()) << at;
  }
  EXPECT_THAT(Bundle::Parse(good + "x", persons.Pinned()), HasReason("PACK_MALFORMED"));
  EXPECT_THAT(Bundle::Parse(good + "\n", persons.Pinned()), HasReason("PACK_MALFORMED"));
  for (const std::size_t size : {std::size_t{0}, std::size_t{1}, good.size() / 2}) {
    EXPECT_THAT(Bundle::Parse(good.substr(0, size), persons.Pinned()), HasReason("PACK_MALFORMED"));
  }
}

TEST_F(BundleTest, AnotherFormatOrAnotherNoteIsNotTaken) {
  const std::string text = Text(good), line = text.substr(text.find('\n') + 1);
  const auto parsed = [&](const std::string& whole) {
    return Bundle::Parse(Note(whole), persons.Pinned()).status();
  };
  EXPECT_THAT(parsed("sluis-policy-bundle/v2\n" + line), HasReason("PACK_FORMAT_UNKNOWN"));
  EXPECT_THAT(parsed("sluis-policy-bundle/v1 \n" + line), HasReason("PACK_FORMAT_UNKNOWN"));
  EXPECT_THAT(parsed(line), HasReason("PACK_MALFORMED"));
  EXPECT_THAT(parsed("sluis-jurist/v1\n" + line), HasReason("PACK_MALFORMED"));
  EXPECT_THAT(parsed("sluis-policy-bundle/v1\n"), HasReason("PACK_MALFORMED"));
  EXPECT_THAT(parsed(text + line), HasReason("PACK_MALFORMED"));
  EXPECT_THAT(parsed("sluis-policy-bundle/v1\n " + line), HasReason("PACK_MALFORMED"));
  EXPECT_THAT(parsed("sluis-policy-bundle/v1\nnull\n"), HasReason("PACK_MALFORMED"));
}

TEST_F(BundleTest, MembersAreKnownPresentAndInRange) {
  EXPECT_OK(After([](Json&) {}));
  for (const char* member :
       {"change_over", "digest", "issued", "jurist_notes", "max_age", "pack"}) {
    EXPECT_THAT(After([&](Json& json) { json.erase(member); }), HasReason("PACK_MALFORMED"))
        << member;
  }
  const auto with = [&](const char* member, Json value) {
    return After([&](Json& json) { json[member] = value; });
  };
  EXPECT_THAT(with("extra", 1), HasReason("PACK_MALFORMED"));
  EXPECT_THAT(with("max_age", 3599), HasReason("PACK_MALFORMED"));
  EXPECT_OK(with("max_age", 3600));
  EXPECT_THAT(with("max_age", 366 * 86400 + 1), HasReason("PACK_MALFORMED"));
  EXPECT_THAT(with("max_age", "3600"), HasReason("PACK_MALFORMED"));
  EXPECT_THAT(with("change_over", -1), HasReason("PACK_MALFORMED"));
  EXPECT_THAT(with("change_over", 73 * 3600 + 1), HasReason("PACK_MALFORMED"));
  EXPECT_THAT(with("issued", -1), HasReason("PACK_MALFORMED"));
  EXPECT_THAT(with("issued", (std::int64_t{1} << 40) + 1), HasReason("PACK_MALFORMED"));
  EXPECT_THAT(with("jurist_notes", "x"), HasReason("PACK_MALFORMED"));
  EXPECT_THAT(with("jurist_notes", Json::array({1})), HasReason("PACK_MALFORMED"));
  EXPECT_THAT(with("jurist_notes", Json(std::vector<std::string>(17, "x"))),
              HasReason("PACK_MALFORMED"));
  EXPECT_THAT(with("digest", std::string(64, '0')), HasReason("PACK_DIGEST_WRONG"));
  EXPECT_THAT(with("digest", 1), HasReason("PACK_DIGEST_WRONG"));
}

// Signed by both, and yet no pack: the loader's word counts.
TEST_F(BundleTest, ThePackInsideIsCheckedAsAFolderIs) {
  const auto with = [&](const std::function<void(Json&)>& change) {
    return After([&](Json& json) {
      change(json["pack"]);
      Redigest(json);
    });
  };
  EXPECT_OK(with([](Json&) {}));
  EXPECT_THAT(with([](Json& pack) { pack["extra"] = 1; }), HasReason("PACK_INVALID"));
  EXPECT_THAT(with([](Json& pack) { pack = "pack"; }), HasReason("PACK_INVALID"));
  EXPECT_THAT(with([](Json& pack) { pack["permits"][0]["box"]["purpose"] = {"opsporen"}; }),
              HasReason("PACK_INVALID"));
  EXPECT_THAT(with([](Json& pack) { pack["permits"][0]["box"].erase("purpose"); }),
              HasReason("PACK_INVALID"))
      << "a permit names every dimension";
  EXPECT_THAT(with([](Json& pack) { pack["permits"][0]["note"] = "x"; }),
              HasReason("PACK_INVALID"));
  EXPECT_THAT(with([](Json& pack) { pack["permits"][0]["inherits_down"] = "yes"; }),
              HasReason("PACK_INVALID"));
  EXPECT_THAT(with([](Json& pack) { pack["permits"].push_back(pack["permits"][0]); }),
              HasReason("PACK_INVALID"));
  EXPECT_THAT(with([](Json& pack) { std::swap(pack["permits"][0], pack["permits"][1]); }),
              HasReason("PACK_INVALID"))
      << "one order";
  EXPECT_THAT(with([](Json& pack) { pack["vocabulary"]["actions"] = 1; }),
              HasReason("PACK_INVALID"));
  EXPECT_THAT(with([](Json& pack) { pack["version"] = "next"; }),
              HasReason("PACK_VERSION_INVALID"));
}

TEST_F(BundleTest, CountsFromItsIssueToItsAge) {
  ASSERT_OK_AND_ASSIGN(const auto bundle, Bundle::Parse(good, persons.Pinned()));
  const absl::Time end = bundle->stale_after();
  EXPECT_OK(CheckInTime(*bundle, issued));
  EXPECT_OK(CheckInTime(*bundle, end - absl::Nanoseconds(1)));
  EXPECT_THAT(CheckInTime(*bundle, end), HasReason("PACK_TOO_OLD"));
  EXPECT_OK(CheckInTime(*bundle, issued - absl::Minutes(5)));
  EXPECT_THAT(CheckInTime(*bundle, issued - absl::Minutes(5) - absl::Seconds(1)),
              HasReason("PACK_NOT_YET"));
}

TEST_F(BundleTest, NobodySignsTermsThatNobodyReads) {
  const auto sign = [&](const BundleTerms& terms) {
    return SignBundle(ThePack(), terms, persons.first_name, persons.first).status();
  };
  const auto terms = [&](absl::Duration age, absl::Duration over) {
    return BundleTerms{.issued = issued, .max_age = age, .change_over = over};
  };
  EXPECT_OK(sign(terms(absl::Hours(1), absl::Hours(73))));
  EXPECT_THAT(sign(terms(absl::Minutes(59), absl::ZeroDuration())), HasReason("FIELD_INVALID"));
  EXPECT_THAT(sign(terms(absl::InfiniteDuration(), absl::ZeroDuration())),
              HasReason("FIELD_INVALID"));
  EXPECT_THAT(sign(terms(absl::Hours(1), absl::Hours(74))), HasReason("FIELD_INVALID"));
  EXPECT_THAT(sign(terms(absl::Hours(1), absl::Milliseconds(1500))), HasReason("FIELD_INVALID"));
}

// A later version with other content has other bytes; both are read back.
TEST_F(BundleTest, VersionsDiffer) {
  const auto later = LaterPack(3);
  const Bytes bytes = persons.Sign(*later, {.issued = issued, .max_age = absl::Hours(1)});
  ASSERT_OK_AND_ASSIGN(const auto bundle, Bundle::Parse(bytes, persons.Pinned()));
  EXPECT_EQ(bundle->pack()->version(), "2026.12.3");
  EXPECT_NE(bundle->digest(), Sha256(CanonicalBytes(ThePack())));
  EXPECT_EQ(Evaluate(*bundle->pack(), testing::SignalInside()).retention, "P3D");
}

}  // namespace
}  // namespace sluis::policy

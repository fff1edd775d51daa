// A pack is read strictly: what is wrong is refused with file, line and what to write instead.
#include "policy/engine/loader.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <fstream>

#include "tests/policy/the_pack.h"
#include "tests/support/status_matchers.h"
#include "tests/support/temp_dir.h"

namespace sluis::policy {
namespace {

using ::testing::HasSubstr;
using testing::ThePack;
using testing::ThePackTexts;

// Replaces the only or the first `from` in one file of the real pack.
std::vector<PackText> Altered(const std::string& file, const std::string& from,
                              const std::string& to) {
  std::vector<PackText> texts = ThePackTexts();
  for (PackText& text : texts) {
    if (text.name != file) continue;
    const std::size_t at = text.text.find(from);
    EXPECT_NE(at, std::string::npos) << from;
    if (at != std::string::npos) text.text.replace(at, from.size(), to);
  }
  return texts;
}

// Every fault as `file:line what`.
std::string FaultsOf(const std::vector<PackText>& texts) {
  const auto pack = LoadPackTexts(texts);
  if (pack.ok()) return "no fault";
  EXPECT_THAT(pack, sluis::testing::HasReason("PACK_INVALID"));
  std::string faults;
  for (const FieldViolation& violation : DetailOf(pack.status()).violations) {
    faults += violation.field + " " + violation.description + "\n";
  }
  return faults;
}

int LineOf(const std::vector<PackText>& texts, const std::string& file, const std::string& needle) {
  for (const PackText& text : texts) {
    if (text.name != file) continue;
    const auto end = text.text.begin() + static_cast<std::ptrdiff_t>(text.text.find(needle));
    return 1 + static_cast<int>(std::count(text.text.begin(), end, '\n'));
  }
  return 0;
}

struct Fault {
  std::string file, from, to, says;
};

void PrintTo(const Fault& fault, std::ostream* out) { *out << fault.file << ": " << fault.to; }

class LoaderFault : public ::testing::TestWithParam<Fault> {};

TEST_P(LoaderFault, IsNamed) {
  const Fault& fault = GetParam();
  EXPECT_THAT(FaultsOf(Altered(fault.file, fault.from, fault.to)), HasSubstr(fault.says))
      << fault.to;
}

const char kPermits[] = "permits-gemeente.txtpb";

INSTANTIATE_TEST_SUITE_P(
    Faults, LoaderFault,
    ::testing::Values(
        Fault{kPermits, "permit {", "permitt {", "Did you mean `permit`?"},
        Fault{kPermits, "action: \"disclose\"", "acton: \"disclose\"", "Did you mean `action`?"},
        Fault{kPermits, "permit {", "permit [", "permits-gemeente.txtpb:4:3 Expected"},
        Fault{kPermits, "id: \"P-01\"", "id: \"P-01\" id: \"P-01\"", "specified multiple times"},
        Fault{kPermits, "id: \"P-01\"", "id: \"P-02\"",
              "rule P-02 stands at permits-gemeente.txtpb:"},
        Fault{kPermits, "id: \"P-01\"", "id: \"N-01\"", "write it as P-01"},
        Fault{kPermits, "id: \"P-01\"", "id: \"P-0x\"", "write it as P-01"},
        Fault{kPermits, "    title: \"Signaal van een afdeling naar OOV\"\n", "", "needs a title"},
        Fault{kPermits, "law: \"Gemeentewet 172; AVG 6(1)e; Mod", "law: \"\" # ", "needs the law"},
        Fault{kPermits, "      en: \"Your colleague may", "      en: \"\" # ", "say it in English"},
        Fault{kPermits, "review: TO_BE_CONFIRMED_BY_JURIST", "", "say whether a jurist"},
        Fault{kPermits, "review: TO_BE_CONFIRMED_BY_JURIST", "review: OK",
              "Unknown enumeration value of \"OK\""},
        Fault{kPermits, "2025-03-01T00:00:00+01:00", "2025-03-01T00:00:00",
              "is no time with a zone"},
        Fault{kPermits, "2025-03-01T00:00:00+01:00\"",
              "2025-03-01T00:00:00Z\" valid_until: \"2025-03-01T00:00:00Z\"", "never valid"},
        Fault{kPermits, "\"disclose\"", "\"discloze\"",
              "no such action: `discloze`; did you mean `disclose`?"},
        Fault{kPermits, "\"signaal-intake\"", "\"toezicht-en-registratie\"", "no such purpose"},
        Fault{kPermits, "\"gemeente/meldpunt\"", "\"gemeente/*\"", "no such unit"},
        Fault{kPermits, "\"gemeente/meldpunt\"", "\"gemeente/toezicht\"", "stands here twice"},
        Fault{kPermits, "regime: \"avg\"", "", "name every dimension"},
        Fault{kPermits, "regime: \"avg\"", "regime: \"avg\" field: \"p-naam\"", "under `release`"},
        Fault{kPermits, "value: \"yes\"", "value: \"ja\"", "no such value of zelfde-organisatie"},
        Fault{kPermits, "id: \"zaak-open\" value: \"yes\"",
              "id: \"zaak-open\" value: [\"yes\", \"unknown\"]", "an unknown fact never opens"},
        Fault{kPermits, "form: \"category\"", "form: \"vague\"", "no such form"},
        Fault{kPermits, "\"sig-thema\", \"sig-bron\"", "\"sig-thema\", \"p-naam\"",
              "`p-naam` has no form category"},
        Fault{kPermits, "\"sig-datum\", \"sig-locatie\"",
              "\"sig-datum\", \"sig-locatie\", \"sig-datum\"", "twice"},
        Fault{kPermits, "\"sig-feiten\", \"pand-adres\"", "\"sig-feiten\", \"sig-datum\"",
              "`sig-datum` stands in this rule already"},
        Fault{kPermits, "retention: \"P6M\"", "", "name retention, onward and handling"},
        Fault{kPermits, "retention: \"P6M\"", "retention: \"P06M\"", "not a period"},
        Fault{kPermits, "onward: \"within-case\"", "onward: \"named\"", "name whom in onward_to"},
        Fault{kPermits, "onward: \"within-case\"", "onward: \"within-case\" onward_to: \"rechter\"",
              "and only then"},
        Fault{kPermits, "handling: \"vertrouwelijk\"", "handling: \"geheim\"", "no such handling"},
        Fault{"prohibitions.txtpb", "value: [\"no\", \"unknown\"]", "value: \"no\"",
              "list unknown too"},
        Fault{"prohibitions.txtpb", "    regime: \"wpg-12\"\n", "",
              "an empty box is every request"},
        Fault{"conditions.txtpb", "count: 1", "count: 2", "from 1 to the number of roles"},
        Fault{"conditions.txtpb", "count: 1", "", "from 1 to the number of roles"},
        Fault{"conditions.txtpb", "\"politie-verstrekker\"", "\"politieverstrekker\"",
              "did you mean `politie-verstrekker`?"},
        Fault{"conditions.txtpb", "    max_age: \"P30D\"\n", "", "not a period"},
        Fault{"conditions.txtpb", "    mark: \"oordeel\"\n", "", "asks for nothing"},
        Fault{"emergencies.txtpb", "review_role: [", "# [", "name who reviews afterwards"},
        Fault{"emergencies.txtpb", "max_use: \"PT24H\"", "", "not a period"},
        Fault{"invariants.txtpb", "min_form: \"presence\"", "", "no such form"},
        Fault{"vocabulary.txtpb", "version: \"2026.11.2\"", "", "name both bundle and version"},
        Fault{"vocabulary.txtpb", "id: \"mandaat\"", "id: \"mandaat\" derived: true",
              "the engine works out"},
        Fault{"vocabulary.txtpb", "given_by: REQUESTER", "", "say whose person"},
        Fault{"vocabulary.txtpb", "given_by: REQUESTER", "given_by: REQUESTER kind: \"om\"",
              "and only then"},
        Fault{"vocabulary.txtpb", "\"basisteam\"", "\"basis/team\"", "holds no slash"},
        Fault{"fields.txtpb", "id: \"p-adres\"", "id: \"p-naam\"",
              "field `p-naam` stands at fields.txtpb:"},
        Fault{"fields.txtpb", "[\"presence\", \"pseudonym\", \"exact\"]",
              "[\"exact\", \"presence\"]", "least revealing form first"},
        Fault{"fields.txtpb", "sensitivity: \"bsn\"", "sensitivity: \"secret\"",
              "no such sensitivity"},
        Fault{"fields.txtpb", "nl: \"naam\"", "nl: \"na\\001am\"", "not printable UTF-8"},
        Fault{"fields.txtpb", "nl: \"naam\"", "nl: \"na\\377am\"", "UTF-8"},
        Fault{"fields.txtpb", "nl: \"naam\"", "nl: \" naam\"", "starts or ends with a space"},
        Fault{"bases.txtpb", "law_id: \"BWBR0022463\"", "",
              "name the law, its id and the article"}));

TEST(Loader, NamesLineColumnWordAndTheNearestOne) {
  const auto texts = Altered(kPermits, "onward: \"within-case\"", "onward: \"within-kase\"");
  const int line = LineOf(texts, kPermits, "within-kase");
  EXPECT_THAT(FaultsOf(texts),
              HasSubstr("permits-gemeente.txtpb:" + std::to_string(line) +
                        ":5 onward: no such onward: `within-kase`; did you mean `within-case`?"));
}

TEST(Loader, SaysWhereEachRuleStands) {
  RulePlaces places;
  const auto texts = ThePackTexts();
  ASSERT_OK(LoadPackTexts(texts, &places));
  EXPECT_EQ(places.size(),
            ThePack().rules().permits.size() + ThePack().rules().prohibitions.size() +
                ThePack().rules().conditions.size() + ThePack().rules().emergencies.size() +
                ThePack().rules().invariants.size());
  const int line = LineOf(texts, "prohibitions.txtpb", "id: \"N-19\"");
  EXPECT_EQ(places.at("N-19"), "prohibitions.txtpb:" + std::to_string(line - 2) + ":1");
}

TEST(Loader, RepeatsTheWordThatIsNoCode) {
  EXPECT_THAT(FaultsOf(Altered("vocabulary.txtpb", "id: \"mandaat\"", "id: \"Mandaat 1\"")),
              HasSubstr("`Mandaat 1` is no code"));
  EXPECT_THAT(FaultsOf(Altered(kPermits, "id: \"P-01\"", "id: \"p1\"")),
              HasSubstr("`p1`: write it as P-01"));
}

TEST(Loader, NamesSeveralFaultsAtOnce) {
  auto texts = Altered(kPermits, "handling: \"vertrouwelijk\"", "handling: \"geheim\"");
  for (PackText& text : texts) {
    if (text.name == "conditions.txtpb")
      text.text.replace(text.text.find("count: 1"), 8, "count: 9");
  }
  const std::string faults = FaultsOf(texts);
  EXPECT_THAT(faults, HasSubstr("permits-gemeente.txtpb:"));
  EXPECT_THAT(faults, HasSubstr("conditions.txtpb:"));
}

TEST(Loader, RefusesTwoPacksInOneFolder) {
  auto texts = ThePackTexts();
  texts.push_back({"other.txtpb", "bundle: \"ander\" version: \"1\""});
  EXPECT_THAT(FaultsOf(texts), HasSubstr("stand in another file already"));
}

TEST(Loader, RefusesAPackWithoutWords) {
  EXPECT_THAT(FaultsOf({{"a.txtpb", "bundle: \"leeg\" version: \"1\""}}),
              HasSubstr("the pack has no `action`"));
}

TEST(Loader, LayoutOfFilesMakesNoDifference) {
  auto texts = ThePackTexts();
  std::reverse(texts.begin(), texts.end());
  PackText whole{"whole.txtpb", ""};
  for (const PackText& text : texts) whole.text += text.text + "\n";
  const auto pack = LoadPackTexts({whole});
  ASSERT_OK(pack);
  EXPECT_EQ(CanonicalBytes(**pack), CanonicalBytes(ThePack()));
}

TEST(Loader, OneChangedWordChangesTheCanonicalBytes) {
  const auto pack = LoadPackTexts(Altered(kPermits, "retention: \"P6M\"", "retention: \"P7M\""));
  ASSERT_OK(pack);
  EXPECT_NE(CanonicalBytes(**pack), CanonicalBytes(ThePack()));
}

TEST(Loader, FolderMustHoldAPack) {
  const sluis::testing::TempDir folder;
  EXPECT_THAT(LoadPackDirectory(folder.path()), sluis::testing::HasReason("PACK_NOT_FOUND"));
  EXPECT_THAT(LoadPackDirectory(folder.path() / "none"),
              sluis::testing::HasReason("PACK_NOT_FOUND"));
  std::ofstream(folder.path() / "a.txtpb") << "permit {";
  EXPECT_THAT(LoadPackDirectory(folder.path()), sluis::testing::HasReason("PACK_INVALID"));
}

}  // namespace
}  // namespace sluis::policy

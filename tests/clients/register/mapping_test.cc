#include "clients/lib/register/mapping.h"

#include <gtest/gtest.h>

#include <functional>

#include "tests/support/status_matchers.h"

namespace sluis::edge {
namespace {

constexpr std::string_view kGood = R"(
name: "politie-informatie"
file: "politie/informatie.csv"
encoding: ENCODING_UTF_8
delimiter: ","
keys { kind: "bsn" column: "bsn" }
regime { by_column { column: "label" entries { text: "8" code: "wpg-8" } } }
subject_category { constant: "verdachte" }
fields { field: "p-naam"
  forms { form: "exact" columns: "voornamen" columns: "naam" copy {} }
  forms { form: "pseudonym" columns: "bsn" subjects { kind: "bsn" } } }
fields { field: "fin-inkomen" forms { form: "generalised" columns: "bedrag" band { from: 100 from: 200 } } }
)";

TEST(Mapping, AGoodOnePasses) { EXPECT_OK(ParseMapping(kGood)); }

TEST(Mapping, AnUnknownKeyIsAnErrorWithItsLine) {
  const auto mapping = ParseMapping("name: \"a\"\ncolour: \"red\"\n");
  ASSERT_THAT(mapping, testing::HasReason("MAPPING_INVALID"));
  EXPECT_TRUE(MessageOf(mapping.status()).starts_with("line 2, column")) << mapping.status();
}

TEST(Mapping, AKeyGivenTwiceIsAnError) {
  EXPECT_THAT(ParseMapping("name: \"a\"\nname: \"b\"\n"), testing::HasReason("MAPPING_INVALID"));
}

TEST(Mapping, ARegisterNamedByMistakeIsNotQuoted) {
  const auto mapping = ParseMapping("bsn,naam\n999990019,Geheim\n");
  ASSERT_THAT(mapping, testing::HasReason("MAPPING_INVALID"));
  EXPECT_EQ(MessageOf(mapping.status()).find("999990019"), std::string::npos);
}

TEST(Mapping, SizeAndEncodingAreBounded) {
  EXPECT_THAT(ParseMapping(std::string(kMaxMappingBytes + 1, ' ')), testing::HasReason("MAPPING_INVALID"));
  EXPECT_THAT(ParseMapping("name: \"\xff\""), testing::HasReason("MAPPING_INVALID"));
}

struct Wrong {
  const char* name;
  std::function<void(v1::RegisterMapping&)> change;
  std::string field;
};

v1::FormRule& Rule(v1::RegisterMapping& mapping) { return *mapping.mutable_fields(0)->mutable_forms(0); }
v1::FormRule& BandRule(v1::RegisterMapping& mapping) { return *mapping.mutable_fields(1)->mutable_forms(0); }

class WrongMapping : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongMapping, NamesTheField) {
  auto mapping = ParseMapping(kGood);
  ASSERT_OK(mapping);
  GetParam().change(*mapping);
  const absl::Status status = CheckMapping(*mapping);
  ASSERT_THAT(status, testing::HasReason("MAPPING_INVALID"));
  EXPECT_EQ(DetailOf(status).violations.front().field, GetParam().field);
}

using M = v1::RegisterMapping;
INSTANTIATE_TEST_SUITE_P(
    Mapping, WrongMapping,
    ::testing::Values(
        Wrong{"Name", [](M& m) { m.set_name("Politie"); }, "name"},
        Wrong{"AbsoluteFile", [](M& m) { m.set_file("/etc/passwd"); }, "file"},
        Wrong{"OuterFile", [](M& m) { m.set_file("a/../../b.csv"); }, "file"},
        Wrong{"FolderAsFile", [](M& m) { m.set_file("politie/"); }, "file"},
        Wrong{"NulInFile", [](M& m) { m.set_file(std::string("a\0b", 3)); }, "file"},
        Wrong{"NoEncoding", [](M& m) { m.clear_encoding(); }, "encoding"},
        Wrong{"QuoteAsDelimiter", [](M& m) { m.set_delimiter("\""); }, "delimiter"},
        Wrong{"LongDelimiter", [](M& m) { m.set_delimiter(",,"); }, "delimiter"},
        Wrong{"NoKey", [](M& m) { m.clear_keys(); }, "keys"},
        Wrong{"KeyKind", [](M& m) { m.mutable_keys(0)->set_kind("plate"); }, "keys[0].kind"},
        Wrong{"KeyCategory", [](M& m) { m.mutable_keys(0)->set_subject_category("Een pand"); },
              "keys[0].subject_category"},
        Wrong{"About", [](M& m) { m.mutable_fields(0)->set_about("person"); }, "fields[0].about"},
        Wrong{"KeyTwice", [](M& m) { *m.add_keys() = m.keys(0); }, "keys[1].column"},
        Wrong{"NoRegime", [](M& m) { m.clear_regime(); }, "regime"},
        Wrong{"LabelWithoutEntries",
              [](M& m) { m.mutable_regime()->mutable_by_column()->clear_entries(); },
              "regime.by_column.entries"},
        Wrong{"LabelCode",
              [](M& m) { m.mutable_regime()->mutable_by_column()->mutable_entries(0)->set_code("Wpg 8"); },
              "regime.by_column.entries"},
        Wrong{"Category", [](M& m) { m.mutable_subject_category()->set_constant("?"); },
              "subject_category.constant"},
        Wrong{"NoFields", [](M& m) { m.clear_fields(); }, "fields"},
        Wrong{"FieldTwice", [](M& m) { *m.add_fields() = m.fields(0); }, "fields[2].field"},
        Wrong{"NoForms", [](M& m) { m.mutable_fields(0)->clear_forms(); }, "fields[0].forms"},
        Wrong{"FormWord", [](M& m) { Rule(m).set_form("full"); }, "fields[0].forms[0].form"},
        Wrong{"FormTwice", [](M& m) { *m.mutable_fields(0)->add_forms() = m.fields(0).forms(0); },
              "fields[0].forms[2].form"},
        Wrong{"NoTransform", [](M& m) { Rule(m).clear_copy(); }, "fields[0].forms[0].columns"},
        Wrong{"TwoDates", [](M& m) { Rule(m).mutable_year(); }, "fields[0].forms[0].columns"},
        Wrong{"NoColumns", [](M& m) { Rule(m).clear_columns(); }, "fields[0].forms[0].columns"},
        Wrong{"ListOfTwoColumns", [](M& m) { Rule(m).set_list_separator("|"); },
              "fields[0].forms[0].list_separator"},
        Wrong{"PseudonymAsText", [](M& m) { m.mutable_fields(0)->mutable_forms(1)->mutable_copy(); },
              "fields[0].forms[1]"},
        Wrong{"PresenceAsText", [](M& m) { BandRule(m).set_form("presence"); }, "fields[1].forms[0]"},
        Wrong{"SubjectKind",
              [](M& m) { m.mutable_fields(0)->mutable_forms(1)->mutable_subjects()->set_kind("x"); },
              "fields[0].forms[1].subjects.kind"},
        Wrong{"NoBounds", [](M& m) { BandRule(m).mutable_band()->clear_from(); },
              "fields[1].forms[0].band.from"},
        Wrong{"FallingBounds", [](M& m) { BandRule(m).mutable_band()->add_from(200); },
              "fields[1].forms[0].band.from"},
        Wrong{"ZeroBound", [](M& m) { BandRule(m).mutable_count()->add_from(0); },
              "fields[1].forms[0].count.from"},
        Wrong{"EmptyTable", [](M& m) { BandRule(m).mutable_table(); },
              "fields[1].forms[0].table.entries"}),
    [](const auto& instance) { return instance.param.name; });

TEST(Mapping, AllProblemsComeAtOnce) {
  v1::RegisterMapping empty;
  EXPECT_GE(DetailOf(CheckMapping(empty)).violations.size(), 7u);
}

}  // namespace
}  // namespace sluis::edge

#include "lib/sealing/subject.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "tests/support/status_matchers.h"

namespace sluis {
namespace {

using testing::HasReason;

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(!Printable<Subject>, "a number of a person does not reach a stream");
static_assert(!std::is_convertible_v<Subject, BytesView> && !std::is_copy_constructible_v<Subject>);

struct Good {
  SubjectKind kind;
  std::string_view value;
  std::string_view identity;
};

constexpr Good kGood[] = {
    {SubjectKind::kBsn, "999990019", R"({"kind":"bsn","value":"999990019"})"},
    {SubjectKind::kRsin, "999990019", R"({"kind":"rsin","value":"999990019"})"},
    {SubjectKind::kKvk, "00000000", R"({"kind":"kvk","value":"00000000"})"},
    {SubjectKind::kKenteken, "AB12CD", R"({"kind":"kenteken","value":"AB12CD"})"},
    {SubjectKind::kBag, "0363010000000001", R"({"kind":"bag","value":"0363010000000001"})"},
};

TEST(SubjectTest, IdentityComesBack) {
  for (const Good& g : kGood) {
    ASSERT_OK_AND_ASSIGN(const Subject subject, Subject::Create(g.kind, g.value));
    const SecretBytes identity = EncodeIdentity(subject);
    EXPECT_EQ(identity.Reveal(SecretAccess::ForTest()), g.identity);
    ASSERT_OK_AND_ASSIGN(const Subject back, ParseIdentity(identity));
    EXPECT_TRUE(back.Equals(subject));
    EXPECT_EQ(back.value(SecretAccess::ForTest()), g.value);
    EXPECT_EQ(ParseSubjectKind(SubjectKindName(g.kind)).value(), g.kind);
  }
}

TEST(SubjectTest, SameDigitsOfAnotherKindAreAnotherSubject) {
  const Subject person = Subject::Create(SubjectKind::kBsn, "999990019").value();
  EXPECT_FALSE(person.Equals(Subject::Create(SubjectKind::kRsin, "999990019").value()));
  EXPECT_TRUE(person.Equals(person.Clone()));
}

TEST(SubjectTest, OnlyCanonicalValues) {
  const std::pair<SubjectKind, std::string_view> bad[] = {{SubjectKind::kRsin, "999990018"},
                                                          {SubjectKind::kRsin, "99999001"},
                                                          {SubjectKind::kKvk, "1234567"},
                                                          {SubjectKind::kKvk, "1234567x"},
                                                          {SubjectKind::kKvk, ""},
                                                          {SubjectKind::kKenteken, "AB-12-CD"},
                                                          {SubjectKind::kKenteken, "ab12cd"},
                                                          {SubjectKind::kKenteken, "AB12C"},
                                                          {SubjectKind::kBag, "036301000000000"},
                                                          {SubjectKind::kBag, "036301000000000A"},
                                                          {SubjectKind::kBag, "03630100000000011"}};
  for (const auto& [kind, value] : bad) {
    EXPECT_THAT(Subject::Create(kind, value), HasReason("E_SUBJECT"))
        << SubjectKindName(kind) << " " << value;
  }
  EXPECT_THAT(Subject::Create(SubjectKind::kBsn, "999990018"), HasReason("E_BSN"));
  EXPECT_THAT(Subject::Create(SubjectKind::kBsn, BytesView("99999001\0", 9)), HasReason("E_BSN"));
  EXPECT_THAT(ParseSubjectKind("BSN"), HasReason("E_SUBJECT"));
  EXPECT_THAT(ParseSubjectKind(""), HasReason("E_SUBJECT"));
}

TEST(SubjectTest, ErrorsDoNotRepeatTheValue) {
  EXPECT_EQ(Subject::Create(SubjectKind::kBsn, "999990018").status().ToString().find("999990018"),
            std::string::npos);
  EXPECT_EQ(::testing::PrintToString(Subject::Create(SubjectKind::kBsn, "999990019").value()),
            "<bsn>");
}

TEST(SubjectTest, IdentityHasOneSpelling) {
  for (const char* text :
       {"", "{}", R"({"kind":"bsn"})", R"({"value":"999990019","kind":"bsn"})",
        R"({"kind": "bsn","value":"999990019"})", R"({"kind":"bsn","value":999990019})",
        R"({"kind":"bsn","value":"999990019"} )", R"( {"kind":"bsn","value":"999990019"})",
        R"({"kind":"bsn","value":"999990019","x":"y"})", R"({"kind":"bsn","value":")",
        R"({"kind":"bsn","value":"})", R"({"kind":"person","value":"999990019"})",
        R"({"kind":"kvk","value":"\u00300000000"})"}) {
    const auto parsed = ParseIdentity(SecretBytes::CopyOf(text));
    EXPECT_TRUE(ReasonOf(parsed.status()) == "E_SUBJECT" || ReasonOf(parsed.status()) == "E_BSN")
        << text;
  }
  EXPECT_THAT(ParseIdentity(SecretBytes::CopyOf(R"({"kind":"bsn","value":"999990018"})")),
              HasReason("E_BSN"));
}

}  // namespace
}  // namespace sluis

#include "lib/pseudonym/human_form.h"

#include <gtest/gtest.h>

#include <type_traits>

#include "tests/support/status_matchers.h"

namespace sluis::pseudonym {
namespace {

using sluis::testing::HasReason;

template <typename T>
concept Printable = requires(std::ostream& out, const T& value) {
  out << value;
};
static_assert(!Printable<CasePseudonym> && !Printable<SubjectElement>);
static_assert(!std::is_convertible_v<IndexPseudonym, CasePseudonym> &&
              !std::is_constructible_v<CasePseudonym, IndexPseudonym>);

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

std::string Some() { return HumanForm(CasePseudonym(MultiplyBase(SecretScalar::Random()))); }

TEST(HumanFormTest, TypedAsPeopleDo) {
  for (const char* text :
       {"P-64AY-3WYW", "p-64ay-3wyw", "64AY3WYW", " p 64 ay 3w yw", "64ay-3wyw"}) {
    EXPECT_EQ(ParseHumanForm(text).value(), "P-64AY-3WYW") << text;
  }
  EXPECT_EQ(ParseHumanForm("P-TSOC-KN5R").value(), "P-TS0C-KN5R");
  EXPECT_EQ(ParseHumanForm("p-I248-tg9n").value(), "P-1248-TG9N");
  EXPECT_EQ(ParseHumanForm("p-L248-tg9n").value(), "P-1248-TG9N");
}

TEST(HumanFormTest, OtherTextsAreRefused) {
  for (const char* text : {"", "P", "P-64AY-3WY", "P-64AY-3WYWW", "Q-64AY-3WYW", "P-64AU-3WYW",
                           "P-64A!-3WYW", "PP64AY3WYW", "999990019"}) {
    EXPECT_THAT(ParseHumanForm(text), HasReason("FIELD_INVALID")) << text;
  }
  EXPECT_THAT(ParseHumanForm(std::string(1000, ' ') + "P-64AY-3WYW"), HasReason("FIELD_INVALID"));
}

// Every wrong character and every exchange of two, in many pseudonyms.
TEST(HumanFormTest, CheckCharacterFindsOneErrorAndEveryExchange) {
  for (int run = 0; run < 20; ++run) {
    const std::string right = Some();
    ASSERT_EQ(ParseHumanForm(right).value(), right);
    for (std::size_t i = 2; i < right.size(); ++i) {
      if (right[i] == '-') continue;
      for (const char c : kAlphabet) {
        std::string wrong = right;
        wrong[i] = c;
        EXPECT_EQ(ParseHumanForm(wrong).ok(), c == right[i]) << wrong;
      }
      for (std::size_t j = 2; j < i; ++j) {
        if (right[j] == '-') continue;
        std::string wrong = right;
        std::swap(wrong[i], wrong[j]);
        EXPECT_EQ(ParseHumanForm(wrong).ok(), right[i] == right[j]) << wrong;
      }
    }
  }
}

}  // namespace
}  // namespace sluis::pseudonym

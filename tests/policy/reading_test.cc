// The reading version: whole, well-formed, and the same facts in both languages.
#include "policy/engine/reading.h"

#include <gmock/gmock.h>

#include <regex>

#include "policy/engine/reading_words.h"
#include "tests/policy/the_pack.h"

namespace sluis::policy {
namespace {

using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::ThePack;

std::string Page(bool dutch, bool demonstration = true, const CodeSet& signed_rules = {}) {
  ReadingOptions options;
  options.dutch = dutch;
  options.demonstration = demonstration;
  options.other_page = "other.html";
  options.signed_by_jurist = signed_rules;
  return ReadingPage(ThePack(), options);
}

std::vector<std::string> AllIds() { return UnsignedRules(ThePack(), {}); }

std::vector<std::string> Matches(const std::string& text, const std::string& pattern) {
  std::vector<std::string> found;
  const std::regex regex(pattern);
  for (std::sregex_iterator i(text.begin(), text.end(), regex), end; i != end; ++i)
    found.push_back((*i)[1]);
  return found;
}

// Every tag is closed by its own, in order; attributes are quoted; nothing is open at the end.
// Gives what is wrong, or nothing.
std::string Malformed(const std::string& page) {
  std::vector<std::string> open;
  std::size_t at = page.find('\n');  // behind the doctype
  while ((at = page.find('<', at)) != std::string::npos) {
    const std::size_t end = page.find('>', at);
    if (end == std::string::npos) return "a tag without end";
    const std::string tag = page.substr(at + 1, end - at - 1);
    at = end;
    if (tag.find('<') != std::string::npos) return "a tag in a tag: " + tag;
    if (tag.ends_with('/')) continue;
    const bool closes = tag.starts_with('/');
    const std::string name = tag.substr(closes ? 1 : 0, tag.find(' ') - (closes ? 1 : 0));
    if (!closes) {
      open.push_back(name);
    } else if (open.empty() || open.back() != name) {
      return "closes " + name + (open.empty() ? "" : " in " + open.back());
    } else {
      open.pop_back();
    }
    if (std::count(tag.begin(), tag.end(), '"') % 2 != 0) return "an open quote: " + tag;
  }
  return open.empty() ? "" : "never closed: " + open.back();
}

class ReadingTest : public ::testing::TestWithParam<bool> {};

TEST_P(ReadingTest, IsWellFormedAndNeedsNoScript) {
  const std::string page = Page(GetParam());
  EXPECT_EQ(Malformed(page), "");
  EXPECT_THAT(page, Not(HasSubstr("<script")));
  EXPECT_THAT(page, Not(HasSubstr("onclick")));
  EXPECT_THAT(page, HasSubstr(GetParam() ? "<html lang=\"nl\">" : "<html lang=\"en\">"));
  EXPECT_EQ(Matches(page, "(<h1>)").size(), 1U);
  EXPECT_THAT(page, HasSubstr("hreflang=\"" + std::string(GetParam() ? "en" : "nl") + "\""));
}

TEST_P(ReadingTest, HoldsEveryRuleOnceUnderItsId) {
  const std::string page = Page(GetParam());
  const std::vector<std::string> ids = AllIds();
  ASSERT_GT(ids.size(), 130U);
  for (const std::string& id : ids) {
    const std::string mark = " id=\"" + Anchor("rule", id) + "\"";
    const std::size_t first = page.find(mark);
    EXPECT_NE(first, std::string::npos) << id;
    EXPECT_EQ(page.find(mark, first + 1), std::string::npos) << id;
  }
}

TEST_P(ReadingTest, EveryFragmentLinkResolvesAndNoIdStandsTwice) {
  const std::string page = Page(GetParam());
  const std::vector<std::string> ids = Matches(page, " id=\"([^\"]*)\"");
  const std::set<std::string> known(ids.begin(), ids.end());
  EXPECT_EQ(known.size(), ids.size());
  const std::vector<std::string> links = Matches(page, "href=\"#([^\"]*)\"");
  EXPECT_GT(links.size(), 500U);
  for (const std::string& link : links) EXPECT_TRUE(known.contains(link)) << link;
}

TEST_P(ReadingTest, EveryPermitLinksToItsLaw) {
  ReadingOptions options;
  options.dutch = GetParam();
  const Reading reading(ThePack(), options);
  for (const Permit& rule : ThePack().rules().permits)
    EXPECT_THAT(reading.Sources(rule), HasSubstr("href=\"")) << rule.id;
  for (const Emergency& rule : ThePack().rules().emergencies)
    EXPECT_THAT(reading.Sources(rule), HasSubstr("href=\"")) << rule.id;
  for (const std::string& address : Matches(Page(GetParam()), "href=\"(http[^\"]*)\"")) {
    EXPECT_TRUE(
        std::regex_match(address, std::regex("https://(wetten\\.overheid\\.nl/BWBR[0-9]{7}|"
                                             "eur-lex\\.europa\\.eu/eli/reg/[0-9]+/[0-9]+/oj)")))
        << address;
  }
}

TEST_P(ReadingTest, SaysTwiceThatItIsADemonstrationUnlessItIsNot) {
  const std::string words = GetParam() ? "geen juridisch advies" : "no legal advice";
  EXPECT_EQ(Matches(Page(GetParam()), "(" + words + ")").size(), 2U);
  EXPECT_THAT(Page(GetParam(), false), Not(HasSubstr(words)));
}

TEST_P(ReadingTest, CountsTheFlagsAndSignatures) {
  int read = 0, open = 0;
  for (const std::string& id : AllIds())
    (ThePack().FindRule(id)->review == Review::kVerified ? read : open) += 1;
  const auto row = [&](int is_signed) {
    return std::string(GetParam() ? "regels" : "rules") + "</th><td>" + std::to_string(read) +
           "</td><td>" + std::to_string(open) + "</td><td>" + std::to_string(is_signed) + "</td>";
  };
  EXPECT_THAT(Page(GetParam()), HasSubstr(row(0)));
  EXPECT_THAT(Page(GetParam(), true, {"P-10", "P-11"}), HasSubstr(row(2)));
}

TEST_P(ReadingTest, ThePictureHasWordsAndAsManyMarksAsThereAreFlows) {
  const std::string page = Page(GetParam());
  EXPECT_THAT(page, HasSubstr("role=\"img\" aria-labelledby=\"matrix-title matrix-text\""));
  const auto& units = ThePack().vocabulary().units;
  std::size_t flows = 0;
  for (const std::string& from : units) {
    for (const std::string& to : units) {
      for (const Permit& rule : ThePack().rules().permits) {
        if (!rule.box.providers.contains(from) || !rule.box.recipients.contains(to)) continue;
        ++flows;
        break;
      }
    }
  }
  EXPECT_EQ(Matches(page, "(<rect )").size(), flows);
  EXPECT_GT(flows, 20U);
}

TEST_P(ReadingTest, ATableOfAUnitNamesTheRulesByWhichItGetsSomething) {
  const std::string page = Page(GetParam());
  const std::size_t start = page.find("id=\"" + Anchor("unit", "gemeente/burgemeester") + "\"");
  const std::string part = page.substr(start, page.find("<h3", start + 1) - start);
  for (const Permit& rule : ThePack().rules().permits) {
    EXPECT_EQ(part.find("#" + Anchor("rule", rule.id) + "\"") != std::string::npos,
              rule.box.recipients.contains("gemeente/burgemeester"))
        << rule.id;
  }
  EXPECT_THAT(part, HasSubstr("scope=\"col\""));
  EXPECT_THAT(part, HasSubstr("scope=\"row\""));
  EXPECT_THAT(part, HasSubstr("<caption>"));
  EXPECT_THAT(part, HasSubstr(GetParam() ? "5 jaar" : "5 years")) << "P-10 keeps so long";
}

INSTANTIATE_TEST_SUITE_P(BothLanguages, ReadingTest, ::testing::Bool());

TEST(ReadingWordsTest, EscapesWhatWouldBeMarkup) {
  EXPECT_EQ(Html("<a href=\"x\">&"), "&lt;a href=&quot;x&quot;&gt;&amp;");
  EXPECT_EQ(Anchor("basis", "avg-6-1-e+gemeentewet-172"), "basis-avg-6-1-e_2bgemeentewet-172");
}

TEST(ReadingWordsTest, FindsTheAddressOfALaw) {
  EXPECT_EQ(LawAddress("BWBR0022463"), "https://wetten.overheid.nl/BWBR0022463");
  EXPECT_EQ(LawAddress("EU 2016/679"), "https://eur-lex.europa.eu/eli/reg/2016/679/oj");
  for (const char* none : {"", "BWBR", "BWBR in aanvraag", "onbekend"})
    EXPECT_EQ(LawAddress(none), "") << none;
}

TEST(ReadingWordsTest, NothingIsUnsignedOnceAllIsSigned) {
  const std::vector<std::string> ids = AllIds();
  EXPECT_THAT(UnsignedRules(ThePack(), CodeSet(ids.begin(), ids.end())), IsEmpty());
  EXPECT_EQ(UnsignedRules(ThePack(), CodeSet(ids.begin() + 1, ids.end())).size(), 1U);
}

}  // namespace
}  // namespace sluis::policy

#include "policy/engine/reading_words.h"

#include <algorithm>
#include <cctype>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "absl/strings/str_split.h"

namespace sluis::policy {
namespace {

bool IsPlain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

struct Unit {
  std::string_view one_nl, many_nl, one_en, many_en;
};

Unit UnitOf(char letter) {
  switch (letter) {
    case 'Y':
      return {"jaar", "jaar", "year", "years"};
    case 'M':
      return {"maand", "maanden", "month", "months"};
    case 'W':
      return {"week", "weken", "week", "weeks"};
    case 'D':
      return {"dag", "dagen", "day", "days"};
    default:
      return {"uur", "uur", "hour", "hours"};
  }
}

// `Wpg 16(1)b` begins with `Wpg`, `Wet Bibob 28` with `Bibob`.
std::string AbbreviationOf(std::string_view part) {
  if (part.starts_with("Wet ")) part.remove_prefix(4);
  std::string word(part.substr(0, part.find(' ')));
  absl::AsciiStrToLower(&word);
  return word;
}

}  // namespace

std::string Html(std::string_view text) {
  std::string html;
  for (const char c : text) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string Anchor(std::string_view prefix, std::string_view id) {
  std::string anchor = absl::StrCat(std::string(prefix), "-");
  for (const char c : id) {
    if (IsPlain(c)) {
      anchor += c;
    } else if (c == '/') {
      anchor += '-';
    } else {
      absl::StrAppendFormat(&anchor, "_%02x", static_cast<unsigned char>(c));
    }
  }
  return anchor;
}

std::string LawAddress(std::string_view law_id) {
  // What stands behind the first id, such as a second law, has no address of its own here.
  const std::string first(law_id.substr(0, law_id.find(' ')));
  if (first.starts_with("BWBR") && first.size() > 4) return "https://wetten.overheid.nl/" + first;
  constexpr std::string_view kEu = "EU ";
  const std::string_view number = law_id.starts_with(kEu) ? law_id.substr(kEu.size()) : "";
  if (number.empty()) return "";
  return absl::StrCat("https://eur-lex.europa.eu/eli/reg/", std::string(number), "/oj");
}

Reading::Reading(const Pack& pack, const ReadingOptions& options) : pack_(pack), options_(options) {
  const Vocabulary& words = pack.vocabulary();
  for (const auto* codes : {&words.actions, &words.regimes, &words.subject_categories,
                            &words.case_phases, &words.forms, &words.handling, &words.onward}) {
    Learn(*codes);
  }
  for (const Purpose& one : words.purposes) meanings_.emplace(one.id, &one.meaning);
  for (const Field& one : words.fields) meanings_.emplace(one.id, &one.meaning);
  for (const Fact& one : words.facts) meanings_.emplace(one.id, &one.meaning);
  for (const ApprovalRole& one : words.approval_roles) meanings_.emplace(one.id, &one.meaning);
  // The ids of the bases begin with the short name of their law; of several laws, with the first,
  // whose id it then is not.
  for (const Basis& one : words.bases) {
    const std::string address = LawAddress(one.law_id);
    const std::string name = one.id.substr(0, one.id.find('-'));
    if (!address.empty() && one.id.find('+') == std::string::npos) laws_.emplace(name, address);
  }
}

void Reading::Learn(const std::vector<Code>& codes) {
  for (const Code& code : codes) meanings_.emplace(code.id, &code.meaning);
}

std::string Reading::Name(std::string_view code) const {
  const std::string mark = absl::StrCat("<code>", Html(code), "</code>");
  const auto found = meanings_.find(code);
  return found == meanings_.end() ? mark : absl::StrCat(Of(*found->second), " (", mark, ")");
}

std::string Reading::Names(const CodeSet& codes) const {
  std::string list = "<ul class=\"codes\">";
  for (const std::string& code : codes) absl::StrAppend(&list, "<li>", Name(code), "</li>");
  return list + "</ul>";
}

std::string Reading::NamesOrAny(const CodeSet& codes) const {
  return codes.empty() ? std::string(T("alle", "any")) : Names(codes);
}

std::string Reading::Time(const Period& period) const {
  std::vector<std::string> parts;
  std::string digits;
  for (const char c : period.text) {
    if (std::isdigit(static_cast<unsigned char>(c)) != 0) {
      digits += c;
    } else if (!digits.empty()) {
      const Unit unit = UnitOf(c);
      const bool one = digits == "1";
      parts.push_back(absl::StrCat(
          digits, " ",
          std::string(one ? T(unit.one_nl, unit.one_en) : T(unit.many_nl, unit.many_en))));
      digits.clear();
    }
  }
  return absl::StrJoin(parts, std::string(T(" en ", " and ")));
}

std::string Reading::Fields(const FieldForms& fields) const {
  std::string list = "<dl class=\"fields\">";
  for (const Code& form : pack_.vocabulary().forms) {
    CodeSet here;
    for (const auto& [field, its_form] : fields) {
      if (its_form == form.id) here.insert(field);
    }
    if (here.empty()) continue;
    absl::StrAppend(&list, "<dt>", Name(form.id), "</dt><dd>", Names(here), "</dd>");
  }
  return list + "</dl>";
}

std::string Reading::Sources(const Rule& rule) const {
  std::string text = "<ul class=\"sources\">";
  const std::vector<std::string> parts = absl::StrSplit(rule.law, "; ");
  for (const std::string& part : parts) {
    const auto law = laws_.find(AbbreviationOf(part));
    const std::string words = absl::StrCat("<span lang=\"nl\">", Html(part), "</span>");
    absl::StrAppend(&text, "<li>",
                    law == laws_.end()
                        ? words
                        : absl::StrCat("<a href=\"", Html(law->second), "\">", words, "</a>"),
                    "</li>");
  }
  for (const std::string& basis : rule.box.bases) {
    absl::StrAppend(&text, "<li><a href=\"#", Anchor("basis", basis), "\">",
                    std::string(T("grondslag ", "legal basis ")), "<code>", Html(basis),
                    "</code></a></li>");
  }
  return text + "</ul>";
}

std::string Reading::Flag(Review review) const {
  return review == Review::kVerified
             ? absl::StrCat("<span class=\"flag read\">",
                            std::string(T("artikel gelezen", "article read")), "</span>")
             : absl::StrCat(
                   "<span class=\"flag open\">",
                   std::string(T("jurist moet dit nog bevestigen", "to be confirmed by a jurist")),
                   "</span>");
}

std::string Reading::Marks(const Rule& rule) const {
  const bool is_signed = options_.signed_by_jurist.contains(rule.id);
  return absl::StrCat(Flag(rule.review), " <span class=\"flag ", is_signed ? "read" : "open", "\">",
                      std::string(is_signed ? T("ondertekend door een jurist", "signed by a jurist")
                                            : T("niet ondertekend", "not signed")),
                      "</span>");
}

std::string Reading::RuleLink(const std::string& id) const {
  return absl::StrCat("<a href=\"#", Anchor("rule", id), "\">", Html(id), "</a>");
}

}  // namespace sluis::policy

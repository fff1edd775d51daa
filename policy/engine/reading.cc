#include "policy/engine/reading.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "policy/engine/reading_words.h"

namespace sluis::policy {
namespace {

// Dark on light throughout: at least 7 to 1.
constexpr char kStyle[] =
    "body{font:1rem/1.5 sans-serif;color:#111;background:#fff;margin:0 auto;padding:1rem;"
    "max-width:75rem}a{color:#0b3d91}.demo{border:3px solid #7a1010;color:#7a1010;padding:.5rem;"
    "font-weight:bold}.flag{border:1px solid;padding:0 .25rem}.read{color:#0b4a1e}"
    ".open{color:#7a1010}table{border-collapse:collapse}th,td{border:1px solid #555;padding:.25rem;"
    "text-align:left;vertical-align:top}.wide{overflow-x:auto}ul.codes,ul.sources{margin:0;"
    "padding-left:1rem}dt{font-weight:bold}dd{margin:0 0 .25rem 1rem}svg{max-width:60rem;"
    "width:100%}.skip{position:absolute;left:-99rem}.skip:focus{left:1rem}";

struct Count {
  int read = 0, open = 0, is_signed = 0;
};

template <typename Do>
void ForEachRule(const Pack& pack, Do act) {
  const Rules& rules = pack.rules();
  for (const Rule& rule : rules.permits) act(rule);
  for (const Rule& rule : rules.prohibitions) act(rule);
  for (const Rule& rule : rules.conditions) act(rule);
  for (const Rule& rule : rules.emergencies) act(rule);
  for (const Rule& rule : rules.invariants) act(rule);
}

std::string Demo(const Reading& reading) {
  if (!reading.options().demonstration) return "";
  return absl::StrCat(
      "<p class=\"demo\" role=\"note\">",
      std::string(reading.T(
          "Demonstratie: deze regels zijn geen juridisch advies en mogen zo niet in gebruik.",
          "Demonstration: these rules are no legal advice and must not be used as they stand.")),
      "</p>\n");
}

std::string FlagsPart(const Reading& reading) {
  Count rules, bases;
  ForEachRule(reading.pack(), [&](const Rule& rule) {
    (rule.review == Review::kVerified ? rules.read : rules.open) += 1;
    rules.is_signed += reading.options().signed_by_jurist.contains(rule.id) ? 1 : 0;
  });
  for (const Basis& basis : reading.pack().vocabulary().bases)
    (basis.review == Review::kVerified ? bases.read : bases.open) += 1;
  const auto row = [](std::string_view name, const Count& count, const std::string& is_signed) {
    return absl::StrCat("<tr><th scope=\"row\">", std::string(name), "</th><td>", count.read,
                        "</td><td>", count.open, "</td><td>", is_signed, "</td></tr>\n");
  };
  return absl::StrCat(
      "<section aria-labelledby=\"flags\"><h2 id=\"flags\">",
      std::string(reading.T("Wat een jurist nog moet bevestigen", "What a jurist must confirm")),
      "</h2>\n<table><caption>", std::string(reading.T("Aantallen", "Counts")),
      "</caption><thead><tr><td></td><th scope=\"col\">",
      std::string(reading.T("artikel gelezen", "article read")), "</th><th scope=\"col\">",
      std::string(reading.T("nog te bevestigen", "to be confirmed")), "</th><th scope=\"col\">",
      std::string(reading.T("ondertekend", "signed")), "</th></tr></thead><tbody>\n",
      row(reading.T("regels", "rules"), rules, absl::StrCat(rules.is_signed)),
      row(reading.T("grondslagen", "legal bases"), bases, "-"), "</tbody></table></section>\n");
}

std::string Contents(const Reading& reading) {
  const std::pair<const char*, std::string_view> parts[] = {
      {"flags", reading.T("Wat een jurist nog moet bevestigen", "What a jurist must confirm")},
      {"flows", reading.T("Wie aan wie mag geven", "Who may give to whom")},
      {"units", reading.T("Wat een eenheid kan krijgen", "What a unit can get")},
      {"permits", reading.T("Toestemmingen", "Permits")},
      {"prohibitions", reading.T("Verboden", "Prohibitions")},
      {"conditions", reading.T("Voorwaarden", "Conditions")},
      {"emergencies", reading.T("Nood", "Emergencies")},
      {"invariants", reading.T("Wat nooit mag", "What must never be")},
      {"bases", reading.T("Grondslagen", "Legal bases")}};
  std::string list =
      absl::StrCat("<nav aria-label=\"", std::string(reading.T("Inhoud", "Contents")), "\"><ul>");
  for (const auto& [id, title] : parts)
    absl::StrAppend(&list, "<li><a href=\"#", id, "\">", std::string(title), "</a></li>");
  return list + "</ul></nav>\n";
}

std::string Head(const Reading& reading, const std::string& title) {
  return absl::StrCat("<!DOCTYPE html>\n<html lang=\"", std::string(reading.T("nl", "en")),
                      "\">\n<head><meta charset=\"utf-8\"/><meta name=\"viewport\" "
                      "content=\"width=device-width, initial-scale=1\"/><title>",
                      title, "</title><style>", kStyle, "</style></head>\n");
}

}  // namespace

std::string ReadingPage(const Pack& pack, const ReadingOptions& options) {
  const Reading reading(pack, options);
  const std::string title = absl::StrCat(std::string(reading.T("Regels ", "Rules ")),
                                         Html(pack.bundle()), " ", Html(pack.version()));
  std::string page = Head(reading, title);
  absl::StrAppend(&page, "<body><a class=\"skip\" href=\"#main\">",
                  std::string(reading.T("Naar de inhoud", "Skip to the content")), "</a>\n<header>",
                  Demo(reading), "<h1>", title, "</h1>\n");
  if (!options.other_page.empty())
    absl::StrAppend(&page, "<p><a href=\"", Html(options.other_page), "\" lang=\"",
                    std::string(reading.T("en", "nl")), "\" hreflang=\"",
                    std::string(reading.T("en", "nl")), "\">",
                    std::string(reading.T("In English", "In het Nederlands")), "</a></p>\n");
  absl::StrAppend(&page, Contents(reading), "</header>\n<main id=\"main\">\n");
  for (const auto part : {FlagsPart, MatrixPart, UnitsPart, RulesPart, BasesPart})
    page += part(reading);
  absl::StrAppend(&page, "</main>\n<footer>", Demo(reading), "<p>", title,
                  "</p></footer>\n</body></html>\n");
  return page;
}

std::vector<std::string> UnsignedRules(const Pack& pack, const CodeSet& signed_by_jurist) {
  std::vector<std::string> ids;
  ForEachRule(pack, [&](const Rule& rule) {
    if (!signed_by_jurist.contains(rule.id)) ids.push_back(rule.id);
  });
  return ids;
}

}  // namespace sluis::policy

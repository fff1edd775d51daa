// Per unit what it may get, and the picture of all flows.
#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "policy/engine/reading_words.h"

namespace sluis::policy {
namespace {

enum class Flow { kNone, kEmergency, kPermit };

constexpr int kCell = 16;     // pixels of one cell of the picture
constexpr int kMargin = 190;  // for the names

bool Holds(const CodeSet& codes, const std::string& code) {
  return codes.empty() || codes.contains(code);
}

template <typename R>
bool AnyFlows(const std::vector<R>& rules, const std::string& from, const std::string& to) {
  return std::any_of(rules.begin(), rules.end(), [&](const R& rule) {
    return Holds(rule.box.providers, from) && Holds(rule.box.recipients, to);
  });
}

Flow FlowOf(const Pack& pack, const std::string& from, const std::string& to) {
  if (AnyFlows(pack.rules().permits, from, to)) return Flow::kPermit;
  return AnyFlows(pack.rules().emergencies, from, to) ? Flow::kEmergency : Flow::kNone;
}

std::string Cell(const Flow flow, int column, int row) {
  if (flow == Flow::kNone) return "";
  const int x = kMargin + column * kCell, y = kMargin + row * kCell;
  if (flow == Flow::kPermit) {
    return absl::StrFormat("<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"#154273\"/>",
                           x + 1, y + 1, kCell - 2, kCell - 2);
  }
  return absl::StrFormat(
      "<circle cx=\"%d\" cy=\"%d\" r=\"%d\" fill=\"none\" stroke=\"#9b1c1c\" stroke-width=\"2\"/>",
      x + kCell / 2, y + kCell / 2, kCell / 2 - 3);
}

std::string Labels(const std::vector<std::string>& units) {
  std::string labels;
  for (int i = 0; i < static_cast<int>(units.size()); ++i) {
    const int middle = kMargin + i * kCell + kCell - 4;
    const std::string name = Html(units[static_cast<std::size_t>(i)]);
    absl::StrAppendFormat(&labels, "<text x=\"%d\" y=\"%d\" text-anchor=\"end\">%s</text>",
                          kMargin - 6, middle, name);
    absl::StrAppendFormat(&labels, "<text transform=\"translate(%d %d) rotate(-90)\">%s</text>",
                          middle, kMargin - 6, name);
  }
  return labels;
}

std::string Picture(const Reading& reading, const std::vector<std::string>& units) {
  const int size = kMargin + static_cast<int>(units.size()) * kCell + 4;
  std::string svg = absl::StrFormat(
      "<svg role=\"img\" aria-labelledby=\"matrix-title matrix-text\" viewBox=\"0 0 %d %d\" "
      "xmlns=\"http://www.w3.org/2000/svg\" font-size=\"11\">",
      size, size);
  absl::StrAppend(
      &svg, "<title id=\"matrix-title\">",
      std::string(reading.T("Wie aan wie mag geven", "Who may give to whom")),
      "</title><desc id=\"matrix-text\">",
      std::string(reading.T(
          "Rijen geven, kolommen ontvangen. Een vol vak: er is een toestemming. Een open rondje: "
          "alleen bij nood. De lijst eronder zegt hetzelfde in woorden.",
          "Rows give, columns receive. A filled square: there is a permit. An open circle: in an "
          "emergency only. The list below says the same in words.")),
      "</desc>", Labels(units));
  for (std::size_t row = 0; row < units.size(); ++row) {
    for (std::size_t column = 0; column < units.size(); ++column) {
      svg += Cell(FlowOf(reading.pack(), units[row], units[column]), static_cast<int>(column),
                  static_cast<int>(row));
    }
  }
  return svg + "</svg>\n";
}

std::string Receivers(const Reading& reading, const std::vector<std::string>& units,
                      const std::string& from, Flow wanted) {
  std::string list;
  for (const std::string& to : units) {
    if (FlowOf(reading.pack(), from, to) != wanted) continue;
    absl::StrAppend(&list, list.empty() ? "" : ", ", "<a href=\"#", Anchor("unit", to), "\">",
                    Html(to), "</a>");
  }
  return list;
}

// The picture in words.
std::string Words(const Reading& reading, const std::vector<std::string>& units) {
  std::string list = "<ul class=\"flows\">";
  for (const std::string& from : units) {
    const std::string permits = Receivers(reading, units, from, Flow::kPermit);
    const std::string emergencies = Receivers(reading, units, from, Flow::kEmergency);
    absl::StrAppend(&list, "<li><strong>", Html(from), "</strong>: ",
                    permits.empty() ? std::string(reading.T("aan niemand", "to nobody"))
                                    : std::string(reading.T("aan ", "to ")) + permits);
    if (!emergencies.empty())
      absl::StrAppend(
          &list, std::string(reading.T("; alleen bij nood aan ", "; in an emergency only to ")),
          emergencies);
    list += "</li>";
  }
  return list + "</ul>\n";
}

template <typename R>
void AddRow(const Reading& reading, const R& rule, const Period* look, std::string& rows) {
  const Obligations& duties = rule.obligations;
  absl::StrAppend(&rows, "<tr><th scope=\"row\">", reading.RuleLink(rule.id), "<br/>",
                  reading.Marks(rule), "</th><td>", reading.NamesOrAny(rule.box.providers),
                  "</td><td>", reading.NamesOrAny(rule.box.purposes), "</td><td>",
                  reading.Sources(rule), "</td><td>", reading.Fields(rule.fields), "</td><td>");
  if (duties.retention) rows += reading.Time(*duties.retention);
  if (look != nullptr)
    absl::StrAppend(&rows, std::string(reading.T("; inzien: ", "; may be looked at: ")),
                    reading.Time(*look));
  rows += "</td></tr>\n";
}

std::string Table(const Reading& reading, const std::string& unit) {
  std::string rows;
  for (const Permit& rule : reading.pack().rules().permits) {
    if (Holds(rule.box.recipients, unit)) AddRow(reading, rule, nullptr, rows);
  }
  for (const Emergency& rule : reading.pack().rules().emergencies) {
    if (Holds(rule.box.recipients, unit)) AddRow(reading, rule, &rule.max_use, rows);
  }
  if (rows.empty())
    return absl::StrCat(
        "<p>", std::string(reading.T("Deze eenheid krijgt niets.", "This unit gets nothing.")),
        "</p>\n");
  std::string head;
  for (const std::string_view title :
       {reading.T("Regel", "Rule"), reading.T("Van wie", "From whom"),
        reading.T("Waarvoor", "What for"), reading.T("Artikel", "Article"),
        reading.T("Wat, in welke vorm", "What, in which form"),
        reading.T("Hoe lang", "How long")}) {
    absl::StrAppend(&head, "<th scope=\"col\">", std::string(title), "</th>");
  }
  return absl::StrCat(
      "<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"", Html(unit),
      "\"><table><caption>",
      std::string(reading.T("Wat kan deze eenheid krijgen: ", "What this unit can get: ")),
      Html(unit), "</caption><thead><tr>", head, "</tr></thead><tbody>\n", rows,
      "</tbody></table></div>\n");
}

}  // namespace

std::string MatrixPart(const Reading& reading) {
  const std::vector<std::string>& units = reading.pack().vocabulary().units;
  return absl::StrCat("<section aria-labelledby=\"flows\"><h2 id=\"flows\">",
                      std::string(reading.T("Wie aan wie mag geven", "Who may give to whom")),
                      "</h2>\n", Picture(reading, units), Words(reading, units), "</section>\n");
}

std::string UnitsPart(const Reading& reading) {
  std::string part = absl::StrCat(
      "<section aria-labelledby=\"units\"><h2 id=\"units\">",
      std::string(reading.T("Wat een eenheid kan krijgen", "What a unit can get")), "</h2>\n<p>",
      std::string(reading.T(
          "Een toestemming is een mogelijkheid. Verboden, voorwaarden en de feiten van de zaak "
          "kunnen een vraag nog tegenhouden.",
          "A permit is a possibility. Prohibitions, conditions and the facts of the case can still "
          "stop a request.")),
      "</p>\n");
  for (const std::string& unit : reading.pack().vocabulary().units) {
    absl::StrAppend(&part, "<h3 id=\"", Anchor("unit", unit), "\">", Html(unit), "</h3>\n",
                    Table(reading, unit));
  }
  return part + "</section>\n";
}

}  // namespace sluis::policy

// Every rule with all it says, and the legal bases.
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "policy/engine/reading_words.h"

namespace sluis::policy {
namespace {

// One rule as an article: its lines are added in turn.
class Article {
 public:
  Article(const Reading& reading, const Rule& rule) : reading_(reading) {
    absl::StrAppend(&text_, "<article id=\"", Anchor("rule", rule.id), "\"><h3>", Html(rule.id),
                    ": <span lang=\"nl\">", Html(rule.title), "</span></h3>\n<p>",
                    reading.Of(rule.reason), "</p>\n<p>", reading.Marks(rule), "</p>\n<dl>");
    Line("Wet", "Law", reading.Sources(rule));
    Line("Geldt", "In force", Validity(rule));
  }
  void Line(std::string_view nl, std::string_view en, const std::string& html) {
    if (html.empty()) return;
    absl::StrAppend(&text_, "<dt>", std::string(reading_.T(nl, en)), "</dt><dd>", html, "</dd>\n");
  }
  void AddBox(const Box& box) {
    Codes("Handeling", "Action", box.actions);
    Codes("Doel", "Purpose", box.purposes);
    Codes("Gever", "Provider", box.providers);
    Codes("Ontvanger", "Recipient", box.recipients);
    Codes("Regime", "Regime", box.regimes);
    Codes("Over wie", "About whom", box.subject_categories);
    Codes("Fase", "Phase", box.case_phases);
    Codes("Velden", "Fields", box.fields);
    for (const auto& [fact, values] : box.facts) {
      std::string html = reading_.Name(fact) + ": ";
      absl::StrAppend(&html, "<code>", Html(absl::StrJoin(values, ", ")), "</code>");
      Line("Feit", "Fact", html);
    }
  }
  void AddObligations(const Obligations& duties) {
    if (duties.retention) Line("Bewaren", "Retention", reading_.Time(*duties.retention));
    if (!duties.onward.empty()) Line("Verder geven", "Onward", reading_.Name(duties.onward));
    Codes("Verder aan", "Onward to", duties.onward_to);
    if (!duties.handling.empty()) Line("Behandeling", "Handling", reading_.Name(duties.handling));
    if (duties.feedback_due)
      Line("Terugmelden binnen", "Feedback within", reading_.Time(*duties.feedback_due));
    Codes("Bericht aan", "Notify", duties.notify);
    if (!duties.mark.empty()) Line("Merk", "Mark", Html(duties.mark));
    if (duties.min_cell) Line("Kleinste aantal", "Smallest count", absl::StrCat(*duties.min_cell));
  }
  void AddFields(std::string_view nl, std::string_view en, const FieldForms& fields) {
    if (!fields.empty()) Line(nl, en, reading_.Fields(fields));
  }
  void Codes(std::string_view nl, std::string_view en, const CodeSet& codes) {
    if (!codes.empty()) Line(nl, en, reading_.Names(codes));
  }
  std::string Take() && { return text_ + "</dl></article>\n"; }

 private:
  std::string Validity(const Rule& rule) const {
    const auto day = [](absl::Time time) {
      return absl::FormatTime("%Y-%m-%d", time, absl::UTCTimeZone());
    };
    std::string text;
    if (rule.valid_from != absl::InfinitePast())
      absl::StrAppend(&text, std::string(reading_.T("vanaf ", "from ")), day(rule.valid_from));
    if (rule.valid_until != absl::InfiniteFuture())
      absl::StrAppend(&text, std::string(reading_.T(" tot ", " until ")), day(rule.valid_until));
    return text;
  }

  const Reading& reading_;
  std::string text_;
};

std::string Tell(const Reading& reading, const Permit& rule) {
  Article article(reading, rule);
  article.AddBox(rule.box);
  article.AddFields("Wat gaat mee", "What leaves", rule.fields);
  article.AddObligations(rule.obligations);
  return std::move(article).Take();
}

std::string Tell(const Reading& reading, const Prohibition& rule) {
  Article article(reading, rule);
  article.Line("Bij nood", "In an emergency",
               std::string(rule.absolute ? reading.T("ook dan verboden", "prohibited then too")
                                         : reading.T("kan opzij", "can give way")));
  article.AddBox(rule.box);
  return std::move(article).Take();
}

std::string Tell(const Reading& reading, const Condition& rule) {
  Article article(reading, rule);
  if (rule.approval) {
    const CodeSet roles(rule.approval->roles.begin(), rule.approval->roles.end());
    article.Line("Akkoord van", "Approval by",
                 absl::StrCat(rule.approval->count, " ", std::string(reading.T("van", "of")),
                              reading.Names(roles)));
    article.Line("Akkoord geldt", "Approval counts for", reading.Time(rule.approval->max_age));
  }
  article.AddBox(rule.box);
  article.AddFields("Hoogstens in deze vorm", "In this form at most", rule.max_form);
  article.AddObligations(rule.obligations);
  return std::move(article).Take();
}

std::string Tell(const Reading& reading, const Emergency& rule) {
  Article article(reading, rule);
  article.AddBox(rule.box);
  article.AddFields("Wat gaat mee", "What leaves", rule.fields);
  article.AddObligations(rule.obligations);
  article.Line("Inzien", "May be looked at", reading.Time(rule.max_use));
  article.Line("Toets binnen", "Review within", reading.Time(rule.review_within));
  article.Codes("Toets door", "Review by", rule.review_roles);
  return std::move(article).Take();
}

std::string Tell(const Reading& reading, const Invariant& rule) {
  Article article(reading, rule);
  article.AddBox(rule.box);
  if (!rule.min_form.empty())
    article.Line("Vanaf vorm", "From this form on", reading.Name(rule.min_form));
  if (rule.unless_approved)
    article.Line("Tenzij", "Unless", std::string(reading.T("er akkoord is", "it was approved")));
  return std::move(article).Take();
}

template <typename R>
void AddSort(const Reading& reading, const char* id, std::string_view title,
             const std::vector<R>& rules, std::string& part) {
  absl::StrAppend(&part, "<section aria-labelledby=\"", id, "\"><h2 id=\"", id, "\">",
                  std::string(title), " (", rules.size(), ")</h2>\n");
  for (const R& rule : rules) part += Tell(reading, rule);
  part += "</section>\n";
}

}  // namespace

std::string RulesPart(const Reading& reading) {
  const Rules& rules = reading.pack().rules();
  std::string part;
  AddSort(reading, "permits", reading.T("Toestemmingen", "Permits"), rules.permits, part);
  AddSort(reading, "prohibitions", reading.T("Verboden", "Prohibitions"), rules.prohibitions, part);
  AddSort(reading, "conditions", reading.T("Voorwaarden", "Conditions"), rules.conditions, part);
  AddSort(reading, "emergencies", reading.T("Nood", "Emergencies"), rules.emergencies, part);
  AddSort(reading, "invariants", reading.T("Wat nooit mag", "What must never be"), rules.invariants,
          part);
  return part;
}

std::string BasesPart(const Reading& reading) {
  std::string part =
      absl::StrCat("<section aria-labelledby=\"bases\"><h2 id=\"bases\">",
                   std::string(reading.T("Grondslagen", "Legal bases")), "</h2>\n<dl>");
  for (const Basis& basis : reading.pack().vocabulary().bases) {
    const std::string address = LawAddress(basis.law_id);
    const std::string law =
        absl::StrCat("<span lang=\"nl\">", Html(basis.law), ", ", Html(basis.article), "</span>");
    absl::StrAppend(
        &part, "<dt id=\"", Anchor("basis", basis.id), "\"><code>", Html(basis.id),
        "</code></dt><dd>",
        address.empty() ? law : absl::StrCat("<a href=\"", Html(address), "\">", law, "</a>"),
        "<br/>", reading.Of(basis.meaning), " ", reading.Flag(basis.review), "</dd>\n");
  }
  return part + "</dl></section>\n";
}

}  // namespace sluis::policy

#include "absl/strings/str_cat.h"
#include "lib/base/json.h"
#include "policy/engine/pack.h"

namespace sluis::policy {
namespace {

Json ToJson(const Text& text) { return {{"nl", text.nl}, {"en", text.en}}; }
Json ToJson(const CodeSet& set) { return Json(std::vector<std::string>(set.begin(), set.end())); }
Json ToJson(const std::vector<std::string>& list) { return Json(list); }

std::string ToJson(Review review) {
  return review == Review::kVerified ? "verified" : "to-be-confirmed-by-jurist";
}

std::string ToJson(GivenBy given_by) {
  switch (given_by) {
    case GivenBy::kKinds:
      return "kinds";
    case GivenBy::kCaseHolder:
      return "case-holder";
    case GivenBy::kSource:
      return "source";
    case GivenBy::kRequester:
      return "requester";
  }
  return "";
}

Json ToJson(const std::vector<Code>& codes) {
  Json list = Json::array();
  for (const Code& code : codes)
    list.push_back({{"id", code.id}, {"meaning", ToJson(code.meaning)}});
  return list;
}

Json ToJson(const std::vector<Purpose>& purposes) {
  Json list = Json::array();
  for (const Purpose& purpose : purposes) {
    list.push_back(
        {{"id", purpose.id}, {"group", purpose.group}, {"meaning", ToJson(purpose.meaning)}});
  }
  return list;
}

Json ToJson(const std::vector<Field>& fields) {
  Json list = Json::array();
  for (const Field& field : fields) {
    list.push_back({{"id", field.id},
                    {"category", field.category},
                    {"type", field.type},
                    {"sensitivity", field.sensitivity},
                    {"forms", field.forms},
                    {"form_rule", field.form_rule},
                    {"meaning", ToJson(field.meaning)}});
  }
  return list;
}

Json ToJson(const std::vector<Fact>& facts) {
  Json list = Json::array();
  for (const Fact& fact : facts) {
    list.push_back({{"id", fact.id},
                    {"values", fact.values},
                    {"derived", fact.derived},
                    {"meaning", ToJson(fact.meaning)}});
  }
  return list;
}

Json ToJson(const std::vector<ApprovalRole>& roles) {
  Json list = Json::array();
  for (const ApprovalRole& role : roles) {
    list.push_back({{"id", role.id},
                    {"given_by", ToJson(role.given_by)},
                    {"kinds", role.kinds},
                    {"meaning", ToJson(role.meaning)}});
  }
  return list;
}

Json ToJson(const std::vector<Basis>& bases) {
  Json list = Json::array();
  for (const Basis& basis : bases) {
    list.push_back({{"id", basis.id},
                    {"law", basis.law},
                    {"law_id", basis.law_id},
                    {"article", basis.article},
                    {"meaning", ToJson(basis.meaning)},
                    {"review", ToJson(basis.review)}});
  }
  return list;
}

Json ToJson(const Vocabulary& vocabulary) {
  return {{"actions", ToJson(vocabulary.actions)},
          {"purposes", ToJson(vocabulary.purposes)},
          {"units", ToJson(vocabulary.units)},
          {"regimes", ToJson(vocabulary.regimes)},
          {"subject_categories", ToJson(vocabulary.subject_categories)},
          {"case_phases", ToJson(vocabulary.case_phases)},
          {"forms", ToJson(vocabulary.forms)},
          {"fields", ToJson(vocabulary.fields)},
          {"facts", ToJson(vocabulary.facts)},
          {"approval_roles", ToJson(vocabulary.approval_roles)},
          {"handling", ToJson(vocabulary.handling)},
          {"onward", ToJson(vocabulary.onward)},
          {"bases", ToJson(vocabulary.bases)}};
}

// What is not named is left out.
void Put(Json& json, const char* name, const CodeSet& set) {
  if (!set.empty()) json[name] = ToJson(set);
}
void Put(Json& json, const char* name, const std::string& text) {
  if (!text.empty()) json[name] = text;
}
void Put(Json& json, const char* name, const std::optional<Period>& period) {
  if (period.has_value()) json[name] = period->text;
}
void PutTime(Json& json, const char* name, absl::Time time) {
  if (time == absl::InfinitePast() || time == absl::InfiniteFuture()) return;
  json[name] = absl::FormatTime("%Y-%m-%dT%H:%M:%E*SZ", time, absl::UTCTimeZone());
}

Json ToJson(const Box& box) {
  Json json = Json::object();
  Put(json, "action", box.actions);
  Put(json, "purpose", box.purposes);
  Put(json, "provider", box.providers);
  Put(json, "recipient", box.recipients);
  Put(json, "basis", box.bases);
  Put(json, "regime", box.regimes);
  Put(json, "subject", box.subject_categories);
  Put(json, "phase", box.case_phases);
  Put(json, "field", box.fields);
  for (const auto& [fact, values] : box.facts) json["facts"][fact] = ToJson(values);
  return json;
}

Json ToJson(const FieldForms& forms) {
  Json json = Json::object();
  for (const auto& [field, form] : forms) json[field] = form;
  return json;
}

Json ToJson(const Obligations& obligations) {
  Json json = Json::object();
  Put(json, "retention", obligations.retention);
  Put(json, "onward", obligations.onward);
  Put(json, "onward_to", obligations.onward_to);
  Put(json, "handling", obligations.handling);
  Put(json, "feedback_due", obligations.feedback_due);
  Put(json, "notify", obligations.notify);
  Put(json, "mark", obligations.mark);
  if (obligations.min_cell.has_value()) json["min_cell"] = *obligations.min_cell;
  return json;
}

Json Common(const Rule& rule) {
  Json json = {{"id", rule.id},
               {"title", rule.title},
               {"law", rule.law},
               {"reason", ToJson(rule.reason)},
               {"review", ToJson(rule.review)},
               {"box", ToJson(rule.box)}};
  PutTime(json, "valid_from", rule.valid_from);
  PutTime(json, "valid_until", rule.valid_until);
  return json;
}

Json ToJson(const Permit& permit) {
  Json json = Common(permit);
  json["fields"] = ToJson(permit.fields);
  json["obligations"] = ToJson(permit.obligations);
  json["inherits_down"] = permit.inherits_down;
  return json;
}

Json ToJson(const Prohibition& prohibition) {
  Json json = Common(prohibition);
  json["absolute"] = prohibition.absolute;
  return json;
}

Json ToJson(const Condition& condition) {
  Json json = Common(condition);
  if (condition.approval.has_value()) {
    json["approval"] = {{"count", condition.approval->count},
                        {"roles", ToJson(condition.approval->roles)},
                        {"max_age", condition.approval->max_age.text}};
  }
  json["obligations"] = ToJson(condition.obligations);
  json["max_form"] = ToJson(condition.max_form);
  return json;
}

Json ToJson(const Emergency& emergency) {
  Json json = Common(emergency);
  json["fields"] = ToJson(emergency.fields);
  json["obligations"] = ToJson(emergency.obligations);
  json["max_use"] = emergency.max_use.text;
  json["review_within"] = emergency.review_within.text;
  json["review_roles"] = ToJson(emergency.review_roles);
  return json;
}

Json ToJson(const Invariant& invariant) {
  Json json = Common(invariant);
  json["min_form"] = invariant.min_form;
  json["unless_approved"] = invariant.unless_approved;
  return json;
}

template <typename RuleType>
Json ToJson(const std::vector<RuleType>& rules) {
  Json list = Json::array();
  for (const RuleType& rule : rules) list.push_back(ToJson(rule));
  return list;
}

}  // namespace

std::string CanonicalBytes(const Pack& pack) {
  const Rules& rules = pack.rules();
  const Json json = {{"bundle", pack.bundle()},
                     {"version", pack.version()},
                     {"vocabulary", ToJson(pack.vocabulary())},
                     {"permits", ToJson(rules.permits)},
                     {"prohibitions", ToJson(rules.prohibitions)},
                     {"conditions", ToJson(rules.conditions)},
                     {"emergencies", ToJson(rules.emergencies)},
                     {"invariants", ToJson(rules.invariants)}};
  // The loader let through only printable UTF-8 and small integers, so there is nothing it can
  // refuse.
  return CanonicalJson(json).value();
}

}  // namespace sluis::policy

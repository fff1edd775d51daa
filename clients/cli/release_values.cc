#include "clients/cli/release_values.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cli/files.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

constexpr std::size_t kMaxValuesFile = 2 << 20;

using Forms = std::map<std::string, std::string>;

// What this person's answer may hold; a decision from before his act may not name it yet.
Forms DecidedForms(const edge::wire::Exchange& exchange) {
  Forms forms;
  for (const auto& field : exchange.answerable()) forms[field.field()] = field.form();
  if (!forms.empty()) return forms;
  for (const auto& field : exchange.decision().fields()) forms[field.field()] = field.form();
  return forms;
}

absl::Status FormUnknown(const std::string& field) {
  return InvalidField("FORM_UNKNOWN", absl::StrFormat("values.%s", field),
                      "the decision does not name the form yet; give {\"form\": ..., \"value\": ...}");
}

// Why no form is known. While an approval is missing that the answer itself would not bring, it is not for him
// to choose one.
absl::Status NoForm(const std::string& field, const edge::wire::Exchange& exchange) {
  const auto& decision = exchange.decision();
  if (decision.outcome() != edge::wire::OUTCOME_NEEDS_APPROVAL) return FormUnknown(field);
  std::vector<std::string> roles;
  for (const auto& need : decision.approvals_needed()) {
    roles.insert(roles.end(), need.roles().begin(), need.roles().end());
  }
  return Error(ErrorCode::kPrecondition, "APPROVAL_MISSING",
               absl::StrFormat("your answer alone is not enough; somebody must answer as %s",
                               absl::StrJoin(roles, " or ")));
}

absl::StatusOr<edge::ReleaseValue> ReadValue(const std::string& field, const Json& given,
                                             const Forms& forms) {
  const bool with_form = given.is_object();
  const Json& text = with_form && given.contains("value") ? given.at("value") : given;
  if (!text.is_string()) {
    return InvalidField("FIELD_INVALID", absl::StrFormat("values.%s", field),
                        "must be a text or {\"form\": ..., \"value\": ...}");
  }
  std::string form;
  if (with_form && given.contains("form") && given.at("form").is_string()) form = given.at("form");
  if (const auto decided = forms.find(field); form.empty() && decided != forms.end()) form = decided->second;
  if (form.empty()) return FormUnknown(field);
  return edge::ReleaseValue{field, form, SecretBytes::CopyOf(text.get_ref<const std::string&>())};
}

absl::StatusOr<std::string> Label(const Json& json, const std::string& name) {
  if (json.contains(name) && json.at(name).is_string()) return json.at(name).get<std::string>();
  return InvalidField("FIELD_MISSING", name, "must be a code of the vocabulary");
}

absl::StatusOr<edge::RowGroup> ChooseGroup(std::vector<edge::RowGroup> groups, const std::string& regime) {
  if (groups.empty()) {
    return Error(ErrorCode::kNotFound, "SUBJECT_NOT_IN_REGISTER", "this register does not hold the subject");
  }
  if (!regime.empty()) {
    std::erase_if(groups, [&](const edge::RowGroup& group) { return group.labels.regime != regime; });
  }
  if (groups.size() == 1) return std::move(groups.front());
  return Error(ErrorCode::kInvalid, "SUBJECT_UNDER_SEVERAL_LABELS",
               "the register's rows do not share one regime and category; choose with --regime, or give --values");
}

// The form the decision names, or the only one that the register can give.
absl::StatusOr<std::string> FormFor(const edge::Register& source, const std::string& field,
                                    const Forms& forms, const edge::wire::Exchange& exchange) {
  if (const auto decided = forms.find(field); decided != forms.end()) return decided->second;
  const auto possible = source.FormsOf(field);
  if (possible.size() == 1) return possible.front();
  return NoForm(field, exchange);
}

}  // namespace

absl::StatusOr<edge::ReleaseContent> ReadValuesFile(Context& context, const std::string& path,
                                                    const edge::wire::Exchange& exchange) {
  SLUIS_ASSIGN_OR_RETURN(const Json json, ReadJsonInput(context, path, kMaxValuesFile));
  if (!json.is_object() || !json.contains("values") || !json.at("values").is_object()) {
    return InvalidField("FIELD_MISSING", "values", "must be an object of fields and their values");
  }
  edge::ReleaseContent content;
  SLUIS_ASSIGN_OR_RETURN(content.regime, Label(json, "regime"));
  SLUIS_ASSIGN_OR_RETURN(content.subject_category, Label(json, "subject_category"));
  const Forms forms = DecidedForms(exchange);
  for (const auto& [field, given] : json.at("values").items()) {
    SLUIS_ASSIGN_OR_RETURN(edge::ReleaseValue value, ReadValue(field, given, forms));
    content.values.push_back(std::move(value));
  }
  return content;
}

absl::StatusOr<edge::ReleaseContent> ReadRegister(const edge::Register& source, const Subject& subject,
                                                  const edge::wire::Exchange& exchange,
                                                  const std::string& regime) {
  SLUIS_ASSIGN_OR_RETURN(auto groups, source.Find(subject));
  SLUIS_ASSIGN_OR_RETURN(const edge::RowGroup group, ChooseGroup(std::move(groups), regime));
  const Forms forms = DecidedForms(exchange);
  edge::ReleaseContent content;
  content.regime = group.labels.regime;
  content.subject_category = group.labels.subject_category;
  for (const std::string& field : exchange.fields()) {
    // A decision that names fields permits no others; one that names none waits for this very act.
    if (!forms.empty() && !forms.contains(field)) continue;
    if (source.FormsOf(field).empty()) continue;
    SLUIS_ASSIGN_OR_RETURN(const std::string form, FormFor(source, field, forms, exchange));
    auto value = source.ValueOf(group, field, form);
    if (ReasonOf(value.status()) == "NO_VALUE") continue;
    if (!value.ok()) return value.status();
    // Other people in the register leave as pseudonyms only, never as they stand here.
    if (!value->subjects.empty()) continue;
    content.values.push_back({field, form, std::move(value->text)});
  }
  return content;
}

}  // namespace sluis::cli

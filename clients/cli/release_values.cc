#include "clients/cli/release_values.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cli/files.h"
#include "clients/cli/subject_input.h"
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

// Takes the people out of a value: each leaves a number behind.
class PeopleReader {
 public:
  PeopleReader(std::string field, const FindPseudonym& find) : field_(std::move(field)), find_(find) {}

  absl::StatusOr<Json> Take(const Json& json) {
    if (json.contains("kind") && json.contains("number")) {
      if (json.size() != 2) return NotAlone();
      return TakeOne(ByNumber(json));
    }
    if (json.contains("pseudonym")) {
      if (json.size() != 1) return NotAlone();
      return TakeOne(ByPseudonym(json.at("pseudonym")));
    }
    // That is what a person becomes here; given, it would point at anybody.
    if (json.contains("ref")) return Bad("FIELD_INVALID", "\"ref\" is no member of a value");
    if (!json.is_structured()) return json;
    Json out = json;
    for (Json& member : out) {
      SLUIS_ASSIGN_OR_RETURN(member, Take(member));
    }
    return out;
  }
  std::vector<edge::ReleasedSubject> subjects() && { return std::move(subjects_); }
  bool empty() const { return subjects_.empty(); }

 private:
  absl::Status Bad(std::string_view code, std::string_view what) const {
    return InvalidField(code, absl::StrFormat("values.%s", field_), what);
  }
  // With anything beside it he would stay in the text as he is given.
  absl::Status NotAlone() const {
    return Bad("FIELD_INVALID",
               "a person is {\"kind\": ..., \"number\": ...} or {\"pseudonym\": ...} and nothing more; "
               "put what belongs to him around it");
  }
  absl::StatusOr<Json> TakeOne(absl::StatusOr<edge::ReleasedSubject> who) {
    if (!who.ok()) return who.status();
    subjects_.push_back(*std::move(who));
    return Json{{"ref", subjects_.size() - 1}};
  }
  absl::StatusOr<edge::ReleasedSubject> ByNumber(const Json& json) const {
    if (!json.at("kind").is_string() || !json.at("number").is_string()) {
      return Bad("FIELD_INVALID", "kind and number of a subject must be texts");
    }
    const auto kind = ParseSubjectKind(json.at("kind").get_ref<const std::string&>());
    if (!kind.ok()) return Bad("E_SUBJECT", "kind must be bsn, rsin, kvk, kenteken or bag");
    auto subject = SubjectOfText(*kind, json.at("number").get_ref<const std::string&>());
    if (!subject.ok()) return Bad(ReasonOf(subject.status()), MessageOf(subject.status()));
    return edge::ReleasedSubject(*std::move(subject));
  }
  absl::StatusOr<edge::ReleasedSubject> ByPseudonym(const Json& json) const {
    if (!json.is_string() || !find_) return Bad("FIELD_INVALID", "a pseudonym must be a text");
    SLUIS_ASSIGN_OR_RETURN(edge::HeldPseudonym held, find_(json.get_ref<const std::string&>()));
    return edge::ReleasedSubject(std::move(held));
  }

  const std::string field_;
  const FindPseudonym& find_;
  std::vector<edge::ReleasedSubject> subjects_;
};

absl::Status NotAValue(const std::string& field) {
  return InvalidField("FIELD_INVALID", absl::StrFormat("values.%s", field),
                      "must be a text, {\"form\": ..., \"value\": ...} or {\"form\": ..., \"subjects\": [...]}");
}

absl::StatusOr<edge::ReleaseValue> ReadValue(const std::string& field, const Json& given,
                                             const Forms& forms, const FindPseudonym& find) {
  const bool with_form = given.is_object();
  const bool listed = with_form && given.contains("subjects");
  const Json& text = listed                                      ? given.at("subjects")
                     : with_form && given.contains("value") ? given.at("value")
                                                                 : given;
  PeopleReader people(field, find);
  SLUIS_ASSIGN_OR_RETURN(const Json without, people.Take(text));
  if (people.empty() && (listed || !text.is_string())) return NotAValue(field);
  if (listed && !text.is_array()) return NotAValue(field);
  std::string form;
  if (with_form && given.contains("form") && given.at("form").is_string()) form = given.at("form");
  if (const auto decided = forms.find(field); form.empty() && decided != forms.end()) form = decided->second;
  if (form.empty()) return FormUnknown(field);
  edge::ReleaseValue value{.field = field, .form = form, .value = {}, .subjects = {}};
  if (people.empty()) {
    value.value = SecretBytes::CopyOf(text.get_ref<const std::string&>());
  } else if (!listed) {
    value.value = SecretBytes::Take(without.dump());
  }
  value.subjects = std::move(people).subjects();
  return value;
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
                                                    const edge::wire::Exchange& exchange,
                                                    const FindPseudonym& find) {
  SLUIS_ASSIGN_OR_RETURN(const Json json, ReadJsonInput(context, path, kMaxValuesFile));
  if (!json.is_object() || !json.contains("values") || !json.at("values").is_object()) {
    return InvalidField("FIELD_MISSING", "values", "must be an object of fields and their values");
  }
  edge::ReleaseContent content;
  SLUIS_ASSIGN_OR_RETURN(content.regime, Label(json, "regime"));
  SLUIS_ASSIGN_OR_RETURN(content.subject_category, Label(json, "subject_category"));
  const Forms forms = DecidedForms(exchange);
  for (const auto& [field, given] : json.at("values").items()) {
    SLUIS_ASSIGN_OR_RETURN(edge::ReleaseValue value, ReadValue(field, given, forms, find));
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
    edge::ReleaseValue released{
        .field = field, .form = form, .value = std::move(value->text), .subjects = {}};
    for (Subject& other : value->subjects) released.subjects.emplace_back(std::move(other));
    content.values.push_back(std::move(released));
  }
  return content;
}

}  // namespace sluis::cli

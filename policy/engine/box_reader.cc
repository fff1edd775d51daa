#include "policy/engine/box_reader.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "policy/engine/vocabulary_reader.h"

namespace sluis::policy {
namespace {

template <typename T>
std::vector<std::string> Ids(const std::vector<T>& list) {
  std::vector<std::string> ids;
  for (const T& item : list) ids.push_back(item.id);
  return ids;
}

bool IsRuleId(std::string_view id, char letter) {
  return id.size() >= 4 && id.size() <= 16 && id[0] == letter && id[1] == '-' &&
         std::all_of(id.begin() + 2, id.end(), [](char c) { return c >= '0' && c <= '9'; });
}

void ReadTime(const Spot& spot, int member, const std::string& text, absl::Time& into) {
  if (text.empty()) return;
  const absl::StatusOr<absl::Time> time = ParseRfc3339(text);
  if (time.ok()) {
    into = *time;
  } else {
    spot.Fault(member, -1,
               absl::StrFormat("`%s` is no time with a zone; write it as 2026-01-01T00:00:00+01:00",
                               text.substr(0, 64)));
  }
}

}  // namespace

Period ReadPeriod(const Spot& spot, int member, const std::string& text) {
  const absl::StatusOr<Period> period = ParsePeriod(text);
  if (period.ok()) return *period;
  spot.Fault(member, -1, MessageOf(period.status()));
  return {};
}

BoxReader::BoxReader(const Vocabulary& vocabulary)
    : actions_("action", Ids(vocabulary.actions)),
      purposes_("purpose", Ids(vocabulary.purposes)),
      units_("unit", vocabulary.units),
      bases_("basis", Ids(vocabulary.bases)),
      regimes_("regime", Ids(vocabulary.regimes)),
      subject_categories_("subject category", Ids(vocabulary.subject_categories)),
      case_phases_("case phase", Ids(vocabulary.case_phases)),
      fields_("field", Ids(vocabulary.fields)),
      facts_("fact", Ids(vocabulary.facts)),
      approval_roles_("approval role", Ids(vocabulary.approval_roles)),
      forms_("form", Ids(vocabulary.forms)),
      handling_("handling", Ids(vocabulary.handling)),
      onward_("onward", Ids(vocabulary.onward)) {
  for (const Field& field : vocabulary.fields) field_by_id_[field.id] = &field;
  for (const Fact& fact : vocabulary.facts) fact_by_id_[fact.id] = &fact;
}

void BoxReader::ReadHead(const Spot& spot, const pb::Head& head, char letter, Rule& rule) const {
  using H = pb::Head;
  if (!IsRuleId(head.id(), letter)) {
    spot.Fault(H::kIdFieldNumber, -1,
               absl::StrFormat("`%s`: write it as %c-01", head.id().substr(0, 64), letter));
  }
  if (head.title().empty()) spot.Fault("a rule needs a title");
  if (head.law().empty()) spot.Fault("a rule needs the law it stands on");
  rule.id = head.id();
  rule.title = head.title();
  rule.law = head.law();
  rule.reason = ReadText(spot.In(head.reason(), H::kReasonFieldNumber), head.reason());
  rule.review = ReadReview(spot, H::kReviewFieldNumber, head.review());
  ReadTime(spot, H::kValidFromFieldNumber, head.valid_from(), rule.valid_from);
  ReadTime(spot, H::kValidUntilFieldNumber, head.valid_until(), rule.valid_until);
  if (rule.valid_from >= rule.valid_until)
    spot.Fault("is never valid: valid_until is not after valid_from");
}

void BoxReader::ReadFact(const Spot& spot, const pb::FactValues& values, BoxUse use,
                         Box& box) const {
  using V = pb::FactValues;
  if (!facts_.Check(spot, V::kIdFieldNumber, -1, values.id())) return;
  const Fact& fact = *fact_by_id_.at(values.id());
  const WordList known(absl::StrFormat("value of %s", fact.id), fact.values);
  const CodeSet set = known.Read(spot, V::kValueFieldNumber, values.value());
  if (set.empty()) spot.Fault("name at least one value");
  const bool has_unknown = set.count("unknown") > 0;
  const bool has_bad = set.size() > set.count(fact.values.front());
  if (use == BoxUse::kOpens && has_unknown) spot.Fault("an unknown fact never opens anything");
  if (use == BoxUse::kCloses && !fact.derived && has_bad && !has_unknown) {
    spot.Fault("list unknown too: not knowing must not help");
  }
  if (!box.facts.emplace(fact.id, set).second) spot.Fault("this fact stands in the box already");
}

Box BoxReader::ReadBox(const Spot& spot, const pb::Box& in, BoxUse use) const {
  using B = pb::Box;
  Box box;
  box.actions = actions_.Read(spot, B::kActionFieldNumber, in.action());
  box.purposes = purposes_.Read(spot, B::kPurposeFieldNumber, in.purpose());
  box.providers = units_.Read(spot, B::kProviderFieldNumber, in.provider());
  box.recipients = units_.Read(spot, B::kRecipientFieldNumber, in.recipient());
  box.bases = bases_.Read(spot, B::kBasisFieldNumber, in.basis());
  box.regimes = regimes_.Read(spot, B::kRegimeFieldNumber, in.regime());
  box.subject_categories =
      subject_categories_.Read(spot, B::kSubjectCategoryFieldNumber, in.subject_category());
  box.case_phases = case_phases_.Read(spot, B::kCasePhaseFieldNumber, in.case_phase());
  box.fields = fields_.Read(spot, B::kFieldFieldNumber, in.field());
  for (int i = 0; i < in.fact_size(); ++i) {
    ReadFact(spot.In(in.fact(i), B::kFactFieldNumber, i), in.fact(i), use, box);
  }
  const CodeSet* dimensions[] = {
      &box.actions, &box.purposes, &box.providers,          &box.recipients,
      &box.bases,   &box.regimes,  &box.subject_categories, &box.case_phases};
  const auto named = std::count_if(std::begin(dimensions), std::end(dimensions),
                                   [](const CodeSet* set) { return !set->empty(); });
  if (use == BoxUse::kOpens) {
    // What opens says for what: an empty dimension would open it for codes that do not exist yet.
    if (named < 8) spot.Fault("name every dimension: a rule that opens leaves none to chance");
    if (!box.fields.empty()) spot.Fault(B::kFieldFieldNumber, 0, "list the fields under `release`");
  } else if (named == 0 && box.fields.empty() && box.facts.empty()) {
    spot.Fault("an empty box is every request");
  }
  return box;
}

void BoxReader::ReadRelease(const Spot& spot, const pb::Release& release, FieldForms& into) const {
  using R = pb::Release;
  if (!forms_.Check(spot, R::kFormFieldNumber, -1, release.form())) return;
  const CodeSet fields = fields_.Read(spot, R::kFieldFieldNumber, release.field());
  if (release.field().empty()) spot.Fault("name at least one field");
  for (int i = 0; i < release.field_size(); ++i) {
    const std::string& field = release.field(i);
    if (fields.count(field) == 0) continue;
    const auto& forms = field_by_id_.at(field)->forms;
    if (std::find(forms.begin(), forms.end(), release.form()) == forms.end()) {
      spot.Fault(R::kFieldFieldNumber, i,
                 absl::StrFormat("`%s` has no form %s", field, release.form()));
    }
    if (!into.emplace(field, release.form()).second) {
      spot.Fault(R::kFieldFieldNumber, i,
                 absl::StrFormat("`%s` stands in this rule already", field));
    }
  }
}

FieldForms BoxReader::ReadForms(
    const Spot& spot, int member,
    const google::protobuf::RepeatedPtrField<pb::Release>& releases) const {
  FieldForms forms;
  for (int i = 0; i < releases.size(); ++i)
    ReadRelease(spot.In(releases[i], member, i), releases[i], forms);
  return forms;
}

Obligations BoxReader::ReadObligations(const Spot& spot, const pb::Obligations& in) const {
  using O = pb::Obligations;
  Obligations out;
  if (!in.retention().empty())
    out.retention = ReadPeriod(spot, O::kRetentionFieldNumber, in.retention());
  if (!in.feedback_due().empty()) {
    out.feedback_due = ReadPeriod(spot, O::kFeedbackDueFieldNumber, in.feedback_due());
  }
  if (!in.onward().empty()) onward_.Check(spot, O::kOnwardFieldNumber, -1, in.onward());
  if (!in.handling().empty()) handling_.Check(spot, O::kHandlingFieldNumber, -1, in.handling());
  out.onward = in.onward();
  out.handling = in.handling();
  out.onward_to = ReadCodes(spot, O::kOnwardToFieldNumber, in.onward_to());
  if ((in.onward() == "named") == out.onward_to.empty()) {
    spot.Fault(O::kOnwardFieldNumber, -1, "name whom in onward_to with `named`, and only then");
  }
  out.notify = ReadCodes(spot, O::kNotifyFieldNumber, in.notify());
  out.mark = in.mark();
  if (!in.mark().empty() && !IsCode(in.mark()))
    spot.Fault(O::kMarkFieldNumber, -1, NoCode(in.mark()));
  if (in.min_cell() < 0) spot.Fault(O::kMinCellFieldNumber, -1, "must be positive");
  if (in.min_cell() > 0) out.min_cell = in.min_cell();
  return out;
}

}  // namespace sluis::policy

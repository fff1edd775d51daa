#include "tests/policy/pack_writer.h"

#include <google/protobuf/text_format.h>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "sluis/policy/v1/pack.pb.h"

namespace sluis::policy::testing {
namespace {

namespace pb = ::sluis::policy::v1;

constexpr std::size_t kRulesPerFile = 400;

template <typename List, typename Codes>
void AddAll(const Codes& codes, List* list) {
  for (const auto& code : codes) *list->Add() = code;
}

void Write(const Text& text, pb::Text* out) {
  out->set_nl(text.nl);
  out->set_en(text.en);
}

template <typename List>
void WriteCodes(const std::vector<Code>& codes, List* out) {
  for (const Code& code : codes) {
    pb::Code* made = out->Add();
    made->set_id(code.id);
    Write(code.meaning, made->mutable_meaning());
  }
}

pb::Review ReviewOf(Review review) {
  return review == Review::kVerified ? pb::VERIFIED : pb::TO_BE_CONFIRMED_BY_JURIST;
}

void WriteFields(const Vocabulary& words, pb::PackFile& file) {
  for (const Field& field : words.fields) {
    pb::Field* out = file.add_field();
    out->set_id(field.id);
    out->set_category(field.category);
    out->set_type(field.type);
    out->set_sensitivity(field.sensitivity);
    AddAll(field.forms, out->mutable_form());
    out->set_form_rule(field.form_rule);
    Write(field.meaning, out->mutable_meaning());
  }
  for (const Fact& fact : words.facts) {
    pb::Fact* out = file.add_fact();
    out->set_id(fact.id);
    AddAll(fact.values, out->mutable_value());
    out->set_derived(fact.derived);
    Write({"nl", "en"}, out->mutable_meaning());
  }
}

void WriteTrees(const Vocabulary& words, pb::PackFile& file) {
  for (const std::string& group : words.purpose_groups) {
    pb::PurposeGroup* out = file.add_purpose_group();
    out->set_id(group);
    for (const Purpose& purpose : words.purposes) {
      if (purpose.group == group)
        WriteCodes({{purpose.id, purpose.meaning}}, out->mutable_purpose());
    }
  }
  for (const std::string& kind : words.kinds) {
    pb::Kind* out = file.add_kind();
    out->set_id(kind);
    for (const std::string& unit : words.units) {
      if (unit.rfind(kind + "/", 0) == 0) out->add_department(unit.substr(kind.size() + 1));
    }
  }
}

void WriteRoles(const Vocabulary& words, pb::PackFile& file) {
  for (const ApprovalRole& role : words.approval_roles) {
    pb::ApprovalRole* out = file.add_approval_role();
    out->set_id(role.id);
    Write(role.meaning, out->mutable_meaning());
    const pb::GivenBy given_by[] = {pb::KINDS, pb::CASE_HOLDER, pb::SOURCE, pb::REQUESTER};
    out->set_given_by(given_by[static_cast<std::size_t>(role.given_by)]);
    AddAll(role.kinds, out->mutable_kind());
  }
  for (const Basis& basis : words.bases) {
    pb::Basis* out = file.add_basis();
    out->set_id(basis.id);
    out->set_law(basis.law);
    out->set_law_id(basis.law_id);
    out->set_article(basis.article);
    Write(basis.meaning, out->mutable_meaning());
    out->set_review(ReviewOf(basis.review));
  }
}

pb::PackFile WriteVocabulary(const Pack& pack) {
  const Vocabulary& words = pack.vocabulary();
  pb::PackFile file;
  file.set_bundle(pack.bundle());
  file.set_version(pack.version());
  WriteCodes(words.actions, file.mutable_action());
  WriteTrees(words, file);
  WriteCodes(words.regimes, file.mutable_regime());
  WriteCodes(words.subject_categories, file.mutable_subject_category());
  WriteCodes(words.case_phases, file.mutable_case_phase());
  WriteCodes(words.forms, file.mutable_form());
  WriteFields(words, file);
  WriteRoles(words, file);
  WriteCodes(words.handling, file.mutable_handling());
  WriteCodes(words.onward, file.mutable_onward());
  return file;
}

std::string TimeText(absl::Time time) {
  if (time == absl::InfinitePast() || time == absl::InfiniteFuture()) return "";
  return absl::FormatTime("%Y-%m-%dT%H:%M:%SZ", time, absl::UTCTimeZone());
}

void WriteHead(const Rule& rule, pb::Head* out) {
  out->set_id(rule.id);
  out->set_title(rule.title);
  out->set_law(rule.law);
  Write(rule.reason, out->mutable_reason());
  out->set_review(ReviewOf(rule.review));
  out->set_valid_from(TimeText(rule.valid_from));
  out->set_valid_until(TimeText(rule.valid_until));
}

void WriteBox(const Box& box, pb::Box* out) {
  AddAll(box.actions, out->mutable_action());
  AddAll(box.purposes, out->mutable_purpose());
  AddAll(box.providers, out->mutable_provider());
  AddAll(box.recipients, out->mutable_recipient());
  AddAll(box.bases, out->mutable_basis());
  AddAll(box.regimes, out->mutable_regime());
  AddAll(box.subject_categories, out->mutable_subject_category());
  AddAll(box.case_phases, out->mutable_case_phase());
  AddAll(box.fields, out->mutable_field());
  for (const auto& [fact, values] : box.facts) {
    pb::FactValues* made = out->add_fact();
    made->set_id(fact);
    AddAll(values, made->mutable_value());
  }
}

template <typename List>
void WriteForms(const FieldForms& forms, List* out) {
  for (const auto& [field, form] : forms) {
    pb::Release* release = out->Add();
    release->set_form(form);
    release->add_field(field);
  }
}

void WriteObligations(const Obligations& in, pb::Obligations* out) {
  if (in.retention.has_value()) out->set_retention(in.retention->text);
  out->set_onward(in.onward);
  AddAll(in.onward_to, out->mutable_onward_to());
  out->set_handling(in.handling);
  if (in.feedback_due.has_value()) out->set_feedback_due(in.feedback_due->text);
  AddAll(in.notify, out->mutable_notify());
  out->set_mark(in.mark);
  out->set_min_cell(in.min_cell.value_or(0));
}

template <typename RuleType, typename Message>
void WriteRule(const RuleType& rule, Message* out) {
  WriteHead(rule, out->mutable_head());
  WriteBox(rule.box, out->mutable_box());
}

void Write(const Permit& rule, pb::PackFile& file) {
  pb::Permit* out = file.add_permit();
  WriteRule(rule, out);
  WriteForms(rule.fields, out->mutable_release());
  WriteObligations(rule.obligations, out->mutable_obligations());
  out->set_inherits_down(rule.inherits_down);
}

void Write(const Prohibition& rule, pb::PackFile& file) {
  pb::Prohibition* out = file.add_prohibition();
  WriteRule(rule, out);
  out->set_absolute(rule.absolute);
}

void Write(const Condition& rule, pb::PackFile& file) {
  pb::Condition* out = file.add_condition();
  WriteRule(rule, out);
  if (rule.approval.has_value()) {
    out->mutable_approval()->set_count(rule.approval->count);
    AddAll(rule.approval->roles, out->mutable_approval()->mutable_role());
    out->mutable_approval()->set_max_age(rule.approval->max_age.text);
  }
  if (!rule.has_obligation) return;
  WriteObligations(rule.obligations, out->mutable_obligations());
  WriteForms(rule.max_form, out->mutable_max_form());
}

void Write(const Emergency& rule, pb::PackFile& file) {
  pb::Emergency* out = file.add_emergency();
  WriteRule(rule, out);
  WriteForms(rule.fields, out->mutable_release());
  WriteObligations(rule.obligations, out->mutable_obligations());
  out->set_max_use(rule.max_use.text);
  out->set_review_within(rule.review_within.text);
  AddAll(rule.review_roles, out->mutable_review_role());
}

void Write(const Invariant& rule, pb::PackFile& file) {
  pb::Invariant* out = file.add_invariant();
  WriteRule(rule, out);
  out->set_min_form(rule.min_form);
  out->set_unless_approved(rule.unless_approved);
}

std::string TextOf(const pb::PackFile& file) {
  std::string text;
  google::protobuf::TextFormat::PrintToString(file, &text);
  return text;
}

template <typename RuleType>
void WriteRules(const std::vector<RuleType>& rules, std::vector<PackText>& texts) {
  for (std::size_t first = 0; first < rules.size(); first += kRulesPerFile) {
    pb::PackFile file;
    for (std::size_t i = first; i < std::min(first + kRulesPerFile, rules.size()); ++i)
      Write(rules[i], file);
    texts.push_back({absl::StrCat("rules", texts.size(), ".txtpb"), TextOf(file)});
  }
}

}  // namespace

std::vector<PackText> WritePack(const Pack& pack) {
  std::vector<PackText> texts = {{"vocabulary.txtpb", TextOf(WriteVocabulary(pack))}};
  WriteRules(pack.rules().permits, texts);
  WriteRules(pack.rules().prohibitions, texts);
  WriteRules(pack.rules().conditions, texts);
  WriteRules(pack.rules().emergencies, texts);
  WriteRules(pack.rules().invariants, texts);
  return texts;
}

}  // namespace sluis::policy::testing

// From canonical bytes back to a pack. What stands in them is put into the words of the files and
// goes through the same loader, so a pack that travels is checked as one that was written by hand;
// that nothing was lost, added or spelled otherwise shows when the pack is written again.
#include <google/protobuf/text_format.h>

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "lib/base/error.h"
#include "lib/base/json.h"
#include "lib/base/status_macros.h"
#include "policy/engine/loader.h"
#include "sluis/policy/v1/pack.pb.h"

namespace sluis::policy {
namespace {

namespace wire = ::sluis::policy::v1;

// A file of the loader holds at most 1 MiB of text.
constexpr std::size_t kRulesPerText = 200;
constexpr std::size_t kMaxCanonical = 8 << 20;
constexpr int kMaxDepth = 8;

// Whatever is not there or of another type reads as nothing: the loader misses it, or the bytes
// written again differ.
const Json& Part(const Json& json, const char* name) {
  static const Json* const nothing = new Json();
  const auto found = json.is_object() ? json.find(name) : json.end();
  return json.is_object() && found != json.end() ? *found : *nothing;
}
std::string TextOf(const Json& json) {
  return json.is_string() ? json.get<std::string>() : std::string();
}
std::string TextOf(const Json& json, const char* name) { return TextOf(Part(json, name)); }
bool FlagOf(const Json& json, const char* name) {
  const Json& flag = Part(json, name);
  return flag.is_boolean() && flag.get<bool>();
}
int NumberOf(const Json& json, const char* name) {
  const Json& number = Part(json, name);
  const bool small = number.is_number_integer() && number <= 1'000'000 && number >= -1'000'000;
  return small ? number.get<int>() : 0;
}
std::vector<Json> ListOf(const Json& json, const char* name) {
  const Json& list = Part(json, name);
  return list.is_array() ? std::vector<Json>(list.begin(), list.end()) : std::vector<Json>();
}

template <typename List>
void PutAll(const Json& json, const char* name, List* out) {
  for (const Json& code : ListOf(json, name)) *out->Add() = TextOf(code);
}

void PutText(const Json& json, const char* name, wire::Text* out) {
  out->set_nl(TextOf(Part(json, name), "nl"));
  out->set_en(TextOf(Part(json, name), "en"));
}

wire::Review ReviewOf(const Json& json) {
  const std::string review = TextOf(json, "review");
  if (review == "verified") return wire::VERIFIED;
  return review == "to-be-confirmed-by-jurist" ? wire::TO_BE_CONFIRMED_BY_JURIST
                                               : wire::REVIEW_UNSPECIFIED;
}

wire::GivenBy GivenByOf(const Json& json) {
  const std::string given_by = TextOf(json, "given_by");
  if (given_by == "kinds") return wire::KINDS;
  if (given_by == "case-holder") return wire::CASE_HOLDER;
  if (given_by == "source") return wire::SOURCE;
  return given_by == "requester" ? wire::REQUESTER : wire::GIVEN_BY_UNSPECIFIED;
}

// --- vocabulary ---

template <typename List>
void PutCodes(const Json& words, const char* name, List* out) {
  for (const Json& code : ListOf(words, name)) {
    auto* made = out->Add();
    made->set_id(TextOf(code, "id"));
    PutText(code, "meaning", made->mutable_meaning());
  }
}

void PutPurposes(const Json& words, wire::PackFile& file) {
  for (const Json& purpose : ListOf(words, "purposes")) {
    const std::string group = TextOf(purpose, "group");
    const int groups = file.purpose_group_size();
    const bool goes_on = groups > 0 && file.purpose_group(groups - 1).id() == group;
    wire::PurposeGroup* in =
        goes_on ? file.mutable_purpose_group(groups - 1) : file.add_purpose_group();
    in->set_id(group);
    wire::Code* made = in->add_purpose();
    made->set_id(TextOf(purpose, "id"));
    PutText(purpose, "meaning", made->mutable_meaning());
  }
}

void PutUnits(const Json& words, wire::PackFile& file) {
  for (const Json& unit : ListOf(words, "units")) {
    const std::string text = TextOf(unit);
    const std::size_t slash = std::min(text.find('/'), text.size());
    const std::string kind = text.substr(0, slash);
    const int kinds = file.kind_size();
    const bool goes_on = kinds > 0 && file.kind(kinds - 1).id() == kind;
    wire::Kind* in = goes_on ? file.mutable_kind(kinds - 1) : file.add_kind();
    in->set_id(kind);
    in->add_department(text.substr(std::min(slash + 1, text.size())));
  }
}

void PutFields(const Json& words, wire::PackFile& file) {
  for (const Json& field : ListOf(words, "fields")) {
    wire::Field* out = file.add_field();
    out->set_id(TextOf(field, "id"));
    out->set_category(TextOf(field, "category"));
    out->set_type(TextOf(field, "type"));
    out->set_sensitivity(TextOf(field, "sensitivity"));
    PutAll(field, "forms", out->mutable_form());
    out->set_form_rule(TextOf(field, "form_rule"));
    PutText(field, "meaning", out->mutable_meaning());
  }
  for (const Json& fact : ListOf(words, "facts")) {
    wire::Fact* out = file.add_fact();
    out->set_id(TextOf(fact, "id"));
    PutAll(fact, "values", out->mutable_value());
    out->set_derived(FlagOf(fact, "derived"));
    PutText(fact, "meaning", out->mutable_meaning());
  }
}

void PutRoles(const Json& words, wire::PackFile& file) {
  for (const Json& role : ListOf(words, "approval_roles")) {
    wire::ApprovalRole* out = file.add_approval_role();
    out->set_id(TextOf(role, "id"));
    PutText(role, "meaning", out->mutable_meaning());
    out->set_given_by(GivenByOf(role));
    PutAll(role, "kinds", out->mutable_kind());
  }
  for (const Json& basis : ListOf(words, "bases")) {
    wire::Basis* out = file.add_basis();
    out->set_id(TextOf(basis, "id"));
    out->set_law(TextOf(basis, "law"));
    out->set_law_id(TextOf(basis, "law_id"));
    out->set_article(TextOf(basis, "article"));
    PutText(basis, "meaning", out->mutable_meaning());
    out->set_review(ReviewOf(basis));
  }
}

wire::PackFile WordsOf(const Json& json) {
  const Json& words = Part(json, "vocabulary");
  wire::PackFile file;
  file.set_bundle(TextOf(json, "bundle"));
  file.set_version(TextOf(json, "version"));
  PutCodes(words, "actions", file.mutable_action());
  PutPurposes(words, file);
  PutUnits(words, file);
  PutCodes(words, "regimes", file.mutable_regime());
  PutCodes(words, "subject_categories", file.mutable_subject_category());
  PutCodes(words, "case_phases", file.mutable_case_phase());
  PutCodes(words, "forms", file.mutable_form());
  PutFields(words, file);
  PutRoles(words, file);
  PutCodes(words, "handling", file.mutable_handling());
  PutCodes(words, "onward", file.mutable_onward());
  return file;
}

// --- rules ---

void PutBox(const Json& box, wire::Box* out) {
  PutAll(box, "action", out->mutable_action());
  PutAll(box, "purpose", out->mutable_purpose());
  PutAll(box, "provider", out->mutable_provider());
  PutAll(box, "recipient", out->mutable_recipient());
  PutAll(box, "basis", out->mutable_basis());
  PutAll(box, "regime", out->mutable_regime());
  PutAll(box, "subject", out->mutable_subject_category());
  PutAll(box, "phase", out->mutable_case_phase());
  PutAll(box, "field", out->mutable_field());
  const Json& facts = Part(box, "facts");
  if (!facts.is_object()) return;
  for (const auto& fact : facts.items()) {
    wire::FactValues* made = out->add_fact();
    made->set_id(fact.key());
    PutAll(facts, fact.key().c_str(), made->mutable_value());
  }
}

template <typename List>
void PutForms(const Json& rule, const char* name, List* out) {
  const Json& forms = Part(rule, name);
  if (!forms.is_object()) return;
  for (const auto& field : forms.items()) {
    wire::Release* release = out->Add();
    release->set_form(TextOf(field.value()));
    release->add_field(field.key());
  }
}

void PutObligations(const Json& in, wire::Obligations* out) {
  out->set_retention(TextOf(in, "retention"));
  out->set_onward(TextOf(in, "onward"));
  PutAll(in, "onward_to", out->mutable_onward_to());
  out->set_handling(TextOf(in, "handling"));
  out->set_feedback_due(TextOf(in, "feedback_due"));
  PutAll(in, "notify", out->mutable_notify());
  out->set_mark(TextOf(in, "mark"));
  out->set_min_cell(NumberOf(in, "min_cell"));
}

template <typename Message>
void PutCommon(const Json& rule, Message* out) {
  wire::Head* head = out->mutable_head();
  head->set_id(TextOf(rule, "id"));
  head->set_title(TextOf(rule, "title"));
  head->set_law(TextOf(rule, "law"));
  PutText(rule, "reason", head->mutable_reason());
  head->set_review(ReviewOf(rule));
  head->set_valid_from(TextOf(rule, "valid_from"));
  head->set_valid_until(TextOf(rule, "valid_until"));
  PutBox(Part(rule, "box"), out->mutable_box());
}

void PutPermit(const Json& rule, wire::PackFile& file) {
  wire::Permit* out = file.add_permit();
  PutCommon(rule, out);
  PutForms(rule, "fields", out->mutable_release());
  PutObligations(Part(rule, "obligations"), out->mutable_obligations());
  out->set_inherits_down(FlagOf(rule, "inherits_down"));
}

void PutProhibition(const Json& rule, wire::PackFile& file) {
  wire::Prohibition* out = file.add_prohibition();
  PutCommon(rule, out);
  out->set_absolute(FlagOf(rule, "absolute"));
}

void PutCondition(const Json& rule, wire::PackFile& file) {
  wire::Condition* out = file.add_condition();
  PutCommon(rule, out);
  const Json& approval = Part(rule, "approval");
  if (approval.is_object()) {
    out->mutable_approval()->set_count(NumberOf(approval, "count"));
    PutAll(approval, "roles", out->mutable_approval()->mutable_role());
    out->mutable_approval()->set_max_age(TextOf(approval, "max_age"));
  }
  const Json& obligations = Part(rule, "obligations");
  if (!obligations.empty()) PutObligations(obligations, out->mutable_obligations());
  PutForms(rule, "max_form", out->mutable_max_form());
}

void PutEmergency(const Json& rule, wire::PackFile& file) {
  wire::Emergency* out = file.add_emergency();
  PutCommon(rule, out);
  PutForms(rule, "fields", out->mutable_release());
  PutObligations(Part(rule, "obligations"), out->mutable_obligations());
  out->set_max_use(TextOf(rule, "max_use"));
  out->set_review_within(TextOf(rule, "review_within"));
  PutAll(rule, "review_roles", out->mutable_review_role());
}

void PutInvariant(const Json& rule, wire::PackFile& file) {
  wire::Invariant* out = file.add_invariant();
  PutCommon(rule, out);
  out->set_min_form(TextOf(rule, "min_form"));
  out->set_unless_approved(FlagOf(rule, "unless_approved"));
}

// --- texts ---

void AddText(const wire::PackFile& file, const char* name, std::vector<PackText>& texts) {
  std::string text;
  google::protobuf::TextFormat::PrintToString(file, &text);
  texts.push_back({absl::StrCat(name, "-", texts.size() + 1), std::move(text)});
}

void AddRules(const Json& json, const char* name, void (*put)(const Json&, wire::PackFile&),
              std::vector<PackText>& texts) {
  const std::vector<Json> rules = ListOf(json, name);
  for (std::size_t first = 0; first < rules.size(); first += kRulesPerText) {
    wire::PackFile file;
    for (std::size_t i = first; i < std::min(first + kRulesPerText, rules.size()); ++i)
      put(rules[i], file);
    AddText(file, name, texts);
  }
}

absl::Status NotCanonical() {
  return Error(ErrorCode::kInvalid, "PACK_INVALID",
               "these bytes are not the canonical form of a pack");
}

}  // namespace

absl::StatusOr<std::shared_ptr<const Pack>> LoadCanonicalPack(std::string_view bytes) {
  const absl::StatusOr<Json> json =
      ParseJsonStrict(bytes, {.max_bytes = kMaxCanonical, .max_depth = kMaxDepth});
  if (!json.ok() || !json->is_object()) return NotCanonical();
  std::vector<PackText> texts;
  AddText(WordsOf(*json), "vocabulary", texts);
  AddRules(*json, "permits", PutPermit, texts);
  AddRules(*json, "prohibitions", PutProhibition, texts);
  AddRules(*json, "conditions", PutCondition, texts);
  AddRules(*json, "emergencies", PutEmergency, texts);
  AddRules(*json, "invariants", PutInvariant, texts);
  SLUIS_ASSIGN_OR_RETURN(std::shared_ptr<const Pack> pack, LoadPackTexts(texts));
  if (CanonicalBytes(*pack) != bytes) return NotCanonical();
  return pack;
}

}  // namespace sluis::policy

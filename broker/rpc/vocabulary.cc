#include "broker/rpc/vocabulary.h"

namespace sluis::rpc {
namespace {

using policy::Pack;

CodeList List(const Pack& pack, const char* name, const char* reason,
              bool (Pack::*knows)(std::string_view) const,
              std::vector<std::string> (Pack::*ids)() const) {
  return {name, reason, [&pack, knows](std::string_view id) { return (pack.*knows)(id); },
          [&pack, ids] { return (pack.*ids)(); }};
}

}  // namespace

CodeList CodesOf(const Pack& pack, v1::Vocabulary vocabulary) {
  switch (vocabulary) {
    case v1::VOCABULARY_ACTION:
      return List(pack, "action", "FIELD_INVALID", &Pack::IsAction, &Pack::ActionIds);
    case v1::VOCABULARY_PURPOSE:
      return List(pack, "purpose", "UNKNOWN_PURPOSE", &Pack::IsPurposeLeaf, &Pack::PurposeIds);
    case v1::VOCABULARY_LEGAL_BASIS:
      return List(pack, "legal basis", "UNKNOWN_LEGAL_BASIS", &Pack::IsBasis, &Pack::BasisIds);
    case v1::VOCABULARY_UNIT:
      return List(pack, "unit", "FIELD_INVALID", &Pack::IsUnit, &Pack::UnitIds);
    case v1::VOCABULARY_REGIME:
      return List(pack, "regime", "FIELD_INVALID", &Pack::IsRegime, &Pack::RegimeIds);
    case v1::VOCABULARY_SUBJECT_CATEGORY:
      return List(pack, "subject category", "FIELD_INVALID", &Pack::IsSubjectCategory,
                  &Pack::SubjectCategoryIds);
    case v1::VOCABULARY_CASE_PHASE:
      return List(pack, "case phase", "FIELD_INVALID", &Pack::IsCasePhase, &Pack::CasePhaseIds);
    case v1::VOCABULARY_FIELD:
      return List(pack, "field", "UNKNOWN_FIELD_NAME", &Pack::IsField, &Pack::FieldIds);
    default:
      return List(pack, "approval role", "FIELD_INVALID", &Pack::IsApprovalRole,
                  &Pack::ApprovalRoleIds);
  }
}

}  // namespace sluis::rpc

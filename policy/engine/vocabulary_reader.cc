#include "policy/engine/vocabulary_reader.h"

#include <algorithm>
#include <map>
#include <set>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "policy/engine/word_list.h"

namespace sluis::policy {
namespace {

// The engine works these out itself (policy/engine/box.cc); a pack cannot invent another.
const std::set<std::string>& DerivedFacts() {
  static const auto* facts = new std::set<std::string>{"optreden", "zelfde-organisatie"};
  return *facts;
}

class VocabularyReader {
 public:
  explicit VocabularyReader(Faults& faults) : faults_(faults) {}

  void Read(const ParsedFile& file);
  Vocabulary& vocabulary() { return vocabulary_; }

 private:
  // A new id of a list; a fault if it is no code or was seen before.
  std::string Id(const Spot& spot, int member, const std::string& list, const std::string& id);
  void ReadCodes(const Spot& file, int member,
                 const google::protobuf::RepeatedPtrField<pb::Code>& codes, const std::string& list,
                 std::vector<Code>& into);
  void ReadPurposes(const Spot& file, const pb::PackFile& content);
  void ReadKinds(const Spot& file, const pb::PackFile& content);
  void ReadFields(const Spot& file, const pb::PackFile& content);
  void ReadFacts(const Spot& file, const pb::PackFile& content);
  void ReadRoles(const Spot& file, const pb::PackFile& content);
  void ReadBases(const Spot& file, const pb::PackFile& content);

  Faults& faults_;
  Vocabulary vocabulary_;
  std::map<std::string, std::string> seen_;  // list and id to where
};

std::string VocabularyReader::Id(const Spot& spot, int member, const std::string& list,
                                 const std::string& id) {
  if (!IsCode(id)) {
    spot.Fault(member, -1, NoCode(id));
    return id;
  }
  const auto [first, is_new] = seen_.emplace(absl::StrCat(list, " ", id), spot.Where());
  if (!is_new) spot.Fault(absl::StrFormat("%s `%s` stands at %s already", list, id, first->second));
  return id;
}

void VocabularyReader::ReadCodes(const Spot& file, int member,
                                 const google::protobuf::RepeatedPtrField<pb::Code>& codes,
                                 const std::string& list, std::vector<Code>& into) {
  for (int i = 0; i < codes.size(); ++i) {
    const Spot spot = file.In(codes[i], member, i);
    into.push_back(
        {Id(spot, pb::Code::kIdFieldNumber, list, codes[i].id()),
         ReadText(spot.In(codes[i].meaning(), pb::Code::kMeaningFieldNumber), codes[i].meaning())});
  }
}

void VocabularyReader::ReadPurposes(const Spot& file, const pb::PackFile& content) {
  for (int i = 0; i < content.purpose_group_size(); ++i) {
    const pb::PurposeGroup& group = content.purpose_group(i);
    const Spot spot = file.In(group, pb::PackFile::kPurposeGroupFieldNumber, i);
    // Groups and leaves share one list of ids: a request must never be able to mean either.
    vocabulary_.purpose_groups.push_back(
        Id(spot, pb::PurposeGroup::kIdFieldNumber, "purpose", group.id()));
    if (group.purpose_size() == 0) spot.Fault("has no purpose; name its leaves");
    std::vector<Code> leaves;
    ReadCodes(spot, pb::PurposeGroup::kPurposeFieldNumber, group.purpose(), "purpose", leaves);
    for (Code& leaf : leaves) {
      vocabulary_.purposes.push_back({std::move(leaf.id), std::move(leaf.meaning), group.id()});
    }
  }
}

void VocabularyReader::ReadKinds(const Spot& file, const pb::PackFile& content) {
  for (int i = 0; i < content.kind_size(); ++i) {
    const pb::Kind& kind = content.kind(i);
    const Spot spot = file.In(kind, pb::PackFile::kKindFieldNumber, i);
    vocabulary_.kinds.push_back(Id(spot, pb::Kind::kIdFieldNumber, "kind", kind.id()));
    const CodeSet departments =
        policy::ReadCodes(spot, pb::Kind::kDepartmentFieldNumber, kind.department());
    if (departments.empty()) spot.Fault("has no department");
    if (kind.id().find('/') != std::string::npos) spot.Fault("a kind holds no slash");
    for (const std::string& department : kind.department()) {
      vocabulary_.units.push_back(absl::StrCat(kind.id(), "/", department));
      if (department.find('/') != std::string::npos) spot.Fault("a department holds no slash");
    }
  }
}

void VocabularyReader::ReadFields(const Spot& file, const pb::PackFile& content) {
  const WordList sensitivities("sensitivity", {"normal", "bsn", "special", "criminal"});
  for (int i = 0; i < content.field_size(); ++i) {
    const pb::Field& field = content.field(i);
    const Spot spot = file.In(field, pb::PackFile::kFieldFieldNumber, i);
    Id(spot, pb::Field::kIdFieldNumber, "field", field.id());
    sensitivities.Check(spot, pb::Field::kSensitivityFieldNumber, -1, field.sensitivity());
    if (!IsCode(field.category()))
      spot.Fault(pb::Field::kCategoryFieldNumber, -1, "name the category");
    if (!IsCode(field.type())) spot.Fault(pb::Field::kTypeFieldNumber, -1, "name the type");
    if (field.form().empty()) spot.Fault("has no form; name at least one");
    policy::ReadCodes(spot, pb::Field::kFormFieldNumber, field.form());
    vocabulary_.fields.push_back(
        {field.id(),
         field.category(),
         field.type(),
         field.sensitivity(),
         {field.form().begin(), field.form().end()},
         field.form_rule(),
         ReadText(spot.In(field.meaning(), pb::Field::kMeaningFieldNumber), field.meaning())});
  }
}

void VocabularyReader::ReadFacts(const Spot& file, const pb::PackFile& content) {
  for (int i = 0; i < content.fact_size(); ++i) {
    const pb::Fact& fact = content.fact(i);
    const Spot spot = file.In(fact, pb::PackFile::kFactFieldNumber, i);
    Id(spot, pb::Fact::kIdFieldNumber, "fact", fact.id());
    const CodeSet values = policy::ReadCodes(spot, pb::Fact::kValueFieldNumber, fact.value());
    if (values.size() < 2) spot.Fault("name at least two values");
    if (!fact.derived() && values.count("unknown") == 0)
      spot.Fault("a fact that is sent needs the value unknown");
    if (fact.derived() != (DerivedFacts().count(fact.id()) > 0)) {
      spot.Fault(pb::Fact::kDerivedFieldNumber, -1,
                 "does not agree with the facts that the engine works out");
    }
    vocabulary_.facts.push_back(
        {fact.id(),
         {fact.value().begin(), fact.value().end()},
         fact.derived(),
         ReadText(spot.In(fact.meaning(), pb::Fact::kMeaningFieldNumber), fact.meaning())});
  }
}

GivenBy ReadGivenBy(const Spot& spot, pb::GivenBy given_by) {
  switch (given_by) {
    case pb::KINDS:
      return GivenBy::kKinds;
    case pb::CASE_HOLDER:
      return GivenBy::kCaseHolder;
    case pb::SOURCE:
      return GivenBy::kSource;
    case pb::REQUESTER:
      return GivenBy::kRequester;
    default:
      break;
  }
  spot.Fault(pb::ApprovalRole::kGivenByFieldNumber, -1, "say whose person can give it");
  return GivenBy::kKinds;
}

void VocabularyReader::ReadRoles(const Spot& file, const pb::PackFile& content) {
  for (int i = 0; i < content.approval_role_size(); ++i) {
    const pb::ApprovalRole& role = content.approval_role(i);
    const Spot spot = file.In(role, pb::PackFile::kApprovalRoleFieldNumber, i);
    Id(spot, pb::ApprovalRole::kIdFieldNumber, "approval role", role.id());
    const GivenBy given_by = ReadGivenBy(spot, role.given_by());
    if ((given_by == GivenBy::kKinds) != (role.kind_size() > 0)) {
      spot.Fault(pb::ApprovalRole::kKindFieldNumber, -1, "name kinds with KINDS, and only then");
    }
    vocabulary_.approval_roles.push_back(
        {role.id(),
         ReadText(spot.In(role.meaning(), pb::ApprovalRole::kMeaningFieldNumber), role.meaning()),
         given_by,
         {role.kind().begin(), role.kind().end()}});
  }
}

void VocabularyReader::ReadBases(const Spot& file, const pb::PackFile& content) {
  for (int i = 0; i < content.basis_size(); ++i) {
    const pb::Basis& basis = content.basis(i);
    const Spot spot = file.In(basis, pb::PackFile::kBasisFieldNumber, i);
    Id(spot, pb::Basis::kIdFieldNumber, "basis", basis.id());
    if (basis.law().empty() || basis.law_id().empty() || basis.article().empty()) {
      spot.Fault("name the law, its id and the article");
    }
    vocabulary_.bases.push_back(
        {basis.id(), basis.law(), basis.law_id(), basis.article(),
         ReadText(spot.In(basis.meaning(), pb::Basis::kMeaningFieldNumber), basis.meaning()),
         ReadReview(spot, pb::Basis::kReviewFieldNumber, basis.review())});
  }
}

void VocabularyReader::Read(const ParsedFile& file) {
  const pb::PackFile& content = file.content;
  const Spot spot(faults_, file);
  using F = pb::PackFile;
  ReadCodes(spot, F::kActionFieldNumber, content.action(), "action", vocabulary_.actions);
  ReadPurposes(spot, content);
  ReadKinds(spot, content);
  ReadCodes(spot, F::kRegimeFieldNumber, content.regime(), "regime", vocabulary_.regimes);
  ReadCodes(spot, F::kSubjectCategoryFieldNumber, content.subject_category(), "subject category",
            vocabulary_.subject_categories);
  ReadCodes(spot, F::kCasePhaseFieldNumber, content.case_phase(), "case phase",
            vocabulary_.case_phases);
  ReadCodes(spot, F::kFormFieldNumber, content.form(), "form", vocabulary_.forms);
  ReadFields(spot, content);
  ReadFacts(spot, content);
  ReadRoles(spot, content);
  ReadCodes(spot, F::kHandlingFieldNumber, content.handling(), "handling", vocabulary_.handling);
  ReadCodes(spot, F::kOnwardFieldNumber, content.onward(), "onward", vocabulary_.onward);
  ReadBases(spot, content);
}

// What one file says about words of another: only when all are read.
void CheckReferences(const ParsedFile& file, const Vocabulary& vocabulary, Faults& faults) {
  std::vector<std::string> form_ids;
  for (const Code& form : vocabulary.forms) form_ids.push_back(form.id);
  const WordList forms("form", form_ids), kinds("kind", vocabulary.kinds);
  const Spot spot(faults, file);
  for (int i = 0; i < file.content.field_size(); ++i) {
    const pb::Field& field = file.content.field(i);
    const Spot at = spot.In(field, pb::PackFile::kFieldFieldNumber, i);
    std::ptrdiff_t last = -1;
    for (int k = 0; k < field.form_size(); ++k) {
      if (!forms.Check(at, pb::Field::kFormFieldNumber, k, field.form(k))) continue;
      const auto rank =
          std::find(form_ids.begin(), form_ids.end(), field.form(k)) - form_ids.begin();
      if (rank < last)
        at.Fault(pb::Field::kFormFieldNumber, k, "list the least revealing form first");
      last = rank;
    }
  }
  for (int i = 0; i < file.content.approval_role_size(); ++i) {
    const pb::ApprovalRole& role = file.content.approval_role(i);
    kinds.Read(spot.In(role, pb::PackFile::kApprovalRoleFieldNumber, i),
               pb::ApprovalRole::kKindFieldNumber, role.kind());
  }
}

// An empty list would make every rule about it match anything.
void CheckNoneEmpty(const Vocabulary& vocabulary, const std::string& file, Faults& faults) {
  const std::map<std::string, bool> lists = {
      {"action", vocabulary.actions.empty()},
      {"purpose_group", vocabulary.purposes.empty()},
      {"kind", vocabulary.units.empty()},
      {"regime", vocabulary.regimes.empty()},
      {"subject_category", vocabulary.subject_categories.empty()},
      {"case_phase", vocabulary.case_phases.empty()},
      {"form", vocabulary.forms.empty()},
      {"field", vocabulary.fields.empty()},
      {"handling", vocabulary.handling.empty()},
      {"onward", vocabulary.onward.empty()},
      {"basis", vocabulary.bases.empty()}};
  for (const auto& [list, is_empty] : lists) {
    if (is_empty) faults.Add(file, 0, 0, absl::StrFormat("the pack has no `%s`", list));
  }
}

}  // namespace

Text ReadText(const Spot& spot, const pb::Text& text) {
  if (text.nl().empty()) spot.Fault("say it in Dutch: nl");
  if (text.en().empty()) spot.Fault("say it in English: en");
  return {text.nl(), text.en()};
}

Review ReadReview(const Spot& spot, int member, pb::Review review) {
  if (review == pb::VERIFIED) return Review::kVerified;
  if (review != pb::TO_BE_CONFIRMED_BY_JURIST)
    spot.Fault(member, -1, "say whether a jurist must confirm it");
  return Review::kToBeConfirmed;
}

Vocabulary ReadVocabulary(const ParsedFiles& files, Faults& faults) {
  VocabularyReader reader(faults);
  for (const auto& file : files) reader.Read(*file);
  for (const auto& file : files) CheckReferences(*file, reader.vocabulary(), faults);
  if (!files.empty()) CheckNoneEmpty(reader.vocabulary(), files.front()->name, faults);
  return std::move(reader.vocabulary());
}

}  // namespace sluis::policy

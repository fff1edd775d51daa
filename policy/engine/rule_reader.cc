#include "policy/engine/rule_reader.h"

#include <algorithm>
#include <map>

#include "absl/strings/str_format.h"
#include "policy/engine/box_reader.h"

namespace sluis::policy {
namespace {

class RuleReader {
 public:
  RuleReader(const Vocabulary& vocabulary, Faults& faults) : reader_(vocabulary), faults_(faults) {}

  void Read(const ParsedFile& file);
  Rules Take();
  const std::map<std::string, std::string>& places() const { return seen_; }

 private:
  template <typename Message>
  void ReadCommon(const Spot& spot, const Message& in, char letter, BoxUse use, Rule& rule);
  Permit ReadPermit(const Spot& spot, const pb::Permit& in);
  Prohibition ReadProhibition(const Spot& spot, const pb::Prohibition& in);
  Condition ReadCondition(const Spot& spot, const pb::Condition& in);
  Emergency ReadEmergency(const Spot& spot, const pb::Emergency& in);
  Invariant ReadInvariant(const Spot& spot, const pb::Invariant& in);
  ApprovalDemand ReadApproval(const Spot& spot, const pb::Approval& in);

  const BoxReader reader_;
  Faults& faults_;
  Rules rules_;
  std::map<std::string, std::string> seen_;  // id to where
};

// What opens must say how long, to whom further and how to handle it.
void CheckComplete(const Spot& spot, const Obligations& obligations) {
  if (!obligations.retention || obligations.onward.empty() || obligations.handling.empty()) {
    spot.Fault("name retention, onward and handling");
  }
}

template <typename Message>
void RuleReader::ReadCommon(const Spot& spot, const Message& in, char letter, BoxUse use,
                            Rule& rule) {
  const Spot head = spot.In(in.head(), Message::kHeadFieldNumber);
  reader_.ReadHead(head, in.head(), letter, rule);
  const auto [first, is_new] = seen_.emplace(rule.id, spot.Where());
  if (!is_new) spot.Fault(absl::StrFormat("rule %s stands at %s already", rule.id, first->second));
  rule.box = reader_.ReadBox(spot.In(in.box(), Message::kBoxFieldNumber), in.box(), use);
}

Permit RuleReader::ReadPermit(const Spot& spot, const pb::Permit& in) {
  using P = pb::Permit;
  Permit permit;
  ReadCommon(spot, in, 'P', BoxUse::kOpens, permit);
  permit.fields = reader_.ReadForms(spot, P::kReleaseFieldNumber, in.release());
  if (permit.fields.empty()) spot.Fault("a permit that releases nothing");
  const Spot obligations = spot.In(in.obligations(), P::kObligationsFieldNumber);
  permit.obligations = reader_.ReadObligations(obligations, in.obligations());
  CheckComplete(obligations, permit.obligations);
  permit.inherits_down = in.inherits_down();
  return permit;
}

Prohibition RuleReader::ReadProhibition(const Spot& spot, const pb::Prohibition& in) {
  Prohibition prohibition;
  ReadCommon(spot, in, 'N', BoxUse::kCloses, prohibition);
  prohibition.absolute = in.absolute();
  return prohibition;
}

ApprovalDemand RuleReader::ReadApproval(const Spot& spot, const pb::Approval& in) {
  using A = pb::Approval;
  ApprovalDemand demand;
  demand.count = in.count();
  reader_.approval_roles().Read(spot, A::kRoleFieldNumber, in.role());
  demand.roles.assign(in.role().begin(), in.role().end());
  demand.max_age = ReadPeriod(spot, A::kMaxAgeFieldNumber, in.max_age());
  if (in.count() < 1 || in.count() > in.role_size()) {
    spot.Fault(A::kCountFieldNumber, -1, "must be from 1 to the number of roles");
  }
  return demand;
}

Condition RuleReader::ReadCondition(const Spot& spot, const pb::Condition& in) {
  using C = pb::Condition;
  Condition condition;
  ReadCommon(spot, in, 'C', BoxUse::kCloses, condition);
  if (in.has_approval()) {
    condition.approval =
        ReadApproval(spot.In(in.approval(), C::kApprovalFieldNumber), in.approval());
  }
  condition.obligations = reader_.ReadObligations(
      spot.In(in.obligations(), C::kObligationsFieldNumber), in.obligations());
  condition.max_form = reader_.ReadForms(spot, C::kMaxFormFieldNumber, in.max_form());
  condition.has_obligation = in.obligations().ByteSizeLong() > 0 || !condition.max_form.empty();
  if (!condition.has_obligation && !in.has_approval()) spot.Fault("asks for nothing");
  return condition;
}

Emergency RuleReader::ReadEmergency(const Spot& spot, const pb::Emergency& in) {
  using E = pb::Emergency;
  Emergency emergency;
  ReadCommon(spot, in, 'E', BoxUse::kOpens, emergency);
  emergency.fields = reader_.ReadForms(spot, E::kReleaseFieldNumber, in.release());
  if (emergency.fields.empty()) spot.Fault("an emergency rule that releases nothing");
  const Spot obligations = spot.In(in.obligations(), E::kObligationsFieldNumber);
  emergency.obligations = reader_.ReadObligations(obligations, in.obligations());
  CheckComplete(obligations, emergency.obligations);
  emergency.max_use = ReadPeriod(spot, E::kMaxUseFieldNumber, in.max_use());
  emergency.review_within = ReadPeriod(spot, E::kReviewWithinFieldNumber, in.review_within());
  emergency.review_roles =
      reader_.approval_roles().Read(spot, E::kReviewRoleFieldNumber, in.review_role());
  if (in.review_role().empty()) spot.Fault("name who reviews afterwards");
  return emergency;
}

Invariant RuleReader::ReadInvariant(const Spot& spot, const pb::Invariant& in) {
  Invariant invariant;
  ReadCommon(spot, in, 'I', BoxUse::kProves, invariant);
  reader_.forms().Check(spot, pb::Invariant::kMinFormFieldNumber, -1, in.min_form());
  invariant.min_form = in.min_form();
  invariant.unless_approved = in.unless_approved();
  return invariant;
}

void RuleReader::Read(const ParsedFile& file) {
  const Spot spot(faults_, file);
  const auto read_all = [&](const auto& list, int member, auto& into, auto read) {
    for (int i = 0; i < list.size(); ++i)
      into.push_back((this->*read)(spot.In(list[i], member, i), list[i]));
  };
  using F = pb::PackFile;
  const pb::PackFile& content = file.content;
  read_all(content.permit(), F::kPermitFieldNumber, rules_.permits, &RuleReader::ReadPermit);
  read_all(content.prohibition(), F::kProhibitionFieldNumber, rules_.prohibitions,
           &RuleReader::ReadProhibition);
  read_all(content.condition(), F::kConditionFieldNumber, rules_.conditions,
           &RuleReader::ReadCondition);
  read_all(content.emergency(), F::kEmergencyFieldNumber, rules_.emergencies,
           &RuleReader::ReadEmergency);
  read_all(content.invariant(), F::kInvariantFieldNumber, rules_.invariants,
           &RuleReader::ReadInvariant);
}

template <typename RuleType>
void SortById(std::vector<RuleType>& rules) {
  std::sort(rules.begin(), rules.end(), [](const Rule& a, const Rule& b) { return a.id < b.id; });
}

Rules RuleReader::Take() {
  SortById(rules_.permits);
  SortById(rules_.prohibitions);
  SortById(rules_.conditions);
  SortById(rules_.emergencies);
  SortById(rules_.invariants);
  return std::move(rules_);
}

}  // namespace

Rules ReadRules(const ParsedFiles& files, const Vocabulary& vocabulary, Faults& faults,
                std::map<std::string, std::string>* places) {
  RuleReader reader(vocabulary, faults);
  for (const auto& file : files) reader.Read(*file);
  if (places != nullptr) *places = reader.places();
  return reader.Take();
}

}  // namespace sluis::policy

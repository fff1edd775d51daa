#include "broker/rpc/cross_rules.h"

#include <set>

#include "absl/strings/str_format.h"
#include "broker/rpc/convert.h"
#include "lib/base/ids.h"

namespace sluis::rpc {
namespace {

class CreateRules {
 public:
  explicit CreateRules(const v1::CreateExchangeRequest& request)
      : exchange_(request.exchange()),
        dry_run_(request.validate_only()),
        opens_case_(!request.new_case_phase().empty()) {}

  std::vector<RuleViolation> Check() && {
    if (!exchange_.name().empty()) Invalid("exchange.name", "is given by the broker; leave it out");
    if (opens_case_ && ContainsBsnLikeRun(exchange_.case_()))
      Invalid("exchange.case", "must be random, without a number of a person; draw a new one");
    CheckSubject();
    CheckRecall();
    CheckFrom();
    CheckFieldsOnce();
    CheckTimeToLive();
    return std::move(violations_);
  }

 private:
  bool Acts(std::string_view action) const { return exchange_.action() == action; }
  void Invalid(std::string field, std::string description) {
    violations_.push_back({"FIELD_INVALID", std::move(field), std::move(description)});
  }
  void CheckSubject();
  void CheckRecall();
  void CheckFrom();
  void CheckFieldsOnce();
  void CheckTimeToLive();

  const v1::Exchange& exchange_;
  const bool dry_run_, opens_case_;
  std::vector<RuleViolation> violations_;
};

void CreateRules::CheckSubject() {
  if (!Acts("request") && !Acts("disclose") && !Acts("promote") && !Acts("recall")) {
    Invalid("exchange.action", "this broker carries request, disclose, promote and recall");
  }
  if (!exchange_.has_subject()) return;
  if (dry_run_) {
    Invalid("exchange.subject",
            "must be absent when only trying out: a dry run never touches a subject");
  } else if (!Acts("request")) {
    Invalid("exchange.subject", "belongs to request only; leave it out");
  }
}

void CreateRules::CheckRecall() {
  const bool earlier = !exchange_.earlier_exchange().empty();
  const bool kind = exchange_.recall_kind() != v1::RECALL_KIND_UNSPECIFIED;
  for (const auto& [present, field] :
       {std::pair(earlier, "exchange.earlier_exchange"), std::pair(kind, "exchange.recall_kind")}) {
    if (present && !Acts("recall")) Invalid(field, "belongs to recall only; leave it out");
    if (!present && Acts("recall"))
      violations_.push_back({"FIELD_MISSING", field, "is required for recall"});
  }
}

// A promotion says where the pseudonym comes from; a disclosure may.
void CreateRules::CheckFrom() {
  const bool domain = !exchange_.from_domain().empty();
  const bool purpose = !exchange_.from_purpose().empty();
  if (domain != purpose) {
    violations_.push_back({"FIELD_MISSING",
                           domain ? "exchange.from_purpose" : "exchange.from_domain",
                           "domain and purpose are given together"});
  } else if (!domain && Acts("promote")) {
    violations_.push_back({"FIELD_MISSING", "exchange.from_domain", "is required for promote"});
  }
  if (domain && !Acts("promote") && !Acts("disclose"))
    Invalid("exchange.from_domain", "belongs to promote and disclose only; leave it out");
}

void CreateRules::CheckFieldsOnce() {
  std::set<std::string_view> seen;
  for (int i = 0; i < exchange_.fields_size(); ++i) {
    if (seen.insert(exchange_.fields(i)).second) continue;
    Invalid(absl::StrFormat("exchange.fields[%d]", i), "stands twice; name it once");
  }
}

void CreateRules::CheckTimeToLive() {
  if (!exchange_.has_time_to_live()) return;
  const auto& wire = exchange_.time_to_live();
  const std::int64_t longest = absl::ToInt64Seconds(kLongestTimeToLive);
  if (wire.seconds() >= 60 && wire.seconds() <= longest - (wire.nanos() > 0 ? 1 : 0)) return;
  Invalid("exchange.time_to_live", "must be from 60 seconds to 14 days");
}

// Whether it is that of the statement is seen when the statement is read.
std::vector<RuleViolation> CheckName(const v1::RegisterArrangementRequest& request) {
  const std::string& name = request.arrangement().name();
  const std::string_view prefix = kArrangementPrefix;
  if (name.empty() ||
      (name.starts_with(prefix) && name.size() > prefix.size() && !ContainsBsnLikeRun(name))) {
    return {};
  }
  return {{"FIELD_INVALID", "arrangement.name",
           "must be arrangements/{id}, without a number of a person"}};
}

}  // namespace

std::vector<RuleViolation> CrossViolations(const google::protobuf::Message& request) {
  if (const auto* create = dynamic_cast<const v1::CreateExchangeRequest*>(&request))
    return CreateRules(*create).Check();
  if (const auto* arrangement = dynamic_cast<const v1::RegisterArrangementRequest*>(&request))
    return CheckName(*arrangement);
  return {};
}

}  // namespace sluis::rpc

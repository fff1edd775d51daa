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
  // One of many.
  CreateRules(const v1::Exchange& exchange, int index)
      : exchange_(exchange),
        at_(absl::StrFormat("exchanges[%d].", index)),
        dry_run_(false),
        opens_case_(false) {}

  std::vector<RuleViolation> Check() && {
    if (!exchange_.name().empty()) Invalid("name", "is given by the broker; leave it out");
    if (opens_case_ && ContainsBsnLikeRun(exchange_.case_()))
      Invalid("case", "must be random, without a number of a person; draw a new one");
    CheckSubject();
    CheckRecall();
    CheckFrom();
    CheckRegister();
    CheckFieldsOnce();
    CheckTimeToLive();
    return std::move(violations_);
  }

 private:
  bool Acts(std::string_view action) const { return exchange_.action() == action; }
  bool Asks() const { return Acts("request") || Acts("inquire"); }
  void Invalid(std::string_view field, std::string description) {
    violations_.push_back({"FIELD_INVALID", at_ + std::string(field), std::move(description)});
  }
  void Missing(std::string_view field, std::string description) {
    violations_.push_back({"FIELD_MISSING", at_ + std::string(field), std::move(description)});
  }
  void CheckSubject();
  void CheckRecall();
  void CheckFrom();
  void CheckRegister();
  void CheckFieldsOnce();
  void CheckTimeToLive();

  const v1::Exchange& exchange_;
  const std::string at_ = "exchange.";
  const bool dry_run_, opens_case_;
  std::vector<RuleViolation> violations_;
};

void CreateRules::CheckSubject() {
  if (!Asks() && !Acts("disclose") && !Acts("promote") && !Acts("recall")) {
    Invalid("action", "this broker carries request, inquire, disclose, promote and recall");
  }
  if (!exchange_.has_subject()) return;
  if (dry_run_) {
    Invalid("subject", "must be absent when only trying out: a dry run never touches a subject");
  } else if (!Asks()) {
    Invalid("subject", "belongs to request and inquire only; leave it out");
  }
}

void CreateRules::CheckRecall() {
  const bool earlier = !exchange_.earlier_exchange().empty();
  const bool kind = exchange_.recall_kind() != v1::RECALL_KIND_UNSPECIFIED;
  for (const auto& [present, field] :
       {std::pair(earlier, "earlier_exchange"), std::pair(kind, "recall_kind")}) {
    if (present && !Acts("recall")) Invalid(field, "belongs to recall only; leave it out");
    if (!present && Acts("recall")) Missing(field, "is required for recall");
  }
}

// A promotion says where the pseudonym comes from; what else is about a pseudonym may.
void CreateRules::CheckFrom() {
  const bool domain = !exchange_.from_domain().empty();
  const bool purpose = !exchange_.from_purpose().empty();
  if (domain != purpose) {
    Missing(domain ? "from_purpose" : "from_domain", "domain and purpose are given together");
  } else if (!domain && Acts("promote")) {
    Missing("from_domain", "is required for promote");
  }
  if (domain && !Acts("promote") && !Acts("disclose") && !Asks())
    Invalid("from_domain", "belongs to promote, disclose, inquire and request; leave it out");
}

// A pseudonym is looked up in an index; a named person needs none.
void CreateRules::CheckRegister() {
  const bool in_index = !exchange_.register_().empty();
  if (in_index && !Asks()) Invalid("register", "belongs to inquire and request only; leave it out");
  if (in_index && exchange_.has_subject() && Asks())
    Invalid("register",
            "who is named by a sealed identity is looked up in no index; leave one out");
  if (!in_index && Asks() && !exchange_.from_domain().empty())
    Missing("register", "is required for who is known by pseudonym");
}

void CreateRules::CheckFieldsOnce() {
  std::set<std::string_view> seen;
  for (int i = 0; i < exchange_.fields_size(); ++i) {
    if (seen.insert(exchange_.fields(i)).second) continue;
    Invalid(absl::StrFormat("fields[%d]", i), "stands twice; name it once");
  }
}

void CreateRules::CheckTimeToLive() {
  if (!exchange_.has_time_to_live()) return;
  const auto& wire = exchange_.time_to_live();
  const std::int64_t longest = absl::ToInt64Seconds(kLongestTimeToLive);
  if (wire.seconds() >= 60 && wire.seconds() <= longest - (wire.nanos() > 0 ? 1 : 0)) return;
  Invalid("time_to_live", "must be from 60 seconds to 14 days");
}

// Many at once are inquiries of one case to different providers.
std::vector<RuleViolation> CheckMany(const v1::BatchCreateExchangesRequest& request) {
  std::vector<RuleViolation> violations;
  std::set<std::pair<std::string_view, std::string_view>> providers;
  const auto invalid = [&](int index, const char* field, const char* why) {
    violations.push_back({"FIELD_INVALID", absl::StrFormat("exchanges[%d].%s", index, field), why});
  };
  for (int i = 0; i < request.exchanges_size(); ++i) {
    const v1::Exchange& exchange = request.exchanges(i);
    for (RuleViolation& violation : CreateRules(exchange, i).Check())
      violations.push_back(std::move(violation));
    if (exchange.action() != "inquire") invalid(i, "action", "must be inquire when many are asked");
    if (exchange.case_() != request.exchanges(0).case_())
      invalid(i, "case", "must be the same for all");
    if (!providers.insert({exchange.provider().organisation(), exchange.provider().unit()}).second)
      invalid(i, "provider", "is asked twice; name it once");
  }
  return violations;
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
  if (const auto* many = dynamic_cast<const v1::BatchCreateExchangesRequest*>(&request))
    return CheckMany(*many);
  if (const auto* arrangement = dynamic_cast<const v1::RegisterArrangementRequest*>(&request))
    return CheckName(*arrangement);
  return {};
}

}  // namespace sluis::rpc

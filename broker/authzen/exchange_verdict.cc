#include "broker/authzen/exchange_verdict.h"

#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "broker/authzen/denial_tokens.h"
#include "broker/exchange/approval_task.h"
#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/crypto/random.h"

namespace sluis::authzen {
namespace {

using exchange::ExchangeResult;
using exchange::Moment;
using policy::Decision;
using policy::Outcome;

constexpr char kProfile[] = "https://sluis.example/obligations/v1";

// The members that every answer about an exchange has.
Json ContextOf(const Moment& moment, const std::string& reason) {
  return {{"evaluation_id", "ev-" + HexEncode(RandomBytes(16))},
          {"evaluated_at", FormatRfc3339Millis(moment.now())},
          {"policy_version", moment.policy().pack->version()},
          {"reason", reason}};
}

Verdict DenialOf(const Moment& moment, const std::string& reason, const std::string& words) {
  Verdict verdict{false, ContextOf(moment, reason)};
  verdict.context["reason_user"] = {{"403", words}};
  return verdict;
}

// Collects obligations under ids of their own.
class Obligations {
 public:
  explicit Obligations(absl::Time now) : now_(now) {}
  void Add(const char* name, Json properties = Json::object()) {
    properties["profile"] = kProfile;
    properties["name"] = name;
    list_.push_back({{"id", absl::StrCat("o", list_.size() + 1)},
                     {"type", "custom"},
                     {"properties", std::move(properties)}});
  }
  // The last day of a period that begins now, or the period as it stands.
  void AddUntil(const char* name, const std::string& period) {
    if (period.empty()) return;
    const absl::StatusOr<absl::CivilDay> day = AddPeriod(now_, period);
    Add(name, day.ok() ? Json{{"date", absl::FormatCivilTime(*day)}} : Json{{"period", period}});
  }
  void AddHours(const char* name, const std::string& period, Json properties = Json::object()) {
    if (period.empty()) return;
    if (const std::optional<std::int64_t> hours = HoursOf(period)) {
      properties["hours"] = *hours;
    } else {
      properties["period"] = period;
    }
    Add(name, std::move(properties));
  }
  Json Take() { return std::move(list_); }

 private:
  // `PT24H`, or a period of whole days.
  std::optional<std::int64_t> HoursOf(std::string_view period) const {
    if (period.starts_with("PT") && period.ends_with("H")) {
      const auto hours = ParseDecimal(period.substr(2, period.size() - 3), 1 << 20);
      if (hours.ok()) return static_cast<std::int64_t>(*hours);
    }
    const absl::StatusOr<absl::CivilDay> day = AddPeriod(now_, period);
    if (!day.ok()) return std::nullopt;
    return 24 * (*day - absl::ToCivilDay(now_, AmsterdamZone()));
  }

  const absl::Time now_;
  Json list_ = Json::array();
};

void AddFields(const ExchangeResult& decided, Obligations& obligations) {
  std::vector<std::string> fields, pseudonyms;
  for (const auto& [field, form] : decided.decision.fields) {
    fields.push_back(field);
    if (form == "pseudonym") pseudonyms.push_back(field);
  }
  // Always said: the forms bind also where every field is released.
  obligations.Add("release-fields", {{"fields", fields}, {"forms", decided.decision.fields}});
  if (pseudonyms.empty()) return;
  const bool in_case = decided.exchange.domain == decided.exchange.case_id;
  obligations.Add("pseudonym",
                  {{"scope", in_case ? "case" : "weighing-table"}, {"fields", pseudonyms}});
}

void AddOnward(const ExchangeResult& decided, Obligations& obligations) {
  const Decision& decision = decided.decision;
  if (decision.onward == "named") {
    obligations.Add("onward-only", {{"organisations", decision.onward_to}});
  } else if (decision.onward == "within-case") {
    obligations.Add("onward-only", {{"case", decided.exchange.case_id.hex()}});
  } else {
    obligations.Add("no-onward");
  }
}

void AddCare(const Decision& decision, Obligations& obligations) {
  if (!decision.handling.empty()) obligations.Add("handling", {{"code", decision.handling}});
  if (!decision.notify.empty()) obligations.Add("notify", {{"roles", decision.notify}});
  if (!decision.marks.empty()) obligations.Add("mark", {{"codes", decision.marks}});
  if (decision.min_cell) obligations.Add("min-cell", {{"count", *decision.min_cell}});
}

Json ObligationsOf(const ExchangeResult& decided, absl::Time now) {
  const Decision& decision = decided.decision;
  Obligations obligations(now);
  AddFields(decided, obligations);
  obligations.AddUntil("retain-until", decision.retention);
  AddOnward(decided, obligations);
  obligations.AddUntil("feedback-by", decision.feedback_due);
  AddCare(decision, obligations);
  if (decision.emergency) {
    obligations.Add("tell-both-sides");
    obligations.AddHours("review-within", decision.emergency_terms.review_within,
                         {{"by", decision.emergency_terms.review_by}});
    obligations.AddHours("access-within", decision.emergency_terms.max_access);
  }
  return obligations.Take();
}

std::string ReasonOfPermit(const ExchangeResult& decided) {
  if (decided.decision.emergency) return "permitted_emergency";
  const bool partly = decided.decision.fields.size() < decided.exchange.fields.size();
  return partly ? "permitted_partly" : "permitted";
}

Verdict Permit(const ExchangeResult& decided, const Moment& moment) {
  Verdict verdict{true, ContextOf(moment, ReasonOfPermit(decided))};
  verdict.context["reason_user"] = {{"200", decided.decision.reason_nl}};
  verdict.context["obligations"] = ObligationsOf(decided, moment.now());
  return verdict;
}

// What it takes, and until when it can be asked for here; what cannot, is asked in the exchange.
Verdict AwaitsApproval(const ExchangeResult& decided, const Moment& moment) {
  Verdict verdict = DenialOf(moment, kApprovalRequired, decided.decision.reason_nl);
  Json needed = Json::object();
  std::vector<std::string> conditions;
  for (const auto& [condition, need] : decided.decision.approvals_needed) {
    conditions.push_back(condition);
    needed[condition] = {{"k", need.k}, {"roles", need.roles}};
  }
  verdict.context["approvals_needed"] = std::move(needed);
  if (!exchange::CanBeAskedAlone(decided.exchange.action)) return verdict;
  verdict.context["access_request"] = {
      {"expires_at", FormatRfc3339Millis(moment.now() + kDenialLife)},
      {"template", absl::StrJoin(conditions, "+")},
      {"display",
       {{"title", "Goedkeuring nodig"},
        {"description", "Vraag hier de goedkeuring; wie mag goedkeuren, doet dat in Sluis."}}}};
  return verdict;
}

Verdict VerdictByOutcome(const ExchangeResult& decided, const Moment& moment) {
  const Decision& decision = decided.decision;
  switch (decision.outcome) {
    case Outcome::kPermitted:
      return Permit(decided, moment);
    case Outcome::kNeedsApproval:
      return AwaitsApproval(decided, moment);
    case Outcome::kDeniedNoBasis:
      return DenialOf(moment, kNoLegalBasis, decision.reason_nl);
    case Outcome::kDeniedProhibited:
      return DenialOf(moment, kProhibited, decision.reason_nl);
    case Outcome::kInvalid:
      break;
  }
  return InvalidVerdict({decision.invalid.member, decision.invalid.message}, moment);
}

// A member of CreateExchange as the request spells it.
std::string MemberOf(const std::string& field) {
  constexpr std::string_view kExchange = "exchange.";
  if (field == "parent") return "subject.properties.unit";
  if (!field.starts_with(kExchange)) return field;
  std::string last = field.substr(kExchange.size());
  if (last == "action") return "action.name";
  if (last == "legal_basis") return "action.properties.basis";
  if (last == "purpose" || last == "emergency") return "action.properties." + last;
  if (last == "case") return "resource.id";
  if (last == "provider" || last == "recipient") last += "_organisation";
  if (last == "provider.unit" || last == "recipient.unit") last[last.find('.')] = '_';
  return "resource.properties." + last;
}

}  // namespace

Verdict VerdictOf(const ExchangeQuestion& question, const ExchangeResult& decided,
                  const Moment& moment) {
  if (question.phase && *question.phase != decided.exchange.case_phase) {
    return InvalidVerdict(
        {"resource.properties.case_phase", "is not the phase that the case is in; leave it out"},
        moment);
  }
  Verdict verdict = VerdictByOutcome(decided, moment);
  if (verdict.decision && !question.takes_obligations) {
    verdict = DenialOf(moment, "obligations_not_supported",
                       "Uw systeem kan de voorwaarden bij deze gegevens niet uitvoeren.");
  }
  if (moment.audits()) {
    verdict.context["reason_admin"] = {
        {verdict.decision ? "200" : "403", absl::StrJoin(decided.decision.deciding_rules, ", ")}};
  }
  return verdict;
}

Verdict InvalidVerdict(const Fault& fault, const Moment& moment) {
  Verdict verdict = DenialOf(moment, "invalid", "Deze vraag past niet in de afspraken.");
  verdict.context["invalid"] = {{"member", fault.member}, {"message", fault.message}};
  return verdict;
}

Verdict MismatchVerdict(const Moment& moment) {
  return DenialOf(moment, "subject_mismatch",
                  "U kunt alleen voor uzelf vragen: dit is een ander dan wie is ingelogd.");
}

Fault FaultOf(const absl::Status& status) {
  if (absl::IsPermissionDenied(status))
    return {"resource.id", "must name a case that your unit takes part in"};
  if (!absl::IsInvalidArgument(status)) return {};
  const ErrorDetail detail = DetailOf(status);
  if (detail.violations.empty()) return {"", MessageOf(status)};
  return {MemberOf(detail.violations.front().field), detail.violations.front().description};
}

}  // namespace sluis::authzen

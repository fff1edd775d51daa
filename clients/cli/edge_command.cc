#include "clients/cli/edge_command.h"

#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "clients/cli/wire_json.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

namespace wire = edge::wire;

std::string PartyText(const Json& party) {
  return absl::StrFormat("%s/%s", party.value("organisation", ""), party.value("unit", ""));
}

Json FormsForTable(const Json& fields) {
  Json forms = Json::object();
  for (const Json& field : fields) forms[field["field"].get<std::string>()] = field["form"];
  return forms;
}

// Members of the wire message that a table shows in one cell.
Json ForTable(const Json& exchange) {
  Json shown = exchange;
  for (const char* side : {"provider", "recipient"}) {
    if (shown.contains(side)) shown[side] = PartyText(shown[side]);
  }
  shown["answerable"] = FormsForTable(exchange.value("answerable", Json::array()));
  if (!shown.contains("decision")) return shown;
  Json& decision = shown["decision"];
  Json needs = Json::array(), outcomes = Json::object();
  for (const Json& field : decision["field_outcomes"]) {
    outcomes[field["field"].get<std::string>()] = field["outcome"];
  }
  for (const Json& need : decision["approvals_needed"]) {
    needs.push_back(absl::StrFormat("%s: %d x %s", need.value("condition", ""), need.value("count", 0),
                                    CellText(need["roles"], Language::kEnglish)));
  }
  decision["fields"] = FormsForTable(decision["fields"]);
  decision["field_outcomes"] = outcomes;
  decision["approvals_needed"] = needs;
  return shown;
}

std::vector<Column> ExchangeColumns(const Context& context) {
  const bool dutch = context.output.language() == Language::kDutch;
  std::vector<Column> columns = {{"exchange", "/name"},
                                 {"state", "/state"},
                                 {"action", "/action"},
                                 {"purpose", "/purpose"},
                                 {"provider", "/provider"},
                                 {"recipient", "/recipient"},
                                 {"case", "/case"},
                                 {"asked", "/fields"},
                                 {"outcome", "/decision/outcome"},
                                 {"reason", dutch ? "/decision/reason_nl" : "/decision/reason_en"},
                                 {"forms", "/decision/fields"},
                                 {"answerable", "/answerable"},
                                 {"approvals_needed", "/decision/approvals_needed"},
                                 {"retention", "/decision/retention"},
                                 {"onward", "/decision/onward"},
                                 {"onward_to", "/decision/onward_to"},
                                 {"handling", "/decision/handling"},
                                 {"feedback_due", "/decision/feedback_due"},
                                 {"retain_until", "/retain_until"},
                                 {"recalled_by", "/recalled_by"},
                                 {"register", "/register"},
                                 {"subject_sent", "/subject_sent"},
                                 {"recorded_hits", "/recorded_hits"}};
  if (context.global.explain) {
    columns.push_back({"rules", "/decision/deciding_rules"});
    columns.push_back({"field_outcomes", "/decision/field_outcomes"});
    columns.push_back({"legal_basis", "/legal_basis"});
    columns.push_back({"policy_pack", "/decision/policy_pack"});
  }
  return columns;
}

bool IsOurs(const edge::Edge& edge, const wire::Party& party) {
  return party.organisation() == edge.party().party().oin.str() &&
         party.unit() == edge.party().party().unit.str();
}

// Of ours: whom it is about was not brought to the register yet.
bool AwaitsSubject(const wire::Exchange& exchange) {
  return !exchange.register_().empty() && !exchange.subject_sent();
}

// What it waits for, since when and until when, and what the person can do about it.
void SayWaiting(Context& context, const wire::Exchange& exchange, bool we_give) {
  const auto day = [](const google::protobuf::Timestamp& time) {
    return FormatRfc3339Millis(absl::FromUnixSeconds(time.seconds()));
  };
  const bool session = exchange.queue_reason() == wire::QUEUE_REASON_RECIPIENT_SESSION;
  const bool asks = AwaitsSubject(exchange);
  context.output.Say(!session ? "talk.queued_transcryptor"
                     : asks   ? "talk.queued_provider"
                              : "talk.queued_session",
                     {day(exchange.create_time()), day(exchange.expire_time())});
  if (session && we_give == asks) {
    context.output.Say("talk.queued_for_us");
    return context.output.Next("sluis session open");
  }
  context.output.Next(session ? "sluis inbox watch" : "sluis exchange show " + exchange.name());
}

void HintNext(Context& context, edge::Edge& edge, const wire::Exchange& exchange) {
  const auto next = [&](std::string_view verb) {
    context.output.Next(absl::StrFormat("sluis exchange %s %s", verb, exchange.name()));
  };
  const bool we_give = IsOurs(edge, exchange.provider_desk());
  switch (exchange.state()) {
    case wire::EXCHANGE_STATE_AWAITING_APPROVAL: return next("approve --role ROLE");
    case wire::EXCHANGE_STATE_FORWARDED:
      return next(we_give ? "answer" : AwaitsSubject(exchange) ? "send" : "show");
    case wire::EXCHANGE_STATE_ANSWERED: return next(we_give ? "show" : "open");
    case wire::EXCHANGE_STATE_COLLECTED:
    case wire::EXCHANGE_STATE_RECALLED: return next(we_give ? "show" : "destroy");
    case wire::EXCHANGE_STATE_QUEUED: return SayWaiting(context, exchange, we_give);
    case wire::EXCHANGE_STATE_DENIED: return context.output.Next("sluis options list");
    default: return;
  }
}

}  // namespace

absl::StatusOr<ExitCode> EdgeCommand::Run(Context& context) {
  if (context.global.profile.empty()) {
    return Error(ErrorCode::kInvalid, "PROFILE_MISSING",
                 "--profile DIR is missing; it says who you are and which keys are yours");
  }
  edge::EdgeOptions options;
  options.clock = &context.surroundings.clock;
  SLUIS_ASSIGN_OR_RETURN(const auto edge, edge::Edge::Open(context.global.profile, options));
  auto result = RunOnline(context, *edge);
  if (result.ok() && edge->repeated()) context.output.Say("talk.repeated");
  return result;
}

absl::StatusOr<CaseId> ParseCase(const std::string& text) {
  return text.starts_with("cases/") ? ParseCaseName(text) : CaseId::Parse(text);
}

ExitCode ShowExchange(Context& context, edge::Edge& edge, const wire::Exchange& exchange) {
  const Json json = WireJson(exchange);
  const bool table = context.output.format() == Format::kTable;
  context.output.Object(table ? ForTable(json) : json, ExchangeColumns(context));
  HintNext(context, edge, exchange);
  return exchange.state() == wire::EXCHANGE_STATE_DENIED ? ExitCode::kDenied : ExitCode::kOk;
}

void ShowExchanges(Context& context, const wire::ListExchangesResponse& response) {
  Json json = WireJson(response);
  if (context.output.format() == Format::kTable) {
    for (Json& exchange : json["exchanges"]) exchange = ForTable(exchange);
  }
  context.output.List(json, "exchanges",
                      {{"exchange", "/name"},
                       {"state", "/state"},
                       {"action", "/action"},
                       {"purpose", "/purpose"},
                       {"provider", "/provider"},
                       {"recipient", "/recipient"}});
  if (!response.next_page_token().empty()) context.output.Say("talk.more", {response.next_page_token()});
}

absl::StatusOr<int> ParsePageSize(const std::string& text) {
  int size = 0;
  if (text.empty() || (absl::SimpleAtoi(text, &size) && size >= 0)) return size;
  return Error(ErrorCode::kInvalid, "OPTION_INVALID", "--page-size must be a whole number from 0");
}

}  // namespace sluis::cli

// `sluis record list` and `sluis receipt list`: what was logged about our exchanges. Every look is logged.
#include "absl/strings/str_format.h"
#include "clients/cli/edge_command.h"
#include "clients/cli/nouns.h"
#include "clients/cli/wire_json.h"
#include "lib/base/clock.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

namespace wire = edge::wire;

absl::Status SetTime(const std::string& option, const std::string& text, google::protobuf::Timestamp* out) {
  const auto time = ParseRfc3339(text);
  if (!time.ok()) {
    return Error(ErrorCode::kInvalid, "OPTION_INVALID",
                 absl::StrFormat("%s must be a moment as 2026-11-24T09:00:00Z", option));
  }
  out->set_seconds(absl::ToUnixSeconds(*time));
  return absl::OkStatus();
}

class RecordList : public EdgeCommand {
 public:
  RecordList() : EdgeCommand("record", "list") {}
  std::vector<Example> Examples() const override {
    return {{"sluis record list --unit gemeente/oov --use lawfulness-check --purpose audit-verantwoording "
             "--basis avg-24 --regime avg"},
            {"sluis record list --unit gemeente/oov --use internal-control --purpose audit-verantwoording "
             "--basis avg-24 --regime avg --since 2026-11-01T00:00:00Z --before 2026-12-01T00:00:00Z "
             "--only-case cases/5d1fd2b84c6e4b0f9a3b7c2e11f08d46 --only-outcome DENIED_PROHIBITED"}};
  }
  void Declare(Options& options) override {
    options.Value("--unit", "UNIT", &unit_).Required();
    options.Value("--use", "USE", &use_).Required().OneOf(
        {"lawfulness-check", "internal-control", "integrity-security", "criminal-proceedings"});
    options.Value("--purpose", "PURPOSE", &purpose_).Required();
    options.Value("--basis", "BASIS", &basis_).Required();
    options.Value("--regime", "REGIME", &regime_).Required();
    options.Value("--only-purpose", "PURPOSE", &only_.purpose);
    options.Value("--only-basis", "BASIS", &only_.basis);
    options.Value("--only-outcome", "OUTCOME", &only_.outcome);
    options.Value("--only-case", "CASE", &only_.case_id);
    options.Value("--only-party", "OIN/UNIT", &only_.party);
    options.Value("--since", "MOMENT", &since_);
    options.Value("--before", "MOMENT", &before_);
    options.Value("--page-size", "N", &page_size_);
    options.Value("--page-token", "TOKEN", &page_token_);
    options.Switch("--all", &all_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(wire::ListRecordsRequest query, Query());
    if (!only_.case_id.empty()) {
      SLUIS_ASSIGN_OR_RETURN(const CaseId id, ParseCase(only_.case_id));
      only_.case_id = id.hex();
    }
    SLUIS_ASSIGN_OR_RETURN(auto response, edge.ListRecords(query));
    SayLogged(context, edge, response);
    Json json = PageJson(response);
    // What the broker cannot select is selected here, over all pages. Each is one logged look.
    while ((all_ || only_.any()) && !response.next_page_token().empty()) {
      query.set_page_token(response.next_page_token());
      SLUIS_ASSIGN_OR_RETURN(response, edge.ListRecords(query));
      SayLogged(context, edge, response);
      Json page = PageJson(response);
      if (page.contains("records")) {
        for (Json& record : page["records"]) json["records"].push_back(std::move(record));
      }
      json.erase("next_page_token");
    }
    Select(context, json);
    const bool dutch = context.output.language() == Language::kDutch;
    if (response.decision().outcome() != wire::OUTCOME_PERMITTED) {
      context.output.Object(json, {{"outcome", "/decision/outcome"},
                                   {"reason", dutch ? "/decision/reason_nl" : "/decision/reason_en"},
                                   {"rules", "/decision/deciding_rules"}});
      return ExitCode::kDenied;
    }
    context.output.List(json, "records", {{"index", "/index"},
                                          {"kind", "/content/kind"},
                                          {"created", "/time"},
                                          {"outcome", "/content/outcome"},
                                          {"purpose", "/content/purpose"},
                                          {"legal_basis", "/content/ground/code"},
                                          {"case", "/content/case"},
                                          {"exchange", "/content/exchange"}});
    if (!response.next_page_token().empty()) context.output.Say("talk.more", {response.next_page_token()});
    return ExitCode::kOk;
  }

 private:
  // What a record must say; empty: anything.
  struct Only {
    std::string purpose, basis, outcome, case_id, party;
    bool any() const {
      return !(purpose + basis + outcome + case_id + party).empty();
    }
  };

  static Json PageJson(const wire::ListRecordsResponse& response) {
    Json json = WireJson(response);
    for (int i = 0; i < response.records_size(); ++i) {
      auto content = ParseJsonStrict(response.records(i).record());
      if (content.ok()) json["records"][static_cast<std::size_t>(i)]["content"] = *std::move(content);
    }
    return json;
  }

  static void SayLogged(Context& context, const edge::Edge& edge,
                        const wire::ListRecordsResponse& response) {
    for (const wire::Receipt& receipt : response.receipts()) {
      context.output.Say("talk.look_logged", {absl::StrFormat("%d", receipt.index()),
                                              (edge.party().receipts() / "log-reads").string()});
    }
  }

  static bool Says(const Json& record, const char* pointer, const std::string& wanted) {
    const Json::json_pointer at(std::string("/content") + pointer);
    return wanted.empty() || (record.contains(at) && record.at(at) == wanted);
  }

  bool Fits(const Json& record) const {
    return Says(record, "/purpose", only_.purpose) && Says(record, "/ground/code", only_.basis) &&
           Says(record, "/outcome", only_.outcome) && Says(record, "/case", only_.case_id) &&
           (Says(record, "/orgs/units/provider", only_.party) ||
            Says(record, "/orgs/units/recipient", only_.party));
  }

  // Says how many were left out: nothing is cut in silence.
  void Select(Context& context, Json& json) const {
    if (!only_.any() || !json.contains("records")) return;
    Json fitting = Json::array();
    for (const Json& record : json["records"]) {
      if (Fits(record)) fitting.push_back(record);
    }
    context.output.Say("talk.looked_at", {absl::StrFormat("%d", json["records"].size()),
                                          absl::StrFormat("%d", fitting.size())});
    json["records"] = std::move(fitting);
  }

  absl::StatusOr<wire::ListRecordsRequest> Query() const {
    wire::ListRecordsRequest query;
    query.set_unit(unit_);
    query.set_use(Use());
    query.set_purpose(purpose_);
    query.set_legal_basis(basis_);
    query.set_regime(regime_);
    query.set_page_token(page_token_);
    SLUIS_ASSIGN_OR_RETURN(const int size, ParsePageSize(page_size_));
    query.set_page_size(size);
    if (!since_.empty()) SLUIS_RETURN_IF_ERROR(SetTime("--since", since_, query.mutable_start_time()));
    if (!before_.empty()) SLUIS_RETURN_IF_ERROR(SetTime("--before", before_, query.mutable_end_time()));
    return query;
  }

  wire::LogUse Use() const {
    if (use_ == "lawfulness-check") return wire::LOG_USE_LAWFULNESS_CHECK;
    if (use_ == "internal-control") return wire::LOG_USE_INTERNAL_CONTROL;
    if (use_ == "integrity-security") return wire::LOG_USE_INTEGRITY_SECURITY;
    return wire::LOG_USE_CRIMINAL_PROCEEDINGS;
  }

  std::string unit_, use_, purpose_, basis_, regime_, since_, before_, page_size_, page_token_;
  Only only_;
  bool all_ = false;
};

class ReceiptList : public EdgeCommand {
 public:
  ReceiptList() : EdgeCommand("receipt", "list") {}
  std::vector<Example> Examples() const override {
    return {{"sluis receipt list partners/00000099100000001000/units/gemeente-oov/exchanges/"
             "0f1e2d3c4b5a69788796a5b4c3d2e1f0"}};
  }
  void Declare(Options& options) override { options.Value("name", "EXCHANGE", &name_).Required(); }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const auto response, edge.ListReceipts(name_));
    context.output.List(WireJson(response), "receipts", {{"index", "/index"}, {"kind", "/kind"}});
    SLUIS_ASSIGN_OR_RETURN(const auto name, ParseExchangeName(name_));
    context.output.Say("talk.receipts_kept", {(edge.party().receipts() / name.id.hex()).string()});
    return ExitCode::kOk;
  }

 private:
  std::string name_;
};

}  // namespace

void AddAuditCommands(CommandList& commands) {
  commands.push_back(std::make_unique<RecordList>());
  commands.push_back(std::make_unique<ReceiptList>());
}

}  // namespace sluis::cli

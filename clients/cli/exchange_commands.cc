// `sluis exchange show|list|approve|refuse|withdraw|open|destroy`: what can be done with an exchange.
// Answering stands in answer_command.cc.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "clients/cli/edge_command.h"
#include "clients/cli/files.h"
#include "clients/cli/frame/prompt.h"
#include "clients/cli/nouns.h"
#include "clients/cli/wire_json.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/resource_names.h"
#include "lib/base/status_macros.h"
#include "policy/signed/decision_receipt.h"

namespace sluis::cli {
namespace {

namespace wire = edge::wire;

constexpr int kOwnerOnly = 0600;  // it names parties and facts of a case

constexpr char kExchangeName[] =
    "partners/00000099100000001000/units/gemeente-oov/exchanges/0f1e2d3c4b5a69788796a5b4c3d2e1f0";

// One exchange, named by its resource name.
class ExchangeCommand : public EdgeCommand {
 public:
  explicit ExchangeCommand(std::string_view verb) : EdgeCommand("exchange", verb) {}
  std::vector<Example> Examples() const override {
    return {{absl::StrFormat("sluis exchange %s %s", verb(), kExchangeName)}};
  }
  void Declare(Options& options) override { options.Value("name", "EXCHANGE", &name_).Required(); }

 protected:
  std::string name_;
};

class ExchangeShow : public ExchangeCommand {
 public:
  ExchangeShow() : ExchangeCommand("show") {}
  std::vector<Example> Examples() const override {
    return {{absl::StrFormat("sluis exchange show %s", kExchangeName)},
            {absl::StrFormat("sluis exchange show %s --explain", kExchangeName)},
            {absl::StrFormat("sluis exchange show %s --receipt decision.receipt", kExchangeName)}};
  }
  void Declare(Options& options) override {
    ExchangeCommand::Declare(options);
    options.Value("--receipt", "FILE", &receipt_).Is(Hint::kFile);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const wire::Exchange shown, edge.Get(name_));
    if (!receipt_.empty()) SLUIS_RETURN_IF_ERROR(KeepReceipt(context, edge, shown));
    ShowExchange(context, edge, shown);  // looking at a denial is not being denied
    return ExitCode::kOk;
  }

 private:
  // Only what the pinned decision key signed, and about this exchange, is kept.
  absl::Status KeepReceipt(Context& context, edge::Edge& edge, const wire::Exchange& shown) {
    if (shown.decision_receipt().empty()) {
      return Error(ErrorCode::kPrecondition, "RECEIPT_MISSING",
                   "the broker gave no receipt of this decision");
    }
    SLUIS_ASSIGN_OR_RETURN(const edge::PseudonymTrust* trust, edge.party().pseudonyms());
    SLUIS_ASSIGN_OR_RETURN(const auto receipt, policy::DecisionReceipt::Verify(
                                                   shown.decision_receipt(), trust->decision_key));
    SLUIS_ASSIGN_OR_RETURN(const ParsedExchangeName parsed, ParseExchangeName(name_));
    if (receipt.terms().exchange != parsed.id.hex() ||
        HexEncode(AsView(receipt.terms().pack)) != shown.decision().policy_pack()) {
      return Error(ErrorCode::kDataLoss, "ANSWER_MISMATCH",
                   "the receipt is about another decision than the broker shows");
    }
    SLUIS_RETURN_IF_ERROR(WriteOutput(context, receipt_, receipt.wire(), kOwnerOnly));
    context.output.Say("talk.receipt_kept", {receipt_});
    return absl::OkStatus();
  }
  std::string receipt_;
};

class ExchangeList : public EdgeCommand {
 public:
  ExchangeList() : EdgeCommand("exchange", "list") {}
  std::vector<Example> Examples() const override {
    return {{"sluis exchange list"},
            {"sluis exchange list --case cases/5d1fd2b84c6e4b0f9a3b7c2e11f08d46 --output json"}};
  }
  void Declare(Options& options) override {
    options.Value("--case", "CASE", &case_);
    options.Value("--page-size", "N", &page_size_);
    options.Value("--page-token", "TOKEN", &page_token_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    std::optional<CaseId> in_case;
    if (!case_.empty()) {
      SLUIS_ASSIGN_OR_RETURN(in_case, ParseCase(case_));
    }
    SLUIS_ASSIGN_OR_RETURN(const int size, ParsePageSize(page_size_));
    SLUIS_ASSIGN_OR_RETURN(const auto response, edge.List(in_case, size, page_token_));
    ShowExchanges(context, response);
    return ExitCode::kOk;
  }

 private:
  std::string case_, page_size_, page_token_;
};

class ExchangeApprove : public ExchangeCommand {
 public:
  ExchangeApprove() : ExchangeCommand("approve") {}
  std::vector<Example> Examples() const override {
    return {
        {absl::StrFormat("sluis exchange approve %s --role teamleider", kExchangeName)},
        {absl::StrFormat("sluis exchange approve %s --role teamleider --withhold", kExchangeName)}};
  }
  void Declare(Options& options) override {
    ExchangeCommand::Declare(options);
    options.Value("--role", "ROLE", &role_).Required();
    options.Switch("--withhold", &withhold_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const wire::Exchange judged, edge.Approve(name_, role_, !withhold_));
    const ExitCode exit = ShowExchange(context, edge, judged);
    return withhold_ ? ExitCode::kOk : exit;  // he who withholds gets what he asked for
  }

 private:
  std::string role_;
  bool withhold_ = false;
};

class ExchangeRefuse : public ExchangeCommand {
 public:
  ExchangeRefuse() : ExchangeCommand("refuse") {}
  std::vector<Example> Examples() const override {
    return {{absl::StrFormat("sluis exchange refuse %s --reason too-broad", kExchangeName)}};
  }
  void Declare(Options& options) override {
    ExchangeCommand::Declare(options);
    options.Value("--reason", "REASON", &reason_).Required().OneOf(
        {"weighed-against", "too-broad", "subject-unclear", "nothing-to-provide", "wrong-desk"});
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const wire::Exchange refused, edge.Refuse(name_, Reason()));
    return ShowExchange(context, edge, refused);
  }

 private:
  wire::RefusalReason Reason() const {
    if (reason_ == "weighed-against") return wire::REFUSAL_REASON_WEIGHED_AGAINST;
    if (reason_ == "too-broad") return wire::REFUSAL_REASON_TOO_BROAD;
    if (reason_ == "subject-unclear") return wire::REFUSAL_REASON_SUBJECT_UNCLEAR;
    if (reason_ == "nothing-to-provide") return wire::REFUSAL_REASON_NOTHING_TO_PROVIDE;
    return wire::REFUSAL_REASON_WRONG_DESK;
  }
  std::string reason_;
};

class ExchangeWithdraw : public ExchangeCommand {
 public:
  ExchangeWithdraw() : ExchangeCommand("withdraw") {}
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const wire::Exchange withdrawn, edge.Withdraw(name_));
    return ShowExchange(context, edge, withdrawn);
  }
};

// Yes or no per subject, numbered for `record-hit`. The signatures stay in the folder of the answer.
absl::StatusOr<Json> HitsJson(const edge::OpenedAnswer& answer) {
  SLUIS_ASSIGN_OR_RETURN(const auto hits, edge::ParseHits(answer.values.front()));
  Json json = WireJson(answer.header);
  json["hits"] = Json::array();
  for (const edge::AskedHit& hit : hits) {
    json["hits"].push_back({{"number", json["hits"].size() + 1},
                            {"kind", hit.kind.empty() ? "pseudonym" : hit.kind},
                            {"subject", hit.who},
                            {"hit", hit.hit}});
  }
  return json;
}

// A value is text, or bytes that a table cannot show.
Json AnswerJson(const edge::OpenedAnswer& answer) {
  Json json = WireJson(answer.header);
  Json values = Json::array();
  for (int i = 0; i < answer.header.fields_size(); ++i) {
    const BytesView value = answer.values[static_cast<std::size_t>(i)].Reveal(SecretAccess::ForRecipient());
    Json shown = {{"field", answer.header.fields(i).field()}, {"form", answer.header.fields(i).form()}};
    if (IsValidUtf8(value)) {
      shown["value"] = std::string(value);
    } else {
      shown["value_base64"] = Base64Encode(value);
    }
    values.push_back(std::move(shown));
  }
  json["values"] = std::move(values);
  return json;
}

class ExchangeOpen : public ExchangeCommand {
 public:
  ExchangeOpen() : ExchangeCommand("open") {}
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const edge::OpenedAnswer answer, edge.OpenAnswer(name_));
    SLUIS_RETURN_IF_ERROR(ShowValues(context, answer));
    context.output.Say("talk.opened", {answer.header.provider(), answer.header.retain_until(),
                                       answer.header.onward(), answer.header.handling()});
    return ExitCode::kOk;
  }

 private:
  absl::Status ShowValues(Context& context, const edge::OpenedAnswer& answer) const {
    if (answer.header.action() != edge::kInquire) {
      context.output.List(AnswerJson(answer), "values",
                          {{"field", "/field"}, {"form", "/form"}, {"value", "/value"}});
      return absl::OkStatus();
    }
    SLUIS_ASSIGN_OR_RETURN(const Json json, HitsJson(answer));
    context.output.List(json, "hits", {{"number", "/number"},
                                       {"kind", "/kind"},
                                       {"subject", "/subject"},
                                       {"hit", "/hit"}});
    const auto& hits = json["hits"];
    if (std::any_of(hits.begin(), hits.end(), [](const Json& one) { return one["hit"].get<bool>(); })) {
      context.output.Next(absl::StrFormat("sluis exchange record-hit %s", name_));
    }
    return absl::OkStatus();
  }
};

class ExchangeDestroy : public ExchangeCommand {
 public:
  ExchangeDestroy() : ExchangeCommand("destroy") {}
  std::vector<Example> Examples() const override {
    return {{absl::StrFormat("sluis exchange destroy %s --yes", kExchangeName)}};
  }
  void Declare(Options& options) override {
    ExchangeCommand::Declare(options);
    options.Switch("--yes", &yes_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    if (!yes_) SLUIS_RETURN_IF_ERROR(Confirm(context, "talk.ask_destroy", {name_}, "--yes"));
    SLUIS_ASSIGN_OR_RETURN(const wire::Exchange destroyed, edge.ConfirmDestruction(name_));
    return ShowExchange(context, edge, destroyed);
  }

 private:
  bool yes_ = false;
};

}  // namespace

void AddExchangeCommands(CommandList& commands) {
  commands.push_back(std::make_unique<ExchangeShow>());
  commands.push_back(std::make_unique<ExchangeList>());
  commands.push_back(std::make_unique<ExchangeApprove>());
  AddInquiryCommands(commands);
  AddAnswerCommand(commands);
  commands.push_back(std::make_unique<ExchangeRefuse>());
  commands.push_back(std::make_unique<ExchangeWithdraw>());
  commands.push_back(std::make_unique<ExchangeOpen>());
  commands.push_back(std::make_unique<ExchangeDestroy>());
}

}  // namespace sluis::cli

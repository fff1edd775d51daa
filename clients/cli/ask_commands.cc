// `sluis request|disclose|recall create`: starting an exchange, or trying whether it would be permitted.
#include "absl/strings/numbers.h"
#include "absl/strings/str_format.h"
#include "clients/cli/arrangement_file.h"
#include "clients/cli/edge_command.h"
#include "clients/cli/nouns.h"
#include "clients/cli/subject_input.h"
#include "clients/lib/new_case.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

namespace wire = edge::wire;

// What all three ask of the person.
class StartCommand : public EdgeCommand {
 public:
  StartCommand(std::string_view noun, std::string counterpart_option)
      : EdgeCommand(noun, "create"), counterpart_option_(std::move(counterpart_option)) {}

  void Declare(Options& options) override {
    options.Value(counterpart_option_, "OIN/UNIT", &counterpart_).Required();
    options.Value("--purpose", "PURPOSE", &terms_.purpose).Required();
    options.Value("--basis", "BASIS", &terms_.legal_basis).Required();
    options.Values("--field", "FIELD", &terms_.fields).Required();
    options.Value("--regime", "REGIME", &terms_.regime).Required();
    options.Value("--category", "CATEGORY", &terms_.subject_category).Required();
    options.Value("--case", "CASE", &case_);
    options.Value("--new-case", "PHASE", &terms_.new_case_phase);
    options.Value("--principal", "OIN", &principal_);
    options.Value("--days", "N", &days_);
    options.Switch("--subset", &terms_.subset);
    options.Switch("--emergency", &terms_.emergency);
    options.Switch("--try", &try_);
  }

 protected:
  absl::StatusOr<edge::ExchangeTerms> Terms() {
    edge::ExchangeTerms terms = terms_;
    SLUIS_ASSIGN_OR_RETURN(terms.counterpart, ParseParty(counterpart_));
    SLUIS_ASSIGN_OR_RETURN(terms.case_id, TheCase());
    if (!principal_.empty()) {
      SLUIS_ASSIGN_OR_RETURN(terms.principal, Oin::Parse(principal_));
    }
    int days = 0;
    if (!days_.empty() && (!absl::SimpleAtoi(days_, &days) || days < 1 || days > 14)) {
      return Error(ErrorCode::kInvalid, "OPTION_INVALID", "--days must be from 1 to 14");
    }
    terms.time_to_live = absl::Hours(24) * days;
    return terms;
  }
  bool trying() const { return try_; }

 private:
  absl::StatusOr<CaseId> TheCase() {
    if (case_.empty() == terms_.new_case_phase.empty()) {
      return Error(ErrorCode::kInvalid, "OPTION_MISSING", "give --case CASE or --new-case PHASE, one of them",
                   {{"about", "--case CASE | --new-case PHASE"}});
    }
    if (!case_.empty()) return ParseCase(case_);
    return edge::NewCaseId();
  }

  const std::string counterpart_option_;
  edge::ExchangeTerms terms_;
  std::string counterpart_, case_, principal_, days_;
  bool try_ = false;
};

class RequestCreate : public StartCommand {
 public:
  RequestCreate() : StartCommand("request", "--to") {}
  std::vector<Example> Examples() const override {
    return {{"sluis request create --to 00000099200000001000/politie/informatie --purpose openbare-orde "
             "--basis wpg-16-1-b --field ant-politiemelding --regime wpg-8 --category bewoner --new-case casus"},
            {"sluis request create --to 00000099200000001000/politie/informatie --purpose openbare-orde "
             "--basis wpg-16-1-b --field ant-politiemelding --regime wpg-8 --category bewoner --new-case casus "
             "--try --explain"},
            {"sluis request create --to 00000099200000001000/politie/informatie --purpose riec-casus "
             "--basis wpg-20-3 --field ant-politiemelding --regime wpg-8 --category verdachte "
             "--case cases/5d1fd2b84c6e4b0f9a3b7c2e11f08d46 --pseudonym P-7F3K-92QD "
             "--from-domain 5d1fd2b84c6e4b0f9a3b7c2e11f08d46 --from-purpose riec-casus"}};
  }
  void Declare(Options& options) override {
    StartCommand::Declare(options);
    subject_.Declare(options);
    options.Switch("--verified", &verified_);
    options.Value("--pseudonym", "PSEUDONYM", &pseudonym_);
    options.Value("--from-domain", "DOMAIN", &from_domain_);
    options.Value("--from-purpose", "PURPOSE", &from_purpose_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(edge::ExchangeTerms terms, Terms());
    terms.from_domain = from_domain_;
    terms.from_purpose = from_purpose_;
    if (trying()) {
      SLUIS_ASSIGN_OR_RETURN(const wire::Exchange tried, edge.Try("request", terms));
      context.output.Say("talk.tried");
      return ShowExchange(context, edge, tried);
    }
    if (!pseudonym_.empty()) return AskByPseudonym(context, edge, terms);
    SLUIS_ASSIGN_OR_RETURN(const Subject subject, ReadSubjectInput(context, subject_));
    SLUIS_ASSIGN_OR_RETURN(const wire::Exchange asked, edge.Ask(terms, subject, verified_));
    return ShowExchange(context, edge, asked);
  }

 private:
  // The other finds out by the index of its register who is meant.
  absl::StatusOr<ExitCode> AskByPseudonym(Context& context, edge::Edge& edge,
                                          const edge::ExchangeTerms& terms) const {
    SLUIS_ASSIGN_OR_RETURN(const edge::HeldPseudonym held,
                           edge.FindPseudonym(from_domain_, from_purpose_, pseudonym_));
    SLUIS_ASSIGN_OR_RETURN(const edge::InquiryPart asked, edge.AskByPseudonym(terms, held));
    const ExitCode exit = ShowExchange(context, edge, asked.exchange);
    SLUIS_RETURN_IF_ERROR(asked.sent);
    return exit;
  }

  SubjectOptions subject_;
  bool verified_ = false;
  std::string pseudonym_, from_domain_, from_purpose_;
};

class DiscloseCreate : public StartCommand {
 public:
  DiscloseCreate() : StartCommand("disclose", "--to") {}
  std::vector<Example> Examples() const override {
    return {{"sluis disclose create --to 00000099100000001000/gemeente/oov --purpose drugspand-13b "
             "--basis wpg-16-1-b --field ant-drugsvondst --regime wpg-8 --category bewoner --new-case signaal"},
            {"sluis disclose create --to 00000099400000001000/riec/accountmanager --purpose riec-signaalweging "
             "--basis wgs-riec --field p-naam --regime avg --category aanvrager --new-case signaal "
             "--from-domain 5d1fd2b84c6e4b0f9a3b7c2e11f08d46 --from-purpose signaal-intake"}};
  }
  void Declare(Options& options) override {
    StartCommand::Declare(options);
    options.Value("--from-domain", "DOMAIN", &from_domain_);
    options.Value("--from-purpose", "PURPOSE", &from_purpose_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(edge::ExchangeTerms terms, Terms());
    terms.from_domain = from_domain_;
    terms.from_purpose = from_purpose_;
    SLUIS_ASSIGN_OR_RETURN(const wire::Exchange announced, trying() ? edge.Try("disclose", terms)
                                                                    : edge.AnnounceDisclosure(terms));
    if (trying()) context.output.Say("talk.tried");
    return ShowExchange(context, edge, announced);
  }

 private:
  std::string from_domain_, from_purpose_;
};

// Inside one unit: it moves what it knows itself.
class PromoteCreate : public EdgeCommand {
 public:
  PromoteCreate() : EdgeCommand("promote", "create") {}
  std::vector<Example> Examples() const override {
    return {{"sluis promote create --case cases/0b5c2d7e9f1a4c3b8d6e2f4a6c8e0b1d "
             "--from-domain 5d1fd2b84c6e4b0f9a3b7c2e11f08d46 --regime avg --category aanvrager"}};
  }
  void Declare(Options& options) override {
    options.Value("--case", "CASE", &case_).Required();
    options.Value("--from-domain", "DOMAIN", &terms_.from_domain).Required();
    options.Value("--from-purpose", "PURPOSE", &terms_.from_purpose);
    options.Value("--purpose", "PURPOSE", &terms_.purpose);
    options.Value("--basis", "BASIS", &terms_.legal_basis);
    options.Value("--regime", "REGIME", &terms_.regime).Required();
    options.Value("--category", "CATEGORY", &terms_.subject_category).Required();
    options.Switch("--try", &try_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    edge::ExchangeTerms terms = terms_;
    SLUIS_ASSIGN_OR_RETURN(terms.case_id, ParseCase(case_));
    terms.counterpart = edge.party().party();
    if (terms.from_purpose.empty()) terms.from_purpose = "riec-signaalweging";
    if (terms.purpose.empty()) terms.purpose = "riec-casus";
    if (terms.legal_basis.empty()) terms.legal_basis = "wgs-riec";
    terms.fields = {"promotie-opdracht"};
    SLUIS_ASSIGN_OR_RETURN(const wire::Exchange announced, try_ ? edge.Try("promote", terms)
                                                                : edge.AnnouncePromotion(terms));
    if (try_) context.output.Say("talk.tried");
    return ShowExchange(context, edge, announced);
  }

 private:
  edge::ExchangeTerms terms_;
  std::string case_;
  bool try_ = false;
};

class RecallCreate : public StartCommand {
 public:
  RecallCreate() : StartCommand("recall", "--to") {}
  std::vector<Example> Examples() const override {
    return {{"sluis recall create --to 00000099100000001000/gemeente/oov --purpose herstel --basis wpg-4-4 "
             "--field herstel-opdracht --regime wpg-8 --category verdachte "
             "--case cases/5d1fd2b84c6e4b0f9a3b7c2e11f08d46 --kind withdraw --exchange "
             "partners/00000099200000001000/units/politie-informatie/exchanges/"
             "0f1e2d3c4b5a69788796a5b4c3d2e1f0"}};
  }
  void Declare(Options& options) override {
    StartCommand::Declare(options);
    options.Value("--exchange", "EXCHANGE", &earlier_).Required();
    options.Value("--kind", "KIND", &kind_).Required().OneOf({"withdraw", "correct"});
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const edge::ExchangeTerms terms, Terms());
    if (trying()) {
      SLUIS_ASSIGN_OR_RETURN(const wire::Exchange tried, edge.Try("recall", terms));
      context.output.Say("talk.tried");
      return ShowExchange(context, edge, tried);
    }
    const auto kind = kind_ == "withdraw" ? wire::RECALL_KIND_WITHDRAW : wire::RECALL_KIND_CORRECT;
    SLUIS_ASSIGN_OR_RETURN(const wire::Exchange announced, edge.AnnounceRecall({terms, earlier_, kind}));
    return ShowExchange(context, edge, announced);
  }

 private:
  std::string earlier_, kind_;
};

}  // namespace

void AddAskCommands(CommandList& commands) {
  commands.push_back(std::make_unique<RequestCreate>());
  commands.push_back(std::make_unique<DiscloseCreate>());
  commands.push_back(std::make_unique<RecallCreate>());
  commands.push_back(std::make_unique<PromoteCreate>());
}

}  // namespace sluis::cli

// `sluis pseudonym list|find` and `sluis domain shred`: who is known here under which pseudonym,
// where a subject went, and closing a domain for ever.
#include <set>

#include "clients/cli/edge_command.h"
#include "clients/cli/frame/prompt.h"
#include "clients/cli/nouns.h"
#include "clients/cli/subject_input.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

constexpr char kDomain[] = "5d1fd2b84c6e4b0f9a3b7c2e11f08d46";
// At a weighing table one sees how often, in classes, and not in which signals (rulebook,
// sig-herhaling).
constexpr char kWeighing[] = "riec-signaalweging";

std::string TimeText(const google::protobuf::Timestamp& time) {
  return FormatRfc3339Millis(absl::FromUnixSeconds(time.seconds()));
}

Json RowJson(const edge::v1::PseudonymRow& row, const pseudonym::Domain& domain) {
  std::set<std::string> reporters;
  Json exchanges = Json::array();
  for (const edge::v1::Sighting& seen : row.sightings()) {
    reporters.insert(seen.provider());
    exchanges.push_back(seen.exchange());
  }
  Json json = {{"pseudonym", row.human_form()},
               {"domain", domain.case_id()},
               {"purpose", domain.purpose()},
               {"epoch", domain.epoch()},
               {"subject_kind", row.origin()},
               {"reports", edge::CountClass(exchanges.size())},
               {"reporters", edge::CountClass(reporters.size())},
               {"promoted_from", row.promoted_from()}};
  if (domain.purpose() != kWeighing) json["exchanges"] = std::move(exchanges);
  return json;
}

// `2x gemeld`: as people at the table say it.
std::string Reported(const Context& context, const Json& row) {
  const std::string count = row.at("reports").get<std::string>();
  return count == "more" ? context.T("talk.reported_more") : context.T("talk.reported", {count});
}

class PseudonymList : public EdgeCommand {
 public:
  PseudonymList() : EdgeCommand("pseudonym", "list") {}
  std::vector<Example> Examples() const override {
    return {{"sluis pseudonym list"},
            {std::string("sluis pseudonym list --case cases/") + kDomain},
            {std::string("sluis pseudonym list --domain ") + kDomain + " --output json"}};
  }
  void Declare(Options& options) override {
    options.Value("--case", "CASE", &case_);
    options.Value("--domain", "DOMAIN", &domain_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const std::string wanted, Wanted());
    SLUIS_ASSIGN_OR_RETURN(const auto tables, edge.ListPseudonyms(wanted));
    Json list = Json::array();
    for (const edge::v1::PseudonymDomain& table : tables) {
      SLUIS_ASSIGN_OR_RETURN(const auto domain, pseudonym::Domain::DecodeCase(table.domain()));
      for (const edge::v1::PseudonymRow& row : table.rows()) {
        Json json = RowJson(row, domain);
        json["shredded"] = table.has_shred_time();
        if (context.output.format() == Format::kTable) json["reports"] = Reported(context, json);
        list.push_back(std::move(json));
      }
    }
    context.output.List({{"pseudonyms", list}}, "pseudonyms",
                        {{"pseudonym", "/pseudonym"},
                         {"reports", "/reports"},
                         {"reporters", "/reporters"},
                         {"kind", "/subject_kind"},
                         {"domain", "/domain"},
                         {"purpose", "/purpose"},
                         {"promoted_from", "/promoted_from"}});
    return ExitCode::kOk;
  }

 private:
  absl::StatusOr<std::string> Wanted() const {
    if (!case_.empty() && !domain_.empty()) {
      return Error(ErrorCode::kInvalid, "OPTION_INVALID", "give --case or --domain, not both");
    }
    if (case_.empty()) return domain_;
    SLUIS_ASSIGN_OR_RETURN(const CaseId id, ParseCase(case_));
    return id.hex();
  }
  std::string case_, domain_;
};

class PseudonymFind : public EdgeCommand {
 public:
  PseudonymFind() : EdgeCommand("pseudonym", "find") {}
  std::vector<Example> Examples() const override {
    return {{"sluis pseudonym find"}, {"sluis pseudonym find --subject-kind kvk --subject-file -"}};
  }
  void Declare(Options& options) override { subject_.Declare(options); }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const Subject subject, ReadSubjectInput(context, subject_));
    SLUIS_ASSIGN_OR_RETURN(const auto traces, edge.FindSubject(subject));
    Json list = Json::array();
    for (const edge::v1::Trace& trace : traces) {
      list.push_back({{"exchange", trace.exchange()},
                      {"part", trace.part()},
                      {"item_digest", HexEncode(trace.item_digest())},
                      {"time", TimeText(trace.time())}});
    }
    context.output.List({{"traces", list}}, "traces",
                        {{"exchange", "/exchange"}, {"part", "/part"}, {"created", "/time"}});
    if (list.empty()) context.output.Say("talk.subject_not_here");
    return ExitCode::kOk;
  }

 private:
  SubjectOptions subject_;
};

class DomainShred : public EdgeCommand {
 public:
  DomainShred() : EdgeCommand("domain", "shred") {}
  std::vector<Example> Examples() const override {
    return {{std::string("sluis domain shred ") + kDomain + " --yes"},
            {std::string("sluis domain shred ") + kDomain + " --purpose riec-signaalweging --yes"}};
  }
  void Declare(Options& options) override {
    options.Value("domain", "DOMAIN", &domain_).Required();
    options.Value("--purpose", "PURPOSE", &purpose_);
    options.Switch("--yes", &yes_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const auto domains, edge.DomainsOf(domain_, purpose_));
    if (!yes_) SLUIS_RETURN_IF_ERROR(Confirm(context, "talk.ask_shred", {domain_}, "--yes"));
    Json list = Json::array();
    for (const pseudonym::Domain& domain : domains) {
      SLUIS_ASSIGN_OR_RETURN(const auto shredded, edge.ShredDomain(domain));
      Json times = Json::array();
      for (const auto& time : shredded.destroy_times()) times.push_back(TimeText(time));
      if (times.size() < 2) context.output.Say("talk.shred_waits");
      list.push_back({{"domain", domain.case_id()},
                      {"purpose", domain.purpose()},
                      {"epoch", domain.epoch()},
                      {"destroy_times", std::move(times)}});
    }
    context.output.List(
        {{"domains", list}}, "domains",
        {{"domain", "/domain"}, {"purpose", "/purpose"}, {"destroyed", "/destroy_times"}});
    return ExitCode::kOk;
  }

 private:
  std::string domain_, purpose_;
  bool yes_ = false;
};

}  // namespace

void AddPseudonymCommands(CommandList& commands) {
  commands.push_back(std::make_unique<PseudonymList>());
  commands.push_back(std::make_unique<PseudonymFind>());
  commands.push_back(std::make_unique<DomainShred>());
}

}  // namespace sluis::cli

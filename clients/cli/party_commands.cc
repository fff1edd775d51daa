// `sluis options list`, `sluis directory refresh`, `sluis party status|resume|discard`,
// `sluis arrangement register|list`.
#include "absl/strings/str_format.h"
#include "clients/cli/arrangement_file.h"
#include "clients/cli/directory_description.h"
#include "clients/cli/edge_command.h"
#include "clients/cli/files.h"
#include "clients/cli/nouns.h"
#include "clients/cli/wire_json.h"
#include "lib/base/clock.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

namespace wire = edge::wire;

class OptionsList : public EdgeCommand {
 public:
  OptionsList() : EdgeCommand("options", "list") {}
  std::vector<Example> Examples() const override {
    return {{"sluis options list"},
            {"sluis options list --provider-unit politie/informatie --phase signaal --output json"}};
  }
  void Declare(Options& options) override {
    options.Value("--action", "ACTION", &action_);
    options.Value("--purpose", "PURPOSE", &purpose_);
    options.Value("--provider-unit", "UNIT", &provider_unit_);
    options.Value("--phase", "PHASE", &phase_);
    options.Value("--category", "CATEGORY", &category_);
    options.Value("--page-size", "N", &page_size_);
    options.Value("--page-token", "TOKEN", &page_token_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    wire::ListOptionsRequest filter;
    filter.set_action(action_);
    filter.set_purpose(purpose_);
    filter.set_provider_unit(provider_unit_);
    filter.set_case_phase(phase_);
    filter.set_subject_category(category_);
    filter.set_page_token(page_token_);
    SLUIS_ASSIGN_OR_RETURN(const int size, ParsePageSize(page_size_));
    filter.set_page_size(size);
    SLUIS_ASSIGN_OR_RETURN(const auto response, edge.ListOptions(filter));
    std::vector<Column> columns = {{"rule", "/rule"}, {"title", "/title"}, {"actions", "/actions"},
                                   {"purposes", "/purposes"}, {"provider_units", "/provider_units"},
                                   {"phases", "/case_phases"}};
    if (context.global.explain) {
      columns.push_back({"law", "/law"});
      columns.push_back({"reason", context.output.language() == Language::kDutch ? "/reason_nl" : "/reason_en"});
    }
    context.output.List(WireJson(response), "options", columns);
    if (!response.next_page_token().empty()) context.output.Say("talk.more", {response.next_page_token()});
    return ExitCode::kOk;
  }

 private:
  std::string action_, purpose_, provider_unit_, phase_, category_, page_size_, page_token_;
};

class DirectoryRefresh : public EdgeCommand {
 public:
  DirectoryRefresh() : EdgeCommand("directory", "refresh") {}
  std::vector<Example> Examples() const override { return {{"sluis directory refresh"}}; }
  void Declare(Options&) override {}
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const auto directory, edge.RefreshDirectory());
    context.output.List(DescribeDirectory(*directory), "partners",
                        {{"oin", "/oin"}, {"name", "/name"}, {"kind", "/kind"},
                         {"units", "/unit_names"}, {"suspended", "/suspended"}});
    context.output.Say("talk.directory_verified",
                       {directory->name(), std::to_string(directory->version())});
    return ExitCode::kOk;
  }
};

class PartyStatus : public EdgeCommand {
 public:
  PartyStatus() : EdgeCommand("party", "status") {}
  std::vector<Example> Examples() const override { return {{"sluis party status"}}; }
  void Declare(Options&) override {}
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const auto directory, edge.RefreshDirectory());
    SLUIS_RETURN_IF_ERROR(edge::CheckOwnKeys(*directory, edge.party()));
    SLUIS_ASSIGN_OR_RETURN(const auto waiting, edge.Waiting());
    SLUIS_ASSIGN_OR_RETURN(const auto answers, edge.ListAnswers());
    Json acts = Json::array();
    for (const edge::WaitingAct& act : waiting) {
      acts.push_back({{"method", act.method},
                      {"request_id", act.request_id},
                      {"create_time", FormatRfc3339Millis(act.create_time)}});
    }
    context.output.Object({{"party", edge.party().party().ToString()},
                           {"broker", edge.party().broker().address},
                           {"directory", directory->name()},
                           {"directory_version", directory->version()},
                           {"certificate_ends", FormatRfc3339Millis(edge.party().certificate().not_after)},
                           {"answers", answers.size()},
                           {"waiting_acts", acts.size()},
                           {"waiting", acts}},
                          {{"party", "/party"}, {"broker", "/broker"}, {"directory", "/directory"},
                           {"version", "/directory_version"}, {"certificate_ends", "/certificate_ends"},
                           {"answers", "/answers"}, {"waiting", "/waiting"}});
    if (!acts.empty()) context.output.Next("sluis party resume " + acts[0]["request_id"].get<std::string>());
    return ExitCode::kOk;
  }
};

class PartyResume : public EdgeCommand {
 public:
  PartyResume() : EdgeCommand("party", "resume") {}
  std::vector<Example> Examples() const override {
    return {{"sluis party resume 3f2b8c1e-7a6d-4e5f-9b0a-1c2d3e4f5a6b"}};
  }
  void Declare(Options& options) override { options.Value("id", "REQUEST", &id_).Required(); }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_RETURN_IF_ERROR(edge.Resume(id_));
    context.output.Say("talk.resumed");
    return ExitCode::kOk;
  }

 private:
  std::string id_;
};

class ArrangementRegister : public EdgeCommand {
 public:
  ArrangementRegister() : EdgeCommand("arrangement", "register") {}
  std::vector<Example> Examples() const override {
    return {{"sluis arrangement register convenant.json"}};
  }
  void Declare(Options& options) override {
    options.Value("file", "FILE", &file_).Required().Is(Hint::kFile);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const Json json, ReadJsonInput(context, file_, kMaxArrangementFile));
    SLUIS_ASSIGN_OR_RETURN(const ArrangementFile file, ReadArrangementFile(json));
    std::vector<wire::PartySignature> signatures;
    for (const auto& [party, signature] : file.signatures) {
      edge::WriteParty(party, signatures.emplace_back().mutable_party());
      signatures.back().set_signature(signature);
    }
    SLUIS_ASSIGN_OR_RETURN(const wire::Arrangement registered,
                           edge.RegisterArrangement(file.arrangement.statement(), signatures));
    context.output.Object(WireJson(registered), {{"name", "/name"}});
    context.output.Next("sluis arrangement list");
    return ExitCode::kOk;
  }

 private:
  std::string file_;
};

class ArrangementList : public EdgeCommand {
 public:
  ArrangementList() : EdgeCommand("arrangement", "list") {}
  std::vector<Example> Examples() const override {
    return {{"sluis arrangement list"}, {"sluis arrangement list --output json"}};
  }
  void Declare(Options& options) override {
    options.Value("--page-size", "N", &page_size_);
    options.Value("--page-token", "TOKEN", &page_token_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const int size, ParsePageSize(page_size_));
    SLUIS_ASSIGN_OR_RETURN(const auto response, edge.ListArrangements(size, page_token_));
    Json list = Json::array();
    for (const wire::Arrangement& registered : response.arrangements()) {
      SLUIS_ASSIGN_OR_RETURN(auto arrangement, identity::Arrangement::Parse(registered.statement()));
      ArrangementFile file{std::move(arrangement), {}};
      for (const wire::PartySignature& signature : registered.signatures()) {
        SLUIS_ASSIGN_OR_RETURN(PartyId party, edge::ReadParty(signature.party()));
        file.signatures.emplace_back(std::move(party), signature.signature());
      }
      list.push_back(DescribeArrangement(file));
    }
    context.output.List({{"arrangements", list}, {"next_page_token", response.next_page_token()}},
                        "arrangements",
                        {{"id", "/id"}, {"fact", "/fact"}, {"serial", "/serial"}, {"in_force", "/in_force"},
                         {"parties", "/parties"}, {"until", "/until"}});
    if (!response.next_page_token().empty()) context.output.Say("talk.more", {response.next_page_token()});
    return ExitCode::kOk;
  }

 private:
  std::string page_size_, page_token_;
};

}  // namespace

void AddPartyCommands(CommandList& commands) {
  commands.push_back(std::make_unique<OptionsList>());
  commands.push_back(std::make_unique<PartyStatus>());
  commands.push_back(std::make_unique<PartyResume>());
  commands.push_back(std::make_unique<DirectoryRefresh>());
  commands.push_back(std::make_unique<ArrangementRegister>());
  commands.push_back(std::make_unique<ArrangementList>());
}

}  // namespace sluis::cli

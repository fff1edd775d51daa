// `sluis case create|show|list|advance|close`.
#include "clients/cli/edge_command.h"
#include "clients/cli/nouns.h"
#include "clients/cli/wire_json.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

namespace wire = edge::wire;

constexpr char kCase[] = "cases/5d1fd2b84c6e4b0f9a3b7c2e11f08d46";

const std::vector<Column> kCaseColumns = {{"case", "/name"},
                                          {"phase", "/phase"},
                                          {"open", "/open"},
                                          {"holder", "/holder"},
                                          {"participants", "/participants"},
                                          {"created", "/create_time"},
                                          {"etag", "/etag"}};

ExitCode ShowCase(Context& context, const wire::Case& shown) {
  context.output.Object(WireJson(shown), kCaseColumns);
  return ExitCode::kOk;
}

class CaseCreate : public EdgeCommand {
 public:
  CaseCreate() : EdgeCommand("case", "create") {}
  std::vector<Example> Examples() const override { return {{"sluis case create --phase signaal"}}; }
  void Declare(Options& options) override { options.Value("--phase", "PHASE", &phase_).Required(); }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const wire::Case created, edge.CreateCase(phase_));
    context.output.Next("sluis request create --case " + created.name());
    return ShowCase(context, created);
  }

 private:
  std::string phase_;
};

class CaseShow : public EdgeCommand {
 public:
  CaseShow() : EdgeCommand("case", "show") {}
  std::vector<Example> Examples() const override { return {{std::string("sluis case show ") + kCase}}; }
  void Declare(Options& options) override { options.Value("case", "CASE", &case_).Required(); }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const CaseId id, ParseCase(case_));
    SLUIS_ASSIGN_OR_RETURN(const wire::Case shown, edge.GetCase(id));
    return ShowCase(context, shown);
  }

 private:
  std::string case_;
};

class CaseList : public EdgeCommand {
 public:
  CaseList() : EdgeCommand("case", "list") {}
  std::vector<Example> Examples() const override {
    return {{"sluis case list"}, {"sluis case list --page-size 500 --output json"}};
  }
  void Declare(Options& options) override {
    options.Value("--page-size", "N", &page_size_);
    options.Value("--page-token", "TOKEN", &page_token_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const int size, ParsePageSize(page_size_));
    SLUIS_ASSIGN_OR_RETURN(const auto response, edge.ListCases(size, page_token_));
    context.output.List(WireJson(response), "cases", kCaseColumns);
    if (!response.next_page_token().empty()) {
      context.output.Say("talk.more", {response.next_page_token()});
    }
    return ExitCode::kOk;
  }

 private:
  std::string page_size_, page_token_;
};

class CaseAdvance : public EdgeCommand {
 public:
  CaseAdvance() : EdgeCommand("case", "advance") {}
  std::vector<Example> Examples() const override {
    return {{std::string("sluis case advance ") + kCase + " --phase casus"}};
  }
  void Declare(Options& options) override {
    options.Value("case", "CASE", &case_).Required();
    options.Value("--phase", "PHASE", &phase_).Required();
    options.Value("--etag", "ETAG", &etag_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const CaseId id, ParseCase(case_));
    SLUIS_ASSIGN_OR_RETURN(const wire::Case moved, edge.AdvanceCase(id, phase_, etag_));
    return ShowCase(context, moved);
  }

 private:
  std::string case_, phase_, etag_;
};

class CaseClose : public EdgeCommand {
 public:
  CaseClose() : EdgeCommand("case", "close") {}
  std::vector<Example> Examples() const override { return {{std::string("sluis case close ") + kCase}}; }
  void Declare(Options& options) override {
    options.Value("case", "CASE", &case_).Required();
    options.Value("--etag", "ETAG", &etag_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const CaseId id, ParseCase(case_));
    SLUIS_ASSIGN_OR_RETURN(const wire::Case closed, edge.CloseCase(id, etag_));
    return ShowCase(context, closed);
  }

 private:
  std::string case_, etag_;
};

}  // namespace

void AddCaseCommands(CommandList& commands) {
  commands.push_back(std::make_unique<CaseCreate>());
  commands.push_back(std::make_unique<CaseShow>());
  commands.push_back(std::make_unique<CaseList>());
  commands.push_back(std::make_unique<CaseAdvance>());
  commands.push_back(std::make_unique<CaseClose>());
}

}  // namespace sluis::cli

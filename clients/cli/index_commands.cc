// `sluis index enrol|show|drop`: the index of a register of ours, in which a blind question is looked up.
#include <filesystem>
#include <ostream>

#include "absl/strings/str_format.h"
#include "clients/cli/edge_command.h"
#include "clients/cli/files.h"
#include "clients/cli/frame/prompt.h"
#include "clients/cli/nouns.h"
#include "clients/lib/register/mapping.h"
#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

using Step = edge::EnrolProgress::Step;

constexpr std::uint64_t kBarWidth = 30;

// A bar that moves on a terminal; elsewhere a line for each tenth.
class ProgressBar {
 public:
  explicit ProgressBar(Context& context)
      : context_(context), moves_(context.surroundings.err_is_terminal) {}

  void Show(const edge::EnrolProgress& progress) {
    if (progress.step != Step::kEnrolling || progress.total == 0) return;
    const std::uint64_t tenth = progress.done * 10 / progress.total;
    if (moves_) return Move(progress);
    if (tenth == last_) return;
    last_ = tenth;
    context_.output.Say("talk.enrolling", {absl::StrFormat("%d", progress.done),
                                           absl::StrFormat("%d", progress.total)});
  }

 private:
  void Move(const edge::EnrolProgress& progress) {
    const std::uint64_t full = progress.done * kBarWidth / progress.total;
    context_.surroundings.err << absl::StrFormat(
                                     "\r[%s%s] %d/%d", std::string(full, '#'),
                                     std::string(kBarWidth - full, ' '), progress.done, progress.total)
                              << (progress.done == progress.total ? "\n" : "") << std::flush;
  }

  Context& context_;
  const bool moves_;
  std::uint64_t last_ = 0;
};

Json BadRowsJson(const edge::SubjectsRead& read) {
  Json rows = Json::array();
  for (const edge::BadRow& bad : read.first_bad) {
    rows.push_back({{"line", bad.line}, {"column", bad.column}, {"lines", bad.lines}, {"reason", bad.code}});
  }
  return rows;
}

class IndexEnrol : public EdgeCommand {
 public:
  IndexEnrol() : EdgeCommand("index", "enrol") {}
  std::vector<Example> Examples() const override {
    return {{"sluis index enrol --register politie-informatie --mapping politie.txtpb"},
            {"sluis index enrol --register politie-informatie --mapping politie.txtpb --skip-bad"}};
  }
  void Declare(Options& options) override {
    options.Value("--register", "REGISTER", &register_).Required();
    options.Value("--mapping", "FILE", &mapping_).Required().Is(Hint::kFile);
    options.Value("--registers", "DIR", &folder_).Is(Hint::kFolder);
    options.Switch("--skip-bad", &options_.skip_bad);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const Bytes text, ReadInput(context, mapping_, edge::kMaxMappingBytes));
    SLUIS_ASSIGN_OR_RETURN(auto mapping, edge::ParseMapping(text));
    const auto folder = folder_.empty() ? std::filesystem::path(mapping_).parent_path()
                                        : std::filesystem::path(folder_);
    ProgressBar bar(context);
    options_.progress = [&bar](const edge::EnrolProgress& progress) { bar.Show(progress); };
    SLUIS_ASSIGN_OR_RETURN(const edge::EnrolReport report,
                           edge.EnrolRegister(register_, std::move(mapping), folder, options_));
    Show(context, report);
    return ExitCode::kOk;
  }

 private:
  void Show(Context& context, const edge::EnrolReport& report) const {
    context.output.Object({{"register", register_},
                           {"complete", true},
                           {"subjects", report.subjects},
                           {"added", report.added},
                           {"kept", report.kept},
                           {"dropped", report.dropped},
                           {"rows", report.read.rows},
                           {"bad", report.read.bad},
                           {"bad_rows", BadRowsJson(report.read)}},
                          {{"register", "/register"},
                           {"subjects", "/subjects"},
                           {"added", "/added"},
                           {"kept", "/kept"},
                           {"dropped", "/dropped"},
                           {"rows", "/rows"},
                           {"bad", "/bad"},
                           {"bad_rows", "/bad_rows"}});
    context.output.Say("talk.enrolled");
  }

  std::string register_, mapping_, folder_;
  edge::EnrolOptions options_;
};

class IndexShow : public EdgeCommand {
 public:
  IndexShow() : EdgeCommand("index", "show") {}
  std::vector<Example> Examples() const override {
    return {{"sluis index show"}, {"sluis index show --output json"}};
  }
  void Declare(Options&) override {}
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const std::vector<edge::IndexState> states, edge.IndexStates());
    Json list = Json::array();
    for (const edge::IndexState& state : states) list.push_back(StateJson(state));
    context.output.List({{"indexes", list}}, "indexes",
                        {{"register", "/register"},
                         {"regime", "/regime"},
                         {"epoch", "/epoch"},
                         {"kind", "/kinds"},
                         {"state", "/state"},
                         {"subjects", "/subjects"},
                         {"created", "/create_time"}});
    return ExitCode::kOk;
  }

 private:
  static Json StateJson(const edge::IndexState& state) {
    Json json = {{"register", state.entry.id},  {"regime", state.entry.regime},
                 {"epoch", state.entry.epoch},  {"kinds", state.entry.kinds},
                 {"size", state.entry.size},    {"state", state.state},
                 {"subjects", state.subjects}};
    if (state.create_time) json["create_time"] = FormatRfc3339Millis(*state.create_time);
    return json;
  }
};

class IndexDrop : public EdgeCommand {
 public:
  IndexDrop() : EdgeCommand("index", "drop") {}
  std::vector<Example> Examples() const override {
    return {{"sluis index drop --register politie-informatie --yes"}};
  }
  void Declare(Options& options) override {
    options.Value("--register", "REGISTER", &register_).Required();
    options.Switch("--yes", &yes_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    if (!yes_) SLUIS_RETURN_IF_ERROR(Confirm(context, "talk.ask_drop_index", {register_}, "--yes"));
    SLUIS_RETURN_IF_ERROR(edge.DropIndex(register_));
    context.output.Say("talk.index_dropped");
    return ExitCode::kOk;
  }

 private:
  std::string register_;
  bool yes_ = false;
};

}  // namespace

void AddIndexCommands(CommandList& commands) {
  commands.push_back(std::make_unique<IndexEnrol>());
  commands.push_back(std::make_unique<IndexShow>());
  commands.push_back(std::make_unique<IndexDrop>());
}

}  // namespace sluis::cli

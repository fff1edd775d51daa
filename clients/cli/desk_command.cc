// `sluis desk`, and `sluis` alone for who has a profile: where this desk begins its day.
#include "clients/cli/desk.h"
#include "clients/cli/nouns.h"
#include "clients/lib/profile.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

std::string ViewLine(edge::v1::View view, const std::string& unit) {
  switch (view) {
    case edge::v1::VIEW_INBOX: return "sluis inbox list";
    case edge::v1::VIEW_CASES: return "sluis case list";
    case edge::v1::VIEW_EXCHANGES: return "sluis exchange list";
    case edge::v1::VIEW_OPTIONS: return "sluis options list";
    case edge::v1::VIEW_RECORDS: return "sluis record list --unit " + unit;
    default: return "sluis party status";
  }
}

class DeskCommand : public Command {
 public:
  DeskCommand() : Command("desk", "") {}
  std::vector<Example> Examples() const override {
    return {{"sluis desk --unit gemeente/oov"}, {"sluis desk --unit riec/bureau --output json"}};
  }
  void Declare(Options& options) override { options.Value("--unit", "UNIT", &unit_); }

  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const std::string unit, Unit(context));
    SLUIS_ASSIGN_OR_RETURN(const auto all, BuiltInDesks());
    SLUIS_ASSIGN_OR_RETURN(const edge::v1::Desk desk, FindDesk(all, unit));
    context.output.List(Describe(desk, context.output.language()), "steps",
                        {{"what", "/title"}, {"command", "/command"}});
    return ExitCode::kOk;
  }

 private:
  absl::StatusOr<std::string> Unit(const Context& context) const {
    if (!unit_.empty()) return unit_;
    if (context.global.profile.empty()) {
      return Error(ErrorCode::kInvalid, "PROFILE_MISSING", "give --profile DIR or --unit UNIT");
    }
    SLUIS_ASSIGN_OR_RETURN(const edge::Profile profile, edge::Profile::Load(context.global.profile));
    return profile.unit.str();
  }

  static Json Describe(const edge::v1::Desk& desk, Language language) {
    const auto in_language = [&](const edge::v1::Words& words) {
      return language == Language::kDutch ? words.nl() : words.en();
    };
    Json steps = Json::array();
    for (const int view : desk.views()) {
      const auto shown = static_cast<edge::v1::View>(view);
      steps.push_back({{"id", edge::v1::View_Name(shown)},
                       {"title", Text(language, "desk." + edge::v1::View_Name(shown))},
                       {"command", ViewLine(shown, desk.unit())}});
    }
    for (const edge::v1::Template& filled : desk.templates()) {
      steps.push_back({{"id", filled.id()},
                       {"title", in_language(filled.title())},
                       {"command", TemplateLine(filled)}});
    }
    return {{"unit", desk.unit()}, {"title", in_language(desk.title())}, {"steps", steps}};
  }

  std::string unit_;
};

}  // namespace

void AddDeskCommand(CommandList& commands) { commands.push_back(std::make_unique<DeskCommand>()); }

}  // namespace sluis::cli

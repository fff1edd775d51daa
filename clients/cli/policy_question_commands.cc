// `sluis policy test|who|explain`: cases with their answers, the rules read backwards, and why a
// request gets the answer it gets.
#include <algorithm>
#include <fstream>
#include <system_error>

#include "absl/strings/str_format.h"
#include "clients/cli/files.h"
#include "clients/cli/nouns.h"
#include "lib/base/clock.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/file.h"
#include "lib/base/status_macros.h"
#include "policy/engine/authzen.h"
#include "policy/engine/cases.h"
#include "policy/engine/explanation.h"
#include "policy/engine/loader.h"
#include "policy/engine/possible.h"

namespace sluis::cli {
namespace {

using PackPtr = std::shared_ptr<const policy::Pack>;

constexpr std::size_t kLargestCaseFile = 16 << 20;

class PolicyTest : public Command {
 public:
  PolicyTest() : Command("policy", "test") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy test --pack policy/pack --cases cases.jsonl"},
            {"sluis policy test --pack policy/pack --cases cases.jsonl --coverage"},
            {"sluis policy test --pack next-pack --cases cases.jsonl --failed", ExitCode::kFault}};
  }
  void Declare(Options& options) override {
    options.Value("--pack", "DIR", &pack_).Required().Is(Hint::kFolder);
    options.Values("--cases", "FILE", &files_).Is(Hint::kFile);
    options.Switch("--failed", &failed_only_);
    options.Switch("--coverage", &coverage_);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(PackPtr pack, policy::LoadPackDirectory(pack_));
    const policy::CompiledPack compiled(std::move(pack));
    policy::CaseRunner runner(compiled);
    SLUIS_ASSIGN_OR_RETURN(const std::vector<policy::Case> cases, ReadAll());
    Json list = Json::array();
    std::size_t failed = 0;
    for (const policy::Case& one : cases) {
      const policy::CaseResult result = runner.Run(one);
      failed += result.mismatches.empty() ? 0 : 1;
      if (!failed_only_ || !result.mismatches.empty()) list.push_back(Told(context, result));
    }
    const std::vector<policy::Gap> gaps = runner.Gaps();
    Print(context, std::move(list), gaps, cases.size(), failed);
    context.output.Say("talk.cases",
                       {absl::StrFormat("%d", cases.size()), absl::StrFormat("%d", failed),
                        absl::StrFormat("%d", gaps.size())});
    return failed == 0 ? ExitCode::kOk : ExitCode::kFault;
  }

 private:
  // The files that are named, or else those beside the rules.
  absl::StatusOr<std::vector<policy::Case>> ReadAll() const {
    std::vector<std::string> files = files_;
    if (files.empty()) {
      std::error_code error;
      std::filesystem::directory_iterator entry(std::filesystem::path(pack_) / "cases", error);
      for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        if (entry->path().extension() == ".jsonl") files.push_back(entry->path().string());
      }
      std::sort(files.begin(), files.end());
    }
    if (files.empty())
      return Error(ErrorCode::kNotFound, "FILE_NOT_FOUND",
                   "there is no case beside the rules; name files with --cases");
    std::vector<policy::Case> all;
    for (const std::string& file : files) {
      SLUIS_ASSIGN_OR_RETURN(const Bytes text, ReadFile(file, kLargestCaseFile));
      SLUIS_ASSIGN_OR_RETURN(std::vector<policy::Case> cases, policy::ReadCases(file, text));
      std::move(cases.begin(), cases.end(), std::back_inserter(all));
    }
    return all;
  }
  static Json Told(Context& context, const policy::CaseResult& result) {
    Json wrong = Json::array();
    for (const policy::Mismatch& mismatch : result.mismatches) {
      wrong.push_back(absl::StrFormat("%s: %s, %s %s", mismatch.member, mismatch.actual,
                                      context.T("test.not"), mismatch.expected));
    }
    return {{"id", result.id},
            {"title", result.title},
            {"outcome", result.outcome},
            {"passed", result.mismatches.empty()},
            {"wrong", std::move(wrong)}};
  }
  void Print(Context& context, Json cases, const std::vector<policy::Gap>& gaps, std::size_t count,
             std::size_t failed) const {
    Json uncovered = Json::array();
    for (const policy::Gap& gap : gaps) {
      uncovered.push_back({{"axis", gap.axis},
                           {"code", gap.code},
                           {"rules", gap.rules},
                           {"says", context.T(gap.axis == "rule" ? "gap.rule" : "gap.code")}});
    }
    const Json all = {{"cases", std::move(cases)},
                      {"uncovered", std::move(uncovered)},
                      {"count", count},
                      {"failed", failed}};
    if (coverage_) {
      context.output.List(
          all, "uncovered",
          {{"axis", "/axis"}, {"code", "/code"}, {"says", "/says"}, {"rules", "/rules"}});
    } else {
      context.output.List(all, "cases",
                          {{"id", "/id"},
                           {"title", "/title"},
                           {"outcome", "/outcome"},
                           {"passed", "/passed"},
                           {"wrong", "/wrong"}});
    }
  }
  std::string pack_;
  std::vector<std::string> files_;
  bool failed_only_ = false, coverage_ = false;
};

class PolicyWho : public Command {
 public:
  PolicyWho() : Command("policy", "who") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy who --pack policy/pack --wanted recipient --given provider=gemeente/oov "
             "--given field=p-naam"},
            {"sluis policy who --pack policy/pack --wanted field --given recipient=gemeente/oov "
             "--given purpose=openbare-orde"},
            {"sluis policy who --pack policy/pack --wanted provider --given recipient=riec/bureau "
             "--page-size 3"}};
  }
  void Declare(Options& options) override {
    options.Value("--pack", "DIR", &pack_).Required().Is(Hint::kFolder);
    options.Value("--wanted", "WHAT", &query_.wanted)
        .Required()
        .OneOf({"action", "purpose", "provider", "recipient", "basis", "regime", "subject_category",
                "case_phase", "field"});
    options.Values("--given", "WHAT=CODE", &given_);
    options.Value("--page-size", "N", &page_size_);
    options.Value("--page-token", "TOKEN", &query_.after);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const PackPtr pack, policy::LoadPackDirectory(pack_));
    SLUIS_RETURN_IF_ERROR(ReadQuery());
    query_.time = context.surroundings.clock.Now();
    SLUIS_ASSIGN_OR_RETURN(const policy::PossiblePage page, policy::FindPossible(*pack, query_));
    Json list = Json::array();
    for (const policy::Possibility& one : page.list) {
      list.push_back(
          {{"code", one.code}, {"rules", one.rules}, {"without_approval", one.without_approval}});
    }
    context.output.List(
        {{"possible", list}, {"next_page_token", page.next}}, "possible",
        {{"code", "/code"}, {"rules", "/rules"}, {"without_approval", "/without_approval"}});
    if (!page.next.empty()) context.output.Say("talk.more_pages", {page.next});
    return ExitCode::kOk;
  }

 private:
  absl::Status ReadQuery() {
    for (const std::string& given : given_) {
      const std::size_t equals = given.find('=');
      if (equals == std::string::npos)
        return Error(ErrorCode::kInvalid, "OPTION_INVALID", "--given takes WHAT=CODE",
                     {{"about", "--given"}});
      query_.given[given.substr(0, equals)].push_back(given.substr(equals + 1));
    }
    const absl::StatusOr<std::uint64_t> size = ParseDecimal(page_size_, 10'000);
    if (!size.ok())
      return Error(ErrorCode::kInvalid, "OPTION_INVALID", "--page-size takes a number",
                   {{"about", "--page-size"}});
    query_.page_size = *size;
    return absl::OkStatus();
  }
  std::string pack_, page_size_ = "0";
  std::vector<std::string> given_;
  policy::PossibleQuery query_;
};

class PolicyExplain : public Command {
 public:
  PolicyExplain() : Command("policy", "explain") {}
  std::vector<Example> Examples() const override {
    return {{"sluis policy explain --pack policy/pack --input exchanges.jsonl"},
            {"sluis policy explain --pack policy/pack --input exchanges.jsonl --officer"}};
  }
  void Declare(Options& options) override {
    options.Value("--pack", "DIR", &pack_).Required().Is(Hint::kFolder);
    options.Value("--input", "FILE", &input_).Required().Is(Hint::kFile);
    options.Switch("--officer", &officer_);
  }
  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(PackPtr pack, policy::LoadPackDirectory(pack_));
    const policy::CompiledPack compiled(std::move(pack));
    std::ifstream file(input_);
    if (!file) return Error(ErrorCode::kNotFound, "FILE_NOT_FOUND", "--input cannot be opened");
    Json list = Json::array();
    int number = 0;
    for (std::string line; std::getline(file, line);) {
      const auto request = policy::ParseAuthzenRequest(line);
      ++number;
      if (!request.ok())
        return Error(ErrorCode::kInvalid, "LINE_INVALID",
                     absl::StrFormat("line %d of --input is no request", number));
      const policy::Decision decision = compiled.Evaluate(*request);
      const policy::Explanation explanation =
          policy::ExplainInFull(compiled.pack(), *request, decision);
      if (officer_) {
        AddConsidered(number, explanation, list);
      } else {
        const policy::Text text = policy::ForEmployee(explanation);
        list.push_back(
            {{"line", number},
             {"outcome", std::string(policy::OutcomeName(decision.outcome))},
             {"says", context.output.language() == Language::kDutch ? text.nl : text.en}});
      }
    }
    if (officer_) {
      context.output.List({{"considered", list}}, "considered",
                          {{"line", "/line"},
                           {"rule", "/rule"},
                           {"field", "/field"},
                           {"matched", "/matched"},
                           {"outside", "/outside"}});
    } else {
      context.output.List({{"explanations", list}}, "explanations",
                          {{"line", "/line"}, {"outcome", "/outcome"}, {"says", "/says"}});
    }
    return ExitCode::kOk;
  }

 private:
  static void AddConsidered(int number, const policy::Explanation& explanation, Json& list) {
    for (const policy::Consideration& one : explanation.considered) {
      list.push_back({{"line", number},
                      {"rule", one.rule},
                      {"field", one.field},
                      {"in_force", one.in_force},
                      {"matched", one.matched()},
                      {"outside", one.outside}});
    }
  }
  std::string pack_, input_;
  bool officer_ = false;
};

}  // namespace

void AddPolicyQuestionCommands(CommandList& commands) {
  commands.push_back(std::make_unique<PolicyTest>());
  commands.push_back(std::make_unique<PolicyWho>());
  commands.push_back(std::make_unique<PolicyExplain>());
}

}  // namespace sluis::cli

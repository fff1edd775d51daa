// `sluis log verify`: the whole log again, from outside, believing only the keys in the trust file.
#include "absl/strings/ascii.h"
#include "absl/strings/match.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_replace.h"
#include "clients/cli/files.h"
#include "clients/cli/leaf_text.h"
#include "clients/cli/nouns.h"
#include "clients/lib/http_log_source.h"
#include "clients/lib/log_copy.h"
#include "clients/lib/partner_log.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/tlog/log_verifier.h"

namespace sluis::cli {
namespace {

constexpr std::size_t kMaxTrustFile = 64 << 10, kMaxCheckpoint = 64 << 10;

class LogVerify : public Command {
 public:
  LogVerify() : Command("log", "verify") {}

  std::vector<Example> Examples() const override {
    return {{"sluis log verify --log log --trust trust.policy"},
            {"sluis log verify --log log --trust trust.policy --earlier earlier.checkpoint --output json"},
            {"sluis log verify --log https://log.example/log --bundles https://log.example:8443/log "
             "--use lawfulness-check --trust trust.policy --copy copy-of-log", ExitCode::kUsage},
            {"sluis log verify --log damaged-log --trust trust.policy", ExitCode::kVerification}};
  }

  void Declare(Options& options) override {
    options.Value("--log", "URL|DIR", &log_).Required().Is(Hint::kFolder);
    options.Value("--trust", "FILE", &trust_).Required().Is(Hint::kFile);
    options.Value("--earlier", "FILE", &earlier_).Is(Hint::kFile);
    options.Value("--authorities", "FILE", &authorities_).Is(Hint::kFile);
    options.Value("--bundles", "URL", &bundles_);
    options.Value("--use", "USE", &use_).OneOf(
        {"lawfulness-check", "internal-control", "integrity-security", "criminal-proceedings"});
    options.Value("--copy", "DIR", &copy_).Is(Hint::kFolder);
  }

  absl::StatusOr<ExitCode> Run(Context& context) override {
    SLUIS_ASSIGN_OR_RETURN(const Bytes text, ReadInput(context, trust_, kMaxTrustFile));
    SLUIS_ASSIGN_OR_RETURN(const auto trust, tlog::TrustPolicy::Parse(text));
    const absl::Time now = context.surroundings.clock.Now();
    tlog::VerifyLogOptions options;
    if (!earlier_.empty()) {
      SLUIS_ASSIGN_OR_RETURN(const Bytes note, ReadInput(context, earlier_, kMaxCheckpoint));
      SLUIS_ASSIGN_OR_RETURN(const auto earlier, trust.Verify(note, now));
      options.earlier = earlier.checkpoint;
    }
    if (!bundles_.empty()) return VerifyAsPartner(context, trust, now, options);
    if (IsUrl()) return VerifyTiles(context, trust, options.earlier, now);
    SLUIS_ASSIGN_OR_RETURN(const auto source, edge::FolderLogSource::Open(log_));
    return VerifyAll(context, *source, trust, now, options);
  }

 private:
  absl::StatusOr<ExitCode> VerifyAll(Context& context, tlog::LogSource& source,
                                     const tlog::TrustPolicy& trust, absl::Time now,
                                     const tlog::VerifyLogOptions& options) {
    SLUIS_ASSIGN_OR_RETURN(const tlog::LogReport report, tlog::VerifyLog(source, trust, now, options));
    Show(context, Describe(report), report.checkpoint.no_quorum);
    return ExitCode::kOk;
  }

  // Whose desk has a mandate reads the entries too; each look is itself logged.
  absl::StatusOr<ExitCode> VerifyAsPartner(Context& context, const tlog::TrustPolicy& trust,
                                           absl::Time now, const tlog::VerifyLogOptions& options) {
    if (context.global.profile.empty()) {
      return Error(ErrorCode::kInvalid, "PROFILE_MISSING",
                   "--bundles needs --profile DIR: entries are shown to a desk with a mandate");
    }
    if (use_.empty()) {
      return Error(ErrorCode::kInvalid, "OPTION_MISSING", "--bundles needs --use USE: what for",
                   {{"about", "--use USE"}});
    }
    const edge::LogAddresses addresses{
        log_, bundles_, absl::AsciiStrToUpper(absl::StrReplaceAll(use_, {{"-", "_"}}))};
    SLUIS_ASSIGN_OR_RETURN(const auto log, edge::PartnerLog::Open(context.global.profile, addresses,
                                                                  context.surroundings.clock));
    if (copy_.empty()) return VerifyAll(context, log->source(), trust, now, options);
    SLUIS_ASSIGN_OR_RETURN(edge::LogCopy copy, edge::LogCopy::Create(log->source(), copy_));
    return VerifyAll(context, copy, trust, now, options);
  }

  bool IsUrl() const { return log_.starts_with("http://") || log_.starts_with("https://"); }

  // The entries themselves are for partners only (log.md B10); what is public shows that the log grew and
  // never changed.
  absl::StatusOr<ExitCode> VerifyTiles(Context& context, const tlog::TrustPolicy& trust,
                                       const std::optional<tlog::Checkpoint>& earlier, absl::Time now) {
    edge::HttpLogOptions options;
    options.log_url = log_;
    options.server_authorities = authorities_;
    SLUIS_ASSIGN_OR_RETURN(const auto source, edge::HttpLogSource::Create(std::move(options)));
    SLUIS_ASSIGN_OR_RETURN(const Bytes note, source->ReadCheckpoint());
    SLUIS_ASSIGN_OR_RETURN(const tlog::TrustedCheckpoint newer, trust.Verify(note, now));
    if (earlier) SLUIS_RETURN_IF_ERROR(tlog::VerifyGrowth(*source, *earlier, newer.checkpoint));
    Json described = {{"verified", true},
                      {"entries_verified", false},
                      {"growth_verified", earlier.has_value()},
                      {"checkpoint", DescribeCheckpoint(newer)}};
    Show(context, described, newer.no_quorum);
    context.output.Say(earlier ? "talk.entries_not_seen" : "talk.only_checkpoint");
    return ExitCode::kOk;
  }

  Json Describe(const tlog::LogReport& report) const {
    Json kinds = Json::object();
    for (const auto& [kind, count] : report.kinds) kinds[tlog::KindName(kind)] = count;
    Json described = {{"verified", true},
                      {"entries_verified", true},
                      {"growth_verified", !earlier_.empty()},
                      {"checkpoint", DescribeCheckpoint(report.checkpoint)},
                      {"kinds", kinds},
                      {"bundles", report.bundles},
                      {"tiles", report.tiles}};
    if (report.first_hour) described["first_hour"] = HourText(*report.first_hour);
    if (report.last_hour) described["last_hour"] = HourText(*report.last_hour);
    return described;
  }

  static void Show(Context& context, const Json& described, bool no_quorum) {
    context.output.Object(described, {{"verified", "/verified"},
                                      {"entries_verified", "/entries_verified"},
                                      {"growth_verified", "/growth_verified"},
                                      {"origin", "/checkpoint/origin"},
                                      {"size", "/checkpoint/size"},
                                      {"root", "/checkpoint/root"},
                                      {"witnesses", "/checkpoint/witnesses"},
                                      {"from", "/first_hour"},
                                      {"last", "/last_hour"},
                                      {"kinds", "/kinds"}});
    if (no_quorum) context.output.Say("talk.no_quorum");
  }

  std::string log_, trust_, earlier_, authorities_, bundles_, use_, copy_;
};

}  // namespace

void AddLogCommand(CommandList& commands) { commands.push_back(std::make_unique<LogVerify>()); }

}  // namespace sluis::cli

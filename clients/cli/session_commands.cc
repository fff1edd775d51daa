// `sluis session open|list|revoke`: the keys under which this party receives pseudonyms.
#include "clients/cli/edge_command.h"
#include "clients/cli/frame/prompt.h"
#include "clients/cli/nouns.h"
#include "lib/base/encoding.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

constexpr char kSession[] = "3f1c9a7e5b2d48069c7e1a2b3c4d5e6f";

const std::vector<Column> kSessionColumns = {
    {"session", "/session"},      {"open", "/live"},
    {"created", "/issue_time"},   {"until", "/end_time"},
    {"renewal", "/renewal_time"}, {"key_until", "/key_until"}};

std::string Day(absl::Time time) { return FormatRfc3339Millis(time); }

// The key itself is shown nowhere.
Json SessionJson(const edge::HeldSession& session, absl::Time now) {
  return {{"session", session.context.session()},
          {"live", session.LiveAt(now)},
          {"issue_time", Day(session.issued)},
          {"end_time", Day(session.end)},
          {"renewal_time", Day(session.half_life())},
          {"key_until", Day(session.end + edge::kSessionKeyGrace)}};
}

class SessionOpen : public EdgeCommand {
 public:
  SessionOpen() : EdgeCommand("session", "open") {}
  std::vector<Example> Examples() const override { return {{"sluis session open"}}; }
  void Declare(Options&) override {}
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const edge::HeldSession session, edge.OpenSession());
    context.output.Object(SessionJson(session, context.surroundings.clock.Now()), kSessionColumns);
    context.output.Say("talk.session_opened");
    context.output.Next("sluis inbox list");
    return ExitCode::kOk;
  }
};

class SessionList : public EdgeCommand {
 public:
  SessionList() : EdgeCommand("session", "list") {}
  std::vector<Example> Examples() const override {
    return {{"sluis session list"}, {"sluis session list --output json"}};
  }
  void Declare(Options&) override {}
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    SLUIS_ASSIGN_OR_RETURN(const auto sessions, edge.Sessions());
    Json list = Json::array();
    for (const edge::HeldSession& session : sessions) {
      list.push_back(SessionJson(session, context.surroundings.clock.Now()));
    }
    context.output.List({{"sessions", list}}, "sessions", kSessionColumns);
    if (list.empty()) context.output.Next("sluis session open");
    return ExitCode::kOk;
  }
};

class SessionRevoke : public EdgeCommand {
 public:
  SessionRevoke() : EdgeCommand("session", "revoke") {}
  std::vector<Example> Examples() const override {
    return {{std::string("sluis session revoke ") + kSession + " --yes"}};
  }
  void Declare(Options& options) override {
    options.Value("session", "SESSION", &session_).Required();
    options.Switch("--yes", &yes_);
  }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    if (!yes_) SLUIS_RETURN_IF_ERROR(Confirm(context, "talk.ask_revoke", {session_}, "--yes"));
    SLUIS_RETURN_IF_ERROR(edge.RevokeSession(session_));
    context.output.Say("talk.session_revoked");
    context.output.Next("sluis session open");
    return ExitCode::kOk;
  }

 private:
  std::string session_;
  bool yes_ = false;
};

}  // namespace

void AddSessionCommands(CommandList& commands) {
  commands.push_back(std::make_unique<SessionOpen>());
  commands.push_back(std::make_unique<SessionList>());
  commands.push_back(std::make_unique<SessionRevoke>());
}

}  // namespace sluis::cli

// `sluis inbox list|watch`: what waits for this desk.
#include "clients/cli/edge_command.h"
#include "clients/cli/nouns.h"
#include "clients/cli/wire_json.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

namespace wire = edge::wire;

const std::vector<Column> kColumns = {{"sequence", "/sequence"},   {"event", "/event"},
                                      {"exchange", "/exchange/name"}, {"state", "/exchange/state"},
                                      {"action", "/exchange/action"}, {"purpose", "/exchange/purpose"},
                                      {"created", "/create_time"}};

// The recipient has a session now: what waited for it is to be released.
std::string NextAfter(const Json& entry) {
  const char* verb = entry["event"] == "SESSION_READY" ? "answer " : "show ";
  return std::string("sluis exchange ") + verb + entry["exchange"]["name"].get<std::string>();
}

class InboxList : public EdgeCommand {
 public:
  InboxList() : EdgeCommand("inbox", "list") {}
  std::vector<Example> Examples() const override {
    return {{"sluis inbox list"}, {"sluis inbox list --all --output json"}};
  }
  void Declare(Options& options) override { options.Switch("--all", &all_); }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    Json entries = Json::array();
    edge::StopSignal stop;
    SLUIS_RETURN_IF_ERROR(edge.WatchInbox({.until_caught_up = true, .from_start = all_}, stop,
                                          [&](const wire::InboxEntry& entry) {
                                            entries.push_back(WireJson(entry));
                                            return absl::OkStatus();
                                          }));
    context.output.List({{"entries", entries}}, "entries", kColumns);
    if (!entries.empty()) context.output.Next(NextAfter(entries.back()));
    return ExitCode::kOk;
  }

 private:
  bool all_ = false;
};

// One line of JSON an entry, or one block of text, as they come.
class InboxWatch : public EdgeCommand {
 public:
  InboxWatch() : EdgeCommand("inbox", "watch") {}
  std::vector<Example> Examples() const override {
    return {{"sluis inbox watch"}, {"sluis inbox watch --output json"}};
  }
  void Declare(Options&) override {}
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    context.output.Say("talk.watching");
    edge::StopSignal stop;
    SLUIS_RETURN_IF_ERROR(edge.WatchInbox({}, stop, [&](const wire::InboxEntry& entry) {
      const Json json = WireJson(entry);
      if (context.output.format() == Format::kJson) {
        context.output.Raw(json.dump() + "\n");
      } else {
        context.output.Object(json, kColumns);
        context.output.Raw("\n");
      }
      return absl::OkStatus();
    }));
    return ExitCode::kOk;
  }
};

}  // namespace

void AddInboxCommands(CommandList& commands) {
  commands.push_back(std::make_unique<InboxList>());
  commands.push_back(std::make_unique<InboxWatch>());
}

}  // namespace sluis::cli

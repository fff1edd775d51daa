// `sluis inbox list|watch`: what waits for this desk.
#include <algorithm>

#include "absl/strings/str_format.h"
#include "clients/cli/edge_command.h"
#include "clients/cli/nouns.h"
#include "clients/cli/wire_json.h"
#include "lib/base/status_macros.h"

namespace sluis::cli {
namespace {

namespace wire = edge::wire;

const std::vector<Column> kInboxColumns = {{"sequence", "/sequence"},
                                           {"event", "/event"},
                                           {"deadline", "/exchange/expire_time"},
                                           {"left", "/left"},
                                           {"exchange", "/exchange/name"},
                                           {"state", "/exchange/state"},
                                           {"action", "/exchange/action"},
                                           {"purpose", "/exchange/purpose"},
                                           {"created", "/create_time"}};

// Something that waited can go now: our answer, or whom a question of ours is about.
std::string NextAfter(const Json& entry) {
  const Json& exchange = entry["exchange"];
  const bool ours = exchange.contains("register") && !exchange.contains("subject_sent");
  const bool goes_on = entry["event"] == "SESSION_READY" || entry["event"] == "RELEASE_REFUSED";
  const char* verb = !goes_on ? "show " : ours ? "send " : "answer ";
  return std::string("sluis exchange ") + verb + exchange["name"].get<std::string>();
}

// What a person of this desk still has to decide.
bool WaitsForUs(const wire::InboxEntry& entry) {
  return entry.event() == wire::INBOX_EVENT_QUESTION &&
         entry.exchange().state() == wire::EXCHANGE_STATE_FORWARDED;
}

// `3 d 4 h`, in whole hours; empty for what has no deadline.
std::string TimeLeft(const wire::InboxEntry& entry, absl::Time now) {
  if (!WaitsForUs(entry) || !entry.exchange().has_expire_time()) return "";
  const absl::Duration left =
      absl::FromUnixSeconds(entry.exchange().expire_time().seconds()) - now;
  const std::int64_t hours = std::max<std::int64_t>(0, absl::ToInt64Hours(left));
  return absl::StrFormat("%d d %d h", hours / 24, hours % 24);
}

// Open questions first, the one that lapses first on top; then the rest as it came.
bool GoesBefore(const wire::InboxEntry& one, const wire::InboxEntry& other) {
  if (WaitsForUs(one) != WaitsForUs(other)) return WaitsForUs(one);
  return WaitsForUs(one) &&
         one.exchange().expire_time().seconds() < other.exchange().expire_time().seconds();
}

Json EntryJson(const wire::InboxEntry& entry, absl::Time now) {
  Json json = WireJson(entry);
  if (const std::string left = TimeLeft(entry, now); !left.empty()) json["left"] = left;
  return json;
}

class InboxList : public EdgeCommand {
 public:
  InboxList() : EdgeCommand("inbox", "list") {}
  std::vector<Example> Examples() const override {
    return {{"sluis inbox list"}, {"sluis inbox list --all --output json"}};
  }
  void Declare(Options& options) override { options.Switch("--all", &all_); }
  absl::StatusOr<ExitCode> RunOnline(Context& context, edge::Edge& edge) override {
    std::vector<wire::InboxEntry> read;
    edge::StopSignal stop;
    SLUIS_RETURN_IF_ERROR(edge.WatchInbox({.until_caught_up = true, .from_start = all_}, stop,
                                          [&](const wire::InboxEntry& entry) {
                                            read.push_back(entry);
                                            return absl::OkStatus();
                                          }));
    std::stable_sort(read.begin(), read.end(), GoesBefore);
    Json entries = Json::array();
    for (const wire::InboxEntry& entry : read) {
      entries.push_back(EntryJson(entry, context.surroundings.clock.Now()));
    }
    context.output.List({{"entries", entries}}, "entries", kInboxColumns);
    if (!entries.empty()) {
      context.output.Next(NextAfter(WaitsForUs(read.front()) ? entries.front() : entries.back()));
    }
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
      const Json json = EntryJson(entry, context.surroundings.clock.Now());
      if (context.output.format() == Format::kJson) {
        context.output.Raw(json.dump() + "\n");
      } else {
        context.output.Object(json, kInboxColumns);
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

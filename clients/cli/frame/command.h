// One command: `sluis NOUN VERB`. A command declares its options, says its examples (each is run by a
// test) and runs. Its texts stand in the catalogue under `noun.verb` and `noun.verb.option`.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/frame/exit_code.h"
#include "clients/cli/frame/options.h"
#include "clients/cli/frame/output.h"
#include "clients/cli/frame/surroundings.h"

namespace sluis::cli {

// The options that every command takes.
struct GlobalOptions {
  std::string profile;  // folder of the person's profile; empty: SLUIS_PROFILE
  std::string output = "table";
  std::string language;
  bool no_input = false;
  bool explain = false;
  void Declare(Options& options);
};

// What a running command works with; lives as long as the run.
struct Context {
  Surroundings& surroundings;
  const GlobalOptions& global;
  Output& output;
  std::string T(std::string_view key, const std::vector<std::string>& values = {}) const {
    return Text(output.language(), key, values);
  }
};

struct Example {
  std::string line;  // as typed, `sluis policy check --pack policy/pack`
  ExitCode exit = ExitCode::kOk;
};

class Command {
 public:
  Command(std::string_view noun, std::string_view verb) : noun_(noun), verb_(verb) {}
  virtual ~Command() = default;

  const std::string& noun() const { return noun_; }
  const std::string& verb() const { return verb_; }
  std::string key() const { return verb_.empty() ? noun_ : noun_ + "." + verb_; }

  virtual std::vector<Example> Examples() const = 0;
  virtual void Declare(Options& options) = 0;
  // Data and talk go to context.output; an error is told by the frame.
  virtual absl::StatusOr<ExitCode> Run(Context& context) = 0;

 private:
  std::string noun_, verb_;
};

using CommandList = std::vector<std::unique_ptr<Command>>;

// Nouns in the order of the list, each once; verbs of a noun likewise ("" for a noun that runs alone).
std::vector<std::string> NounsOf(const CommandList& commands);
std::vector<std::string> VerbsOf(const CommandList& commands, std::string_view noun);
Command* FindCommand(const CommandList& commands, std::string_view noun, std::string_view verb);

}  // namespace sluis::cli

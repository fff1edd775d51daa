// A folder with everything that the examples name, made from fixed seeds, and the command run inside it as
// a person would: one process, its own streams, a clock that stands still.
#pragma once

#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "clients/cli/frame/exit_code.h"
#include "lib/base/clock.h"
#include "tests/support/temp_dir.h"

namespace sluis::cli::testing {

struct Outcome {
  ExitCode exit = ExitCode::kFault;
  std::string out, err;
};

// Makes its folder the working directory while it lives; one at a time.
class World {
 public:
  World();
  ~World();
  World(const World&) = delete;
  World& operator=(const World&) = delete;

  // A line as typed: words by spaces, $NAME from `variables`.
  Outcome Type(const std::string& line);
  Outcome Run(const std::vector<std::string>& arguments);

  void Write(const std::string& name, const std::string& content) const;
  std::string Read(const std::string& name) const;
  const std::filesystem::path& source() const { return source_; }

  std::map<std::string, std::string> variables;    // $OFFICER_1, ...
  std::map<std::string, std::string> environment;  // what the command sees
  std::string input;                               // its standard input
  bool terminal = false;
  ManualClock clock;

 private:
  void MakeDirectory();
  void MakeLog();
  void WriteLog(const std::string& folder, std::uint64_t size, const std::string& damaged);
  void MakeRequests();
  void MakeNextPack();
  void MakeSignedPack();
  static std::map<std::string, std::string> variables_of_all_;
  std::filesystem::path source_;
  sluis::testing::TempDir folder_;
};

inline constexpr char kTownParty[] = "00000099100000001000/gemeente/oov";
inline constexpr char kRiecParty[] = "00000099400000001000/riec/bureau";

}  // namespace sluis::cli::testing

#include "tests/bench/child_process.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "tests/bench/must.h"

namespace sluis::bench {
namespace {

// Fields 14 and 15 of a stat file count clock ticks; the name before them may hold blanks.
double TicksOf(const std::filesystem::path& stat) {
  std::ifstream file(stat);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const std::size_t name_end = text.rfind(')');
  if (name_end == std::string::npos) return 0;
  std::istringstream fields(text.substr(name_end + 2));
  std::string skipped;
  for (int i = 3; i < 14; ++i) fields >> skipped;
  double user = 0, system = 0;
  fields >> user >> system;
  return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
}

std::string NameOf(const std::filesystem::path& task) {
  std::string name;
  std::getline(std::ifstream(task / "comm") >> std::ws, name);
  return task.filename().string() + " " + name;
}

}  // namespace

ChildProcess::ChildProcess(const std::vector<std::string>& arguments) {
  std::vector<char*> argv;
  for (const std::string& argument : arguments) argv.push_back(const_cast<char*>(argument.c_str()));
  argv.push_back(nullptr);
  int ends[2];
  Must(::pipe2(ends, O_CLOEXEC) == 0, "a pipe");
  pid_ = ::fork();
  if (pid_ == 0) {
    // Nothing of a benchmark that failed stays behind.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::dup2(ends[1], STDOUT_FILENO);
    ::execvp(argv[0], argv.data());
    ::_exit(127);
  }
  ::close(ends[1]);
  output_ = ends[0];
  Must(pid_ > 0, "a process");
  char c = 0;
  while (::read(output_, &c, 1) == 1 && c != '\n') first_line_.push_back(c);
  Must(c == '\n', "the first line of a started program");
}

ChildProcess::~ChildProcess() {
  ::kill(pid_, SIGTERM);
  ::waitpid(pid_, nullptr, 0);
  ::close(output_);
}

double CpuSeconds(pid_t pid) { return TicksOf("/proc/" + std::to_string(pid) + "/stat"); }

std::map<std::string, double> CpuSecondsByThread(pid_t pid) {
  std::map<std::string, double> threads;
  std::error_code error;
  const std::filesystem::path folder = "/proc/" + std::to_string(pid) + "/task";
  for (const auto& task : std::filesystem::directory_iterator(folder, error)) {
    threads[NameOf(task.path())] = TicksOf(task.path() / "stat");
  }
  return threads;
}

}  // namespace sluis::bench

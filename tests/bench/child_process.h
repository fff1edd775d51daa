// A program that the benchmark started: its first line, what it costs, and its end.
#pragma once

#include <sys/types.h>

#include <map>
#include <string>
#include <vector>

namespace sluis::bench {

class ChildProcess {
 public:
  // Starts it and reads its first line of output, which says that it serves.
  explicit ChildProcess(const std::vector<std::string>& arguments);
  // SIGTERM, and waits.
  ~ChildProcess();
  ChildProcess(const ChildProcess&) = delete;
  ChildProcess& operator=(const ChildProcess&) = delete;

  const std::string& first_line() const { return first_line_; }
  pid_t pid() const { return pid_; }

 private:
  pid_t pid_ = -1;
  int output_ = -1;
  std::string first_line_;
};

// Seconds of processor time that a process has used, all of its threads together.
double CpuSeconds(pid_t pid);
// The same by thread, as "id name"; threads that ended are not in it.
std::map<std::string, double> CpuSecondsByThread(pid_t pid);

}  // namespace sluis::bench

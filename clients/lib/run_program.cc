#include "clients/lib/run_program.h"

#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/file_descriptor.h"
#include "lib/base/status_macros.h"

namespace sluis::edge {
namespace {

using MonotonicTime = std::chrono::steady_clock::time_point;

absl::Status Failed(std::string_view why) {
  return Error(ErrorCode::kUnauthenticated, "LOGIN_FAILED",
               absl::StrFormat("the log-in program of the profile %s; run it by hand to see", why));
}

// Ends the child if it still runs, and takes its status, whatever way we leave.
class Child {
 public:
  explicit Child(pid_t pid) : pid_(pid) {}
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  ~Child() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    Wait();
  }
  bool EndedWell() {
    const int status = Wait();
    return WIFEXITED(status) && WEXITSTATUS(status) == 0;
  }

 private:
  int Wait() {
    int status = -1;
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = 0;
    return status;
  }
  pid_t pid_;
};

absl::StatusOr<pid_t> Spawn(const std::vector<std::string>& arguments, int output) {
  std::vector<std::string> copies = arguments;
  std::vector<char*> argv;
  for (std::string& argument : copies) argv.push_back(argument.data());
  argv.push_back(nullptr);
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
  pid_t pid = 0;
  const int error = ::posix_spawnp(&pid, argv[0], &actions, nullptr, argv.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  if (error != 0) return Failed("cannot be started");
  return pid;
}

// 1 when there is something to read, 0 when the time is up.
bool WaitReadable(int fd, MonotonicTime end) {
  for (;;) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        end - std::chrono::steady_clock::now());
    if (left.count() <= 0) return false;
    pollfd entry{fd, POLLIN, 0};
    const int ready = ::poll(&entry, 1, static_cast<int>(left.count()));
    if (ready > 0) return true;
    if (ready < 0 && errno != EINTR) return false;
  }
}

absl::StatusOr<std::string> ReadAll(int fd, std::size_t max_bytes, MonotonicTime end) {
  std::string text;
  char buffer[4096];
  while (WaitReadable(fd, end)) {
    const ssize_t n = ::read(fd, buffer, sizeof(buffer));
    if (n < 0 && errno == EINTR) continue;
    if (n < 0) return Failed("cannot be read");
    if (n == 0) return text;
    text.append(buffer, static_cast<std::size_t>(n));
    if (text.size() > max_bytes) return Failed("prints more than a token");
  }
  return Failed("takes too long");
}

}  // namespace

absl::StatusOr<std::string> OutputOfProgram(const std::vector<std::string>& arguments,
                                            std::size_t max_bytes, absl::Duration limit) {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC) != 0) return Failed("cannot be started");
  FileDescriptor ours(ends[0]);
  FileDescriptor theirs(ends[1]);
  SLUIS_ASSIGN_OR_RETURN(const pid_t pid, Spawn(arguments, theirs.get()));
  Child child(pid);
  theirs = FileDescriptor();
  const MonotonicTime end = std::chrono::steady_clock::now() + absl::ToChronoMilliseconds(limit);
  SLUIS_ASSIGN_OR_RETURN(std::string text, ReadAll(ours.get(), max_bytes, end));
  if (!child.EndedWell()) return Failed("ended with an error");
  if (text.ends_with('\n')) text.pop_back();
  return text;
}

}  // namespace sluis::edge

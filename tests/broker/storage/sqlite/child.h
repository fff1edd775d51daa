// A process of its own that runs part of a test, to be killed or to be judged by its exit status. Tests that use
// it have no threads and no open store when they start it.
#pragma once

#include <gtest/gtest.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include <functional>
#include <utility>

namespace sluis::storage::testing {

class Child {
 public:
  // `body` gets a function that tells the parent about one step; its result is the exit status.
  explicit Child(const std::function<int(const std::function<void()>& told)>& body) {
    int ends[2];
    if (::pipe(ends) != 0) ADD_FAILURE() << "no pipe";
    pid_ = ::fork();
    if (pid_ == 0) {
      ::close(ends[0]);
      const int status = body([&] {
        if (::write(ends[1], "x", 1) != 1) ::_exit(99);
      });
      ::_exit(status);
    }
    ::close(ends[1]);
    steps_ = ends[0];
  }
  ~Child() {
    if (pid_ > 0) Kill();
    ::close(steps_);
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Waits for the next step; false when the child ended instead.
  bool AwaitStep() {
    char step;
    return ::read(steps_, &step, 1) == 1;
  }
  // kill -9, and what it told before it died.
  int Kill() {
    ::kill(pid_, SIGKILL);
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
    int late = 0;
    while (AwaitStep()) ++late;
    return late;
  }
  // Exit status; -1 when a signal ended it.
  int Wait() {
    int status = 0;
    ::waitpid(std::exchange(pid_, -1), &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  }

 private:
  pid_t pid_ = -1;
  int steps_ = -1;
};

}  // namespace sluis::storage::testing

// Wires the command to the process: arguments, streams, environment, terminal, interrupt.
#include <signal.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <iostream>

#include "clients/cli/frame/run.h"
#include "clients/cli/nouns.h"

namespace {

// What the interrupt handler puts back: the terminal must not stay without echo.
termios shown_terminal;
volatile sig_atomic_t terminal_is_hidden = 0;

extern "C" void OnInterrupt(int) {
  if (terminal_is_hidden != 0) ::tcsetattr(STDIN_FILENO, TCSANOW, &shown_terminal);
  ::_exit(static_cast<int>(sluis::cli::ExitCode::kInterrupted));
}

std::optional<std::string> ReadHidden() {
  const bool terminal = ::tcgetattr(STDIN_FILENO, &shown_terminal) == 0;
  if (terminal) {
    terminal_is_hidden = 1;
    termios hidden = shown_terminal;
    hidden.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    ::tcsetattr(STDIN_FILENO, TCSANOW, &hidden);
  }
  std::string line;
  const bool read = static_cast<bool>(std::getline(std::cin, line));
  if (terminal) {
    ::tcsetattr(STDIN_FILENO, TCSANOW, &shown_terminal);
    terminal_is_hidden = 0;
    std::cerr << "\n";
  }
  if (!read) return std::nullopt;
  return line;
}

}  // namespace

int main(int argc, char** argv) {
  ::signal(SIGINT, OnInterrupt);
  // A reader that goes away (`sluis … | head`) is an error of the stream, not the end of the process.
  ::signal(SIGPIPE, SIG_IGN);
  sluis::cli::Surroundings surroundings{std::cin, std::cout, std::cerr, sluis::SystemClock(), {},
                                        ::isatty(STDIN_FILENO) == 1, ::isatty(STDOUT_FILENO) == 1,
                                        ::isatty(STDERR_FILENO) == 1, ReadHidden};
  for (const char* name : sluis::cli::kKnownVariables) {
    if (const char* value = std::getenv(name)) surroundings.environment[name] = value;
  }
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  return static_cast<int>(
      sluis::cli::RunCommandLine(sluis::cli::AllCommands(), arguments, surroundings));
}

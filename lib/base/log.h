// Operational log of a process, to stderr. It carries codes, counts and durations: never a person, a
// pseudonym, a resource name or a message of a caller (architecture §11).
#pragma once

#include <string_view>

namespace sluis {

enum class LogLevel { kDebug, kInfo, kWarning, kError };

// `process` stands in every line. Call once, before threads start.
void InitLog(std::string_view process, LogLevel level);

// One line: a constant event name and its facts as key=value text. Thread-safe.
void LogEvent(LogLevel level, std::string_view event, std::string_view facts = {});

}  // namespace sluis

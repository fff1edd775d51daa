// A benchmark whose set-up or path fails has nothing to tell: it says what failed and ends.
#pragma once

#include <cstdio>
#include <cstdlib>
#include <utility>

#include "absl/status/status.h"
#include "absl/status/statusor.h"

namespace sluis::bench {

inline void Must(const absl::Status& status, const char* what) {
  if (status.ok()) return;
  std::fprintf(stderr, "bench: %s: %s\n", what, status.ToString().c_str());
  std::exit(1);
}

template <typename T>
T Must(absl::StatusOr<T> result, const char* what) {
  Must(result.status(), what);
  return *std::move(result);
}

inline void Must(bool holds, const char* what) {
  if (!holds) Must(absl::InternalError("does not hold"), what);
}

}  // namespace sluis::bench

// Early return on absl::Status and absl::StatusOr (this abseil ships no such macros).
#pragma once

#include "absl/status/status.h"
#include "absl/status/statusor.h"

#define SLUIS_CONCAT_INNER(a, b) a##b
#define SLUIS_CONCAT(a, b) SLUIS_CONCAT_INNER(a, b)

// SLUIS_RETURN_IF_ERROR(expr): returns the status from the enclosing function unless it is OK.
#define SLUIS_RETURN_IF_ERROR(expr)                          \
  do {                                                       \
    if (::absl::Status status_(expr); !status_.ok()) {       \
      return status_;                                        \
    }                                                        \
  } while (false)

// SLUIS_ASSIGN_OR_RETURN(auto x, expr): x = *expr, or returns the status.
#define SLUIS_ASSIGN_OR_RETURN(lhs, expr) \
  SLUIS_ASSIGN_OR_RETURN_IMPL(SLUIS_CONCAT(status_or_, __LINE__), lhs, expr)
#define SLUIS_ASSIGN_OR_RETURN_IMPL(tmp, lhs, expr) \
  auto tmp = (expr);                                \
  if (!tmp.ok()) {                                  \
    return std::move(tmp).status();                 \
  }                                                 \
  lhs = *std::move(tmp)

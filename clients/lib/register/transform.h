// From the cells of a subject's rows to the value of one field in one form.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/civil_time.h"
#include "lib/crypto/secret.h"
#include "lib/sealing/subject.h"
#include "sluis/edge/v1/register.pb.h"

namespace sluis::edge {

// One of the two is empty. Text: UTF-8, items joined by "; ". Subjects: in the order of the register,
// each once; they are to be encrypted to the recipient's case domain and never sealed as they are.
struct FieldValue {
  SecretBytes text;
  std::vector<Subject> subjects;
};

// The cells of a rule's columns in one row, and where they stand. Wiped on destruction. Move-only.
struct RuleCells {
  RuleCells() = default;
  RuleCells(RuleCells&&) = default;
  RuleCells& operator=(RuleCells&&) = default;
  ~RuleCells();
  std::uint64_t line = 0;
  std::vector<std::string> cells;
};

// `rule` passed CheckMapping and `rows` hold as many cells as it has columns. NOT_FOUND, reason NO_VALUE, if
// the register has nothing (except for present and count); INVALID_ARGUMENT, reason REGISTER_VALUE with
// line and column, if a cell is not what the rule expects.
absl::StatusOr<FieldValue> Transform(const v1::FormRule& rule, const std::vector<RuleCells>& rows,
                                     absl::CivilDay today);

// The number of a subject as registers write it: spaces around are ignored, and the dashes of a kenteken.
absl::StatusOr<Subject> SubjectOfCell(SubjectKind kind, std::string_view cell);

// 2026-03-14 and nothing else; INVALID_ARGUMENT for another text or a day that does not exist.
absl::StatusOr<absl::CivilDay> ParseDay(std::string_view text);

}  // namespace sluis::edge

// The engine behind one line of JSON: an AuthZEN evaluation request in, a response out (exports.md
// §5).
#pragma once

#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "policy/engine/compiled_pack.h"
#include "policy/engine/decision.h"
#include "policy/engine/pack.h"
#include "policy/engine/request.h"

namespace sluis::policy {

// The response as one line without line feed: `decision` (true only for PERMITTED) and `context`
// with outcome, fields, field_outcomes, retention, onward, onward_to, handling, feedback_due,
// notify, marks, min_cell, approvals_needed, deciding_rules, emergency and reason_user {nl, en};
// what there is none of is null. What cannot be read as a request gives outcome INVALID with
// `error` {member, message}. Members that are not in our mapping are ignored, as AuthZEN demands.
std::string EvaluateLine(const Pack& pack, std::string_view json_line);
// The same by the compiled pack.
std::string EvaluateLine(const CompiledPack& pack, std::string_view json_line);

// A request from JSON: types, required members, times and OINs; codes are checked by Evaluate. An
// error carries the AuthZEN path as its field violation.
absl::StatusOr<EvaluationRequest> ParseAuthzenRequest(std::string_view json_line);

// The response to `decision`, as above.
std::string AuthzenResponse(const Decision& decision);

}  // namespace sluis::policy

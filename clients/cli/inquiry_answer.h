// The person of the provider at a question to his register: he sees what was found and says yes or no
// to each; then the answer leaves, the same way whatever it says.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/frame/command.h"
#include "clients/lib/edge.h"
#include "clients/lib/register/register.h"

namespace sluis::cli {

// The subject behind each position, by the index of the register or, where it has none, by its rows.
// INDEX_MISSING and others of register_index.h; the errors of ReadQuestion.
absl::StatusOr<std::vector<std::optional<Subject>>> FindAsked(edge::Edge& edge,
                                                              const edge::wire::Exchange& exchange,
                                                              const edge::Register& source);

// Of a `request` that started from a pseudonym. SUBJECT_NOT_IN_REGISTER if the index does not know it.
absl::StatusOr<Subject> FindRequested(edge::Edge& edge, const edge::wire::Exchange& exchange);

// What a person said of a found subject.
struct Confirmed {
  std::vector<bool> hits;        // per position
  std::vector<Subject> known;    // those with a yes
};
// Shows each found subject with the register's own words and asks; `all`: takes them as they are, but
// for the positions in `rejected`, counted from 1 as they are shown.
absl::StatusOr<Confirmed> ConfirmHits(Context& context, const edge::Register& source,
                                      const std::vector<std::optional<Subject>>& found, bool all,
                                      const std::set<std::size_t>& rejected);

// Positions as typed. OPTION_INVALID.
absl::StatusOr<std::set<std::size_t>> ParseRejected(const std::vector<std::string>& typed);

}  // namespace sluis::cli

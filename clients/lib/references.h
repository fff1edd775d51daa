// Persons inside a field value (pseudonyms.md §10): everybody but the exchange's subject stands
// there as {"ref": j}, the item j of the release's signed requests, counted through all of them in
// their order.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/base/json.h"
#include "lib/crypto/secret.h"

namespace sluis::edge {

// {"ref": j} and nothing else.
bool IsReference(const Json& json);

// `json` with every reference replaced by what `replace` makes of its number. E_PAYLOAD for a
// reference that is no number from 0; the errors of `replace`.
absl::StatusOr<Json> ReplaceReferences(
    const Json& json, const std::function<absl::StatusOr<Json>(std::size_t)>& replace);

// `json` without them: out of lists and objects. Null if nothing is left.
Json WithoutReferences(const Json& json);

// What stands for n persons and nothing else: one reference, or a list of them, from 0.
Json ReferencesTo(std::size_t n);

// How a value reads once names stand in it: a text as it is, a list of texts joined by "; ", else
// JSON.
std::string ReadableText(const Json& json);

}  // namespace sluis::edge

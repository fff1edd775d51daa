// What a person releases: the values of an answer or disclosure, from a register or from a file of his
// own. Errors name fields, never values.
#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/cli/frame/command.h"
#include "clients/lib/edge.h"
#include "clients/lib/register/register.h"

namespace sluis::cli {

// Finds a pseudonym by its human form, in the domain that the exchange names.
using FindPseudonym = std::function<absl::StatusOr<edge::HeldPseudonym>(std::string_view)>;

// From JSON {regime, subject_category, values: {field: text | {form, value} | {form, subjects}}}. Without a
// form, that of the newest decision. Somebody else than the exchange's subject is {"kind": "bsn", "number":
// "..."}, or {"pseudonym": "P-7F3K-92QD"} if known so: in the list `subjects`, or anywhere in a value that
// is no text. FORM_UNKNOWN naming the field when neither says it; E_BSN and E_SUBJECT naming the field;
// errors never repeat a value.
absl::StatusOr<edge::ReleaseContent> ReadValuesFile(Context& context, const std::string& path,
                                                    const edge::wire::Exchange& exchange,
                                                    const FindPseudonym& find = {});

// From the rows of the subject: every permitted field that the register can give in its form.
// SUBJECT_NOT_IN_REGISTER; SUBJECT_UNDER_SEVERAL_LABELS when its rows have more than one regime or
// category: then a person must choose (`regime`).
absl::StatusOr<edge::ReleaseContent> ReadRegister(const edge::Register& source, const Subject& subject,
                                                  const edge::wire::Exchange& exchange,
                                                  const std::string& regime);

}  // namespace sluis::cli

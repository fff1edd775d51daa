// What a person states when asking, disclosing or recalling; the edge adds keys, ids and
// signatures.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/lib/names.h"
#include "clients/lib/pseudonym_table.h"
#include "lib/base/ids.h"
#include "lib/crypto/secret.h"
#include "lib/sealing/subject.h"
#include "sluis/v1/exchange.pb.h"

namespace sluis::edge {

// Codes are those of the policy's vocabulary; the broker judges them.
struct ExchangeTerms {
  std::string purpose, legal_basis;
  PartyId counterpart;           // who is asked, or to whom it goes
  std::optional<Oin> principal;  // under a mandate: in whose name our side acts
  CaseId case_id;
  std::string new_case_phase;  // opens the case in this phase; empty: it is open already
  std::string regime, subject_category;
  std::vector<std::string> fields;
  bool subset = false;  // a part may be released when not all of it may
  bool emergency = false;
  absl::Duration time_to_live;  // zero: the broker's default of 14 days
  // For a promotion, and a disclosure of what we know by pseudonym alone: in which domain we know
  // it (32 hex), and the purpose of that domain.
  std::string from_domain, from_purpose;
};

struct RecallTerms {
  ExchangeTerms terms;
  std::string earlier_exchange;  // resource name
  wire::RecallKind kind = wire::RECALL_KIND_UNSPECIFIED;
};

// Somebody who leaves as a pseudonym and in no other way: by number, or by a pseudonym that we hold
// in the exchange's from_domain.
using ReleasedSubject = std::variant<Subject, HeldPseudonym>;

// One value that the provider's person releases, in the form that the decision permits.
struct ReleaseValue {
  std::string field;
  std::string form;
  // Text. With subjects: JSON in which {"ref": k} is subjects[k], or empty for them alone.
  SecretBytes value;
  std::vector<ReleasedSubject> subjects = {};
};

// The provider's labels and values.
struct ReleaseContent {
  std::string regime, subject_category;
  bool subject_verified = false;
  std::vector<ReleaseValue> values;
};

// Whether a later answer of the broker still says what a person confirmed: which exchange, action,
// purpose, basis, case, who gives and gets and whose desks those are, in which domains people are
// known, and whether somebody is asked about. A domain may come later: the statement and the
// session are checked against it. ANSWER_MISMATCH.
absl::Status CheckStillSays(const wire::Exchange& confirmed, const wire::Exchange& later);

// The exchange of the wire, without subject. `own` is our party; `action` says on which side.
wire::Exchange WriteExchange(std::string_view action, const ExchangeTerms& terms,
                             const PartyId& own);

}  // namespace sluis::edge

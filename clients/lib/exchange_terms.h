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

inline constexpr char kInquire[] = "inquire";
inline constexpr char kHitField[] = "sig-treffer";

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
  // Whom it is about, as the provider knows them, where the question names nobody: for the search
  // by person alone, and never sent.
  std::vector<Subject> about = {};
};

// Whether a later answer of the broker still says what a person confirmed: which exchange, action,
// purpose, basis, case, who gives and gets and whose desks those are, in which domains people are
// known, and whether somebody is asked about, and by which signed request. A domain may come later:
// the statement and the session are checked against it. ANSWER_MISMATCH.
absl::Status CheckStillSays(const wire::Exchange& confirmed, const wire::Exchange& later);

// Who is asked in an inquiry, and how he holds what he holds.
struct Inquired {
  PartyId provider;
  std::string legal_basis, regime, subject_category;
};

// One inquiry of many (pseudonyms.md §11.2): who knows them, yes or no?
struct InquiryTerms {
  std::string purpose;
  std::optional<Oin> principal;
  CaseId case_id;  // open already
  std::string field = kHitField;
  std::vector<Inquired> providers{};  // 1 to 32
  // Of those who look up by hand: the number was checked to be of the person (Wabb 12).
  bool verified = false;
  absl::Duration time_to_live{};              // zero: the broker's default
  std::string from_domain{}, from_purpose{};  // where we know them, if by pseudonym
};

// The question to one of them, without subject and register.
wire::Exchange WriteInquiry(const InquiryTerms& terms, const Inquired& asked, const PartyId& own);

// The exchange of the wire, without subject. `own` is our party; `action` says on which side.
wire::Exchange WriteExchange(std::string_view action, const ExchangeTerms& terms,
                             const PartyId& own);

}  // namespace sluis::edge

// Who is known to this party under which pseudonym: one table per domain, a case or a weighing
// table (pseudonyms.md §13). A pseudonym is written down with its human form, the scheme, epoch,
// domain and key set that made it, and the exchanges in which it was seen. Encrypted at rest.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/lib/sealed_folder.h"
#include "lib/base/ids.h"
#include "lib/pseudonym/domain.h"
#include "lib/pseudonym/secret_element.h"
#include "sluis/edge/v1/store.pb.h"

namespace sluis::edge {

inline constexpr char kPseudonymScheme[] = "coPRFV1";

// A pseudonym that we hold, with the domain it lives in. Move-only.
struct HeldPseudonym {
  pseudonym::Domain domain;
  pseudonym::CasePseudonym pseudonym;
  std::string human_form;
};

// Somebody seen in an exchange.
struct SeenPseudonym {
  pseudonym::CasePseudonym pseudonym;
  std::string origin;  // sort of number, or empty
  std::vector<std::string> fields;
  // Of a promotion: where it came from.
  std::string from_domain, from_human_form;
};

struct SeenIn {
  pseudonym::Domain domain;
  Digest key_set;
  std::string exchange;  // resource name
  std::string provider;  // oin/kind/department
  absl::Time time;
};

// Safe between processes.
class PseudonymTable {
 public:
  explicit PseudonymTable(SealedFolder folder) : folder_(std::move(folder)) {}

  // Writes down everybody seen in one exchange; the same exchange again changes nothing.
  absl::Status Note(const SeenIn& in, const std::vector<SeenPseudonym>& seen) const;
  // Of every domain, or only those of this domain id; by domain.
  absl::StatusOr<std::vector<v1::PseudonymDomain>> List(const std::string& domain_id) const;
  // By domain id, purpose and human form. NOT_FOUND / PSEUDONYM_UNKNOWN; PSEUDONYM_AMBIGUOUS when
  // two share a human form; E_CASE_CLOSED for a shredded domain; FIELD_INVALID for no human form.
  absl::StatusOr<HeldPseudonym> Find(const std::string& domain_id, const std::string& purpose,
                                     std::string_view human_form) const;
  // The content of an exchange was destroyed: who was seen in it alone is forgotten.
  absl::Status Forget(const std::string& exchange) const;
  absl::Status MarkShredded(const pseudonym::Domain& domain, absl::Time time) const;

 private:
  absl::StatusOr<std::optional<v1::PseudonymDomain>> Read(const std::string& name) const;
  SealedFolder folder_;
};

// The classes in which a weighing table counts (rulebook, sig-herhaling): 1, 2, 3-5, more.
std::string CountClass(std::size_t count);

}  // namespace sluis::edge

// Typed subjects (pseudonyms.md §4): a person, organisation, vehicle or building by its number.
// Personal data: the value lives in secret memory and opens only with a token; a subject does not
// print, compare or convert, so it cannot end up in a log line or a message to the broker by
// accident.
#pragma once

#include <iosfwd>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/crypto/secret.h"

namespace sluis {

enum class SubjectKind { kBsn, kRsin, kKvk, kKenteken, kBag };

// "bsn", "rsin", "kvk", "kenteken", "bag".
std::string_view SubjectKindName(SubjectKind kind);
absl::StatusOr<SubjectKind> ParseSubjectKind(std::string_view name);  // E_SUBJECT

// Move-only.
class Subject {
 public:
  // `value` in canonical form: bsn and rsin 9 digits that pass the eleven-test, kvk 8 digits,
  // kenteken 6 of [A-Z0-9] without dashes, bag 16 digits. E_BSN for a bsn, E_SUBJECT for the
  // others.
  static absl::StatusOr<Subject> Create(SubjectKind kind, BytesView value);

  SubjectKind kind() const { return kind_; }
  BytesView value(SecretAccess access) const { return value_.Reveal(access); }
  Subject Clone() const { return Subject(kind_, value_.Clone()); }
  // In constant time.
  bool Equals(const Subject& other) const {
    return kind_ == other.kind_ && value_.Equals(other.value_);
  }

 private:
  Subject(SubjectKind kind, SecretBytes value) : kind_(kind), value_(std::move(value)) {}
  SubjectKind kind_;
  SecretBytes value_;
};

std::ostream& operator<<(std::ostream&, const Subject&) = delete;
void PrintTo(const Subject& subject, std::ostream* out);

// The content of a sealed identity: canonical JSON {"kind":"bsn","value":"999990019"} and nothing
// else.
SecretBytes EncodeIdentity(const Subject& subject);
// E_SUBJECT unless in exactly that form; E_BSN as above. Leaves no copy outside secret memory.
absl::StatusOr<Subject> ParseIdentity(const SecretBytes& content);

}  // namespace sluis

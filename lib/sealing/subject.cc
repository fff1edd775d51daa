#include "lib/sealing/subject.h"

#include <algorithm>
#include <ostream>
#include <string>

#include "lib/base/error.h"
#include "lib/base/ids.h"

namespace sluis {
namespace {

constexpr SubjectKind kKinds[] = {SubjectKind::kBsn, SubjectKind::kRsin, SubjectKind::kKvk,
                                  SubjectKind::kKenteken, SubjectKind::kBag};
constexpr std::string_view kMiddle = "\",\"value\":\"";
constexpr std::string_view kEnd = "\"}";

absl::Status NoSubject(std::string_view message) {
  return Error(ErrorCode::kInvalid, "E_SUBJECT", message);
}

bool IsDigits(BytesView value, std::size_t size) {
  return value.size() == size &&
         std::all_of(value.begin(), value.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool IsPlate(BytesView value) {
  return value.size() == 6 && std::all_of(value.begin(), value.end(), [](char c) {
           return (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
         });
}

absl::Status CheckValue(SubjectKind kind, BytesView value) {
  switch (kind) {
    case SubjectKind::kBsn:
      if (PassesElevenTest(value)) return absl::OkStatus();
      return Error(ErrorCode::kInvalid, "E_BSN",
                   "a BSN is 9 digits, leading zeros kept, that pass the eleven-test");
    case SubjectKind::kRsin:
      if (PassesElevenTest(value)) return absl::OkStatus();
      return NoSubject("an RSIN is 9 digits, leading zeros kept, that pass the eleven-test");
    case SubjectKind::kKvk:
      return IsDigits(value, 8) ? absl::OkStatus() : NoSubject("a KvK number is 8 digits");
    case SubjectKind::kKenteken:
      return IsPlate(value) ? absl::OkStatus()
                            : NoSubject("a kenteken is 6 letters A-Z and digits, without dashes");
    case SubjectKind::kBag:
      return IsDigits(value, 16) ? absl::OkStatus() : NoSubject("a BAG id is 16 digits");
  }
  return NoSubject("not a kind of subject");
}

std::string Beginning(SubjectKind kind) {
  return "{\"kind\":\"" + std::string(SubjectKindName(kind)) + std::string(kMiddle);
}

}  // namespace

std::string_view SubjectKindName(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::kBsn:
      return "bsn";
    case SubjectKind::kRsin:
      return "rsin";
    case SubjectKind::kKvk:
      return "kvk";
    case SubjectKind::kKenteken:
      return "kenteken";
    case SubjectKind::kBag:
      return "bag";
  }
  return "";
}

absl::StatusOr<SubjectKind> ParseSubjectKind(std::string_view name) {
  for (SubjectKind kind : kKinds) {
    if (SubjectKindName(kind) == name) return kind;
  }
  return NoSubject("a subject is a bsn, rsin, kvk, kenteken or bag");
}

absl::StatusOr<Subject> Subject::Create(SubjectKind kind, BytesView value) {
  if (absl::Status status = CheckValue(kind, value); !status.ok()) return status;
  return Subject(kind, SecretBytes::CopyOf(value));
}

void PrintTo(const Subject& subject, std::ostream* out) {
  *out << "<" << SubjectKindName(subject.kind()) << ">";
}

SecretBytes EncodeIdentity(const Subject& subject) {
  // The values hold nothing that JSON escapes, and the members stand in canonical order.
  const std::string beginning = Beginning(subject.kind());
  const BytesView value = subject.value(SecretAccess::ForCrypto());
  SecretBytes content(beginning.size() + value.size() + kEnd.size());
  auto out = content.RevealForWriting(SecretAccess::ForCrypto()).begin();
  for (BytesView part : {BytesView(beginning), value, BytesView(kEnd)})
    out = std::copy(part.begin(), part.end(), out);
  return content;
}

absl::StatusOr<Subject> ParseIdentity(const SecretBytes& content) {
  BytesView bytes = content.Reveal(SecretAccess::ForCrypto());
  for (SubjectKind kind : kKinds) {
    const std::string beginning = Beginning(kind);
    if (!bytes.starts_with(beginning) || !bytes.ends_with(kEnd)) continue;
    if (bytes.size() < beginning.size() + kEnd.size()) break;
    bytes.remove_prefix(beginning.size());
    bytes.remove_suffix(kEnd.size());
    return Subject::Create(kind, bytes);
  }
  return NoSubject("the identity is not in its canonical form");
}

}  // namespace sluis

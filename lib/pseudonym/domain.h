// Domains and contexts (pseudonyms.md §4): in which domain a pseudonym lives, and for which session
// a ciphertext is. TLV strings with one spelling each: u8 tag, u8 length 0..127, value, each byte
// below 0x80, each tag once and in the order of its structure. Everything else is E_TLV.
#pragma once

#include <compare>
#include <cstdint>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"
#include "lib/crypto/secret.h"
#include "lib/sealing/subject.h"

namespace sluis::pseudonym {

// A party as it stands in signed bytes, compared byte by byte. Wider than PartyId: a head is
// decoded before anybody looks at who sent it.
struct Party {
  std::string oin;
  std::string unit;

  static Party Of(const PartyId& party) { return {party.oin.str(), party.unit.str()}; }
  absl::StatusOr<PartyId> ToPartyId() const;  // FIELD_INVALID
  friend auto operator<=>(const Party&, const Party&) = default;
};

enum class DomainKind {
  kOrigin,  // of all holders of one kind of subject: 01,06
  kCase,    // of one recipient, case (or weighing table) and purpose: 01,02,03,04,0B,05
  kIndex,   // of one register at its owner: 01,02,04,0B,0A. Only ever a target
};

// Immutable, copyable, thread-safe; always canonical.
class Domain {
 public:
  static Domain Origin(SubjectKind kind);
  // E_TLV for a value that has not the form of its tag. `case_id` is 32 lower-case hex characters.
  static absl::StatusOr<Domain> Case(std::uint32_t epoch, std::string_view case_id,
                                     const Party& recipient, std::string_view purpose);
  static absl::StatusOr<Domain> Index(std::uint32_t epoch, const Party& owner,
                                      std::string_view register_name);

  // E_TLV for anything but a domain of that kind.
  static absl::StatusOr<Domain> DecodeOrigin(BytesView bytes);
  static absl::StatusOr<Domain> DecodeCase(BytesView bytes);
  static absl::StatusOr<Domain> DecodeIndex(BytesView bytes);
  static absl::StatusOr<Domain> Decode(BytesView bytes);  // of any kind

  DomainKind kind() const { return kind_; }
  const Bytes& bytes() const { return bytes_; }
  // Recipient of a case, owner of an index; empty for an origin.
  const Party& party() const { return party_; }
  std::uint32_t epoch() const { return epoch_; }                  // 0 for an origin
  const std::string& case_id() const { return case_id_; }         // of a case
  const std::string& purpose() const { return purpose_; }         // of a case
  const std::string& register_name() const { return register_; }  // of an index
  const std::string& origin() const { return origin_; }           // "bsn", ... of an origin

  friend bool operator==(const Domain& a, const Domain& b) { return a.bytes_ == b.bytes_; }
  friend auto operator<=>(const Domain& a, const Domain& b) { return a.bytes_ <=> b.bytes_; }

 private:
  Domain() = default;
  DomainKind kind_ = DomainKind::kOrigin;
  Bytes bytes_;
  Party party_;
  std::uint32_t epoch_ = 0;
  std::string case_id_, purpose_, register_, origin_;
};

// A session of a party: 01,04,0B,07. As Domain.
class Context {
 public:
  // `session` is 32 lower-case hex characters.
  static absl::StatusOr<Context> Create(const Party& party, std::string_view session);
  // With a random session id.
  static absl::StatusOr<Context> Draw(const Party& party);
  static absl::StatusOr<Context> Decode(BytesView bytes);

  const Bytes& bytes() const { return bytes_; }
  const Party& party() const { return party_; }
  const std::string& session() const { return session_; }
  friend bool operator==(const Context& a, const Context& b) { return a.bytes_ == b.bytes_; }
  friend auto operator<=>(const Context& a, const Context& b) { return a.bytes_ <=> b.bytes_; }

 private:
  Context() = default;
  Bytes bytes_;
  Party party_;
  std::string session_;
};

inline constexpr std::size_t kCaseSaltSize = 32;

// The random bytes that a transcryptor draws per case and destroys to shred it. Move-only.
class CaseSalt {
 public:
  static CaseSalt Draw() { return CaseSalt(SecretBytes::Random(kCaseSaltSize)); }
  static absl::StatusOr<CaseSalt> FromBytes(SecretBytes bytes);  // E_LENGTH unless 32
  BytesView bytes(SecretAccess access) const { return bytes_.Reveal(access); }

 private:
  explicit CaseSalt(SecretBytes bytes) : bytes_(std::move(bytes)) {}
  SecretBytes bytes_;
};

// The identifier that a transcryptor derives its factor from: of a case with its own salt behind it
// (tag 10), never on a wire. E_CASE_CLOSED for a case without salt: it was shredded, or never known
// here. Precondition: no salt for origin and index.
absl::StatusOr<SecretBytes> LocalIdentifier(const Domain& domain, const CaseSalt* salt);

}  // namespace sluis::pseudonym

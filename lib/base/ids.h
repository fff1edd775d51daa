// Typed identifiers. Things that must not be swapped have different types; each is parsed once, at the
// edge, and never empty afterwards. None of them says anything about a person.
#pragma once

#include <compare>
#include <string>
#include <string_view>

#include "absl/status/statusor.h"
#include "lib/base/bytes.h"

namespace sluis {

// Organisatie-identificatienummer: 20 digits (PKIoverheid `subject.serialNumber`), leading zeros kept.
class Oin {
 public:
  Oin() = default;  // empty: "none"
  static absl::StatusOr<Oin> Parse(std::string_view text);
  const std::string& str() const { return text_; }
  bool empty() const { return text_.empty(); }
  // Prefix 00000099: the range reserved for tests.
  bool IsTest() const { return text_.starts_with("00000099"); }
  auto operator<=>(const Oin&) const = default;

 private:
  explicit Oin(std::string_view text) : text_(text) {}
  std::string text_;
};

// A unit path `<kind>/<department>` such as `gemeente/oov`: 1..64 of [a-z0-9/-], one slash.
class UnitPath {
 public:
  UnitPath() = default;
  static absl::StatusOr<UnitPath> Parse(std::string_view text);
  // `transcryptor`, under which a transcryptor seals (pseudonyms.md §5). No partner has it: Parse
  // refuses it.
  static UnitPath Transcryptor() { return UnitPath("transcryptor"); }
  const std::string& str() const { return text_; }
  std::string kind() const { return text_.substr(0, text_.find('/')); }
  std::string department() const { return text_.substr(text_.find('/') + 1); }
  bool empty() const { return text_.empty(); }
  auto operator<=>(const UnitPath&) const = default;

 private:
  explicit UnitPath(std::string_view text) : text_(text) {}
  std::string text_;
};

// A party: an organisation and a unit of it. Keys, inboxes and sealed fields belong to a party.
struct PartyId {
  Oin oin;
  UnitPath unit;
  auto operator<=>(const PartyId&) const = default;
  std::string ToString() const { return oin.str() + "/" + unit.str(); }
};

// 16 random bytes, written as 32 lower-case hex characters.
template <typename Tag>
class RandomId {
 public:
  RandomId() = default;
  static absl::StatusOr<RandomId> Parse(std::string_view hex);
  static RandomId FromBytes(const std::array<std::uint8_t, 16>& bytes) { return RandomId(bytes); }
  std::string hex() const;
  BytesView bytes() const { return AsView(bytes_); }
  bool empty() const { return bytes_ == std::array<std::uint8_t, 16>{}; }
  auto operator<=>(const RandomId&) const = default;

 private:
  explicit RandomId(const std::array<std::uint8_t, 16>& bytes) : bytes_(bytes) {}
  std::array<std::uint8_t, 16> bytes_{};
};

struct ExchangeTag {};
struct CaseTag {};
using ExchangeId = RandomId<ExchangeTag>;  // made by the broker
using CaseId = RandomId<CaseTag>;          // made by the edge that creates the case

extern template class RandomId<ExchangeTag>;
extern template class RandomId<CaseTag>;

// A user-chosen or vocabulary id: `^[a-z]([a-z0-9-]{0,61}[a-z0-9])?$` (api.md §2).
bool IsResourceId(std::string_view text);
// 36-character UUID text in lower or upper case, not nil; returns its 16 bytes.
absl::StatusOr<Bytes> ParseUuid(std::string_view text);
// A run of 9 digits inside `text` that passes the eleven-test (names must not carry a BSN; api.md §2).
bool ContainsBsnLikeRun(std::string_view text);
// The eleven-test of a 9-digit number that is not all zero (pseudonyms.md §4).
bool PassesElevenTest(std::string_view nine_digits);

}  // namespace sluis

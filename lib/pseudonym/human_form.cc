#include "lib/pseudonym/human_form.h"

#include <array>
#include <cstdint>

#include "lib/base/error.h"
#include "lib/crypto/hash.h"

namespace sluis::pseudonym {
namespace {

using namespace std::string_view_literals;

constexpr BytesView kHumanFormPrefix = "sluis/human/v1\0"sv;
constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kHumanFormSize = 8;  // the last one is the check character

using Symbols = std::array<std::uint8_t, kHumanFormSize>;

// Times a in GF(32), a^5 = a^2 + 1.
std::uint8_t TimesA(std::uint8_t value) {
  const int doubled = value << 1;
  return static_cast<std::uint8_t>((doubled & 0x20) != 0 ? (doubled ^ 0x25) : doubled);
}

// sum(a^i * c_i) for i = 1..8, by Horner.
std::uint8_t Syndrome(const Symbols& symbols) {
  std::uint8_t sum = 0;
  for (std::size_t i = kHumanFormSize; i-- > 0;) {
    sum = TimesA(static_cast<std::uint8_t>(sum ^ symbols[i]));
  }
  return sum;
}

void SetCheck(Symbols& symbols) {
  for (std::uint8_t check = 0; check < 32; ++check) {
    symbols[kHumanFormSize - 1] = check;
    if (Syndrome(symbols) == 0) return;
  }
}

std::string Written(const Symbols& symbols) {
  std::string text = "P";
  for (std::size_t i = 0; i < kHumanFormSize; ++i) {
    if (i % 4 == 0) text.push_back('-');
    text.push_back(kAlphabet[symbols[i]]);
  }
  return text;
}

absl::Status NoHumanForm() {
  return Error(ErrorCode::kInvalid, "FIELD_INVALID",
               "no pseudonym as people write it: P-XXXX-XXXX with a check character");
}

char Normal(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') return '0';
  return c == 'I' || c == 'L' ? '1' : c;
}

}  // namespace

std::string HumanForm(const CasePseudonym& pseudonym) {
  auto hash = Sha512({kHumanFormPrefix, pseudonym.bytes(SecretAccess::ForRecipient())});
  std::uint64_t bits = 0;
  for (std::size_t i = 0; i < 5; ++i) bits = bits << 8 | hash[i];
  Symbols symbols{};
  for (std::size_t i = 0; i < kHumanFormSize - 1; ++i) {
    symbols[i] = static_cast<std::uint8_t>(bits >> (35 - 5 * i) & 31);
  }
  SetCheck(symbols);
  return Written(symbols);
}

absl::StatusOr<std::string> ParseHumanForm(std::string_view text) {
  std::string compact;
  if (text.size() > 32) return NoHumanForm();
  for (const char c : text) {
    if (c != '-' && c != ' ') compact.push_back(Normal(c));
  }
  if (compact.size() == kHumanFormSize + 1 && compact[0] == 'P') compact.erase(0, 1);
  if (compact.size() != kHumanFormSize) return NoHumanForm();
  Symbols symbols{};
  for (std::size_t i = 0; i < kHumanFormSize; ++i) {
    const std::size_t value = kAlphabet.find(compact[i]);
    if (value == std::string_view::npos) return NoHumanForm();
    symbols[i] = static_cast<std::uint8_t>(value);
  }
  if (Syndrome(symbols) != 0) return NoHumanForm();
  return Written(symbols);
}

}  // namespace sluis::pseudonym

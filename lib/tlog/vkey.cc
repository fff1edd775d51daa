#include "lib/tlog/vkey.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"

namespace sluis::tlog {
namespace {

constexpr std::size_t kMaxNameSize = 255;
constexpr std::size_t kPublicKeySize = 32;

// White_Space of Unicode above ASCII, in UTF-8.
constexpr std::string_view kUnicodeSpaces[] = {"\u0085", "\u00a0", "\u1680", "\u2000", "\u2001",
                                               "\u2002", "\u2003", "\u2004", "\u2005", "\u2006",
                                               "\u2007", "\u2008", "\u2009", "\u200a", "\u2028",
                                               "\u2029", "\u202f", "\u205f", "\u3000"};

absl::Status BadVkey(std::string_view what) {
  return Error(ErrorCode::kInvalid, "E_VKEY", absl::StrFormat("verifier key: %s", what));
}

bool HasSpace(std::string_view text) {
  return text.find(' ') != std::string_view::npos ||
         std::any_of(
             std::begin(kUnicodeSpaces), std::end(kUnicodeSpaces),
             [text](std::string_view space) { return text.find(space) != std::string_view::npos; });
}

KeyId KeyIdOf(std::string_view name, KeyType type, const Ed25519PublicKey& public_key) {
  const Bytes type_byte(1, static_cast<char>(type));
  const Digest digest = Sha256({name, "\n", type_byte, AsView(public_key.raw())});
  KeyId id;
  std::copy_n(digest.begin(), id.size(), id.begin());
  return id;
}

}  // namespace

bool IsKeyName(std::string_view name) {
  return !name.empty() && name.size() <= kMaxNameSize && name.find('+') == std::string_view::npos &&
         std::none_of(name.begin(), name.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20; }) &&
         !HasSpace(name) && IsValidUtf8(name);
}

VerifierKey::VerifierKey(std::string_view name, KeyType type, const Ed25519PublicKey& public_key)
    : name_(name), type_(type), id_(KeyIdOf(name, type, public_key)), public_key_(public_key) {}

absl::StatusOr<VerifierKey> VerifierKey::Create(std::string_view name, KeyType type,
                                                const Ed25519PublicKey& public_key) {
  if (!IsKeyName(name)) return BadVkey("a name has no space and no '+', and 1 to 255 bytes");
  return VerifierKey(name, type, public_key);
}

absl::StatusOr<VerifierKey> VerifierKey::Parse(std::string_view vkey) {
  const std::size_t name_end = vkey.find('+');
  const std::size_t id_end =
      vkey.find('+', name_end == std::string_view::npos ? name_end : name_end + 1);
  if (id_end == std::string_view::npos) return BadVkey("not name+id+key");
  // Base64 may itself hold a '+': the key is all that follows the second one.
  auto key = Base64Decode(vkey.substr(id_end + 1));
  if (!key.ok() || key->size() != 1 + kPublicKeySize)
    return BadVkey("not the base64 of type and key");
  const auto type = static_cast<KeyType>(key->front());
  if (type != KeyType::kEd25519 && type != KeyType::kCosignature) return BadVkey("unknown type");
  auto public_key = Ed25519PublicKey::Parse(BytesView(*key).substr(1));
  if (!public_key.ok()) return BadVkey("not an Ed25519 public key");
  SLUIS_ASSIGN_OR_RETURN(VerifierKey parsed, Create(vkey.substr(0, name_end), type, *public_key));
  if (HexEncode(AsView(parsed.id())) != vkey.substr(name_end + 1, id_end - name_end - 1)) {
    return BadVkey("the id does not belong to name and key");
  }
  return parsed;
}

std::string VerifierKey::Format() const {
  const Bytes key = Bytes(1, static_cast<char>(type_)) + Bytes(AsView(public_key_.raw()));
  return absl::StrFormat("%s+%s+%s", name_, HexEncode(AsView(id_)), Base64Encode(key));
}

}  // namespace sluis::tlog

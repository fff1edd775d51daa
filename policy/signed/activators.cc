#include "policy/signed/activators.h"

#include <algorithm>

#include "absl/strings/str_format.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"

namespace sluis::policy {
namespace {

absl::StatusOr<std::vector<tlog::VerifierKey>> ParseSigners(std::span<const std::string> vkeys,
                                                            std::string_view list) {
  std::vector<tlog::VerifierKey> keys;
  for (std::size_t i = 0; i < vkeys.size(); ++i) {
    const std::string at = absl::StrFormat("%s[%d]", list, i);
    absl::StatusOr<tlog::VerifierKey> key = tlog::VerifierKey::Parse(vkeys[i]);
    if (!key.ok() || key->type() != tlog::KeyType::kEd25519) {
      return InvalidField("FIELD_INVALID", at, "must be an Ed25519 verifier key (type 01)");
    }
    const bool known = std::any_of(keys.begin(), keys.end(), [&](const tlog::VerifierKey& other) {
      return other.name() == key->name() || other.public_key() == key->public_key();
    });
    if (known) {
      return InvalidField("FIELD_INVALID", at, "has the name or the key of another in the list");
    }
    keys.push_back(*std::move(key));
  }
  return keys;
}

}  // namespace

absl::StatusOr<Activators> Activators::Create(std::span<const std::string> vkeys) {
  if (vkeys.size() < 2 || vkeys.size() > kMaxActivators) {
    return InvalidField("FIELD_INVALID", "activators",
                        "name two to sixteen persons who may bring a pack into force");
  }
  SLUIS_ASSIGN_OR_RETURN(std::vector<tlog::VerifierKey> keys, ParseSigners(vkeys, "activators"));
  return Activators(std::move(keys));
}

absl::StatusOr<std::vector<tlog::VerifierKey>> ParseJurists(std::span<const std::string> vkeys) {
  return ParseSigners(vkeys, "jurists");
}

}  // namespace sluis::policy

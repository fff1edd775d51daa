#include "lib/pseudonym/transcryptor_keys.h"

#include "lib/base/status_macros.h"
#include "lib/pseudonym/refusal.h"

namespace sluis::pseudonym {

TranscryptorKeys TranscryptorKeys::Generate() {
  SecretScalar x = SecretScalar::Random();
  while (x.IsOne()) x = SecretScalar::Random();
  return TranscryptorKeys(SecretBytes::Random(kLongSecretSize),
                          SecretBytes::Random(kLongSecretSize), std::move(x));
}

absl::StatusOr<TranscryptorKeys> TranscryptorKeys::Create(SecretBytes ps, SecretBytes es,
                                                          SecretScalar x) {
  if (ps.size() != kLongSecretSize || es.size() != kLongSecretSize) {
    return Refuse("E_LENGTH", "the long secrets of a transcryptor have 32 bytes");
  }
  if (x.IsOne()) return Refuse("E_FACTOR_TRIVIAL", "a blinding key of one hides nothing");
  return TranscryptorKeys(std::move(ps), std::move(es), std::move(x));
}

SecretScalar TranscryptorKeys::RekeyFactor(const Context& context) const {
  return DeriveFactor(es_, FactorLabel::kRekeyPseudonym, context.bytes());
}

absl::StatusOr<SecretScalar> TranscryptorKeys::ReshuffleFactor(const Domain& domain,
                                                               const CaseSalt* salt) const {
  SLUIS_ASSIGN_OR_RETURN(const SecretBytes local, LocalIdentifier(domain, salt));
  return DeriveFactor(ps_, FactorLabel::kReshuffle, local.Reveal(SecretAccess::ForCrypto()));
}

}  // namespace sluis::pseudonym

#include "broker/transcryptor/canary.h"

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/log.h"
#include "lib/base/status_macros.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/refusal.h"
#include "lib/pseudonym/secret_element.h"

namespace sluis::transcryptor {

absl::Status CheckCanary(pseudonym::Hop hop, const pseudonym::Domain& domain,
                         const pseudonym::CaseSalt& salt, const pseudonym::TranscryptorKeys& keys,
                         pseudonym::CommitmentStore& kept) {
  const std::string name = HexEncode(AsView(Sha256(domain.bytes()))).substr(0, 16);
  SLUIS_ASSIGN_OR_RETURN(const GroupElement canary, pseudonym::CanaryElement(name));
  SLUIS_ASSIGN_OR_RETURN(const SecretScalar factor, keys.ReshuffleFactor(domain, &salt));
  const GroupElement now = Multiply(factor, canary);
  SLUIS_ASSIGN_OR_RETURN(const GroupElement before,
                         kept.KeepFirst(hop, "canary\n" + domain.bytes(), now));
  if (now == before) return absl::OkStatus();
  LogEvent(LogLevel::kError, "canary", absl::StrFormat("hop=%d", static_cast<int>(hop)));
  return pseudonym::Refuse("E_CANARY", "the canary of this domain came out as another");
}

}  // namespace sluis::transcryptor

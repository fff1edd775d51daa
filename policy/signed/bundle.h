// A policy pack as it is brought into force: the canonical form of the pack with its digest, the
// time of issue and how long it may be used, in a signed note (C2SP signed-note) that two different
// persons signed.
//
// Text = the line `sluis-policy-bundle/v1` and one line of RFC 8785 JSON:
//   {change_over, digest, issued, jurist_notes, max_age, pack}
//   change_over   seconds, 0..262800 (73 hours): how long a transcryptor still takes decisions
//   under the pack that this
//                 one replaces; what waits for a transcryptor waits three days
//   digest        SHA-256 of the canonical bytes of `pack`, 64 hex characters
//   issued        Unix seconds
//   jurist_notes  0..16 notes of jurists (policy/signed/jurist.h), as text
//   max_age       seconds, 3600..31622400 (366 days): from `issued` on, then the pack no longer
//   counts pack          the canonical form (CanonicalBytes in policy/engine/pack.h)
// The first line keeps these signatures apart from those of any other note. Lines of keys that are
// not known are passed over, as the format of notes asks; a name that signs twice is refused. At
// most 8 MiB.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ed25519.h"
#include "policy/engine/pack.h"
#include "policy/signed/activators.h"

namespace sluis::policy {

inline constexpr std::size_t kMaxBundle = 8 << 20;
inline constexpr absl::Duration kShortestMaxAge = absl::Hours(1);
inline constexpr absl::Duration kLongestMaxAge = absl::Hours(24 * 366);
inline constexpr absl::Duration kLongestChangeOver = absl::Hours(73);

// What the two persons say about the pack.
struct BundleTerms {
  absl::Time issued;
  absl::Duration max_age = kLongestMaxAge;
  absl::Duration change_over = absl::ZeroDuration();
  std::vector<Bytes> jurist_notes = {};
};

// The bundle with the first signature, and the same bundle with another behind it. `name` is the
// key name of the signer's verifier key. FIELD_INVALID for terms out of range; the errors of
// Bundle::Read.
absl::StatusOr<Bytes> SignBundle(const Pack& pack, const BundleTerms& terms, std::string_view name,
                                 const Ed25519PrivateKey& key);
absl::StatusOr<Bytes> CosignBundle(BytesView bundle, std::string_view name,
                                   const Ed25519PrivateKey& key);

// Immutable and thread-safe.
class Bundle {
 public:
  // INVALID_ARGUMENT: PACK_MALFORMED (no note, bytes behind it, not canonical, a member unknown,
  // missing or out of range), PACK_FORMAT_UNKNOWN (another version of the format),
  // PACK_SIGNER_REPEATED, PACK_NOT_SIGNED unless two of `activators` signed, PACK_DIGEST_WRONG,
  // PACK_VERSION_INVALID, PACK_INVALID of the loader. Nothing of the content is looked at before
  // the signatures hold.
  static absl::StatusOr<std::shared_ptr<const Bundle>> Parse(BytesView bundle,
                                                             const Activators& activators);
  // The same without any signature being verified: to show what one is about to sign. Decides
  // nothing.
  static absl::StatusOr<std::shared_ptr<const Bundle>> Read(BytesView bundle);

  const std::shared_ptr<const Pack>& pack() const { return pack_; }
  const Digest& digest() const { return digest_; }
  const BundleTerms& terms() const { return terms_; }
  // First moment at which it no longer counts.
  absl::Time stale_after() const { return terms_.issued + terms_.max_age; }
  // Names of those whose signatures were verified, in the order of the note.
  const std::vector<std::string>& signers() const { return signers_; }

 private:
  Bundle() = default;
  std::shared_ptr<const Pack> pack_;
  Digest digest_{};
  BundleTerms terms_;
  std::vector<std::string> signers_;
};

// FAILED_PRECONDITION: PACK_TOO_OLD from stale_after() on, PACK_NOT_YET when it was issued more
// than five minutes after `now`.
absl::Status CheckInTime(const Bundle& bundle, absl::Time now);

}  // namespace sluis::policy

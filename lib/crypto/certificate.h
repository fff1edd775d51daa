// The organisation behind a TLS connection (api.md §11): its OIN stands in the X.509 subject
// attribute serialNumber (OID 2.5.4.5), which is not the serial number of the certificate. The
// attribute is read from the structure, never from a printed subject.
//
// All errors here are UNAUTHENTICATED: CERTIFICATE_WITHOUT_OIN, or CERTIFICATE_NOT_TRUSTED whose
// metadata `why` is one of malformed, expired, not-yet-valid, issuer-unknown, revoked, crl-missing,
// crl-stale, crl-not-yet-valid, crl-invalid, chain-invalid.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"

namespace sluis {

struct PeerCertificate {
  Oin oin;
  Digest thumbprint{};  // SHA-256 of the DER, the `x5t#S256` of RFC 8705
  absl::Time not_before, not_after;
};

// The first certificate of a PEM text of at most 64 KiB (of a chain: the leaf). Says who, not
// whether he is trusted: that is TLS and TrustStore. Exactly one serialNumber attribute of exactly
// 20 digits, else CERTIFICATE_WITHOUT_OIN.
absl::StatusOr<PeerCertificate> ParsePeerCertificate(std::string_view pem);

// Certificate authorities and their revocation lists. TLS checks the chain when a connection is
// made; this checks it, and every revocation list along it, at any later moment of a long
// connection too. Immutable, copyable, thread-safe: a reload makes a new one.
class TrustStore {
 public:
  // `authorities_pem`: one or more CA certificates up to a self-signed root. `revocation_lists`:
  // PEM texts of one or more lists each. INVALID_ARGUMENT / FIELD_INVALID, naming what
  // (`authorities`, `revocationLists[i]`), for a text that is not PEM, a list without nextUpdate,
  // one of an issuer that is not among the authorities or that does not carry its signature.
  static absl::StatusOr<TrustStore> Create(std::string_view authorities_pem,
                                           const std::vector<std::string>& revocation_lists);
  // The same from a file and from all files *.pem and *.crl of a folder, in order of name.
  static absl::StatusOr<TrustStore> Load(const std::filesystem::path& authorities,
                                         const std::filesystem::path& revocation_folder);

  // Verifies the leaf up to a self-signed authority at `now`, and that each certificate below it is
  // not on its issuer's list. A list that is missing or whose nextUpdate has passed refuses:
  // silence is no proof. Returns until when this answer holds without a reload: the earliest end
  // among the chain's certificates and lists, so that a caller may keep it by thumbprint.
  absl::StatusOr<absl::Time> Check(std::string_view certificate_pem, absl::Time now) const;

 private:
  struct State;
  explicit TrustStore(std::shared_ptr<const State> state) : state_(std::move(state)) {}
  std::shared_ptr<const State> state_;
};

}  // namespace sluis

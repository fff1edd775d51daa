// The partner directory (architecture §4): every partner, its units, keys, certificates and
// registers, as two directory officers signed it. Their keys are pinned in broker, transcryptors
// and edges and are never the broker's, so the broker only hands it on.
//
// Document = one line of RFC 8785 JSON:
//   {v: 1, name, version, issued, partners: [partner]}
//   name      id of the directory (a region), a code of [a-z0-9-]; it never changes
//   version   1..2^53-1, +1 or more with each change, never back
//   issued    Unix seconds
//   partners  1..4096 objects of lib/identity/partner.h
// It travels as a signed note (C2SP signed-note) whose text is that line and a line feed, with the
// signature of both officers; further signatures are ignored. At most 3 MiB, so that it fits a
// message.
//
// Beyond the rules of one partner, an OIN, a certificate and a key stand in one place only: a
// signing or sealing key belongs to one unit, an assertion key and a certificate to one partner.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/base/ids.h"
#include "lib/crypto/certificate.h"
#include "lib/crypto/ed25519.h"
#include "lib/identity/partner.h"
#include "lib/tlog/vkey.h"

namespace sluis::identity {

// What is signed.
struct DirectoryDocument {
  std::string name;
  std::int64_t version = 1;
  absl::Time issued;
  std::vector<Partner> partners;
};

// The canonical JSON of a document, without the line feed. INVALID_ARGUMENT naming the member if
// what it says would not be read back.
absl::StatusOr<std::string> WriteDirectory(const DirectoryDocument& document);

// The note with the signature of one officer, and the same note with that of another put behind it.
// `name` is the key name of his verifier key. INVALID_ARGUMENT as for Directory::Parse.
absl::StatusOr<Bytes> SignDirectory(const DirectoryDocument& document, std::string_view name,
                                    const Ed25519PrivateKey& key);
absl::StatusOr<Bytes> CosignDirectory(BytesView note, std::string_view name,
                                      const Ed25519PrivateKey& key);

// The two officers whose signatures count: two names, two keys.
class DirectoryOfficers {
 public:
  // INVALID_ARGUMENT for a vkey that is not one of type Ed25519, or when one officer stands for
  // both.
  static absl::StatusOr<DirectoryOfficers> Create(std::string_view first_vkey,
                                                  std::string_view second_vkey);
  const std::array<tlog::VerifierKey, 2>& keys() const { return keys_; }

 private:
  explicit DirectoryOfficers(std::array<tlog::VerifierKey, 2> keys) : keys_(std::move(keys)) {}
  std::array<tlog::VerifierKey, 2> keys_;
};

enum class SameRegion { kYes, kNo, kUnknown };

// Immutable and thread-safe; pointers that it gives live as long as it does.
class Directory {
 public:
  // INVALID_ARGUMENT: DIRECTORY_NOT_SIGNED unless both officers signed, E_STATEMENT for a text that
  // is not one canonical line, FIELD_INVALID, FIELD_MISSING or UNKNOWN_FIELD naming the member, as
  // `partners[2].units[0].signing`.
  static absl::StatusOr<std::shared_ptr<const Directory>> Parse(BytesView note,
                                                                const DirectoryOfficers& officers);

  const std::string& name() const { return document_.name; }
  std::int64_t version() const { return document_.version; }
  absl::Time issued() const { return document_.issued; }
  const std::vector<Partner>& partners() const { return document_.partners; }
  const Bytes& note() const { return note_; }       // as it was signed
  const Digest& digest() const { return digest_; }  // SHA-256 of the JSON

  // Null when there is none.
  const Partner* FindPartner(const Oin& oin) const;
  const UnitEntry* FindParty(const PartyId& party) const;

  // The partner whose certificate this is. UNAUTHENTICATED CERTIFICATE_NOT_TRUSTED with `why` =
  // not-admitted (no such partner) or not-listed (not one of its certificates); PERMISSION_DENIED
  // PARTNER_SUSPENDED.
  absl::StatusOr<const Partner*> Admit(const PeerCertificate& certificate) const;

  // The fact `zelfde-regio`: unknown if either is not a partner or has no region.
  SameRegion Compare(const Oin& a, const Oin& b) const;

  // Test OINs stand only in a demonstration, and a demonstration has no others (api.md §11).
  absl::Status CheckOins(bool demonstration) const;

 private:
  Directory() = default;
  DirectoryDocument document_;
  Bytes note_;
  Digest digest_{};
  std::map<Oin, const Partner*> by_oin_;
};

// May `candidate` take over from `current` (null at the start)? OK also for the same document
// again. Otherwise FAILED_PRECONDITION: DIRECTORY_ROLLBACK for a lower version, DIRECTORY_CONFLICT
// for other content under the same version or for a directory of another name.
absl::Status CheckNewer(const Directory* current, const Directory& candidate);

}  // namespace sluis::identity

// The pseudonymous side of a release (pseudonyms.md §8.1, §10, §11.3): everybody who leaves as a
// pseudonym becomes one item of a signed request, one request per kind of origin, and stands in the
// fields by its number. Shuffling is off, since numbers go by position.
//
// The frame of a field names the first item that the field mentions; the payload digest of an item
// covers the fields whose frames name it, and is zero for an item that no frame names: that one is
// bound to the release by its position, the header and both hop signatures.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/lib/exchange_terms.h"
#include "clients/lib/session_store.h"
#include "lib/crypto/ed25519.h"
#include "lib/pseudonym/decision_statement.h"
#include "lib/pseudonym/signed_request.h"
#include "sluis/v1/exchange.pb.h"

namespace sluis::edge {

// What signed requests of one release stand on. References outlive it.
struct SendingTerms {
  const wire::Exchange& exchange;
  const pseudonym::DecisionStatement& statement;
  const HeldSession& session;  // of ours: c_from
  pseudonym::Context c_to;     // of the receiving party
  pseudonym::Domain d_to;
};

// Checks what the broker told about where it goes: E_TLV, E_MANDATE, E_RECIPIENT, E_SAME_CONTEXT.
// `epoch` is that of PseudonymTrust.
absl::StatusOr<SendingTerms> MakeSendingTerms(const wire::Exchange& exchange,
                                              const pseudonym::DecisionStatement& statement,
                                              const HeldSession& session, std::uint32_t epoch);

// Values as they may leave: in a form below pseudonym other people are left out, and a value that
// says nothing else with them. FIELD_INVALID naming `values[i]` for a value with people in it that
// is no JSON, or refers to nobody.
absl::StatusOr<ReleaseContent> WithPermittedPeople(const ReleaseContent& content);
bool NamesPeople(const ReleaseContent& content);

// Everybody in a release, encrypted once each. Not thread-safe; move-only.
class ReleaseItems {
 public:
  // Under `y`, of the session that signs. E_BATCH_SIZE for more than 4096 of one kind.
  // `moves`: a promotion, whose items carry no payload (§8.1). `content` outlives it.
  static absl::StatusOr<ReleaseItems> Encrypt(const ReleaseContent& content, const GroupElement& y,
                                              bool moves);

  // Value i as it is sealed: its text, or JSON with the numbers of this release.
  absl::StatusOr<SecretBytes> TextOf(const ReleaseValue& value, std::size_t i) const;
  // What the frame of value i names: SHA256(B || C) of its first item, zeros if it mentions nobody
  // or, like a promotion, may carry no payload.
  Digest FrameDigest(std::size_t i) const;
  void AddSealed(std::size_t i, BytesView sealed);

  // After all fields were sealed. Every request is checked against the statement before it leaves.
  absl::StatusOr<std::vector<pseudonym::SignedRequest>> Sign(const SendingTerms& terms,
                                                             const PartyId& own,
                                                             const Ed25519PrivateKey& key,
                                                             absl::Time now) const;

  // Who left, with the digest of its item: for the search by person.
  struct Sent {
    const Subject* subject;  // in the content
    Digest item;
  };
  std::vector<Sent> SentSubjects() const;

 private:
  struct Item {
    const ReleasedSubject* who;
    pseudonym::Encrypted encrypted;
    Bytes sealed;  // the fields whose frames name it, one after the other
  };
  // The items of one signed request.
  struct Batch {
    int order = 0;  // of SubjectKind; behind them all what is passed on
    std::vector<Item> items;
  };
  ReleaseItems() = default;
  absl::StatusOr<pseudonym::SignedRequest> SignBatch(const Batch& batch, const SendingTerms& terms,
                                                     const PartyId& own,
                                                     const Ed25519PrivateKey& key,
                                                     absl::Time now) const;
  Item& At(std::size_t number);
  const Item& At(std::size_t number) const;

  std::vector<Batch> batches_;
  std::vector<std::vector<std::size_t>> of_value_;  // numbers of subjects[k] of value i
  bool moves_ = false;
};

}  // namespace sluis::edge

// Both transcryptors in one process, made of lib/pseudonym: they compute and prove as the real ones
// do, hold no policy and no quota, and keep everything in memory. For tests of the edge alone; a
// process that holds both halves exists nowhere else.
#pragma once

#include <array>
#include <map>
#include <set>
#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/pseudonym/hop_factors.h"
#include "lib/pseudonym/key_set.h"
#include "lib/pseudonym/sealed_parts.h"
#include "lib/pseudonym/secret_element.h"
#include "lib/pseudonym/session.h"
#include "lib/pseudonym/signed_request.h"
#include "sluis/v1/pseudonym.pb.h"

namespace sluis::edge::testing {

// To whom a transcryptor seals.
struct SealRecipient {
  PartyId party;
  X25519PublicKey key;
};

// Not thread-safe.
class TranscryptorPair {
 public:
  TranscryptorPair();
  const pseudonym::KeySet& key_set() const { return *set_; }

  // Head and signature as the contract carries them; without receipts.
  absl::StatusOr<sluis::v1::Session> OpenSession(BytesView head, BytesView signature,
                                                 const SealRecipient& party, absl::Time now);
  void RevokeSession(BytesView context) { sessions_.erase(Bytes(context)); }
  // Destroys the salt of one half: enough to close the domain for ever.
  void Shred(BytesView domain) { halves_[0].shredded.insert(Bytes(domain)); }

  absl::StatusOr<sluis::v1::Transcryption> Transcrypt(BytesView signed_request, BytesView statement,
                                                      const SealRecipient& recipient,
                                                      absl::Time now);
  // Evaluates a batch of a register (pseudonyms.md §11.1); signatures and mandates are not looked
  // at.
  absl::StatusOr<sluis::v1::EvaluateEnrolmentResponse> Enrol(BytesView signed_enrolment);
  // What anybody's honest inquiry about the subject arrives as in an index domain.
  pseudonym::IndexPseudonym IndexPseudonymOf(const Subject& subject,
                                             const pseudonym::Domain& d_index) const;
  // From now on this half computes with another secret: its factors are no longer the committed
  // ones.
  void MakeCheat(int hop) { halves_[static_cast<std::size_t>(hop - 1)].cheats = true; }

 private:
  struct Half {
    Ed25519PrivateKey signing = Ed25519PrivateKey::Generate();
    X25519PrivateKey sealing = X25519PrivateKey::Generate();
    pseudonym::TranscryptorKeys keys = pseudonym::TranscryptorKeys::Generate();
    pseudonym::TranscryptorKeys other_keys = pseudonym::TranscryptorKeys::Generate();
    std::map<Bytes, pseudonym::CaseSalt> salts;
    std::set<Bytes> shredded;
    bool cheats = false;
  };
  struct Worked {
    pseudonym::BatchResponse response;
    sluis::v1::TranscryptionHop wire;
  };
  pseudonym::TranscryptorIdentity IdentityOf(int hop) const;
  pseudonym::SealedFor PartiesOf(int hop, const SealRecipient& recipient, absl::Time now) const;
  sluis::v1::Commitment Commit(int hop, BytesView id, const GroupElement& value) const;
  sluis::v1::SessionHalf HalfOf(int hop, const pseudonym::SignedSession& session,
                                const pseudonym::Context& context, const GroupElement& y_in,
                                const SealRecipient& party, absl::Time now);
  absl::StatusOr<const pseudonym::CaseSalt*> SaltOf(Half& half, const pseudonym::Domain& domain);
  absl::StatusOr<Worked> Work(int hop, const pseudonym::SignedRequest& request,
                              const pseudonym::Route& route, const pseudonym::BatchRequest& asked,
                              const SealRecipient& recipient, absl::Time now);

  std::array<Half, 2> halves_;
  std::optional<pseudonym::KeySet> set_;
  std::map<Bytes, GroupElement> sessions_;
};

}  // namespace sluis::edge::testing

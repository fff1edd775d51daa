// The ports of the library's checks (lib/pseudonym/request_check.h, commitment.h), on the two
// stores and the directory of this process. All thread-safe; what they are given outlives them.
#pragma once

#include <memory>
#include <optional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "broker/storage/transcryptor_store.h"
#include "lib/identity/directory.h"
#include "lib/pseudonym/commitment.h"
#include "lib/pseudonym/request_check.h"

namespace sluis::transcryptor {

// Signing keys from the directory in force. A suspended partner has none.
class DirectoryTrust : public pseudonym::TrustList {
 public:
  explicit DirectoryTrust(std::shared_ptr<const identity::Directory> directory)
      : directory_(std::move(directory)) {}
  std::optional<Ed25519PublicKey> SigningKey(const pseudonym::Party& party) const override;
  // The unit behind a party, or null: unknown or suspended.
  const identity::UnitEntry* Find(const pseudonym::Party& party) const;

 private:
  const std::shared_ptr<const identity::Directory> directory_;
};

// Used nonces, durable. Requests from before the loss of a cache are refused.
class NonceBook : public pseudonym::NonceCache {
 public:
  // `unknown_until`: E_REPLAY_UNKNOWN for what was issued before; the epoch if the cache is whole.
  NonceBook(storage::ReplayStore& store, absl::Time unknown_until)
      : store_(store), unknown_until_(unknown_until) {}
  absl::StatusOr<pseudonym::NonceState> Reserve(const pseudonym::NonceUse& use) override;

  // The answer that was kept for a request that AdmittedRequest calls answered.
  absl::StatusOr<Bytes> AnswerOf(const pseudonym::Party& signer,
                                 const pseudonym::RequestNonce& nonce);
  // Keeps an answer, durably, and returns the one that counts.
  absl::StatusOr<Bytes> KeepAnswer(const pseudonym::Party& signer,
                                   const pseudonym::RequestNonce& nonce, const Digest& request,
                                   BytesView answer);
  absl::Time unknown_until() const { return unknown_until_; }

 private:
  storage::ReplayStore& store_;
  const absl::Time unknown_until_;
};

// Items per signer, with the limits that the directory gives a unit.
class StoredQuota : public pseudonym::QuotaBook {
 public:
  StoredQuota(storage::ReplayStore& store, const DirectoryTrust& trust)
      : store_(store), trust_(trust) {}
  absl::Status Charge(const pseudonym::QuotaUse& use) override;

 private:
  pseudonym::QuotaLimits LimitsOf(const pseudonym::Party& signer) const;
  storage::ReplayStore& store_;
  const DirectoryTrust& trust_;
};

class StoredSessions : public pseudonym::SessionRegistry {
 public:
  explicit StoredSessions(storage::StateStore& store) : store_(store) {}
  absl::StatusOr<std::optional<pseudonym::LiveSession>> Find(
      const pseudonym::Context& context) override;

 private:
  storage::StateStore& store_;
};

// What the other transcryptor committed itself to.
class StoredCommitments : public pseudonym::CommitmentStore {
 public:
  explicit StoredCommitments(storage::StateStore& store) : store_(store) {}
  absl::StatusOr<std::optional<GroupElement>> Find(pseudonym::Hop hop, BytesView id) override;
  absl::StatusOr<GroupElement> KeepFirst(pseudonym::Hop hop, BytesView id,
                                         const GroupElement& value) override;

 private:
  storage::StateStore& store_;
};

// As one session call counts: sessions of a party a day, so that nobody fills the registry.
absl::Status ChargeSession(storage::ReplayStore& store, const pseudonym::Party& signer,
                           const Digest& request, absl::Time now);

}  // namespace sluis::transcryptor

// Signed requests (pseudonyms.md §8.1): what a party asks of both transcryptors, with a proof per
// item that it knows the blind of its ciphertext, so that nobody sends a ciphertext made from
// another's.
//
//   Head  = u8 version 01 || u8 kind || lp2(signer OIN) || lp2(signer unit) || key id 32 ||
//   lp2(d_from) ||
//           lp2(d_to) || lp2(c_from) || lp2(c_to) || Y_from || nonce 16 || u64 issued || u64
//           expires || mandate digest 32 || u8 flags
//   item  = B || C || pd,  pd = SHA256(sealed payload) or 32 zero bytes
//   SignedRequest = u32 len(Head) || Head || u32 n || n*item || n*PoK || signature 64, signed over
//           "sluis/request/v1\0" || SHA256(Head) || u32 n || SHA256(items) || SHA256(PoKs)
//
// Decoding believes nothing: request_check.h says what a request must keep to.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "lib/base/bytes.h"
#include "lib/crypto/ed25519.h"
#include "lib/pseudonym/batch.h"
#include "lib/pseudonym/dleq.h"
#include "lib/pseudonym/domain.h"
#include "lib/pseudonym/elgamal.h"
#include "lib/pseudonym/hop_factors.h"

namespace sluis::pseudonym {

enum class RequestKind : std::uint8_t {
  kTranscrypt = 1,  // an identity into a case domain
  kReverse = 2,     // a case pseudonym back to the identity, for its source alone
  kMove = 3,        // between two case domains of the signer
  kInquire = 4,     // into the index domain of a register
  kEnrol = 5,       // with a head of its own: enrolment.h
  kPassOn = 6,      // from a case domain of the signer into another party's
};

inline constexpr std::uint8_t kFlagVerifiable = 1;
inline constexpr std::uint8_t kFlagShuffle = 2;
inline constexpr std::uint8_t kFlagQueued = 4;

using RequestNonce = std::array<std::uint8_t, 16>;

struct RequestHead {
  RequestKind kind;
  Party signer;
  Digest key_id;  // of the signer's Ed25519 key
  Bytes d_from, d_to, c_from, c_to;
  GroupElement y_from;
  RequestNonce nonce;
  std::uint64_t issued, expires;  // Unix seconds
  Digest mandate;                 // SHA-256 of the decision statement's JSON
  std::uint8_t flags;

  bool verifiable() const { return (flags & kFlagVerifiable) != 0; }
  bool shuffle() const { return (flags & kFlagShuffle) != 0; }
  bool queued() const { return (flags & kFlagQueued) != 0; }

  // E_TRUNCATED, E_TRAILING, E_VERSION, E_TYPE (05 too), then those of Y_from.
  static absl::StatusOr<RequestHead> Decode(BytesView bytes);
  Bytes Encode() const;
};

// An all-zero digest: no payload.
inline bool HasPayload(const Digest& payload) { return payload != Digest{}; }

struct RequestItem {
  Ciphertext ciphertext;
  Digest payload;
  Proof proof;  // of knowledge of b
};

// Immutable, copyable, thread-safe.
class SignedRequest {
 public:
  // (1) the structure, version and kind: E_TRUNCATED, E_TRAILING, E_VERSION, E_TYPE, E_EMPTY_BATCH,
  // E_BATCH_SIZE above 4096; (2) elements and scalars.
  static absl::StatusOr<SignedRequest> Decode(BytesView bytes);

  const RequestHead& head() const { return head_; }
  const std::vector<RequestItem>& items() const { return items_; }
  const Bytes& bytes() const { return bytes_; }
  Digest digest() const;  // SHA-256 of all of it: what hop signatures, headers and approvals name

  absl::Status VerifySignature(const Ed25519PublicKey& key) const;  // E_SIGNATURE; key id as well
  absl::Status VerifyKnowledge() const;                             // E_POK

  std::vector<Ciphertext> Ciphertexts() const;
  std::vector<Digest> Payloads() const;
  // What T1 is asked to transcrypt, and what T2 is after the first hop.
  BatchRequest FirstBatch() const;
  BatchRequest SecondBatch(const BatchResponse& first) const;

 private:
  SignedRequest(RequestHead head, Bytes bytes) : head_(std::move(head)), bytes_(std::move(bytes)) {}
  RequestHead head_;
  Bytes head_bytes_;
  std::vector<RequestItem> items_;
  Bytes signed_bytes_, signature_;
  Bytes bytes_;
};

// What the signer decides about a request; key id, nonce and proofs are made.
struct RequestTerms {
  RequestKind kind;
  Party signer;
  Route route;
  GroupElement y_from;  // of the signer's session c_from
  absl::Time issued, expires;
  Digest mandate{};
  bool verifiable = true, shuffle = false, queued = false;
};

struct ItemToSend {
  Encrypted encrypted;
  Digest payload{};  // SHA256 of the sealed fields about it, whose aad names encrypted.ItemDigest()
};

// Signs what passes the checks of request_check.h that need no clock and no other's state; refuses
// with their codes. The blinds are of no use afterwards: drop them.
absl::StatusOr<SignedRequest> SignRequest(const RequestTerms& terms,
                                          std::span<const ItemToSend> items,
                                          const Ed25519PrivateKey& key);

}  // namespace sluis::pseudonym

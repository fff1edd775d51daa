// One batch that both transcryptors passed on, as its receiver verifies it (pseudonyms.md §7.2,
// §11.3 TRIP row 5): the sender's request, the broker's statement, both hops' signatures and
// commitments and the second's proofs. Nothing of it is believed from the broker.
#pragma once

#include <functional>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/lib/commitment_book.h"
#include "clients/lib/names.h"
#include "clients/lib/party_folder.h"
#include "clients/lib/session_store.h"
#include "lib/pseudonym/batch.h"
#include "lib/pseudonym/signed_request.h"
#include "sluis/v1/pseudonym.pb.h"

namespace sluis::edge {

// References outlive the call.
struct ReceivingTerms {
  const PartyFolder& own;
  const PseudonymTrust& trust;
  const SessionStore& sessions;
  CommitmentBook& commitments;
  PartyId sender;               // the desk that signed
  Ed25519PublicKey sender_key;  // of the directory
  absl::Time now;
};

// Verified, and ready for decryption under the session. Move-only.
struct Transcribed {
  pseudonym::SignedRequest request;
  pseudonym::Route route;
  pseudonym::BatchResponse output;
  HeldSession session;
};

// Whether it came to where it belongs: kind, domain and epoch. Our own party is checked already.
using TargetCheck =
    std::function<absl::Status(const pseudonym::SignedRequest&, const pseudonym::Route&)>;

// E_SIGNATURE, E_SENDER, E_RECIPIENT, E_MANDATE, E_FLAGS, E_TLV, E_POK, E_SESSION; E_PROOF and
// E_SIGNATURE about a transcryptor say which in metadata `transcryptor`; those of `check`.
absl::StatusOr<Transcribed> VerifyTranscription(const wire::Transcryption& sent,
                                                const std::string& exchange_name,
                                                const ReceivingTerms& terms,
                                                const TargetCheck& check);

}  // namespace sluis::edge

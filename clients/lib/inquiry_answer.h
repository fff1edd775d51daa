// The answer to an inquiry, at both ends (pseudonyms.md §11.2): yes or no per position, each signed
// by who answers. A signature is the only thing that records a hit in a case.
//
// What the asker keeps of it, as the value of the field: JSON, one object per subject that was
// asked, in the order in which it was asked; fillers are gone:
//   [{"kind": "bsn", "number": "999990019", "hit": true, "position": 2, "signature": base64}]
// or with "pseudonym": "P-7F3K-92QD" instead of kind and number.
#pragma once

#include <string>
#include <vector>

#include "absl/status/statusor.h"
#include "clients/lib/exchange_terms.h"
#include "clients/lib/question_book.h"
#include "lib/crypto/ed25519.h"

namespace sluis::edge {

// What leaves: the labels of the question and nothing that differs with what was found.
// FIELD_INVALID unless there is one answer per position, 1 to 256.
absl::StatusOr<ReleaseContent> InquiryContent(const wire::Exchange& exchange,
                                              const std::vector<bool>& hits, std::size_t positions,
                                              const Ed25519PrivateKey& owner);

// From the content of the sealed field to what the asker keeps. E_LENGTH, E_TYPE; E_SIGNATURE if
// one position is not signed by the desk that answered: then nothing of the answer counts.
absl::StatusOr<SecretBytes> ReadHits(const SecretBytes& content, const ExchangeId& exchange,
                                     const KeptQuestion& asked, const Ed25519PublicKey& owner);

// One line of it.
struct AskedHit {
  std::string kind;  // of number; empty for a pseudonym
  std::string who;   // number or human form: personal data
  bool hit = false;
  std::uint32_t position = 0;
  Bytes signature;
};
// DATA_LOSS / ANSWER_DAMAGED for anything else.
absl::StatusOr<std::vector<AskedHit>> ParseHits(const SecretBytes& kept);

}  // namespace sluis::edge

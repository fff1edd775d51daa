// What a receiving edge makes of the transcryptions of a release (pseudonyms.md §7.2, §11.3 TRIP
// row 5): it verifies them (transcribed.h) and decrypts.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "clients/lib/transcribed.h"
#include "lib/pseudonym/secret_element.h"
#include "lib/pseudonym/signed_request.h"
#include "lib/sealing/release_header.h"
#include "sluis/v1/exchange.pb.h"

namespace sluis::edge {

// Somebody in a release, under the pseudonym of our own domain. Move-only.
struct ReceivedItem {
  pseudonym::CasePseudonym pseudonym;
  std::string human_form;
  std::string origin;  // sort of number behind it; empty if it came from another pseudonym
  Digest item_digest;  // of what the sender encrypted
  Digest payload;
};

// In the order of the numbers in the fields.
struct ReceivedItems {
  std::vector<ReceivedItem> items;
  std::optional<pseudonym::Domain> domain;  // of all of them; nothing without items
};

// `header` was verified. E_PAYLOAD, E_SIGNATURE, E_SENDER, E_RECIPIENT, E_MANDATE, E_FLAGS, E_TLV,
// E_POK, E_SESSION, E_OPEN; E_PROOF and E_SIGNATURE about a transcryptor say which in metadata
// `transcryptor`.
absl::StatusOr<ReceivedItems> VerifyTranscriptions(const wire::Delivery& delivery,
                                                   const ReleaseHeader& header,
                                                   const ReceivingTerms& terms);

// E_PAYLOAD unless the frames of the sealed fields and the payload digests of the items say the
// same (release_items.h).
absl::Status CheckPayloads(const ReceivedItems& received, std::span<const SealedView> fields,
                           std::span<const std::string> sealed);

}  // namespace sluis::edge

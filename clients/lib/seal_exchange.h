// The cryptography of an exchange, on both sides (pseudonyms.md §10; lib/sealing): sealing a
// question's subject and a release, and opening them. No network, no disk.
#pragma once

#include <string>

#include "absl/status/statusor.h"
#include "absl/time/time.h"
#include "clients/lib/answer_store.h"
#include "clients/lib/exchange_terms.h"
#include "clients/lib/party_folder.h"
#include "clients/lib/received_items.h"
#include "clients/lib/release_items.h"
#include "lib/identity/directory.h"
#include "lib/sealing/subject.h"
#include "sluis/v1/exchange.pb.h"

namespace sluis::edge {

// A sealed question outlives the 30 days that the broker keeps it; a sealed answer its 14.
inline constexpr absl::Duration kSubjectSealLife = absl::Hours(24 * 31);
inline constexpr absl::Duration kReleaseSealLife = absl::Hours(24 * 15);

// Schema under which field values are sealed.
inline constexpr char kFieldSchema[] = "field";

// Seals the subject of a `request` to the provider's desk under this request_id and signs that it
// was verified or not.
absl::StatusOr<wire::SealedSubject> SealSubject(
    const wire::Exchange& exchange, const std::string& request_id, const Subject& subject,
    bool verified, const PartyFolder& own, const identity::Directory& directory, absl::Time now);

// As the provider's desk: the subject that is asked about, and whether the asker verified it.
// E_SIGNATURE, E_PAYLOAD, E_OPEN, E_EXPIRED, E_BSN, E_SUBJECT; FAILED_PRECONDITION /
// SUBJECT_MISSING if the question carries none, PARTY_UNKNOWN.
struct AskedSubject {
  Subject subject;
  bool verified = false;
};
absl::StatusOr<AskedSubject> OpenSubject(const wire::Exchange& exchange, const PartyFolder& own,
                                         const identity::Directory& directory, absl::Time now);

// Who leaves as a pseudonym with a release.
struct PseudonymousRelease {
  ReleaseItems& items;  // of the same content
  const SendingTerms& terms;
};

// As the provider's desk: seals every value to the recipient's desk and signs the header, with
// `people` the signed requests as well. INVALID_ARGUMENT naming `values[i]` for a field that was
// not asked, that stands twice, or whose form is not the one that the newest decision permits;
// E_MANDATE and others of release_items.h.
absl::StatusOr<wire::Release> SealRelease(const wire::Exchange& exchange,
                                          const ReleaseContent& content, const PartyFolder& own,
                                          const identity::Directory& directory, absl::Time now,
                                          const PseudonymousRelease* people = nullptr);

// The desk that answered, as the directory has it. PARTY_UNKNOWN.
struct Answerer {
  PartyId party;
  identity::UnitEntry desk;
};
absl::StatusOr<Answerer> AnswererOf(const wire::Exchange& exchange,
                                    const identity::Directory& directory);

// As the recipient's desk: the header, verified under the key of the desk that answered, and about
// this exchange. E_SIGNATURE, E_PAYLOAD.
absl::StatusOr<ReleaseHeader> OpenHeader(const wire::Exchange& exchange,
                                         const wire::Release& release, const Answerer& answerer);

// Verifies the fields and opens them; whoever is named by number stands in the values by the human
// form of `people`. E_SIGNATURE, E_PAYLOAD, E_OPEN, E_EXPIRED, E_PADDING.
struct OpenedRelease {
  OpenedAnswer answer;
  std::vector<SeenPseudonym> seen;  // as many as people.items
};
absl::StatusOr<OpenedRelease> OpenRelease(const wire::Exchange& exchange,
                                          const wire::Release& release, const ReleaseHeader& header,
                                          const Answerer& answerer, const ReceivedItems& people,
                                          const PartyFolder& own, absl::Time now);

}  // namespace sluis::edge

// A release as it came, before it may touch the database: every signature is checked here, outside
// the transaction, because nothing about them can change underneath.
#pragma once

#include <optional>

#include "absl/status/statusor.h"
#include "broker/exchange/commands.h"
#include "broker/storage/records.h"
#include "lib/identity/directory.h"
#include "lib/sealing/release_header.h"

namespace sluis::exchange {

// A release whose header and sealed fields are the provider desk's, for exactly this exchange and
// recipient. The broker can see field names and forms, and cannot open a byte of the content.
struct VerifiedRelease {
  ReleaseHeader header;
  storage::MailboxRecord content;      // expire_time not yet set
  std::int64_t directory_version = 0;  // whose keys it was checked with
  // How its signed requests fared: OK with the transcryptions in `content`, or who refused them and
  // why. With `wait_until` a transcryptor is away and the release may wait that long.
  absl::Status passage;
  std::optional<absl::Time> wait_until;
};

// INVALID_ARGUMENT with the codes of lib/sealing; PERMISSION_DENIED when a desk has left the
// directory; RESOURCE_EXHAUSTED / PAYLOAD_TOO_LARGE above 1 MiB of sealed content.
absl::StatusOr<VerifiedRelease> VerifyRelease(const Answer& answer,
                                              const storage::ExchangeRecord& exchange,
                                              const identity::Directory& directory);

// The sealed subject of a `request`, likewise: signed by the asking desk for this provider, case
// and purpose.
absl::Status VerifySubject(const CreateExchange& ask, const PartyId& asker,
                           std::string_view request_id, const identity::Directory& directory);

}  // namespace sluis::exchange

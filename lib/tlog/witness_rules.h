// What a witness answers to `add-checkpoint` (C2SP tlog-witness 1.0.0; log.md A6), as a pure
// function of what it has seen. Storing the new row durably, and signing only after that, is the
// caller's.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "absl/status/statusor.h"
#include "lib/tlog/checkpoint.h"
#include "lib/tlog/merkle.h"
#include "lib/tlog/vkey.h"

namespace sluis::tlog {

struct AddCheckpointRequest {
  std::uint64_t old_size = 0;
  Proof proof;
  std::string note;  // the checkpoint, verbatim
};

// `old <size> LF`, base64 hashes, one empty line, the note. E_MALFORMED; more than 63 hashes too.
absl::StatusOr<AddCheckpointRequest> ParseAddCheckpoint(std::string_view body);
std::string FormatAddCheckpoint(const AddCheckpointRequest& request);

// The last checkpoint of an origin that was cosigned.
struct WitnessRow {
  std::uint64_t size = 0;
  Digest root{};
  std::string note;
};

struct WitnessedLog {
  std::vector<VerifierKey> keys;  // of the log; type 01
  std::optional<WitnessRow> row;  // none yet
};

struct WitnessAnswer {
  int status = 0;                      // of HTTP
  std::string body;                    // 409: our size and LF; else empty
  std::string reason;                  // for our own log line, in words
  std::optional<Checkpoint> accepted;  // 200: becomes the row, then its text is cosigned
  bool fork_evidence = false;  // a signed checkpoint that contradicts the row: keep both, alarm
};

// The checks of log.md A6 in their order; `logs` by origin.
WitnessAnswer AnswerAddCheckpoint(std::string_view body,
                                  const std::map<std::string, WitnessedLog>& logs);

}  // namespace sluis::tlog

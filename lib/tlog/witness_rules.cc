#include "lib/tlog/witness_rules.h"

#include <limits>
#include <utility>

#include "absl/strings/str_format.h"
#include "lib/base/encoding.h"
#include "lib/base/error.h"
#include "lib/base/status_macros.h"
#include "lib/tlog/signed_note.h"

namespace sluis::tlog {
namespace {

constexpr std::string_view kOld = "old ";

absl::Status MalformedWitnessRules(std::string_view what) {
  return Error(ErrorCode::kInvalid, "E_MALFORMED", absl::StrFormat("add-checkpoint: %s", what));
}

WitnessAnswer Refuse(int status, std::string_view reason) {
  WitnessAnswer answer;
  answer.status = status;
  answer.reason = std::string(reason);
  return answer;
}

// Checks 8 and 9: the new tree against the row.
absl::Status CheckGrowth(const AddCheckpointRequest& request, const Checkpoint& checkpoint,
                         const WitnessRow& row) {
  if (row.size == 0 && checkpoint.size > 0) return absl::OkStatus();
  return VerifyConsistency(row.size, checkpoint.size, request.proof, row.root, checkpoint.root);
}

// Checks 4 to 9, for a checkpoint whose log signature holds.
WitnessAnswer Judge(const AddCheckpointRequest& request, const Checkpoint& checkpoint,
                    const WitnessRow& row) {
  if (request.old_size > checkpoint.size)
    return Refuse(400, "old size beyond the size of the checkpoint");
  if (request.old_size != row.size) {
    WitnessAnswer answer = Refuse(409, "old size is not ours");
    answer.body = absl::StrFormat("%d\n", row.size);
    return answer;
  }
  if (checkpoint.size == 0 && checkpoint.root != EmptyRoot()) {
    return Refuse(422, "size 0 with the root of a tree that is not empty");
  }
  if (request.old_size == 0 && !request.proof.empty()) return Refuse(422, "a proof from size 0");
  if (absl::Status grown = CheckGrowth(request, checkpoint, row); !grown.ok()) {
    WitnessAnswer answer = Refuse(422, MessageOf(grown));
    answer.fork_evidence = true;
    return answer;
  }
  WitnessAnswer answer;
  answer.status = 200;
  answer.accepted = checkpoint;
  return answer;
}

}  // namespace

absl::StatusOr<AddCheckpointRequest> ParseAddCheckpoint(std::string_view body) {
  // One line for the size, 63 of 45 bytes for hashes, an empty one, and the note.
  if (body.size() > kMaxNoteSize + 4096) return MalformedWitnessRules("too long");
  const std::size_t split = body.find("\n\n");
  if (split == std::string_view::npos || !body.starts_with(kOld))
    return MalformedWitnessRules("not old, hashes, note");
  AddCheckpointRequest request;
  request.note = std::string(body.substr(split + 2));
  std::string_view lines = body.substr(0, split + 1);
  const std::size_t first_end = lines.find('\n');
  auto old_size = ParseDecimal(lines.substr(kOld.size(), first_end - kOld.size()),
                               std::numeric_limits<std::int64_t>::max());
  if (!old_size.ok()) return MalformedWitnessRules("old is not a size");
  request.old_size = *old_size;
  for (lines.remove_prefix(first_end + 1); !lines.empty();) {
    if (request.proof.size() == kMaxProofHashes)
      return MalformedWitnessRules("more than 63 hashes");
    const std::size_t end = lines.find('\n');
    auto raw = Base64Decode(lines.substr(0, end));
    auto hash = DigestFromBytes(raw.ok() ? *raw : Bytes());
    if (!hash.ok()) return MalformedWitnessRules("a line that is not a hash");
    request.proof.push_back(*hash);
    lines.remove_prefix(end + 1);
  }
  return request;
}

std::string FormatAddCheckpoint(const AddCheckpointRequest& request) {
  std::string body = absl::StrFormat("old %d\n", request.old_size);
  for (const Digest& hash : request.proof) body += Base64Encode(AsView(hash)) + "\n";
  return body + "\n" + request.note;
}

WitnessAnswer AnswerAddCheckpoint(std::string_view body,
                                  const std::map<std::string, WitnessedLog>& logs) {
  auto request = ParseAddCheckpoint(body);
  if (!request.ok()) return Refuse(400, MessageOf(request.status()));
  auto note = ParseNote(request->note);
  if (!note.ok()) return Refuse(400, MessageOf(note.status()));
  auto checkpoint = ParseCheckpointSyntax(note->text);
  if (!checkpoint.ok()) return Refuse(400, MessageOf(checkpoint.status()));
  const auto log = logs.find(checkpoint->origin);
  if (log == logs.end()) return Refuse(404, "no log that we witness");
  auto verified = VerifyNote(request->note, log->second.keys);
  if (!verified.ok()) return Refuse(403, MessageOf(verified.status()));
  return Judge(*request, *checkpoint, log->second.row.value_or(WitnessRow{0, EmptyRoot(), ""}));
}

}  // namespace sluis::tlog

// Verbs of the log.
#include "clients/lib/edge_calls.h"
#include "lib/base/error.h"
#include "lib/tlog/record.h"

namespace sluis::edge {
namespace {

// The leaf commits to the record, so a record that was changed afterwards does not open it.
absl::Status CheckRecord(const wire::LogRecord& record) {
  const auto leaf = tlog::DecodeLeaf(record.leaf(), static_cast<std::uint64_t>(record.index()));
  const auto opened =
      leaf.ok() ? tlog::OpenLeaf(*leaf, {record.record(), record.salt()}).status() : leaf.status();
  if (opened.ok()) return absl::OkStatus();
  return Error(ErrorCode::kDataLoss, "LOG_INCONSISTENT",
               "a record is not the one that its log entry commits to; tell the auditor",
               {{"index", std::to_string(record.index())}, {"why", ReasonOf(opened)}});
}

}  // namespace

absl::StatusOr<wire::ListReceiptsResponse> Edge::ListReceipts(const std::string& name) {
  SLUIS_ASSIGN_OR_RETURN(const ParsedExchangeName parsed, ParseExchangeName(name));
  wire::ListReceiptsRequest request;
  request.set_exchange(name);
  SLUIS_ASSIGN_OR_RETURN(wire::ListReceiptsResponse list, Read(kListReceipts, request));
  // Every exchange began with a logged question.
  SLUIS_RETURN_IF_ERROR(
      receipts_.Keep({parsed.id.hex(), parsed.id, {tlog::LeafKind::kRequest}}, list.receipts()));
  return list;
}

absl::StatusOr<wire::ListRecordsResponse> Edge::ListRecords(wire::ListRecordsRequest query) {
  query.set_parent(PartyName(party_.party()));
  query.set_request_id(NewRequestId());
  SLUIS_ASSIGN_OR_RETURN(wire::ListRecordsResponse list, Read(kListRecords, query));
  SLUIS_RETURN_IF_ERROR(
      KeepReceipts(kListRecords.path, query.SerializeAsString(), list.SerializeAsString()));
  for (const wire::LogRecord& record : list.records()) SLUIS_RETURN_IF_ERROR(CheckRecord(record));
  return list;
}

}  // namespace sluis::edge

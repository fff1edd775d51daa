// The indexes of our registers (pseudonyms.md §11.1). Enrolment is no act of the journal: after a
// crash the blinds are gone, so a batch is sent anew, never repeated.
#include "absl/strings/str_format.h"
#include "clients/lib/edge_calls.h"
#include "clients/lib/index/index_builder.h"
#include "lib/base/error.h"

namespace sluis::edge {

class Edge::OnlineEnrolment : public EnrolmentPort {
 public:
  explicit OnlineEnrolment(Edge& edge) : edge_(edge) {}

  absl::StatusOr<Bytes> Prepare(const std::string& register_id) override {
    wire::PrepareEnrolmentRequest request;
    request.set_parent(PartyName(edge_.party_.party()));
    request.set_register_(register_id);
    request.set_request_id(NewRequestId());
    SLUIS_ASSIGN_OR_RETURN(const auto answer, Call(kPrepareEnrolment, request));
    return answer.statement();
  }

  absl::StatusOr<wire::EvaluateEnrolmentResponse> Evaluate(BytesView signed_enrolment,
                                                           BytesView statement) override {
    wire::EvaluateEnrolmentRequest request;
    request.set_parent(PartyName(edge_.party_.party()));
    request.set_signed_enrolment(std::string(signed_enrolment));
    request.set_statement(std::string(statement));
    request.set_request_id(NewRequestId());
    return Call(kEvaluateEnrolment, request);
  }

 private:
  template <typename Request, typename Response>
  absl::StatusOr<Response> Call(const Method<Request, Response>& method, const Request& request) {
    const Bytes sent = request.SerializeAsString();
    SLUIS_ASSIGN_OR_RETURN(const Bytes answer, edge_.connection_->Call(method.path, sent));
    SLUIS_RETURN_IF_ERROR(edge_.KeepReceipts(method.path, sent, answer));
    return ParseAnswer<Response>(answer);
  }
  Edge& edge_;
};

absl::StatusOr<std::vector<identity::Register>> Edge::Registers() {
  SLUIS_ASSIGN_OR_RETURN(const DirectoryPtr directory, DirectoryForSealing());
  return directory->FindParty(party_.party())->registers;
}

absl::StatusOr<EnrolReport> Edge::EnrolRegister(const std::string& register_id,
                                                v1::RegisterMapping mapping,
                                                const std::filesystem::path& folder,
                                                const EnrolOptions& options) {
  FinishLast();
  SLUIS_ASSIGN_OR_RETURN(const auto registers, Registers());
  for (const identity::Register& entry : registers) {
    if (entry.id != register_id) continue;
    OnlineEnrolment port(*this);
    return IndexBuilder(party_, entry, port, commitments_, clock_)
        .Run(std::move(mapping), folder, options);
  }
  return Error(ErrorCode::kNotFound, "REGISTER_UNKNOWN",
               "the partner directory names no such register of this party; see: sluis index show");
}

absl::StatusOr<std::vector<IndexState>> Edge::IndexStates() {
  SLUIS_ASSIGN_OR_RETURN(const auto registers, Registers());
  std::vector<IndexState> states;
  for (const identity::Register& entry : registers) {
    IndexState state{entry, "complete", 0, std::nullopt};
    const auto index = RegisterIndex::Open(party_, entry.id, entry.epoch);
    if (index.ok()) {
      state.subjects = (*index)->size();
      state.create_time = absl::FromUnixSeconds((*index)->manifest().create_time().seconds());
    } else {
      state.state = ReasonOf(index.status());
    }
    states.push_back(std::move(state));
  }
  return states;
}

absl::Status Edge::DropIndex(const std::string& register_id) {
  SLUIS_ASSIGN_OR_RETURN(const auto index, IndexFolder::OpenIfThere(party_, register_id));
  if (!index) return absl::OkStatus();
  SLUIS_ASSIGN_OR_RETURN(const auto lock, index->TryBuilding());
  if (lock) return index->RemoveAll();
  return Error(ErrorCode::kAborted, "INDEX_BUSY",
               "another process is enrolling this register; wait until it is done");
}

}  // namespace sluis::edge

// Between the core's port to the transcryptors and the messages of their service.
#pragma once

#include "absl/status/statusor.h"
#include "broker/exchange/transcryptors.h"
#include "sluis/transcryptor/v1/transcryptor.pb.h"

namespace sluis::rpc {

transcryptor::v1::TranscryptRequest ToWire(const exchange::HopAsk& ask);
storage::HopRecord FromWire(const transcryptor::v1::TranscryptResponse& response);

transcryptor::v1::EvaluateEnrolmentRequest ToWire(const exchange::EnrolmentAsk& ask);
exchange::EnrolmentHop FromWire(const transcryptor::v1::EvaluateEnrolmentResponse& response);

transcryptor::v1::OpenSessionRequest ToWire(
    const exchange::SignedBytes& head, const std::optional<exchange::SessionEvaluation>& first);
exchange::SessionHalf FromWire(const transcryptor::v1::OpenSessionResponse& response);
transcryptor::v1::RecordSessionRequest ToWire(const exchange::SignedBytes& head,
                                              const exchange::SessionEvaluation& first,
                                              const exchange::SessionEvaluation& second);
transcryptor::v1::RevokeSessionRequest ToRevoke(const exchange::SignedBytes& head);
transcryptor::v1::ShredDomainRequest ToShred(const exchange::SignedBytes& order);
transcryptor::v1::PutArrangementRequest ToWire(const storage::ArrangementRecord& arrangement);

}  // namespace sluis::rpc

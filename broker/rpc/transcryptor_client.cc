#include "broker/rpc/transcryptor_client.h"

#include <grpcpp/create_channel.h>

#include <chrono>

#include "absl/strings/str_format.h"
#include "broker/rpc/transcryptor_messages.h"
#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"
#include "lib/base/error.h"
#include "lib/base/log.h"

namespace sluis::rpc {
namespace {

namespace wire = transcryptor::v1;
using exchange::Nothing;
using exchange::Reply;

// No answer came. Anything else is the transcryptor's word about what it was asked: the codes of
// pseudonyms.md §17, but also FIELD_INVALID, ID_TAKEN, CONFLICTING_CHANGE.
bool CameNoAnswer(const grpc::Status& status) {
  return status.error_code() == grpc::StatusCode::UNAVAILABLE ||
         status.error_code() == grpc::StatusCode::DEADLINE_EXCEEDED ||
         status.error_code() == grpc::StatusCode::CANCELLED;
}

// Of an answer that gives no reason of its own.
constexpr char kNoReason[] = "TRANSCRYPTOR_FAULT";

std::string ReasonIn(const grpc::Status& status) {
  google::rpc::Status details;
  google::rpc::ErrorInfo info;
  if (!details.ParseFromString(status.error_details())) return "";
  for (const auto& any : details.details()) {
    if (any.UnpackTo(&info)) return info.reason();
  }
  return "";
}

template <typename Response>
Nothing ToNothing(const Response&) {
  return {};
}

}  // namespace

template <typename Request, typename Response>
struct TranscryptorClient::Call {
  grpc::ClientContext context;
  Request request;
  Response response;
};

TranscryptorClient::TranscryptorClient(TranscryptorClientOptions options,
                                       std::shared_ptr<grpc::ChannelCredentials> credentials)
    : options_(std::move(options)),
      stub_(wire::TranscryptorService::NewStub(
          grpc::CreateChannel(options_.address, std::move(credentials)))) {}

TranscryptorClient::~TranscryptorClient() { Stop(); }

bool TranscryptorClient::Enter(grpc::ClientContext* context) {
  const MutexLock lock(mutex_);
  if (!stopped_) under_way_.insert(context);
  return !stopped_;
}

void TranscryptorClient::Leave(grpc::ClientContext* context) {
  const MutexLock lock(mutex_);
  under_way_.erase(context);
  changed_.NotifyAll();
}

void TranscryptorClient::Stop() {
  MutexLock lock(mutex_);
  stopped_ = true;
  for (grpc::ClientContext* context : under_way_) context->TryCancel();
  while (!under_way_.empty()) changed_.Wait(mutex_);
}

absl::Status TranscryptorClient::StatusOf(const grpc::Status& status) const {
  if (status.ok()) return absl::OkStatus();
  const std::string reason = ReasonIn(status);
  if (!CameNoAnswer(status)) {
    return Error(ErrorCode::kPrecondition, reason.empty() ? kNoReason : reason,
                 status.error_message());
  }
  LogEvent(LogLevel::kWarning, "transcryptor_away",
           absl::StrFormat("hop=%d code=%d reason=%s", options_.hop,
                           static_cast<int>(status.error_code()), reason));
  return exchange::TranscryptorAway(options_.hop);
}

template <typename Request, typename Response, typename Start, typename Convert, typename Result>
void TranscryptorClient::Run(Request request, Start start, Convert convert, Reply<Result> reply) {
  auto call = std::make_shared<Call<Request, Response>>();
  call->request = std::move(request);
  call->context.set_deadline(std::chrono::system_clock::now() +
                             absl::ToChronoMicroseconds(options_.deadline));
  if (!Enter(&call->context)) return reply(exchange::TranscryptorAway(options_.hop));
  start(*stub_->async(), call->context, call->request, call->response,
        [this, call, convert, reply = std::move(reply)](const grpc::Status& status) {
          if (status.ok()) {
            reply(convert(call->response));
          } else {
            reply(StatusOf(status));
          }
          Leave(&call->context);
        });
}

void TranscryptorClient::Transcrypt(exchange::HopAsk ask, Reply<storage::HopRecord> reply) {
  Run<wire::TranscryptRequest, wire::TranscryptResponse>(
      ToWire(ask),
      [](auto& stub, auto& context, auto& request, auto& response, auto done) {
        stub.Transcrypt(&context, &request, &response, std::move(done));
      },
      [](const wire::TranscryptResponse& response) { return FromWire(response); },
      std::move(reply));
}

void TranscryptorClient::EvaluateEnrolment(exchange::EnrolmentAsk ask,
                                           Reply<exchange::EnrolmentHop> reply) {
  Run<wire::EvaluateEnrolmentRequest, wire::EvaluateEnrolmentResponse>(
      ToWire(ask),
      [](auto& stub, auto& context, auto& request, auto& response, auto done) {
        stub.EvaluateEnrolment(&context, &request, &response, std::move(done));
      },
      [](const wire::EvaluateEnrolmentResponse& response) { return FromWire(response); },
      std::move(reply));
}

void TranscryptorClient::OpenSession(exchange::SignedBytes head,
                                     std::optional<exchange::SessionEvaluation> first,
                                     Reply<exchange::SessionHalf> reply) {
  Run<wire::OpenSessionRequest, wire::OpenSessionResponse>(
      ToWire(head, first),
      [](auto& stub, auto& context, auto& request, auto& response, auto done) {
        stub.OpenSession(&context, &request, &response, std::move(done));
      },
      [](const wire::OpenSessionResponse& response) { return FromWire(response); },
      std::move(reply));
}

void TranscryptorClient::RecordSession(exchange::SignedBytes head,
                                       exchange::SessionEvaluation first,
                                       exchange::SessionEvaluation second, Reply<Nothing> reply) {
  Run<wire::RecordSessionRequest, wire::RecordSessionResponse>(
      ToWire(head, first, second),
      [](auto& stub, auto& context, auto& request, auto& response, auto done) {
        stub.RecordSession(&context, &request, &response, std::move(done));
      },
      &ToNothing<wire::RecordSessionResponse>, std::move(reply));
}

void TranscryptorClient::RevokeSession(exchange::SignedBytes head, Reply<Nothing> reply) {
  Run<wire::RevokeSessionRequest, wire::RevokeSessionResponse>(
      ToRevoke(head),
      [](auto& stub, auto& context, auto& request, auto& response, auto done) {
        stub.RevokeSession(&context, &request, &response, std::move(done));
      },
      &ToNothing<wire::RevokeSessionResponse>, std::move(reply));
}

void TranscryptorClient::ShredDomain(exchange::SignedBytes order, Reply<absl::Time> reply) {
  Run<wire::ShredDomainRequest, wire::ShredDomainResponse>(
      ToShred(order),
      [](auto& stub, auto& context, auto& request, auto& response, auto done) {
        stub.ShredDomain(&context, &request, &response, std::move(done));
      },
      [](const wire::ShredDomainResponse& response) {
        return absl::FromUnixSeconds(response.destroyed());
      },
      std::move(reply));
}

void TranscryptorClient::PutArrangement(storage::ArrangementRecord arrangement,
                                        Reply<Nothing> reply) {
  Run<wire::PutArrangementRequest, wire::PutArrangementResponse>(
      ToWire(arrangement),
      [](auto& stub, auto& context, auto& request, auto& response, auto done) {
        stub.PutArrangement(&context, &request, &response, std::move(done));
      },
      &ToNothing<wire::PutArrangementResponse>, std::move(reply));
}

}  // namespace sluis::rpc

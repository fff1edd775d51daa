// The templates behind the verbs of Edge; for edge*.cc alone.
#pragma once

#include "clients/lib/edge.h"
#include "clients/lib/settle.h"
#include "lib/base/status_macros.h"

namespace sluis::edge {

template <typename Message>
absl::StatusOr<Message> ParseAnswer(BytesView bytes) {
  Message message;
  if (message.ParseFromArray(bytes.data(), static_cast<int>(bytes.size()))) return message;
  return AnswerMismatch("cannot be read");
}

template <typename Request, typename Response>
absl::StatusOr<Response> Edge::Act(
    const Method<Request, Response>& method, std::initializer_list<BytesView> intent,
    const std::function<absl::StatusOr<Request>(const std::string&)>& build) {
  FinishLast();
  const std::string person = profile_.unit.str() + " " + profile_.staff_number;
  SLUIS_ASSIGN_OR_RETURN(
      JournaledAct act,
      journal_.Begin(method.path, person, intent,
                     [&build](const std::string& request_id) -> absl::StatusOr<Bytes> {
                       SLUIS_ASSIGN_OR_RETURN(const Request request, build(request_id));
                       return request.SerializeAsString();
                     }));
  SLUIS_ASSIGN_OR_RETURN(const Bytes answer, Send(std::move(act)));
  return ParseAnswer<Response>(answer);
}

template <typename Request, typename Response>
absl::StatusOr<std::optional<Response>> Edge::ActAgain(const Method<Request, Response>& method,
                                                       std::initializer_list<BytesView> intent) {
  FinishLast();
  const std::string person = profile_.unit.str() + " " + profile_.staff_number;
  SLUIS_ASSIGN_OR_RETURN(std::optional<JournaledAct> act,
                         journal_.TakeUp(method.path, person, intent));
  if (!act) return std::nullopt;
  SLUIS_ASSIGN_OR_RETURN(const Bytes answer, Send(*std::move(act)));
  SLUIS_ASSIGN_OR_RETURN(Response response, ParseAnswer<Response>(answer));
  return response;
}

template <typename Request, typename Response>
absl::StatusOr<Response> Edge::Read(const Method<Request, Response>& method,
                                    const Request& request) {
  FinishLast();
  SLUIS_ASSIGN_OR_RETURN(const Bytes answer,
                         connection_->Call(method.path, request.SerializeAsString()));
  return ParseAnswer<Response>(answer);
}

}  // namespace sluis::edge

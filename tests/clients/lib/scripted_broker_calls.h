// The templates behind the verbs of the scripted broker; for its sources alone.
#pragma once

#include <mutex>

#include "tests/clients/lib/scripted_broker.h"

namespace sluis::edge::testing {

std::string NameOf(const wire::Party& party);
// What a broker tells the sender of this refusal of a transcryptor.
grpc::Status RefusalOf(const absl::Status& status);

template <typename Request, typename Response>
grpc::Status ScriptedBroker::Run(Context* context, const std::string& method,
                                 const Request& request, Response*,
                                 const std::function<grpc::Status()>& act) {
  const std::lock_guard<std::mutex> lock(mutex);
  const auto metadata = [context](const char* key) {
    const auto found = context->client_metadata().find(key);
    return found == context->client_metadata().end()
               ? std::string()
               : std::string(found->second.data(), found->second.size());
  };
  seen.push_back(
      {method, metadata("authorization"), metadata("traceparent"), request.SerializeAsString()});
  if (fault) {
    if (const grpc::Status status = fault(method, false); !status.ok()) return status;
  }
  if (const grpc::Status status = act(); !status.ok()) return status;
  return fault ? fault(method, true) : grpc::Status::OK;
}

template <typename Request>
grpc::Status ScriptedBroker::Once(Context* context, const std::string& method,
                                  const Request& request, wire::Exchange* response,
                                  const std::function<grpc::Status(wire::Exchange&)>& act) {
  return Run(context, method, request, response, [&] {
    const std::string key = method + " " + request.request_id();
    if (!answers_.contains(key)) {
      wire::Exchange exchange;
      if (const grpc::Status status = act(exchange); !status.ok()) return status;
      answers_[key] = exchange;
    }
    *response = answers_[key];
    if (change_exchange) change_exchange(*response);
    return grpc::Status::OK;
  });
}

}  // namespace sluis::edge::testing

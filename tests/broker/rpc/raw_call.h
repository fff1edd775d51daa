// A call as bytes: by the name of its method, with any metadata and deadline, so that a test can
// send what no stub would.
#pragma once

#include <grpcpp/channel.h>
#include <grpcpp/support/status.h>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "google/rpc/error_details.pb.h"
#include "google/rpc/status.pb.h"

namespace sluis::rpc::testing {

struct RawCall {
  std::string method;   // /sluis.v1.ExchangeService/CreateExchange
  std::string request;  // serialised
  std::vector<std::pair<std::string, std::string>> metadata;
  // Nullopt: none is sent.
  std::optional<std::chrono::milliseconds> deadline = std::chrono::seconds(20);
  // Ends a stream after so many messages; 0: reads to its end.
  int most_messages = 0;
  // Told of each message when it comes.
  std::function<void(const std::string&)> on_message = {};
};

struct RawAnswer {
  grpc::Status status;
  std::vector<std::string> messages;

  // What the details say. Fails the test when they are no google.rpc.Status.
  google::rpc::Status Details() const;
  // The one detail of a type; nullopt when there is none. Fails the test when it stands twice.
  template <typename Detail>
  std::optional<Detail> Find() const {
    std::optional<Detail> found;
    const google::rpc::Status details = Details();
    for (const auto& any : details.details()) {
      Detail detail;
      if (!any.UnpackTo(&detail)) continue;
      if (found) NoteDouble(Detail::descriptor()->full_name());
      found = detail;
    }
    return found;
  }
  std::string Reason() const;                          // "" when there is none
  std::string Metadata(const std::string& key) const;  // of the ErrorInfo
  std::vector<std::string> Violations() const;         // the fields, in order
  template <typename Message>
  Message As(std::size_t index = 0) const {
    Message message;
    if (index >= messages.size() || !message.ParseFromString(messages[index])) {
      NoteNoMessage(status);
    }
    return message;
  }

 private:
  static void NoteDouble(const std::string& type);
  static void NoteNoMessage(const grpc::Status& status);
};

// Blocks until the call has ended. Unary calls and streams of the server alike.
RawAnswer Send(const std::shared_ptr<grpc::Channel>& channel, const RawCall& call);

}  // namespace sluis::rpc::testing

#include "tests/broker/rpc/raw_call.h"

#include <grpcpp/client_context.h>
#include <grpcpp/completion_queue.h>
#include <grpcpp/generic/generic_stub.h>
#include <grpcpp/support/byte_buffer.h>
#include <gtest/gtest.h>

namespace sluis::rpc::testing {
namespace {

grpc::ByteBuffer ToBuffer(const std::string& bytes) {
  const grpc::Slice slice(bytes);
  return grpc::ByteBuffer(&slice, 1);
}

std::string ToString(const grpc::ByteBuffer& buffer) {
  std::vector<grpc::Slice> slices;
  std::string bytes;
  if (!buffer.Dump(&slices).ok()) return bytes;
  for (const grpc::Slice& slice : slices) {
    bytes.append(reinterpret_cast<const char*>(slice.begin()), slice.size());
  }
  return bytes;
}

// One event after the other: a tag says nothing here.
bool Next(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  return queue.Next(&tag, &ok) && ok;
}

}  // namespace

google::rpc::Status RawAnswer::Details() const {
  google::rpc::Status details;
  EXPECT_TRUE(details.ParseFromString(status.error_details()));
  return details;
}

std::string RawAnswer::Reason() const {
  const auto info = Find<google::rpc::ErrorInfo>();
  return info ? info->reason() : "";
}

std::string RawAnswer::Metadata(const std::string& key) const {
  const auto info = Find<google::rpc::ErrorInfo>();
  if (!info) return "";
  const auto found = info->metadata().find(key);
  return found == info->metadata().end() ? "" : found->second;
}

std::vector<std::string> RawAnswer::Violations() const {
  std::vector<std::string> fields;
  const auto bad = Find<google::rpc::BadRequest>();
  if (!bad) return fields;
  for (const auto& violation : bad->field_violations()) fields.push_back(violation.field());
  return fields;
}

void RawAnswer::NoteDouble(const std::string& type) { ADD_FAILURE() << type << " stands twice"; }

void RawAnswer::NoteNoMessage(const grpc::Status& status) {
  ADD_FAILURE() << "no such message in the answer: " << status.error_code() << " "
                << status.error_message();
}

RawAnswer Send(const std::shared_ptr<grpc::Channel>& channel, const RawCall& call) {
  grpc::ClientContext context;
  if (call.deadline) context.set_deadline(std::chrono::system_clock::now() + *call.deadline);
  for (const auto& [key, value] : call.metadata) context.AddMetadata(key, value);
  grpc::GenericStub stub(channel);
  grpc::CompletionQueue queue;
  const auto stream = stub.PrepareCall(&context, call.method, &queue);
  RawAnswer answer;
  bool open = (stream->StartCall(nullptr), Next(queue));
  if (open) open = (stream->Write(ToBuffer(call.request), nullptr), Next(queue));
  if (open) open = (stream->WritesDone(nullptr), Next(queue));
  grpc::ByteBuffer buffer;
  while ((stream->Read(&buffer, nullptr), Next(queue))) {
    answer.messages.push_back(ToString(buffer));
    if (call.on_message) call.on_message(answer.messages.back());
    if (static_cast<int>(answer.messages.size()) == call.most_messages) context.TryCancel();
  }
  stream->Finish(&answer.status, nullptr);
  Next(queue);
  return answer;
}

}  // namespace sluis::rpc::testing

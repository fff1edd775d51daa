// Requests made from the contract itself: every method with every field of its request in a value
// that is in order, so that a test can spoil one at a time and forget none.
#pragma once

#include <google/protobuf/descriptor.h>
#include <google/protobuf/message.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "policy/engine/pack.h"

namespace sluis::rpc::testing {

struct Method {
  std::string path;  // /sluis.v1.CaseService/GetCase
  const google::protobuf::MethodDescriptor* descriptor;
};

// All methods of the contract, from its descriptors.
std::vector<Method> AllMethods();

using MessagePtr = std::unique_ptr<google::protobuf::Message>;

// A request with every field set that a caller may set, as `parent` = kTownOin, gemeente/oov.
MessagePtr SampleRequest(const Method& method, const policy::Pack& pack);

// One way to spoil one field.
struct Fault {
  std::string field;                                      // path as the error names it
  std::string what;                                       // for the test's output
  std::string reason;                                     // that the error must give
  std::function<void(google::protobuf::Message&)> spoil;  // of the whole request
};

// Everything that can be wrong with any field of the request, nested ones too.
std::vector<Fault> FaultsOf(const google::protobuf::Message& sample);

}  // namespace sluis::rpc::testing

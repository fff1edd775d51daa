// sluis.v1.AuthorizationService in the words of AuthZEN's JSON, both ways, and nothing of what they
// mean: that is for broker/authzen.
#pragma once

#include <google/protobuf/message.h>

#include "absl/status/status.h"
#include "lib/base/json.h"
#include "sluis/v1/authorization.pb.h"

namespace sluis::rpc {

// The body that asks the same. Precondition: the request is valid (broker/rpc/validate.h).
Json BodyOf(const v1::EvaluateAccessRequest& request);
Json BodyOf(const v1::BatchEvaluateAccessRequest& request);
Json BodyOf(const v1::SearchSubjectsRequest& request);
Json BodyOf(const v1::SearchResourcesRequest& request);
Json BodyOf(const v1::SearchActionsRequest& request);

// From answers of broker/authzen/protocol.h.
void FromBody(const Json& body, v1::EvaluateAccessResponse* out);
// Without questions a batch is one question, and its decision the only one.
void FromBody(const Json& body, v1::BatchEvaluateAccessResponse* out);
void FromBody(const Json& body, v1::SearchSubjectsResponse* out);
void FromBody(const Json& body, v1::SearchResourcesResponse* out);
void FromBody(const Json& body, v1::SearchActionsResponse* out);

// An error of the protocol that names its members as the messages do: `page_token` for
// `page.token`.
absl::Status InFieldNames(const absl::Status& status);

}  // namespace sluis::rpc

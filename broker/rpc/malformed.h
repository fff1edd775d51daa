// Bytes that are no message of the method, such as text that is not UTF-8: gRPC would say
// UNIMPLEMENTED; we say INVALID_ARGUMENT / FIELD_INVALID as for any other request that is not in
// order. gRPC's experimental interceptors stay behind this file.
#pragma once

#include <grpcpp/server_builder.h>

namespace sluis::rpc {

void RefuseMalformed(grpc::ServerBuilder& builder);

}  // namespace sluis::rpc

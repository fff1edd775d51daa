// What client and server of the echo floor say to each other: a header of three numbers, and bytes
// to the size that the full path sends at that point.
#pragma once

#include <grpcpp/support/byte_buffer.h>

#include <cstdint>
#include <string>

namespace sluis::bench {

inline constexpr char kEchoMethod[] = "/bench.Echo/Call";
inline constexpr char kEchoWatch[] = "/bench.Echo/Watch";

struct EchoHeader {
  std::uint32_t client = 0;       // who asks; a pushed message names him too
  std::uint32_t answer_size = 0;  // bytes wanted back
  std::uint32_t push_size = 0;    // bytes to push to whoever watches; 0 for none
};

// `size` bytes, or the header alone if that is more.
grpc::ByteBuffer EchoMessage(const EchoHeader& header, std::size_t size);
EchoHeader ReadEchoHeader(const grpc::ByteBuffer& message);

// Serves with these files (server.key, server.pem, ca.pem in `tls_folder`) until it is killed;
// prints its port first.
int ServeEcho(const std::string& tls_folder);

}  // namespace sluis::bench

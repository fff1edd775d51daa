// Floor: bare gRPC over mutual TLS, as many calls and pushed messages as an exchange has, of the
// same sizes, against a server in a process of its own that does nothing else.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "tests/bench/child_process.h"
#include "tests/bench/region.h"
#include "tests/bench/wire_path.h"

namespace sluis::bench {

struct EchoPlan {
  std::vector<MessageSizes> calls;
  std::vector<MessageSizes> pushes;  // push i goes out with call i
};

class EchoFloor {
 public:
  // `self` is this program, which serves when it is told to; `clients` connections.
  EchoFloor(const std::string& self, const Region& region, EchoPlan plan, int clients);
  ~EchoFloor();
  // The calls of one exchange, one after the other; one thread a client.
  void RunOnce(int client);
  pid_t server_pid() const { return server_.pid(); }

 private:
  class Watcher;
  struct Client;
  const EchoPlan plan_;
  ChildProcess server_;
  std::vector<std::unique_ptr<Client>> clients_;
  std::unique_ptr<Watcher> watcher_;
};

}  // namespace sluis::bench

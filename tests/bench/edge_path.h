// The same exchange by clients/lib's Edge, as the command line and a register system use it: with
// its own journal, receipts and opened answers, each written through to the client's disk.
#pragma once

#include <memory>
#include <vector>

#include "clients/lib/edge.h"
#include "tests/bench/inbox_desk.h"
#include "tests/bench/region.h"
#include "tests/bench/wire_path.h"

namespace sluis::bench {

class EdgePath {
 public:
  EdgePath(Region& region, int clients);
  // As WirePath::RunOnce.
  void RunOnce(int client);

 private:
  struct Client {
    std::unique_ptr<edge::Edge> asker, answerer;
    CaseId the_case;
  };
  std::vector<Client> clients_;
  std::unique_ptr<Seat> asking_, answering_;
  std::unique_ptr<InboxDesk> questions_, deliveries_;
};

}  // namespace sluis::bench

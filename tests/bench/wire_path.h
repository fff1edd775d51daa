// The full path through the real broker: asked, decided, in the inbox, identity opened, answered
// with sealed fields, delivered, opened, confirmed. Sealing, signatures, assertions and the
// verification of every receipt are those of clients/lib; what its edge writes to the client's own
// disk is left out (edge_path.h has it).
#pragma once

#include <array>
#include <atomic>
#include <memory>
#include <vector>

#include "clients/lib/assertion_source.h"
#include "clients/lib/connection.h"
#include "clients/lib/directory_cache.h"
#include "clients/lib/party_folder.h"
#include "clients/lib/profile.h"
#include "tests/bench/inbox_desk.h"
#include "tests/bench/region.h"

namespace sluis::bench {

// Mean bytes of one call of an exchange, or of one pushed message (no request).
struct MessageSizes {
  std::size_t request = 0, answer = 0;
};

// One person at a desk, connected.
struct Seat {
  explicit Seat(const std::filesystem::path& profile_folder);
  edge::Profile profile;
  edge::PartyFolder party;
  std::unique_ptr<edge::AssertionSource> assertions;
  std::unique_ptr<edge::Connection> connection;
};

class WirePath {
 public:
  WirePath(Region& region, int clients);

  // One exchange from question to confirmation, by client 0, 1, ...; one thread a client.
  void RunOnce(int client);
  // The four calls in order.
  std::vector<MessageSizes> Calls() const;
  // The line to the answering desk and that to the asking one.
  std::vector<MessageSizes> Pushes() const;

 private:
  struct Client {
    std::unique_ptr<Seat> asker, answerer;
    CaseId the_case;
  };
  struct CallTotals {
    std::atomic<std::size_t> calls = 0, request = 0, answer = 0;
  };
  template <typename Request, typename Response>
  Response Call(const Seat& seat, int n, const edge::Method<Request, Response>& method,
                const Request& request);
  sluis::v1::Exchange Ask(const Client& client);
  void Answer(const Client& client, const sluis::v1::Exchange& exchange);
  void Collect(const Client& client, const std::string& name);

  edge::DirectoryPtr directory_;
  std::vector<Client> clients_;
  std::unique_ptr<Seat> asking_, answering_;  // whose inboxes are read
  std::unique_ptr<InboxDesk> questions_, deliveries_;
  std::array<CallTotals, 4> totals_;
};

}  // namespace sluis::bench

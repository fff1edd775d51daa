#include "tests/bench/edge_path.h"

#include "tests/bench/must.h"
#include "tests/bench/sealed_content.h"

namespace sluis::bench {

namespace wire = ::sluis::v1;

EdgePath::EdgePath(Region& region, int clients)
    : clients_(static_cast<std::size_t>(clients)),
      asking_(std::make_unique<Seat>(region.Asker(0))),
      answering_(std::make_unique<Seat>(region.Answerer(0))),
      questions_(std::make_unique<InboxDesk>(*answering_->connection, answering_->party.party(),
                                             wire::INBOX_EVENT_QUESTION)),
      deliveries_(std::make_unique<InboxDesk>(*asking_->connection, asking_->party.party(),
                                              wire::INBOX_EVENT_DELIVERY)) {
  for (int n = 0; n < clients; ++n) {
    Client& client = clients_[static_cast<std::size_t>(n)];
    client.asker = Must(edge::Edge::Open(region.Asker(n)), "an edge");
    client.answerer = Must(edge::Edge::Open(region.Answerer(n)), "an edge");
    client.the_case =
        Must(ParseCaseName(Must(client.asker->CreateCase("casus"), "a case").name()), "its name");
  }
}

void EdgePath::RunOnce(int n) {
  Client& client = clients_[static_cast<std::size_t>(n)];
  const PartyId& desk = client.answerer->party().party();
  const std::string name =
      Must(client.asker->Ask(Question(client.the_case, desk), AskedPerson(), true), "asking")
          .name();
  const wire::Exchange question = questions_->Await(name);
  Must(client.answerer->ReadSubject(question).status(), "reading a subject");
  Must(client.answerer->Answer(question, PoliceAnswer()).status(), "answering");
  deliveries_->Await(name);
  const edge::OpenedAnswer answer = Must(client.asker->OpenAnswer(name), "opening an answer");
  Must(answer.values.size() == PoliceAnswer().values.size(), "all values of an answer");
}

}  // namespace sluis::bench

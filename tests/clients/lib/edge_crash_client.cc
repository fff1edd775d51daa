// One verb of the edge as a process of its own, to be killed by a test at any of its calls.
#include <iostream>
#include <string>

#include "clients/lib/edge.h"
#include "tests/clients/lib/edge_world.h"

int main(int argc, char** argv) {
  using namespace sluis::edge;  // NOLINT(google-build-using-namespace): a test's main
  if (argc != 4) return 2;
  const std::string verb = argv[2];
  const std::string argument = argv[3];
  const auto edge = Edge::Open(argv[1]);
  if (!edge.ok()) return 3;
  absl::Status status;
  if (verb == "ask") {
    status = (*edge)->Ask(testing::TermsIn(argument), testing::EdgeWorld::Person(), true).status();
  } else if (verb == "answer") {
    status = testing::AnswerNamed(**edge, argument, testing::EdgeWorld::Content()).status();
  } else if (verb == "people") {
    std::vector<ReleasedSubject> people;
    people.emplace_back(testing::EdgeWorld::Person());
    status =
        testing::AnswerNamed(**edge, argument, testing::EdgeWorld::PeopleContent(std::move(people)))
            .status();
  } else if (verb == "session") {
    status = (*edge)->OpenSession().status();
  } else if (verb == "open") {
    status = (*edge)->OpenAnswer(argument).status();
  } else {
    status = (*edge)->ConfirmDestruction(argument).status();
  }
  if (!status.ok()) std::cerr << status << "\n";
  return status.ok() ? 0 : 1;
}

// The world of edges with a register at each provider, its index as their owners would hold it.
#pragma once

#include <string>
#include <vector>

#include "lib/pseudonym/signed_request.h"
#include "tests/clients/lib/edge_world.h"

namespace sluis::edge::testing {

inline constexpr char kAlice[] = "999990019", kBob[] = "999990020", kCarol[] = "999990032",
                      kDave[] = "999990044";
inline constexpr char kRegister[] = "basisregister";

std::vector<ReleasedSubject> People(const std::vector<std::string>& numbers);
// What a SendSubject brought.
pseudonym::SignedRequest SignedIn(const Bytes& send_subject);
// As a person who says yes to everybody who was found.
absl::StatusOr<wire::Exchange> AnswerFound(Edge& edge, const wire::Exchange& shown,
                                           const std::vector<std::optional<Subject>>& found);

class InquiryWorld : public EdgeWorld {
 public:
  // Everybody has a session.
  InquiryWorld();

  InquiryTerms OfPolice() const;
  InquiryTerms Both() const;
  std::string PoliceName() const;
  // From now on nobody keeps an index.
  void DropRegisters();

  // The index that holds these people, at whoever is asked.
  LookUp RegisterOf(const std::vector<std::string>& numbers);
  absl::StatusOr<std::vector<std::optional<Subject>>> Found(
      Edge& edge, const std::string& name, const std::vector<std::string>& numbers);
  absl::StatusOr<wire::Exchange> Answer(Edge& edge, const std::string& name,
                                        const std::vector<std::string>& numbers);
  // The town meets Alice under a pseudonym of its case.
  HeldPseudonym MeetAlice();
};

}  // namespace sluis::edge::testing

#include "tests/clients/lib/inquiry_world.h"

#include <gtest/gtest.h>

#include <map>
#include <memory>

#include "tests/support/status_matchers.h"

namespace sluis::edge::testing {

std::vector<ReleasedSubject> People(const std::vector<std::string>& numbers) {
  std::vector<ReleasedSubject> people;
  for (const std::string& number : numbers) people.emplace_back(Bsn(number));
  return people;
}

pseudonym::SignedRequest SignedIn(const Bytes& send_subject) {
  wire::SendSubjectRequest request;
  EXPECT_TRUE(request.ParseFromString(send_subject));
  return pseudonym::SignedRequest::Decode(request.signed_request()).value();
}

absl::StatusOr<wire::Exchange> AnswerFound(Edge& edge, const wire::Exchange& shown,
                                           const std::vector<std::optional<Subject>>& found) {
  std::vector<bool> hits;
  std::vector<Subject> known;
  for (const auto& one : found) {
    hits.push_back(one.has_value());
    if (one) known.push_back(one->Clone());
  }
  return edge.AnswerInquiry(shown, hits, known);
}

InquiryWorld::InquiryWorld() {
  for (auto* partner : {&police, &prosecution}) {
    const std::string regime = partner == &police ? "wpg-8" : "wjsg-strafvorderlijk";
    partner->entry.units.front().registers = {{kRegister, regime, 100, 1, {"bsn"}}};
  }
  broker.forms["sig-treffer"] = "presence";
  ServeDirectory(8);
  EXPECT_OK(Town()->OpenSession());
  EXPECT_OK(Police()->OpenSession());
  EXPECT_OK(Prosecution()->OpenSession());
}

InquiryTerms InquiryWorld::OfPolice() const {
  const ExchangeTerms one = Terms();
  InquiryTerms terms{.purpose = one.purpose, .principal = {}, .case_id = one.case_id};
  terms.providers.push_back({one.counterpart, one.legal_basis, one.regime, one.subject_category});
  return terms;
}

InquiryTerms InquiryWorld::Both() const {
  InquiryTerms terms = OfPolice();
  terms.providers.push_back({ProsecutionId(), "wjsg-39fa", "wjsg-strafvorderlijk", "verdachte"});
  return terms;
}

std::string InquiryWorld::PoliceName() const { return Terms().counterpart.ToString(); }

void InquiryWorld::DropRegisters() {
  for (auto* partner : {&police, &prosecution}) partner->entry.units.front().registers.clear();
  ServeDirectory(9);
}

LookUp InquiryWorld::RegisterOf(const std::vector<std::string>& numbers) {
  // What an inquiry about each of them arrives as, at each owner.
  const auto index = std::make_shared<std::map<Bytes, std::string>>();
  for (const PartyId& owner : {Terms().counterpart, ProsecutionId()}) {
    const auto domain = pseudonym::Domain::Index(1, pseudonym::Party::Of(owner), kRegister).value();
    for (const std::string& number : numbers) {
      const auto arriving = broker.transcryptors.IndexPseudonymOf(Bsn(number), domain);
      index->emplace(arriving.bytes(SecretAccess::ForTest()), number);
    }
  }
  return
      [index](const pseudonym::IndexPseudonym& asked) -> absl::StatusOr<std::optional<Subject>> {
        const auto found = index->find(Bytes(asked.bytes(SecretAccess::ForTest())));
        if (found == index->end()) return std::nullopt;
        return Bsn(found->second);
      };
}

absl::StatusOr<std::vector<std::optional<Subject>>> InquiryWorld::Found(
    Edge& edge, const std::string& name, const std::vector<std::string>& numbers) {
  const auto shown = edge.Get(name);
  if (!shown.ok()) return shown.status();
  return edge.ReadQuestion(*shown, RegisterOf(numbers));
}

absl::StatusOr<wire::Exchange> InquiryWorld::Answer(Edge& edge, const std::string& name,
                                                    const std::vector<std::string>& numbers) {
  const auto shown = edge.Get(name);
  if (!shown.ok()) return shown.status();
  const auto found = edge.ReadQuestion(*shown, RegisterOf(numbers));
  if (!found.ok()) return found.status();
  return AnswerFound(edge, *shown, *found);
}

HeldPseudonym InquiryWorld::MeetAlice() {
  const auto om = Prosecution();
  const std::string name = Announce(*om, TownId(), Terms());
  std::vector<ReleasedSubject> alice;
  alice.emplace_back(Bsn(kAlice));
  EXPECT_OK(AnswerNamed(*om, name, PeopleContent(std::move(alice))));
  const auto desk = Town();
  const auto answer = desk->OpenAnswer(name);
  EXPECT_OK(answer);
  const std::string human(answer->values[0].Reveal(SecretAccess::ForTest()));
  return desk->FindPseudonym(case_id.hex(), Terms().purpose, human).value();
}

}  // namespace sluis::edge::testing

#include "tests/bench/floor_seal.h"

#include "clients/lib/edge.h"
#include "clients/lib/seal_exchange.h"
#include "lib/crypto/random.h"
#include "lib/sealing/release_header.h"
#include "lib/sealing/sealed_field.h"
#include "tests/bench/must.h"
#include "tests/bench/sealed_content.h"

namespace sluis::bench {
namespace {

namespace wire = ::sluis::v1;

// What the broker checks of a sealed field: that its sender signed it for this recipient and case.
void VerifyAsBroker(const std::string& sealed, const SealContext& context,
                    const identity::UnitEntry& sender, const identity::UnitEntry& recipient) {
  const SealedView view = Must(ParseSealed(sealed), "a sealed field");
  Must(VerifySealed(view, context, recipient.sealing, sender.signing).status(), "its signature");
}

}  // namespace

SealFloor::SealFloor(Region& region) : asker_(region.Asker(0)), answerer_(region.Answerer(0)) {
  const auto edge = Must(edge::Edge::Open(region.Asker(0)), "an edge");
  directory_ = Must(edge->Directory(), "the directory");
  const CaseId the_case = CaseId::FromBytes(RandomArray<16>());
  exchange_ = edge::WriteExchange("request", Question(the_case, answerer_.party.party()),
                                  asker_.party.party());
  const ExchangeId id = ExchangeId::FromBytes(RandomArray<16>());
  exchange_.set_name(ExchangeName(asker_.party.party(), id));
  *exchange_.mutable_provider_desk() = exchange_.provider();
  *exchange_.mutable_recipient_desk() = exchange_.recipient();
}

void SealFloor::RunOnce() const {
  const absl::Time now = absl::Now();
  const PartyId& town = asker_.party.party();
  const PartyId& police = answerer_.party.party();
  const identity::UnitEntry& town_entry = *directory_->FindParty(town);
  const identity::UnitEntry& police_entry = *directory_->FindParty(police);
  wire::Exchange exchange = exchange_;
  const std::string request_id = edge::NewRequestId();
  *exchange.mutable_subject() = Must(
      edge::SealSubject(exchange, request_id, AskedPerson(), true, asker_.party, *directory_, now),
      "sealing a subject");
  exchange.mutable_subject()->set_request_id(request_id);
  const std::string case_id = Must(ParseCaseName(exchange.case_()), "a case").hex();
  VerifyAsBroker(exchange.subject().sealed(), {town, police, case_id, exchange.purpose()},
                 town_entry, police_entry);
  Must(edge::OpenSubject(exchange, answerer_.party, *directory_, now).status(),
       "opening a subject");

  const wire::Release release =
      Must(edge::SealRelease(exchange, PoliceAnswer(), answerer_.party, *directory_, now),
           "sealing a release");
  Must(VerifyReleaseHeader(release.header(), release.signature(), police_entry.signing),
       "the header of a release");
  for (const std::string& sealed : release.sealed_fields()) {
    VerifyAsBroker(sealed, {police, town, case_id, exchange.purpose()}, police_entry, town_entry);
  }
  const edge::OpenedAnswer answer = OpenAnswerOf(exchange, release, asker_.party, *directory_);
  Must(answer.values.size() == PoliceAnswer().values.size(), "all values of an answer");
}

}  // namespace sluis::bench

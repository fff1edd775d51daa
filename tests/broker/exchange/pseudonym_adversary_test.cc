// The broker as the target of a partner or a transcryptor that does not play by the rules, and what
// leaves it when it is stolen. Each line of the threat tables that a broker can notice.
#include <gmock/gmock.h>

#include "broker/exchange/waiting.h"
#include "lib/crypto/hash.h"
#include "tests/broker/exchange/pseudonym_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::exchange::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::Not;
using State = storage::ExchangeState;

class PseudonymAdversaryTest : public PseudonymWorld {
 protected:
  PseudonymAdversaryTest()
      : riec_(OpenSessionOf(RiecOffice())),
        oov_(OpenSessionOf(Oov())),
        asked_(Create(Oov(), Signal(Oov())).value()) {}

  // The release is refused with `reason`, in the log, and nothing was delivered.
  void ExpectRefused(const sluis::exchange::Answer& answer, const std::string& reason) {
    const std::size_t leaves = LeavesOf(asked_.exchange.id).size();
    const int transcribed = first.transcribed;
    const auto sent = AnswerWith(Oov(), answer);
    EXPECT_EQ(ReasonOf(sent.status()), reason);
    EXPECT_EQ(LeavesOf(asked_.exchange.id).size(), leaves + 1) << reason << " stands in the log";
    EXPECT_EQ(first.transcribed, transcribed) << "no transcryptor was asked";
    ExpectUntouched();
  }
  void ExpectUntouched() {
    EXPECT_EQ(Stored(asked_.exchange.id).state, State::kForwarded);
    EXPECT_FALSE(store.Snapshot().value()->FindMailbox(asked_.exchange.id).value().has_value());
  }
  sluis::exchange::Answer Bent(const SendTerms& terms) {
    return SendAbout(asked_, oov_, {kBsn}, SignalFields(), terms);
  }

  const Session riec_, oov_;
  const ExchangeResult asked_;
};

TEST_F(PseudonymAdversaryTest, MaliciousPartnerUsesAnotherMandate) {
  const ExchangeResult other = *Create(Oov(), Signal(Oov()));
  SendTerms terms;
  terms.statement = other.exchange.statement;
  ExpectRefused(Bent(terms), "E_MANDATE");
}

TEST_F(PseudonymAdversaryTest, MaliciousPartnerChangesTheDomain) {
  SendTerms terms;
  terms.d_to =
      pseudonym::Domain::Case(1, asked_.exchange.case_id.hex(),
                              pseudonym::Party::Of(RiecOffice().party), "riec-signaalweging")
          .value();
  ExpectRefused(Bent(terms), "E_MANDATE");
  terms.d_to = pseudonym::Domain::Case(1, asked_.exchange.domain.hex(),
                                       pseudonym::Party::Of(RiecOffice().party), "riec-casus")
                   .value();
  ExpectRefused(Bent(terms), "E_MANDATE");
}

TEST_F(PseudonymAdversaryTest, MaliciousPartnerSendsToAnotherRecipient) {
  const Session account = OpenSessionOf(RiecAccount());
  SendTerms terms;
  terms.c_to = account.context.bytes();
  terms.d_to =
      pseudonym::Domain::Case(1, asked_.exchange.domain.hex(),
                              pseudonym::Party::Of(RiecAccount().party), "riec-signaalweging")
          .value();
  ExpectRefused(Bent(terms), "E_MANDATE");
}

TEST_F(PseudonymAdversaryTest, MaliciousPartnerSendsTowardsASessionThatNobodyOpened) {
  SendTerms terms;
  terms.c_to = pseudonym::Context::Draw(pseudonym::Party::Of(RiecOffice().party)).value().bytes();
  ExpectRefused(Bent(terms), "E_SESSION");
}

TEST_F(PseudonymAdversaryTest, MaliciousPartnerBindsAnotherPayload) {
  SendTerms terms;
  terms.payload = Sha256("something else");
  ExpectRefused(Bent(terms), "E_PAYLOAD");
}

TEST_F(PseudonymAdversaryTest, MaliciousPartnerTellsTheTranscryptorsOtherLabels) {
  SendTerms terms;
  terms.category = "verdachte";
  ExpectRefused(Bent(terms), "ANSWER_EXCEEDS_DECISION");
}

TEST_F(PseudonymAdversaryTest, MaliciousPartnerReplaysARequestOfAnotherExchange) {
  const sluis::exchange::Answer good = Bent({});
  ASSERT_OK(AnswerWith(Oov(), good).status());
  const ExchangeResult other = *Create(Oov(), Signal(Oov()));
  sluis::exchange::Answer replayed = SendAbout(other, oov_, {kBsn}, SignalFields());
  ReleaseHeader header = *ParseReleaseHeader(replayed.header);
  header.signed_requests = {Sha256(good.signed_requests[0])};
  replayed.signed_requests = good.signed_requests;
  replayed.header = EncodeReleaseHeader(header).value();
  replayed.signature = SignReleaseHeader(replayed.header, KeyOf(Oov()));
  EXPECT_EQ(ReasonOf(AnswerWith(Oov(), replayed).status()), "E_MANDATE");
}

TEST_F(PseudonymAdversaryTest, MaliciousUnitOfTheSameOrganisationSigns) {
  // The supervisor's session and key, in OOV's release.
  const Session supervisor = OpenSessionOf(Supervisor());
  const ExchangeResult inside = *Create(Supervisor(), InsideSignal());
  SendTerms resident;
  resident.category = "bewoner";
  const sluis::exchange::Answer theirs =
      SendAbout(inside, supervisor, {kBsn}, {{"p-naam", "pseudonym", R"({"ref":0})"}}, resident);
  sluis::exchange::Answer mixed = Bent({});
  ReleaseHeader header = *ParseReleaseHeader(mixed.header);
  header.signed_requests = {Sha256(theirs.signed_requests[0])};
  mixed.signed_requests = theirs.signed_requests;
  mixed.header = EncodeReleaseHeader(header).value();
  mixed.signature = SignReleaseHeader(mixed.header, KeyOf(Oov()));
  ExpectRefused(mixed, "E_SENDER");
}

TEST_F(PseudonymAdversaryTest, HeaderAndSignedRequestsMustBeOfEachOther) {
  sluis::exchange::Answer swapped = Bent({});
  swapped.signed_requests = Bent({}).signed_requests;
  ExpectRefused(swapped, "E_PAYLOAD");
  sluis::exchange::Answer missing = Bent({});
  missing.signed_requests.clear();
  EXPECT_EQ(ReasonOf(AnswerWith(Oov(), missing).status()), "E_PAYLOAD");
  sluis::exchange::Answer damaged = Bent({});
  damaged.signed_requests[0].back() ^= 1;
  ReleaseHeader header = *ParseReleaseHeader(damaged.header);
  header.signed_requests = {Sha256(damaged.signed_requests[0])};
  damaged.header = EncodeReleaseHeader(header).value();
  damaged.signature = SignReleaseHeader(damaged.header, KeyOf(Oov()));
  ExpectRefused(damaged, "E_SIGNATURE");
  // What the header does not name is not even looked at.
  sluis::exchange::Answer other = Bent({});
  other.signed_requests[0].back() ^= 1;
  ExpectRefused(other, "E_PAYLOAD");
}

TEST_F(PseudonymAdversaryTest, APseudonymNeedsSomebodyAndSomebodyNeedsAField) {
  EXPECT_EQ(ReasonOf(AnswerWith(Oov(), SendAbout(asked_, oov_, {}, SignalFields())).status()),
            "ANSWER_EXCEEDS_DECISION");
  EXPECT_EQ(
      ReasonOf(AnswerWith(Oov(), SendAbout(asked_, oov_, {kBsn}, {{"sig-thema", "category", "t"}}))
                   .status()),
      "ANSWER_EXCEEDS_DECISION");
  ExpectUntouched();
}

TEST_F(PseudonymAdversaryTest, ARefusalOfATranscryptorIsToldAndLeavesTheExchangeAsItWas) {
  // Inside one organisation the quota is 20 a day; a batch of 21 goes over it.
  OpenSessionOf(Oov());
  const Session supervisor = OpenSessionOf(Supervisor());
  const ExchangeResult inside = *Create(Supervisor(), InsideSignal());
  SendTerms resident;
  resident.category = "bewoner";
  const std::vector<std::string> many(21, kBsn);
  const std::vector<Released> fields = {{"p-naam", "pseudonym", R"({"ref":0})"}};
  const auto over = AnswerWith(Supervisor(), SendAbout(inside, supervisor, many, fields, resident));
  EXPECT_EQ(ReasonOf(over.status()), "E_QUOTA");
  EXPECT_EQ(DetailOf(over.status()).metadata.at("transcryptor"), "1");
  EXPECT_EQ(Stored(inside.exchange.id).state, State::kForwarded);
  EXPECT_THAT(LeavesOf(inside.exchange.id).back(), "DECISION");
}

struct Corruption {
  const char* name;
  std::function<void(storage::HopRecord&)> apply;
};

TEST_F(PseudonymAdversaryTest, MaliciousTranscryptorAnswersSomethingElse) {
  const std::vector<Corruption> corruptions = {
      {"signature", [](storage::HopRecord& r) { r.signature[3] ^= 1; }},
      {"response",
       [](storage::HopRecord& r) { r.batch_response = r.batch_response.substr(0, 36); }},
      {"other items", [](storage::HopRecord& r) { r.batch_response[40] ^= 1; }},
      {"payload", [](storage::HopRecord& r) { r.payload_digests[0] ^= 1; }},
      {"no payload", [](storage::HopRecord& r) { r.payload_digests.clear(); }},
      {"proof digest", [](storage::HopRecord& r) { r.proof_digest[0] ^= 1; }},
      {"short digest", [](storage::HopRecord& r) { r.proof_digest.clear(); }},
      {"no proof", [](storage::HopRecord& r) { r.sealed_proof.clear(); }},
      {"commitments", [](storage::HopRecord& r) { r.commitments.pop_back(); }},
      {"order", [](storage::HopRecord& r) { std::swap(r.commitments[0], r.commitments[1]); }},
      {"nothing", [](storage::HopRecord& r) { r = {}; }},
  };
  for (PortToOne* port : {&first, &second}) {
    for (const Corruption& corruption : corruptions) {
      port->corrupt = corruption.apply;
      const auto sent = AnswerWith(Oov(), Bent({}));
      EXPECT_EQ(ReasonOf(sent.status()), "TRANSCRYPTOR_FAULT") << port->hop << corruption.name;
      EXPECT_EQ(DetailOf(sent.status()).metadata["transcryptor"], std::to_string(port->hop))
          << "it is named: " << corruption.name;
      ExpectUntouched();
    }
    port->corrupt = nullptr;
  }
  EXPECT_OK(AnswerWith(Oov(), Bent({})).status()) << "honest again";
}

TEST_F(PseudonymAdversaryTest, MaliciousTranscryptorSignsWhatItAnswersElse) {
  const std::vector<Corruption> corruptions = {
      {"one item more",
       [](storage::HopRecord& r) {
         auto response = *pseudonym::BatchResponse::Decode(r.batch_response);
         response.items.push_back(response.items[0]);
         r.batch_response = response.Encode();
       }},
      {"payload", [](storage::HopRecord& r) { r.payload_digests[0] ^= 1; }},
      {"commitments", [](storage::HopRecord& r) { r.commitments.pop_back(); }},
      {"no proof", [](storage::HopRecord& r) { r.sealed_proof.clear(); }},
  };
  for (const Corruption& corruption : corruptions) {
    first.corrupt = corruption.apply;
    first.signs_it = true;
    const int asked = second.transcribed;
    const auto sent = AnswerWith(Oov(), Bent({}));
    EXPECT_EQ(ReasonOf(sent.status()), "TRANSCRYPTOR_FAULT") << corruption.name;
    EXPECT_EQ(DetailOf(sent.status()).metadata["transcryptor"], "1") << corruption.name;
    EXPECT_EQ(second.transcribed, asked) << "it goes no further: " << corruption.name;
    ExpectUntouched();
  }
}

TEST_F(PseudonymAdversaryTest, ACuriousBrokerHoldsNothingThatOpensAnything) {
  ASSERT_OK(AnswerWith(Oov(), Bent({})).status());
  const auto content = store.Snapshot().value()->FindMailbox(asked_.exchange.id).value();
  ASSERT_TRUE(content.has_value());
  Bytes everything = content->header + content->statement;
  for (const Bytes& sealed : content->sealed_fields) everything += sealed;
  for (const Bytes& request : content->signed_requests) everything += request;
  for (const auto& transcryption : content->transcryptions) {
    everything += transcryption.first.batch_response + transcryption.second.batch_response;
    EXPECT_TRUE(transcryption.first.sealed_proof.empty());
  }
  EXPECT_THAT(everything, Not(HasSubstr(kBsn)));
  EXPECT_THAT(everything, Not(HasSubstr("wat er is gezien")));
  EXPECT_THAT(everything, Not(HasSubstr(Oov().person)));
  for (const HopAsk& ask : first.asked) {
    EXPECT_THAT(ask.statement + ask.signed_request, Not(HasSubstr(asked_.exchange.case_id.hex())))
        << "a transcryptor learns the domain and not the case";
  }
}

}  // namespace
}  // namespace sluis::exchange::testing

// A broker, or a transcryptor, that lies about people: every lie is found by the edge, which then
// keeps and shows nothing.
#include <gtest/gtest.h>

#include "lib/base/file.h"
#include "lib/crypto/hash.h"
#include "lib/pseudonym/refusal.h"
#include "tests/clients/lib/edge_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge::testing {
namespace {

using ::sluis::testing::HasReason;
using ::testing::IsEmpty;

constexpr char kAlice[] = "999990019", kBob[] = "999990020";

std::vector<ReleasedSubject> People(std::initializer_list<const char*> numbers) {
  std::vector<ReleasedSubject> people;
  for (const char* number : numbers) people.emplace_back(Bsn(number));
  return people;
}

class EdgeLiesTest : public ::testing::Test {
 protected:
  EdgeLiesTest() {
    EXPECT_OK(world_.Town()->OpenSession());
    name_ = Disclosed({kAlice, kBob});
  }
  std::string Disclosed(std::initializer_list<const char*> numbers) {
    const auto police = world_.Police();
    const std::string name = world_.Announce(*police, EdgeWorld::TownId(), world_.Terms());
    EXPECT_OK(AnswerNamed(*police, name, EdgeWorld::PeopleContent(People(numbers))));
    return name;
  }
  // The town opens what this lie made of the delivery: it refuses with this code and keeps nothing.
  void Lie(const std::string& code, const std::function<void(wire::Delivery&)>& lie) {
    world_.broker.change_delivery = lie;
    EXPECT_THAT(world_.Town()->OpenAnswer(name_), HasReason(code));
    world_.broker.change_delivery = nullptr;
    EXPECT_THAT(*world_.Town()->ListPseudonyms(""), IsEmpty());
    EXPECT_THAT(world_.Town()->ReadAnswer(name_), HasReason("ANSWER_NOT_HERE"));
  }
  static wire::Transcryption& First(wire::Delivery& delivery) {
    return *delivery.mutable_transcryptions(0);
  }
  // As the police would sign the header over the requests that now stand there.
  void SignAnew(wire::Delivery& delivery) {
    wire::Release& release = *delivery.mutable_release();
    ReleaseHeader header = ParseReleaseHeader(release.header()).value();
    header.signed_requests = {Sha256(First(delivery).signed_request())};
    release.set_signed_requests(0, First(delivery).signed_request());
    release.set_header(EncodeReleaseHeader(header).value());
    release.set_signature(
        SignReleaseHeader(release.header(), world_.police.SigningKey(kPoliceUnit)));
  }
  EdgeWorld world_;
  std::string name_;
};

void FlipByte(std::string* bytes, std::size_t at) {
  (*bytes)[at] = static_cast<char>((*bytes)[at] ^ 1);
}

TEST_F(EdgeLiesTest, TheTruthIsBelieved) { EXPECT_OK(world_.Town()->OpenAnswer(name_)); }

TEST_F(EdgeLiesTest, AReorderedBatch) {
  Lie("E_SIGNATURE", [](wire::Delivery& delivery) {
    std::string& batch = *First(delivery).mutable_second()->mutable_batch_response();
    const std::string one = batch.substr(36, 64), two = batch.substr(100, 64);
    batch = batch.substr(0, 36) + two + one;
  });
}

TEST_F(EdgeLiesTest, CiphertextsOfAnotherExchange) {
  const std::string other = Disclosed({kBob, kAlice});
  Lie("E_SIGNATURE", [&](wire::Delivery& delivery) {
    First(delivery).mutable_second()->set_batch_response(
        world_.broker.transcryptions.at(other)[0].second().batch_response());
  });
  // With everything that belongs to them: then the header of this release names another request.
  Lie("E_PAYLOAD", [&](wire::Delivery& delivery) {
    First(delivery) = world_.broker.transcryptions.at(other)[0];
  });
  Lie("E_PAYLOAD", [&](wire::Delivery& delivery) {
    First(delivery) = world_.broker.transcryptions.at(other)[0];
    delivery.mutable_release()->set_signed_requests(0, First(delivery).signed_request());
  });
}

TEST_F(EdgeLiesTest, AMissingTranscryptionOrOneTooMany) {
  Lie("E_PAYLOAD", [](wire::Delivery& delivery) { delivery.clear_transcryptions(); });
  Lie("E_PAYLOAD", [](wire::Delivery& delivery) {
    const wire::Transcryption again = First(delivery);
    *delivery.add_transcryptions() = again;
  });
}

TEST_F(EdgeLiesTest, AForeignY) {
  Lie("E_SIGNATURE", [](wire::Delivery& delivery) {
    std::string& batch = *First(delivery).mutable_second()->mutable_batch_response();
    batch.replace(0, 32, std::string(GroupElement::Generator().bytes()));
  });
}

TEST_F(EdgeLiesTest, OtherPayloadDigests) {
  for (const bool second : {false, true}) {
    Lie("E_PROOF", [second](wire::Delivery& delivery) {
      wire::TranscryptionHop* hop =
          second ? First(delivery).mutable_second() : First(delivery).mutable_first();
      std::string& digests = *hop->mutable_payload_digests();
      digests = digests.substr(32, 32) + digests.substr(0, 32);
    });
  }
}

TEST_F(EdgeLiesTest, AProofBlockThatIsMissingAlteredOrOfAnotherRequest) {
  Lie("E_PROOF",
      [](wire::Delivery& delivery) { First(delivery).mutable_second()->clear_sealed_proof(); });
  Lie("E_SIGNATURE", [](wire::Delivery& delivery) {
    std::string* proof = First(delivery).mutable_second()->mutable_sealed_proof();
    FlipByte(proof, proof->size() - 100);
  });
  const std::string other = Disclosed({kAlice, kBob});
  Lie("E_STATEMENT", [&](wire::Delivery& delivery) {
    First(delivery).mutable_second()->set_sealed_proof(
        world_.broker.transcryptions.at(other)[0].second().sealed_proof());
  });
}

TEST_F(EdgeLiesTest, AnAlteredHopSignature) {
  Lie("E_SIGNATURE", [](wire::Delivery& delivery) {
    FlipByte(First(delivery).mutable_first()->mutable_signature(), 5);
  });
  Lie("E_SIGNATURE", [](wire::Delivery& delivery) {
    FlipByte(First(delivery).mutable_second()->mutable_signature(), 5);
  });
  Lie("E_SIGNATURE", [](wire::Delivery& delivery) {
    FlipByte(First(delivery).mutable_first()->mutable_proof_digest(), 5);
  });
}

TEST_F(EdgeLiesTest, OtherCommitments) {
  Lie("E_SIGNATURE", [](wire::Delivery& delivery) {
    wire::Commitment* one = First(delivery).mutable_second()->mutable_commitments(1);
    const std::string point = First(delivery).second().commitments(0).point();
    one->set_point(point);
  });
}

TEST_F(EdgeLiesTest, AnAlteredRequestOrStatement) {
  Lie("E_PAYLOAD",
      [](wire::Delivery& delivery) { FlipByte(First(delivery).mutable_signed_request(), 40); });
  Lie("E_SIGNATURE",
      [](wire::Delivery& delivery) { FlipByte(First(delivery).mutable_statement(), 40); });
}

TEST_F(EdgeLiesTest, TheStatementOfAnotherExchange) {
  const std::string other = Disclosed({kBob});
  Lie("E_MANDATE", [&](wire::Delivery& delivery) {
    First(delivery).set_statement(world_.broker.exchanges.at(other).statement());
  });
}

// The police and the broker together: what the police did not sign as a request, and what was
// permitted for another exchange. No transcryptor is to blame.
TEST_F(EdgeLiesTest, ASenderThatNamesWhatItDidNotSign) {
  world_.broker.change_delivery = [this](wire::Delivery& delivery) {
    std::string* request = First(delivery).mutable_signed_request();
    FlipByte(request, request->size() - 1);
    SignAnew(delivery);
  };
  const auto refused = world_.Town()->OpenAnswer(name_);
  EXPECT_THAT(refused, HasReason("E_SIGNATURE"));
  EXPECT_FALSE(DetailOf(refused.status()).metadata.contains("transcryptor"));
}

TEST_F(EdgeLiesTest, ASenderThatNamesWhatWasSentInAnotherExchange) {
  const std::string other = Disclosed({kAlice, kBob});
  Lie("E_MANDATE", [&](wire::Delivery& delivery) {
    First(delivery) = world_.broker.transcryptions.at(other)[0];
    SignAnew(delivery);
  });
}

TEST_F(EdgeLiesTest, AnotherDomainOfTheExchange) {
  Lie("E_MANDATE", [](wire::Delivery& delivery) {
    delivery.mutable_exchange()->set_domain("00000000000000000000000000000001");
  });
}

// The police send under epoch 1, and no lie of the broker is needed.
TEST_F(EdgeLiesTest, AnotherEpochThanOurs) {
  const std::filesystem::path file = world_.TownParty() / "party.txtpb";
  const std::string config = ReadFile(file).value();
  const auto with = [&](const std::string& epochs) {
    std::string changed = config;
    changed.insert(changed.find("pseudonyms {") + 12, epochs);
    ASSERT_OK(WriteFileAtomic(file, changed));
  };
  with(" epoch: 2 ");
  Lie("E_MANDATE", nullptr);
  with(" epoch: 3 previous_epoch: 2 ");
  Lie("E_MANDATE", nullptr);
  with(" epoch: 2 previous_epoch: 1 ");
  EXPECT_OK(world_.Town()->OpenAnswer(name_));
}

TEST_F(EdgeLiesTest, ASecondTranscryptorWithAnotherFactorIsNamed) {
  world_.broker.transcryptors.MakeCheat(2);
  name_ = Disclosed({kAlice});
  world_.broker.change_delivery = nullptr;
  const auto refused = world_.Town()->OpenAnswer(name_);
  EXPECT_THAT(refused, HasReason("E_PROOF"));
  EXPECT_EQ(DetailOf(refused.status()).metadata.at("transcryptor"), "2");
}

// --- what the broker tells the sender ---

class EdgeSenderLiesTest : public EdgeLiesTest {
 protected:
  // The police answer a prepared exchange that this lie changed: nothing leaves.
  void LieWhenPrepared(const std::string& code, const std::function<void(wire::Exchange&)>& lie) {
    const auto police = world_.Police();
    const std::string name = world_.Announce(*police, EdgeWorld::TownId(), world_.Terms());
    world_.broker.seen.clear();
    world_.broker.change_exchange = [&](wire::Exchange& exchange) {
      if (!exchange.statement().empty()) lie(exchange);
    };
    EXPECT_THAT(AnswerNamed(*police, name, EdgeWorld::PeopleContent(People({kAlice}))),
                HasReason(code));
    world_.broker.change_exchange = nullptr;
    EXPECT_THAT(world_.broker.SeenOf("AnswerExchange"), IsEmpty());
  }
};

TEST_F(EdgeSenderLiesTest, ASwappedContext) {
  ASSERT_OK(world_.Prosecution()->OpenSession());
  LieWhenPrepared("E_RECIPIENT", [this](wire::Exchange& exchange) {
    exchange.set_recipient_context(
        world_.broker.live_contexts.at(EdgeWorld::ProsecutionId().ToString()).back());
  });
  // Its own session: what it sends would come back to the sender.
  LieWhenPrepared("E_RECIPIENT", [this](wire::Exchange& exchange) {
    exchange.set_recipient_context(
        world_.broker.live_contexts.at("00000099200000001000/politie/informatie").back());
  });
}

TEST_F(EdgeSenderLiesTest, AnotherDomainThanTheStatementSays) {
  LieWhenPrepared("E_MANDATE", [](wire::Exchange& exchange) {
    exchange.set_domain("00000000000000000000000000000001");
  });
  LieWhenPrepared("E_TLV", [](wire::Exchange& exchange) { exchange.set_domain("casus"); });
}

TEST_F(EdgeSenderLiesTest, AStatementOfAnotherKeyOrExchange) {
  LieWhenPrepared("E_SIGNATURE", [](wire::Exchange& exchange) {
    FlipByte(exchange.mutable_statement(), exchange.statement().size() - 3);
  });
  LieWhenPrepared("E_MANDATE", [this](wire::Exchange& exchange) {
    exchange.set_statement(world_.broker.exchanges.at(name_).statement());
  });
}

// What a person said yes to, and what the broker may make of it between that and the release.
void EverySwap(const std::function<void(const std::function<void(wire::Exchange&)>&)>& meets) {
  meets([](wire::Exchange& swapped) { swapped.set_action("recall"); });
  meets([](wire::Exchange& swapped) { swapped.set_purpose("riec-signaalweging"); });
  meets([](wire::Exchange& swapped) { swapped.set_legal_basis("wpg-20"); });
  meets(
      [](wire::Exchange& swapped) { swapped.set_case_("cases/00000000000000000000000000000001"); });
  meets([](wire::Exchange& swapped) {
    WriteParty(EdgeWorld::ProsecutionId(), swapped.mutable_recipient_desk());
  });
  meets([](wire::Exchange& swapped) {
    WriteParty(EdgeWorld::ProsecutionId(), swapped.mutable_recipient());
  });
  meets([](wire::Exchange& swapped) {
    WriteParty(EdgeWorld::ProsecutionId(), swapped.mutable_provider());
  });
  meets([](wire::Exchange& swapped) {
    WriteParty(EdgeWorld::ProsecutionId(), swapped.mutable_provider_desk());
  });
  meets([](wire::Exchange& swapped) { swapped.set_from_purpose("riec-signaalweging"); });
  meets(
      [](wire::Exchange& swapped) { swapped.set_from_domain("00000000000000000000000000000001"); });
  meets([](wire::Exchange& swapped) { swapped.mutable_subject()->set_sealed("x"); });
}

TEST_F(EdgeSenderLiesTest, WhatIsSwappedAfterThePersonSaidYesReleasesNothing) {
  ASSERT_OK(world_.Prosecution()->OpenSession());
  const auto police = world_.Police();
  const std::string name = world_.Announce(*police, EdgeWorld::TownId(), world_.Terms());
  ASSERT_OK_AND_ASSIGN(const wire::Exchange confirmed, police->Get(name));
  const wire::Exchange shown = world_.broker.exchanges.at(name);
  world_.broker.seen.clear();
  EverySwap([&](const std::function<void(wire::Exchange&)>& swap) {
    swap(world_.broker.exchanges.at(name));
    EXPECT_THAT(police->Answer(confirmed, EdgeWorld::Content()), HasReason("ANSWER_MISMATCH"));
    EXPECT_THAT(police->Answer(confirmed, EdgeWorld::PeopleContent(People({kAlice}))),
                HasReason("ANSWER_MISMATCH"));
    world_.broker.exchanges.at(name) = shown;
  });
  EXPECT_THAT(world_.broker.SeenOf("PrepareAnswer"), IsEmpty());
  EXPECT_THAT(world_.broker.SeenOf("AnswerExchange"), IsEmpty());
  EXPECT_OK(police->Answer(confirmed, EdgeWorld::PeopleContent(People({kAlice}))));
}

TEST_F(EdgeSenderLiesTest, WhatIsSwappedWhenPreparedReleasesNothing) {
  ASSERT_OK(world_.Prosecution()->OpenSession());
  EverySwap([this](const std::function<void(wire::Exchange&)>& swap) {
    LieWhenPrepared("ANSWER_MISMATCH", swap);
  });
}

TEST_F(EdgeSenderLiesTest, ASwappedSealingKeyInTheDirectory) {
  const auto police = world_.Police();
  const std::string name = world_.Announce(*police, EdgeWorld::TownId(), world_.Terms());
  identity::DirectoryDocument document =
      identity::testing::DocumentOf({&world_.town, &world_.police, &world_.prosecution});
  document.version = 8;
  for (auto& partner : document.partners) {
    for (auto& unit : partner.units) unit.sealing = X25519PrivateKey::Generate().public_key();
  }
  identity::testing::TestOfficers strangers;
  world_.broker.directory_note = strangers.Sign(document);
  EXPECT_THAT(AnswerNamed(*world_.Police(), name, EdgeWorld::PeopleContent(People({kAlice}))),
              HasReason("DIRECTORY_NOT_SIGNED"));
}

}  // namespace
}  // namespace sluis::edge::testing

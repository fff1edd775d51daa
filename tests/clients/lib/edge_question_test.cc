// A question to a register that was tampered with, at every part of it: refused, and nothing is
// looked up.
#include <gtest/gtest.h>

#include "lib/base/error.h"
#include "tests/clients/lib/inquiry_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge::testing {
namespace {

using ::sluis::testing::HasReason;
using ::testing::SizeIs;

class EdgeQuestionTest : public ::testing::Test {
 protected:
  EdgeQuestionTest() {
    const auto parts = world_.Town()->Inquire(world_.OfPolice(), People({kAlice, kBob}));
    EXPECT_OK(parts);
    if (parts.ok()) name_ = parts->front().exchange.name();
  }
  // What the police make of the question after this change.
  absl::Status Read(const std::function<void(wire::Exchange&)>& change) {
    world_.broker.change_question = change;
    const auto police = world_.Police();
    const auto shown = police->Get(name_);
    EXPECT_OK(shown);
    looked_up_ = 0;
    return police
        ->ReadQuestion(
            *shown,
            [this](const pseudonym::IndexPseudonym&) -> absl::StatusOr<std::optional<Subject>> {
              ++looked_up_;
              return std::nullopt;
            })
        .status();
  }
  static void Flip(std::string* bytes, std::size_t at) {
    ASSERT_LT(at, bytes->size());
    (*bytes)[at] = static_cast<char>((*bytes)[at] ^ 1);
  }
  InquiryWorld world_;
  std::string name_;
  int looked_up_ = 0;
};

TEST_F(EdgeQuestionTest, AsItCameItIsLookedUpPositionByPosition) {
  EXPECT_OK(Read({}));
  EXPECT_EQ(looked_up_, 4);
}

TEST_F(EdgeQuestionTest, OneChangedByteAnywhereIsRefusedBeforeAnythingIsLookedUp) {
  using Part = std::function<std::string*(wire::Transcryption&)>;
  const std::vector<std::pair<std::string, Part>> parts = {
      {"signed request", [](auto& t) { return t.mutable_signed_request(); }},
      {"statement", [](auto& t) { return t.mutable_statement(); }},
      {"first response", [](auto& t) { return t.mutable_first()->mutable_batch_response(); }},
      {"first payloads", [](auto& t) { return t.mutable_first()->mutable_payload_digests(); }},
      {"first signature", [](auto& t) { return t.mutable_first()->mutable_signature(); }},
      {"first proof", [](auto& t) { return t.mutable_first()->mutable_proof_digest(); }},
      {"second response", [](auto& t) { return t.mutable_second()->mutable_batch_response(); }},
      {"second payloads", [](auto& t) { return t.mutable_second()->mutable_payload_digests(); }},
      {"second signature", [](auto& t) { return t.mutable_second()->mutable_signature(); }},
      {"second proof", [](auto& t) { return t.mutable_second()->mutable_sealed_proof(); }},
      {"commitment",
       [](auto& t) { return t.mutable_second()->mutable_commitments(1)->mutable_signature(); }}};
  for (const auto& [what, part] : parts) {
    const std::string* whole = part(world_.broker.questions.at(name_));
    for (const std::size_t at : {std::size_t{0}, whole->size() / 2, whole->size() - 1}) {
      SCOPED_TRACE(what + " at " + std::to_string(at));
      EXPECT_FALSE(Read([&, part = part](wire::Exchange& exchange) {
                     Flip(part(*exchange.mutable_question()), at);
                   }).ok());
      EXPECT_EQ(looked_up_, 0);
    }
  }
}

TEST_F(EdgeQuestionTest, AQuestionOfAnotherExchangeOrNoneIsRefused) {
  const std::string first = name_;
  const auto other = world_.Town()->Inquire(world_.OfPolice(), People({kCarol}));
  ASSERT_OK(other);
  const wire::Transcryption foreign = world_.broker.questions.at(other->front().exchange.name());
  EXPECT_THAT(Read([&](wire::Exchange& exchange) { *exchange.mutable_question() = foreign; }),
              HasReason("E_MANDATE"));
  EXPECT_THAT(Read([](wire::Exchange& exchange) { exchange.clear_question(); }),
              HasReason("SUBJECT_MISSING"));
  EXPECT_EQ(looked_up_, 0);
}

TEST_F(EdgeQuestionTest, AnotherAskerThanSignedIsRefused) {
  EXPECT_THAT(
      Read([&](wire::Exchange& exchange) {
        exchange.mutable_recipient_desk()->set_organisation(identity::testing::kProsecutionOin);
        exchange.mutable_recipient_desk()->set_unit(kProsecutionUnit);
      }),
      HasReason("E_SENDER"));
}

TEST_F(EdgeQuestionTest, AnotherRegisterOrEpochOrDeskIsRefused) {
  EXPECT_THAT(Read([](wire::Exchange& exchange) { exchange.set_register_("zaken"); }),
              HasReason("REGISTER_UNKNOWN"));
  EXPECT_THAT(Read([](wire::Exchange& exchange) {
                exchange.mutable_provider_desk()->set_unit("politie/basisteam");
              }),
              HasReason("WRONG_DESK"));
  world_.police.entry.units.front().registers = {{kRegister, "wpg-8", 100, 2, {"bsn"}}};
  world_.ServeDirectory(12);
  EXPECT_THAT(Read({}), HasReason("E_MANDATE"));
  EXPECT_EQ(looked_up_, 0);
}

TEST_F(EdgeQuestionTest, ARequestIsAboutOneAlone) {
  EXPECT_THAT(Read([](wire::Exchange& exchange) { exchange.set_action("request"); }),
              HasReason("E_BATCH_SIZE"));
}

TEST_F(EdgeQuestionTest, WithoutTheSessionThatItCameTowardsNothingIsRead) {
  const auto police = world_.Police();
  ASSERT_OK_AND_ASSIGN(const auto sessions, police->Sessions());
  for (const HeldSession& session : sessions) {
    ASSERT_OK(police->RevokeSession(session.context.session()));
  }
  EXPECT_THAT(Read({}), HasReason("E_SESSION"));
}

TEST_F(EdgeQuestionTest, ACheatingTranscryptorIsNamed) {
  world_.broker.transcryptors.MakeCheat(2);
  const auto parts = world_.Town()->Inquire(world_.OfPolice(), People({kCarol}));
  ASSERT_OK(parts);
  name_ = parts->front().exchange.name();
  const absl::Status read = Read({});
  EXPECT_THAT(read, HasReason("E_PROOF"));
  EXPECT_EQ(DetailOf(read).metadata.at("transcryptor"), "2");
}

TEST_F(EdgeQuestionTest, WhatWasConfirmedIsWhatIsAnswered) {
  const auto police = world_.Police();
  ASSERT_OK_AND_ASSIGN(const auto shown, police->Get(name_));
  const auto other = world_.Town()->Inquire(world_.OfPolice(), People({kCarol, kDave}));
  ASSERT_OK(other);
  const wire::Transcryption foreign = world_.broker.questions.at(other->front().exchange.name());
  world_.broker.change_question = [&](wire::Exchange& exchange) {
    *exchange.mutable_question() = foreign;
  };
  EXPECT_THAT(police->AnswerInquiry(shown, std::vector<bool>(4), {}), HasReason("ANSWER_MISMATCH"));
  EXPECT_THAT(world_.broker.SeenOf("AnswerExchange"), SizeIs(0));
}

}  // namespace
}  // namespace sluis::edge::testing

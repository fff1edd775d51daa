// What the edge does not believe, and what it does not send.
#include <gtest/gtest.h>

#include "clients/lib/remote_error.h"
#include "lib/base/file.h"
#include "lib/sealing/release_header.h"
#include "tests/clients/lib/edge_world.h"
#include "tests/support/status_matchers.h"

namespace sluis::edge::testing {
namespace {

using ::sluis::testing::HasReason;
using ::testing::IsEmpty;
using ::testing::SizeIs;

class EdgeRefusalsTest : public ::testing::Test {
 protected:
  absl::Status Ask() {
    return world_.Town()->Ask(world_.Terms(), EdgeWorld::Person(), true).status();
  }
  // No receipt of the town was kept.
  bool NoReceipts() const { return std::filesystem::is_empty(world_.TownParty() / "receipts"); }
  EdgeWorld world_;
};

TEST_F(EdgeRefusalsTest, AReceiptWithOneChangedByte) {
  world_.broker.change_exchange = [](wire::Exchange& exchange) {
    std::string& text = *exchange.mutable_receipts(1)->mutable_text();
    const std::size_t at = text.find("extra ") + 40;
    text[at] = text[at] == 'A' ? 'B' : 'A';
  };
  EXPECT_THAT(Ask(), HasReason("LOG_INCONSISTENT"));
  EXPECT_TRUE(NoReceipts());
}

TEST_F(EdgeRefusalsTest, AReceiptOfAnotherLog) {
  ScriptedLog other;
  world_.broker.change_exchange = [&other](wire::Exchange& exchange) {
    *exchange.mutable_receipts(0) =
        other.Append(tlog::LeafKind::kRequest, ParseExchangeName(exchange.name())->id);
  };
  EXPECT_THAT(Ask(), HasReason("LOG_INCONSISTENT"));
}

TEST_F(EdgeRefusalsTest, AReceiptOfAnotherExchange) {
  world_.broker.change_exchange = [this](wire::Exchange& exchange) {
    *exchange.mutable_receipts(0) =
        world_.broker.log.Append(tlog::LeafKind::kRequest, ExchangeId::FromBytes({1}));
  };
  EXPECT_THAT(Ask(), HasReason("LOG_INCONSISTENT"));
}

TEST_F(EdgeRefusalsTest, AReceiptThatSaysAnotherKindOrIndex) {
  world_.broker.change_exchange = [](wire::Exchange& exchange) {
    exchange.mutable_receipts(0)->set_kind("APPROVAL");
  };
  EXPECT_THAT(Ask(), HasReason("LOG_INCONSISTENT"));
  world_.broker.change_exchange = [](wire::Exchange& exchange) {
    exchange.mutable_receipts(0)->set_index(17);
  };
  EXPECT_THAT(Ask(), HasReason("LOG_INCONSISTENT"));
}

TEST_F(EdgeRefusalsTest, AnActWithoutReceipt) {
  world_.broker.change_exchange = [](wire::Exchange& exchange) { exchange.clear_receipts(); };
  EXPECT_THAT(Ask(), HasReason("LOG_INCONSISTENT"));
  // The answer may have been right: the act waits, and is proven once the broker proves it.
  EXPECT_THAT(*world_.Town()->Waiting(), SizeIs(1));
  world_.broker.change_exchange = nullptr;
  EXPECT_OK(Ask());
  EXPECT_THAT(world_.broker.exchanges, SizeIs(1));
}

TEST_F(EdgeRefusalsTest, OnlyTheReceiptOfAnotherAct) {
  world_.broker.change_exchange = [](wire::Exchange& exchange) {
    exchange.mutable_receipts()->DeleteSubrange(0, 1);  // the decision stays
  };
  EXPECT_THAT(Ask(), HasReason("LOG_INCONSISTENT"));
}

TEST_F(EdgeRefusalsTest, TwoLeavesUnderOneIndex) {
  ASSERT_OK(Ask());
  const std::string name = world_.broker.exchanges.begin()->first;
  const auto id = ParseExchangeName(name)->id;
  const auto file = world_.TownParty() / "receipts" / id.hex() / "0-REQUEST.tlog-proof";
  ScriptedLog fork;
  ASSERT_OK(WriteFileAtomic(file, fork.Append(tlog::LeafKind::kRequest, id).text()));
  EXPECT_THAT(world_.Town()->ListReceipts(name), HasReason("LOG_INCONSISTENT"));
}

TEST_F(EdgeRefusalsTest, AnAnswerAboutAnotherQuestion) {
  world_.broker.change_exchange = [](wire::Exchange& exchange) {
    exchange.set_purpose("riec-signaalweging");
  };
  EXPECT_THAT(Ask(), HasReason("ANSWER_MISMATCH"));
}

// --- content ---

class DeliveryTest : public EdgeRefusalsTest {
 protected:
  DeliveryTest() : name_(world_.Reach(wire::EXCHANGE_STATE_ANSWERED)) {}
  absl::Status OpenChanged(std::function<void(wire::Delivery&)> change) {
    world_.broker.change_delivery = std::move(change);
    const absl::Status status = world_.Town()->OpenAnswer(name_).status();
    // Nothing of it is kept, and the mailbox stays full.
    EXPECT_TRUE(std::filesystem::is_empty(world_.TownParty() / "answers"));
    EXPECT_EQ(world_.broker.exchanges.at(name_).state(), wire::EXCHANGE_STATE_ANSWERED);
    return status;
  }
  std::string name_;
};

TEST_F(DeliveryTest, ATamperedSealedField) {
  EXPECT_THAT(OpenChanged([](wire::Delivery& delivery) {
                delivery.mutable_release()->mutable_sealed_fields(0)->back() ^= 1;
              }),
              HasReason("E_PAYLOAD"));
}

TEST_F(DeliveryTest, ATamperedHeader) {
  EXPECT_THAT(OpenChanged([](wire::Delivery& delivery) {
                delivery.mutable_release()->mutable_header()->back() ^= 1;
              }),
              HasReason("E_SIGNATURE"));
}

TEST_F(DeliveryTest, ARealReleaseOfAnotherExchange) {
  const std::string other = world_.Reach(wire::EXCHANGE_STATE_ANSWERED);
  EXPECT_THAT(OpenChanged([&](wire::Delivery& delivery) {
                *delivery.mutable_release() = world_.broker.mailbox.at(other);
              }),
              HasReason("E_PAYLOAD"));
}

TEST_F(DeliveryTest, AReleaseUnderAKeyThatIsNotTheDesksOwn) {
  EXPECT_THAT(OpenChanged([](wire::Delivery& delivery) {
                const auto foreign = Ed25519PrivateKey::Generate();
                wire::Release& release = *delivery.mutable_release();
                release.set_signature(SignReleaseHeader(release.header(), foreign));
              }),
              HasReason("E_SIGNATURE"));
}

TEST_F(DeliveryTest, AnAnswerAttributedToAnotherDesk) {
  EXPECT_THAT(OpenChanged([](wire::Delivery& delivery) {
                *delivery.mutable_exchange()->mutable_provider_desk() =
                    delivery.exchange().recipient();
              }),
              HasReason("E_SIGNATURE"));
}

TEST_F(DeliveryTest, AFieldNobodyAskedFor) {
  EXPECT_THAT(OpenChanged([](wire::Delivery& delivery) {
                delivery.mutable_exchange()->mutable_fields()->DeleteSubrange(0, 1);
              }),
              HasReason("E_PAYLOAD"));
}

TEST_F(DeliveryTest, AnAnswerThatExpired) {
  world_.clock.Advance(kReleaseSealLife + absl::Hours(1));
  EXPECT_THAT(OpenChanged(nullptr), HasReason("E_EXPIRED"));
}

// --- the subject, as the provider sees it ---

class QuestionTest : public EdgeRefusalsTest {
 protected:
  QuestionTest() : name_(world_.Reach(wire::EXCHANGE_STATE_FORWARDED)) {}
  std::string name_;
};

TEST_F(QuestionTest, AVerificationThatTheAskerDidNotClaim) {
  wire::Exchange question = world_.broker.exchanges.at(name_);
  question.mutable_subject()->set_verified(false);
  EXPECT_THAT(world_.Police()->ReadSubject(question), HasReason("E_SIGNATURE"));
}

TEST_F(QuestionTest, ASubjectOfAnotherRequest) {
  wire::Exchange question = world_.broker.exchanges.at(name_);
  question.mutable_subject()->set_request_id(NewRequestId());
  EXPECT_THAT(world_.Police()->ReadSubject(question), HasReason("E_SIGNATURE"));
}

TEST_F(QuestionTest, ASubjectUnderAnotherPurpose) {
  wire::Exchange question = world_.broker.exchanges.at(name_);
  question.set_purpose("riec-signaalweging");
  EXPECT_THAT(world_.Police()->ReadSubject(question), HasReason("E_SIGNATURE"));
}

TEST_F(QuestionTest, AnAnswerInAFormThatIsNotPermitted) {
  ReleaseContent content = EdgeWorld::Content();
  content.values[0].form = "presence";
  EXPECT_THAT(AnswerNamed(*world_.Police(), name_, content), HasReason("FIELD_INVALID"));
  EXPECT_THAT(world_.broker.SeenOf("AnswerExchange"), IsEmpty());
}

TEST_F(QuestionTest, AnAnswerWithAFieldThatWasNotAskedOrStandsTwice) {
  ReleaseContent content = EdgeWorld::Content();
  content.values[0].field = "p-naam";
  EXPECT_THAT(AnswerNamed(*world_.Police(), name_, content), HasReason("FIELD_INVALID"));
  content = EdgeWorld::Content();
  content.values.push_back({"ant-verdenking", "exact", SecretBytes::CopyOf("x")});
  EXPECT_THAT(AnswerNamed(*world_.Police(), name_, content), HasReason("FIELD_INVALID"));
  EXPECT_THAT(world_.broker.SeenOf("AnswerExchange"), IsEmpty());
}

TEST_F(QuestionTest, AnAnswerOfADeskThatWasNotAsked) {
  EXPECT_THAT(AnswerNamed(*world_.Town(), name_, EdgeWorld::Content()), HasReason("WRONG_DESK"));
}

TEST_F(QuestionTest, ADestructionOfWhatWasNeverReceived) {
  EXPECT_THAT(world_.Town()->ConfirmDestruction(name_), HasReason("EXCHANGE_CLOSED"));
}

// --- directory ---

TEST_F(EdgeRefusalsTest, AnOlderDirectory) {
  ASSERT_OK(world_.Town()->RefreshDirectory());
  world_.ServeDirectory(6);
  EXPECT_THAT(Ask(), HasReason("DIRECTORY_ROLLBACK"));
  EXPECT_EQ(world_.Town()->KeptDirectory().value()->version(), 7);
}

TEST_F(EdgeRefusalsTest, ADirectoryOfOneOfficer) {
  identity::DirectoryDocument document =
      identity::testing::DocumentOf({&world_.town, &world_.police});
  world_.broker.directory_note =
      identity::SignDirectory(document, world_.officers.first_name, world_.officers.first).value();
  EXPECT_THAT(Ask(), HasReason("DIRECTORY_NOT_SIGNED"));
  EXPECT_THAT(world_.Town()->KeptDirectory(), HasReason("DIRECTORY_MISSING"));
}

TEST_F(EdgeRefusalsTest, ADirectoryThatListsOtherKeysForUs) {
  const auto other = Ed25519PrivateKey::Generate();
  world_.town.entry.units[0].signing = other.public_key();
  world_.ServeDirectory(8);
  EXPECT_THAT(Ask(), HasReason("KEY_NOT_LISTED"));
  EXPECT_THAT(world_.broker.SeenOf("CreateExchange"), IsEmpty());
}

TEST_F(EdgeRefusalsTest, APartnerThatIsSuspended) {
  world_.police.entry.suspended = true;
  world_.ServeDirectory(8);
  EXPECT_THAT(Ask(), HasReason("PARTY_UNKNOWN"));
  EXPECT_THAT(world_.broker.SeenOf("CreateExchange"), IsEmpty());
}

TEST_F(EdgeRefusalsTest, ANewerDirectoryIsTaken) {
  ASSERT_OK(world_.Town()->RefreshDirectory());
  world_.ServeDirectory(9);
  ASSERT_OK_AND_ASSIGN(const DirectoryPtr directory, world_.Town()->RefreshDirectory());
  EXPECT_EQ(directory->version(), 9);
  EXPECT_EQ(world_.Town()->KeptDirectory().value()->version(), 9);
}

}  // namespace
}  // namespace sluis::edge::testing

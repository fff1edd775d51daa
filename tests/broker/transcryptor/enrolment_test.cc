// Registers: enrolment by their owner and hit/no-hit through both transcryptors (pseudonyms.md
// §11).
#include "lib/pseudonym/enrolment.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/base/byte_io.h"
#include "lib/crypto/hash.h"
#include "tests/broker/transcryptor/forge.h"
#include "tests/broker/transcryptor/world.h"

namespace sluis::transcryptor::testing {
namespace {

using namespace std::string_view_literals;
using pseudonym::Domain;
using pseudonym::Hop;
using pseudonym::RequestKind;
using sluis::testing::HasReason;

class Enrolment : public World {
 protected:
  Domain Index(std::uint32_t epoch = 1) const {
    return Domain::Index(epoch, Police().signer(), "personen").value();
  }
  pseudonym::StatementTerms EnrolTerms(std::int64_t bulk = 10'000) {
    pseudonym::StatementTerms terms = InquiryTerms();
    terms.request["action"]["name"] = "enrol";
    terms.request["resource"]["id"] = std::string(32, '0');
    for (const char* side : {"recipient", "provider"}) {
      terms.request["resource"]["properties"][std::string(side) + "_organisation"] =
          Police().party().oin.str();
      terms.request["resource"]["properties"][std::string(side) + "_unit"] = Police().unit;
    }
    terms.request["subject"]["properties"]["organisation"] = Police().party().oin.str();
    terms.request["subject"]["properties"]["unit"] = Police().unit;
    terms.fields.clear();
    terms.bulk = bulk;
    return terms;
  }
  pseudonym::EnrolBatch Blinded(const std::vector<std::string>& bsns) {
    std::vector<pseudonym::SubjectElement> subjects;
    for (const std::string& bsn : bsns) {
      subjects.push_back(pseudonym::ElementOf(Subject::Create(SubjectKind::kBsn, bsn).value()));
    }
    return pseudonym::EnrolBatch::Blind(subjects).value();
  }
  pseudonym::SignedEnrolment Signed(const pseudonym::DecisionStatement& statement,
                                    std::span<const GroupElement> elements, const Domain& index) {
    return pseudonym::SignEnrolment({.signer = Police().signer(),
                                     .d_origin = Domain::Origin(SubjectKind::kBsn),
                                     .d_index = index,
                                     .issued = clock.Now(),
                                     .expires = clock.Now() + absl::Seconds(300),
                                     .mandate = statement.digest()},
                                    elements, Police().key())
        .value();
  }
  wire::EvaluateEnrolmentRequest Wire(const Bytes& enrolment,
                                      const pseudonym::DecisionStatement& statement) {
    wire::EvaluateEnrolmentRequest request;
    request.set_signed_enrolment(enrolment);
    request.set_statement(statement.wire());
    return request;
  }
};

// Enrolled by its owner, asked by the RIEC: both arrive at the same pseudonym in the index.
TEST_F(Enrolment, InquiryMeetsTheIndex) {
  const pseudonym::EnrolBatch batch = Blinded({Bsn(0), Bsn(1)});
  const auto statement = Sign(EnrolTerms());
  const auto enrolment = Signed(statement, batch.blinded(), Index());
  wire::EvaluateEnrolmentRequest request = Wire(enrolment.bytes(), statement);
  ASSERT_OK_AND_ASSIGN(const auto one, first.process->EvaluateEnrolment(request));
  *request.mutable_first() = one.hop();
  ASSERT_OK_AND_ASSIGN(const auto two, second.process->EvaluateEnrolment(request));
  EXPECT_EQ(second.process->EvaluateEnrolment(request)->SerializeAsString(),
            two.SerializeAsString());
  ASSERT_OK_AND_ASSIGN(const auto index,
                       batch.Unblind(pseudonym::EnrolResponse::Decode(one.hop().response()).value(),
                                     pseudonym::EnrolResponse::Decode(two.hop().response()).value(),
                                     pseudonym::FactorTie::Decode(one.hop().factor())->f,
                                     pseudonym::FactorTie::Decode(two.hop().factor())->f));

  const auto mandate = Sign(InquiryTerms());
  const auto terms = TermsOf(RequestKind::kInquire, Riec(), *riec_session, police_session->context,
                             Domain::Origin(SubjectKind::kBsn), Index(), mandate);
  const Call call{
      pseudonym::SignRequest(terms, ItemsOf({Bsn(1), Bsn(2), Bsn(3), Bsn(4)}, riec_session->key.y),
                             Riec().key())
          .value(),
      mandate};
  ASSERT_OK_AND_ASSIGN(const Answers answers, Trip(call));
  ASSERT_OK_AND_ASSIGN(const auto asked, Receive(call, answers, Police(), *police_session));
  const auto access = SecretAccess::ForTest();
  EXPECT_EQ(asked[0].bytes(access), index[1].bytes(access));
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_NE(asked[i].bytes(access), index[0].bytes(access));
    EXPECT_NE(asked[i].bytes(access), index[1].bytes(access));
  }
}

TEST_F(Enrolment, N_ENROL_4097) {
  const auto statement = Sign(EnrolTerms());
  const pseudonym::EnrolBatch batch = Blinded({Bsn(0)});
  const auto enrolment = Signed(statement, batch.blinded(), Index());
  // The same head over 4097 elements, signed.
  const Bytes head = enrolment.head().Encode();
  Bytes elements;
  for (int i = 0; i < 4097; ++i) elements += batch.blinded()[0].bytes();
  const Bytes to_sign = ByteWriter()
                            .Raw("sluis/enrol/v1\0"sv)
                            .Raw(AsView(Sha256(head)))
                            .U32(4097)
                            .Raw(AsView(Sha256(elements)))
                            .bytes();
  const Bytes wire_bytes = ByteWriter()
                               .U32(static_cast<std::uint32_t>(head.size()))
                               .Raw(head)
                               .U32(4097)
                               .Raw(elements)
                               .Raw(Police().key().Sign(to_sign))
                               .bytes();
  EXPECT_THAT(first.process->EvaluateEnrolment(Wire(wire_bytes, statement)),
              HasReason("E_BATCH_SIZE"));
}

// The broker may sign as many statements as it likes: what counts is the register and the day.
TEST_F(Enrolment, AnotherStatementForTheSameRegisterAddsNothing) {
  const pseudonym::EnrolBatch batch = Blinded({Bsn(0), Bsn(1)});
  const auto enrol = [&](const std::string& exchange) {
    pseudonym::StatementTerms terms = EnrolTerms(/*bulk=*/3);
    terms.exchange = exchange;
    const auto statement = Sign(terms);
    return first.process->EvaluateEnrolment(
        Wire(Signed(statement, batch.blinded(), Index()).bytes(), statement));
  };
  ASSERT_OK(enrol("0123456789abcdef0123456789abcdef"));
  EXPECT_THAT(enrol("fedcba9876543210fedcba9876543210"), HasReason("E_QUOTA"));
  clock.Advance(absl::Hours(24));
  EXPECT_OK(enrol("fedcba9876543210fedcba9876543210"));
}

TEST_F(Enrolment, BulkOfTheStatementBoundsIt) {
  const auto statement = Sign(EnrolTerms(/*bulk=*/3));
  const pseudonym::EnrolBatch batch = Blinded({Bsn(0), Bsn(1)});
  const auto once = Signed(statement, batch.blinded(), Index());
  ASSERT_OK(first.process->EvaluateEnrolment(Wire(once.bytes(), statement)));
  const auto again = Signed(statement, batch.blinded(), Index());
  EXPECT_THAT(first.process->EvaluateEnrolment(Wire(again.bytes(), statement)),
              HasReason("E_QUOTA"));
}

// The rule of an enrolment is the signed directory entry of the register, not the broker's word.
TEST_F(Enrolment, DirectorySaysWhichRegisterEpochAndSize) {
  const pseudonym::EnrolBatch batch = Blinded({Bsn(0)});
  const auto refused = [&](const pseudonym::StatementTerms& terms, const Domain& index) {
    const auto statement = Sign(terms);
    return first.process->EvaluateEnrolment(
        Wire(Signed(statement, batch.blinded(), index).bytes(), statement));
  };
  EXPECT_THAT(refused(EnrolTerms(), Index(/*epoch=*/2)), HasReason("E_MANDATE"));
  EXPECT_THAT(refused(EnrolTerms(2 * 5000 + 4096 + 1), Index()), HasReason("E_MANDATE"));
  pseudonym::StatementTerms other = EnrolTerms();
  other.request["resource"]["properties"]["register"] = "parkeren";
  EXPECT_THAT(refused(other, Domain::Index(1, Police().signer(), "parkeren").value()),
              HasReason("E_MANDATE"));
  EXPECT_OK(refused(EnrolTerms(2 * 5000 + 4096), Index()));
}

TEST_F(Enrolment, WrongEvaluationOfTheFirstIsCaughtBySecond) {
  const pseudonym::EnrolBatch batch = Blinded({Bsn(0), Bsn(1)});
  const auto statement = Sign(EnrolTerms());
  const auto enrolment = Signed(statement, batch.blinded(), Index());
  wire::EvaluateEnrolmentRequest request = Wire(enrolment.bytes(), statement);
  ASSERT_OK_AND_ASSIGN(const auto one, first.process->EvaluateEnrolment(request));
  const auto resigned = [&](wire::EnrolmentHop hop) {
    hop.set_signature(pseudonym::SignEnrolResponse(Hop::kFirst, enrolment.digest(), "",
                                                   hop.response(), FirstSecrets().signing));
    return hop;
  };
  wire::EnrolmentHop swapped = one.hop();
  auto response = pseudonym::EnrolResponse::Decode(one.hop().response()).value();
  std::swap(response.elements[0], response.elements[1]);
  swapped.set_response(response.Encode());
  wire::EnrolmentHop untied = one.hop();
  untied.set_factor(Bytes(MultiplyBase(SecretScalar::Random()).bytes()) +
                    one.hop().factor().substr(32));
  wire::EnrolmentHop unsigned_hop = one.hop();
  unsigned_hop.set_signature(Bytes(64, '\1'));
  std::int64_t caught = 0;
  for (const wire::EnrolmentHop& lie : {resigned(swapped), resigned(untied), unsigned_hop}) {
    *request.mutable_first() = lie;
    EXPECT_THAT(second.process->EvaluateEnrolment(request), HasReason("E_REFUSED"));
    EXPECT_EQ(second.process->counters().refused("E_PROOF"), ++caught);
  }
  *request.mutable_first() = one.hop();
  EXPECT_OK(second.process->EvaluateEnrolment(request));
}

// Who enrolled a register of its own may not look pseudonyms up in it.
TEST_F(Enrolment, OwnIndexIsNotAskedByItsOwner) {
  const auto mandate = Sign(InquiryTerms());
  const Session own = Open(Police());
  const auto terms = TermsOf(RequestKind::kInquire, Riec(), *riec_session, police_session->context,
                             Domain::Origin(SubjectKind::kBsn), Index(), mandate);
  const auto honest =
      pseudonym::SignRequest(terms, ItemsOf({Bsn(1)}, riec_session->key.y), Riec().key()).value();
  const Call call{Forge(honest, Police().key(),
                        [&](pseudonym::RequestHead& head) {
                          head.signer = Police().signer();
                          head.key_id = Police().key().public_key().KeyId();
                          head.c_from = own.context.bytes();
                        }),
                  mandate};
  EXPECT_THAT(Hop1(call), HasReason("E_SELF"));
}

}  // namespace
}  // namespace sluis::transcryptor::testing

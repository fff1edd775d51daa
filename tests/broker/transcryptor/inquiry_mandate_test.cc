// N-MANDATE for a yes or no: an inquiry may leave before its answerer approved, and nothing else may; and it goes into the
// register that the decision is about alone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/broker/transcryptor/world.h"

namespace sluis::transcryptor::testing {
namespace {

using pseudonym::Domain;
using pseudonym::Hop;
using pseudonym::RequestKind;
using sluis::testing::HasReason;

class InquiryMandate : public World {
 protected:
  InquiryMandate() : police_session_(Open(Police())) {}
  // STORY-007: the police must decide first; their answer is the approval.
  pseudonym::StatementTerms Waiting() {
    pseudonym::StatementTerms terms = Terms("story", 6, kTable);
    terms.request["resource"]["properties"]["register"] = "personen";
    return terms;
  }
  static Domain Index(std::uint32_t epoch = 1, const std::string& name = "personen") {
    return Domain::Index(epoch, pseudonym::Party{"00000099200000001000", "politie/informatie"}, name)
        .value();
  }
  Call Asking(RequestKind kind, const pseudonym::StatementTerms& terms, const Domain& into) {
    const auto statement = Sign(terms);
    const auto request = TermsOf(kind, Riec(), *riec_session, police_session_.context,
                                 Domain::Origin(SubjectKind::kBsn), into, statement);
    const auto items = ItemsOf({Bsn(0)}, riec_session->key.y);
    return {pseudonym::SignRequest(request, items, Riec().key()).value(), statement};
  }
  absl::Status Inquire(const pseudonym::StatementTerms& terms, const Domain& into = Index()) {
    return Hop1(Asking(RequestKind::kInquire, terms, into)).status();
  }
  Session police_session_;
};

TEST_F(InquiryMandate, MayLeaveBeforeTheAnswererApproved) {
  ASSERT_EQ(Waiting().outcome, "NEEDS_APPROVAL");
  EXPECT_OK(Trip(Asking(RequestKind::kInquire, Waiting(), Index())));
  EXPECT_OK(Inquire(InquiryTerms()));
}

TEST_F(InquiryMandate, N_MANDATE_WhatWaitsCarriesNoField) {
  pseudonym::StatementTerms terms = Waiting();
  terms.fields["sig-treffer"] = "presence";
  EXPECT_THAT(Inquire(terms), HasReason("E_MANDATE"));
}

// On this ground no approval of the answerer makes it right.
TEST_F(InquiryMandate, N_MANDATE_WhatIsDeniedDoesNotWait) {
  pseudonym::StatementTerms terms = Waiting();
  terms.request["action"]["properties"]["basis"] = "wgs-riec";
  EXPECT_THAT(Inquire(terms), HasReason("E_MANDATE"));
}

TEST_F(InquiryMandate, N_MANDATE_OnlyAnInquiryMayWait) {
  pseudonym::StatementTerms terms = TableTerms();
  terms.outcome = "NEEDS_APPROVAL";
  terms.fields.clear();
  terms.request["context"]["facts"].clear();
  const auto statement = Sign(terms);
  const auto request = TermsOf(RequestKind::kTranscrypt, Oov(), *oov_session, riec_session->context,
                               Domain::Origin(SubjectKind::kBsn), TableDomain(), statement);
  const Call call{
      pseudonym::SignRequest(request, ItemsOf({Bsn(0)}, oov_session->key.y), Oov().key()).value(),
      statement};
  EXPECT_THAT(Hop1(call), HasReason("E_MANDATE"));
}

// STORY-019: the own pack says the same as the statement, that the police have not approved yet.
TEST_F(InquiryMandate, N_MANDATE_OnlyAnInquiryMayWaitAlsoWhereItsAnswererIsAllThatIsMissing) {
  const pseudonym::StatementTerms terms = Terms("story", 18, kCase);
  ASSERT_EQ(terms.outcome, "NEEDS_APPROVAL");
  ASSERT_TRUE(terms.fields.empty());
  const auto statement = Sign(terms);
  const auto request =
      TermsOf(RequestKind::kTranscrypt, Police(), police_session_, oov_session->context,
              Domain::Origin(SubjectKind::kBsn), CaseOf(Oov(), kCase, "openbare-orde"), statement);
  const Call call{
      pseudonym::SignRequest(request, ItemsOf({Bsn(0)}, police_session_.key.y), Police().key())
          .value(),
      statement};
  EXPECT_THAT(Hop1(call), HasReason("E_MANDATE"));
}

TEST_F(InquiryMandate, N_MANDATE_OnlyTheRegisterOfTheDecision) {
  EXPECT_THAT(Inquire(InquiryTerms(), Index(2)), HasReason("E_MANDATE"));  // another epoch
  pseudonym::StatementTerms terms = InquiryTerms();
  terms.request["resource"]["properties"]["register"] = "parkeren";  // nobody's
  EXPECT_THAT(Inquire(terms), HasReason("E_MANDATE"));
  EXPECT_THAT(Inquire(terms, Index(1, "parkeren")), HasReason("E_MANDATE"));
  EXPECT_THAT(Inquire(InquiryTerms(), Index(1, "parkeren")), HasReason("E_MANDATE"));
  terms = InquiryTerms();
  terms.request["resource"]["properties"]["regime"] = "wpg-9";  // not this register's
  EXPECT_THAT(Inquire(terms), HasReason("E_MANDATE"));
  terms.request["resource"]["properties"]["regime"] = "wpg-13";  // the own pack permits this one
  EXPECT_THAT(Inquire(terms), HasReason("E_MANDATE"));
  terms = InquiryTerms();
  terms.request["resource"]["properties"]["provider_unit"] = "politie/basisteam";
  EXPECT_THAT(Inquire(terms), HasReason("E_MANDATE"));
  EXPECT_OK(Inquire(InquiryTerms()));
}

}  // namespace
}  // namespace sluis::transcryptor::testing

// What a transcryptor remembers and forgets: shredding, crashes, a lost nonce cache, sessions,
// quarters.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/crypto/hash.h"
#include "lib/crypto/hash_to_group.h"
#include "lib/pseudonym/shred_order.h"
#include "tests/broker/transcryptor/forge.h"
#include "tests/broker/transcryptor/world.h"

namespace sluis::transcryptor::testing {
namespace {

using pseudonym::Domain;
using pseudonym::Hop;
using pseudonym::RequestKind;
using sluis::testing::HasReason;
using sluis::testing::IsOkAndHolds;

class State : public World {
 protected:
  Call Promotion() {
    const auto statement = Sign(PromotionTerms());
    const auto terms = TermsOf(RequestKind::kMove, Riec(), *riec_session, riec_session_2->context,
                               TableDomain(), CaseOf(Riec(), kCasus, "riec-casus"), statement);
    return {
        pseudonym::SignRequest(terms, ItemsOf({Bsn(0)}, riec_session->key.y), Riec().key()).value(),
        statement};
  }
  pseudonym::SignedSession SessionCall(const Desk& desk, const pseudonym::Context& context,
                                       absl::Duration life) {
    return pseudonym::SignSession(context, clock.Now(), clock.Now() + absl::Seconds(300),
                                  clock.Now() + life, desk.key())
        .value();
  }
  absl::Status Revoke(Hop hop, const pseudonym::SignedSession& call) {
    const Bytes& bytes = call.bytes();
    wire::RevokeSessionRequest request;
    request.set_head(bytes.substr(4, bytes.size() - 4 - kEd25519SignatureSize));
    request.set_signature(bytes.substr(bytes.size() - kEd25519SignatureSize));
    return half(hop).process->RevokeSession(request).status();
  }
};

// Everything else left in place, keys included: the same person, the same request, nothing comes
// out.
TEST_F(State, N_SHRED) {
  const auto before = TablePseudonym(Bsn(0));
  ASSERT_OK(Trip(Promotion()));
  EXPECT_THAT(Shred(Hop::kFirst, TableDomain(), Riec()), IsOkAndHolds(clock.Now()));
  EXPECT_THAT(Hop1(ToTable({Bsn(0)})), HasReason("E_CASE_CLOSED"));
  EXPECT_THAT(Hop1(Promotion()), HasReason("E_CASE_CLOSED"));
  // For ever: not after a restart, not later, and the order again changes nothing.
  Start(Hop::kFirst);
  EXPECT_THAT(Hop1(ToTable({Bsn(0)})), HasReason("E_CASE_CLOSED"));
  const absl::Time destroyed = clock.Now();
  clock.Advance(absl::Hours(24 * 20));
  EXPECT_THAT(Hop1(ToTable({Bsn(0)})), HasReason("E_CASE_CLOSED"));
  EXPECT_THAT(Shred(Hop::kFirst, TableDomain(), Riec()), IsOkAndHolds(destroyed));
}

// One of the two is enough.
TEST_F(State, N_SHRED_AtTheSecondAlone) {
  TablePseudonym(Bsn(0));
  ASSERT_OK(Shred(Hop::kSecond, TableDomain(), Riec()));
  const Call call = ToTable({Bsn(0)});
  ASSERT_OK_AND_ASSIGN(const wire::Hop hop, Hop1(call));
  EXPECT_THAT(Hop2(call, hop), HasReason("E_CASE_CLOSED"));
}

TEST_F(State, N_SHRED_ByItsPartyAlone) {
  TablePseudonym(Bsn(0));
  const auto order = pseudonym::SignShredOrder(TableDomain(), clock.Now(), Oov().key());
  wire::ShredDomainRequest request;
  request.set_order(order.order);
  request.set_signature(order.signature);
  EXPECT_THAT(first.process->ShredDomain(request), HasReason("E_SIGNATURE"));
  pseudonym::ShredOrder own{Oov().signer(), Oov().key().public_key().KeyId(), TableDomain().bytes(),
                            0};
  using namespace std::string_view_literals;
  const Bytes bytes = own.Encode();
  Bytes to_sign("sluis/shred/v1\0"sv);
  to_sign += AsView(Sha256(bytes));
  request.set_order(bytes);
  request.set_signature(Oov().key().Sign(to_sign));
  EXPECT_THAT(first.process->ShredDomain(request), HasReason("E_SENDER"));
  // In the name of the domain's party, signed by another.
  const auto theirs = pseudonym::SignShredOrder(TableDomain(), clock.Now(), Riec().key());
  Bytes in_their_name("sluis/shred/v1\0"sv);
  in_their_name += AsView(Sha256(theirs.order));
  request.set_order(theirs.order);
  request.set_signature(Oov().key().Sign(in_their_name));
  EXPECT_THAT(first.process->ShredDomain(request), HasReason("E_SIGNATURE"));
  EXPECT_OK(Hop1(ToTable({Bsn(0)})));
}

// The canary comes out alike every day and after every start; one that does not stops its domain,
// and no other.
TEST_F(State, N_CANARY) {
  TablePseudonym(Bsn(0));
  clock.Advance(absl::Hours(24));
  TablePseudonym(Bsn(1));
  Start(Hop::kFirst);
  TablePseudonym(Bsn(2));
  // Recorded as another software, or other keys, would have made it.
  const Domain casus = CaseOf(Riec(), kCasus, "riec-casus");
  ASSERT_OK(first.state->KeepFirstCommitment(1, "canary\n" + casus.bytes(),
                                             HashToGroup("another").raw()));
  for (int i = 1; i <= 2; ++i) {
    EXPECT_THAT(Hop1(Promotion()), HasReason("E_REFUSED"));
    EXPECT_EQ(first.process->counters().refused("E_CANARY"), i);
  }
  TablePseudonym(Bsn(3));
}

TEST_F(State, MoveOutOfACaseThatWasNeverUsedIsRefused) {
  EXPECT_THAT(Hop1(Promotion()), HasReason("E_CASE_CLOSED"));
}

TEST_F(State, WeighingTableEndsSixMonthsAfterItsQuarter) {
  TablePseudonym(Bsn(0));
  const absl::Time end = absl::FromCivil(absl::CivilDay(2027, 7, 1), AmsterdamZone());
  EXPECT_EQ(WeighingTableEnd(clock.Now()), end);
  EXPECT_EQ(WeighingTableEnd(absl::FromCivil(absl::CivilDay(2026, 10, 1), AmsterdamZone())), end);
  EXPECT_EQ(WeighingTableEnd(absl::FromCivil(absl::CivilDay(2026, 9, 30), AmsterdamZone())),
            absl::FromCivil(absl::CivilDay(2027, 4, 1), AmsterdamZone()));
  clock.Set(end - absl::Seconds(1));
  ASSERT_OK(first.process->Upkeep());
  EXPECT_FALSE((*first.state->FindSalt(TableDomain().bytes()))->destroyed.has_value());
  clock.Set(end);
  ASSERT_OK(first.process->Upkeep());
  EXPECT_TRUE((*first.state->FindSalt(TableDomain().bytes()))->destroyed.has_value());
}

// A crash after the answer was kept: the same bytes bring the same answer. A crash before: the work
// is done now, once, and costs nothing more.
// The proofs are sealed for as long as the mailbox keeps an answer.
TEST_F(State, AnswerCanBeOpenedAfterFourteenDays) {
  const Call call = ToTable({Bsn(0)});
  ASSERT_OK_AND_ASSIGN(const Answers answers, Trip(call));
  clock.Advance(absl::Hours(24 * 14));
  ASSERT_OK_AND_ASSIGN(const auto seen, Receive(call, answers, Riec(), *riec_session));
  EXPECT_EQ(seen.size(), 1U);
  clock.Advance(absl::Hours(24 * 2));
  EXPECT_THAT(Receive(call, answers, Riec(), *riec_session), HasReason("E_EXPIRED"));
}

TEST_F(State, N_CRASH) {
  const Call call = ToTable({Bsn(0)});
  ASSERT_OK_AND_ASSIGN(const wire::Hop hop, Hop1(call));
  Start(Hop::kFirst);
  EXPECT_EQ(Hop1(call)->SerializeAsString(), hop.SerializeAsString());

  const Call broken_off = ToTable({Bsn(1)});
  const pseudonym::RequestHead& head = broken_off.request.head();
  ASSERT_OK(first.replay->Reserve(
      {{Oov().party(), head.nonce}, broken_off.request.digest(), clock.Now() + absl::Hours(1)}));
  Start(Hop::kFirst);
  ASSERT_OK_AND_ASSIGN(const wire::Hop resumed, Hop1(broken_off));
  EXPECT_EQ(Hop1(broken_off)->SerializeAsString(), resumed.SerializeAsString());
  const Call other_bytes{Forge(broken_off.request, Oov().key(),
                               [](pseudonym::RequestHead& edited) { edited.expires -= 1; }),
                         broken_off.statement};
  EXPECT_THAT(Hop1(other_bytes), HasReason("E_REPLAY"));
}

// The cache was lost: what was signed before, or dated ahead within the tolerance, is refused; what
// is signed after that is served.
TEST_F(State, N_CACHE) {
  const Call before = ToTable({Bsn(0)});
  ASSERT_OK(Hop1(before));
  first.replay = std::make_unique<storage::MemoryReplayStore>(Bytes(16, 'n'));
  const absl::Time known_from = clock.Now() + absl::Seconds(60);
  Start(Hop::kFirst, known_from);
  EXPECT_EQ(first.process->Describe().replay_unknown_until(), absl::ToUnixSeconds(known_from));
  EXPECT_THAT(Hop1(before), HasReason("E_REPLAY_UNKNOWN"));
  const Call ahead = {Forge(before.request, Oov().key(),
                            [](pseudonym::RequestHead& head) {
                              head.issued += 59;
                              head.nonce[0] ^= 1;
                            }),
                      before.statement};
  EXPECT_THAT(Hop1(ahead), HasReason("E_REPLAY_UNKNOWN"));
  clock.Set(known_from);
  const Call after = ToTable({Bsn(0)});
  EXPECT_OK(Hop1(after));
  EXPECT_THAT(Hop1(before), HasReason("E_REPLAY_UNKNOWN"));
}

TEST_F(State, SessionNeedsItsPartyAndLives30DaysAtMost) {
  const auto context = pseudonym::Context::Draw(Riec().signer()).value();
  std::optional<Session> session;
  // OOV signs for a session of the RIEC.
  const auto stolen = pseudonym::SignSession(context, clock.Now(), clock.Now() + absl::Seconds(300),
                                             clock.Now() + absl::Hours(1), Oov().key());
  ASSERT_OK(stolen.status());
  EXPECT_THAT(TryOpen(Riec(), *stolen, &session), HasReason("E_SIGNATURE"));
  // OOV asks in its own name for a session of the RIEC.
  pseudonym::SessionHead head = stolen->head();
  head.signer = Oov().signer();
  using namespace std::string_view_literals;
  Bytes to_sign("sluis/session/v1\0"sv);
  to_sign += AsView(Sha256(head.Encode()));
  wire::OpenSessionRequest own_name;
  own_name.set_head(head.Encode());
  own_name.set_signature(Oov().key().Sign(to_sign));
  EXPECT_THAT(first.process->OpenSession(own_name), HasReason("E_SENDER"));
  EXPECT_FALSE(pseudonym::SignSession(context, clock.Now(), clock.Now() + absl::Seconds(300),
                                      clock.Now() + absl::Hours(24 * 30) + absl::Seconds(1),
                                      Riec().key())
                   .ok());
  EXPECT_OK(TryOpen(Riec(), SessionCall(Riec(), context, absl::Hours(1)), &session));
}

// Asked of the one that hears it first: nothing behind it is to be needed.
TEST_F(State, OneHeadPerSessionId) {
  const auto call = SessionCall(Riec(), riec_session->context, absl::Hours(24 * 29));
  const Bytes& bytes = call.bytes();
  wire::OpenSessionRequest request;
  request.set_head(bytes.substr(4, bytes.size() - 4 - kEd25519SignatureSize));
  request.set_signature(bytes.substr(bytes.size() - kEd25519SignatureSize));
  EXPECT_THAT(first.process->OpenSession(request), HasReason("E_SESSION"));
}

TEST_F(State, SameSessionCallGivesTheSameShares) {
  const auto context = pseudonym::Context::Draw(Riec().signer()).value();
  const auto call = SessionCall(Riec(), context, absl::Hours(1));
  std::optional<Session> once, again;
  ASSERT_OK(TryOpen(Riec(), call, &once));
  ASSERT_OK(TryOpen(Riec(), call, &again));
  EXPECT_EQ(once->key.y, again->key.y);
}

TEST_F(State, EndedAndRevokedSessionsAreRefused) {
  const Call call = ToTable({Bsn(0)});
  const auto revocation = SessionCall(Riec(), riec_session->context, absl::ZeroDuration());
  ASSERT_OK(Revoke(Hop::kFirst, revocation));
  EXPECT_THAT(Hop1(call), HasReason("E_SESSION"));
  EXPECT_OK(Revoke(Hop::kFirst, revocation));  // again
  const auto no_revocation = SessionCall(Riec(), riec_session_2->context, absl::Hours(1));
  EXPECT_THAT(Revoke(Hop::kFirst, no_revocation), HasReason("E_LIFETIME"));
  clock.Advance(absl::Hours(24 * 30));
  EXPECT_THAT(Hop2(ToTable({Bsn(0)}), wire::Hop()), HasReason("E_SESSION"));
}

TEST_F(State, RevokedBeforeItWasOpenedStaysClosed) {
  const auto context = pseudonym::Context::Draw(Riec().signer()).value();
  ASSERT_OK(Revoke(Hop::kFirst, SessionCall(Riec(), context, absl::ZeroDuration())));
  std::optional<Session> session;
  EXPECT_THAT(TryOpen(Riec(), SessionCall(Riec(), context, absl::Hours(1)), &session),
              HasReason("E_SESSION"));
}

TEST_F(State, LyingFirstTranscryptorOpensNoSession) {
  const auto context = pseudonym::Context::Draw(Riec().signer()).value();
  const auto call = SessionCall(Riec(), context, absl::Hours(1));
  const Bytes& bytes = call.bytes();
  wire::OpenSessionRequest request;
  request.set_head(bytes.substr(4, bytes.size() - 4 - kEd25519SignatureSize));
  request.set_signature(bytes.substr(bytes.size() - kEd25519SignatureSize));
  ASSERT_OK_AND_ASSIGN(const wire::OpenSessionResponse one, first.process->OpenSession(request));
  *request.mutable_first() = one.evaluation();
  request.mutable_first()->set_point(Bytes(GroupElement::Generator().bytes()));
  EXPECT_THAT(second.process->OpenSession(request), HasReason("E_REFUSED"));
  EXPECT_EQ(second.process->counters().refused("E_PROOF"), 1);
}

TEST_F(State, SessionsAreBounded) {
  for (int i = 0; i < 64 - 2; ++i) Open(Riec());
  const auto context = pseudonym::Context::Draw(Riec().signer()).value();
  std::optional<Session> session;
  EXPECT_THAT(TryOpen(Riec(), SessionCall(Riec(), context, absl::Hours(1)), &session),
              HasReason("E_QUOTA"));
}

// N-START: a process that holds the other's half does not start.
TEST(Start, N_START) {
  const Ceremony ceremony = Ceremony::Hold();
  EXPECT_OK(CheckSecretsBelong(ceremony.first, ceremony.set, Hop::kFirst));
  EXPECT_THAT(CheckSecretsBelong(ceremony.second, ceremony.set, Hop::kFirst),
              HasReason("KEYS_OF_THE_OTHER"));
  EXPECT_THAT(CheckSecretsBelong(ceremony.first, ceremony.set, Hop::kSecond),
              HasReason("KEYS_OF_THE_OTHER"));
  const Ceremony another = Ceremony::Hold();
  EXPECT_THAT(CheckSecretsBelong(another.first, ceremony.set, Hop::kFirst),
              HasReason("KEYS_NOT_OF_THIS_SET"));
}

}  // namespace
}  // namespace sluis::transcryptor::testing

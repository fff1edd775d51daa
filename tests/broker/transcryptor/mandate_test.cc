// N-MANDATE (pseudonyms.md §14): the broker invents or stretches a mandate, and signs it. Each
// transcryptor looks for itself: at the statement, at its own pack, at the arrangements that it
// holds.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "lib/crypto/hash.h"
#include "lib/identity/arrangement.h"
#include "tests/broker/transcryptor/forge.h"
#include "tests/broker/transcryptor/world.h"

namespace sluis::transcryptor::testing {
namespace {

using pseudonym::Domain;
using pseudonym::Hop;
using pseudonym::RequestKind;
using sluis::testing::HasReason;

class Mandate : public World {
 protected:
  Call Under(const pseudonym::DecisionStatement& statement, const Session& session,
             const Domain& d_to) {
    const auto terms = TermsOf(RequestKind::kTranscrypt, Oov(), *oov_session, session.context,
                               Domain::Origin(SubjectKind::kBsn), d_to, statement);
    return {
        pseudonym::SignRequest(terms, ItemsOf({Bsn(0)}, oov_session->key.y), Oov().key()).value(),
        statement};
  }
  Call TableCall(const pseudonym::StatementTerms& terms) {
    return Under(Sign(terms), *riec_session, TableDomain());
  }
  // PUB-017: OOV tells the police team, which a covenant alone allows.
  Call CovenantCall() {
    if (!team_session) team_session = Open(Team());
    return Under(Sign(Terms("scenarios-public", 16, kCase)), *team_session,
                 CaseOf(Team(), kCase, "openbare-orde"));
  }
  identity::ArrangementTerms Covenant(std::int64_t serial, bool in_force) {
    identity::ArrangementTerms terms;
    terms.id = "convenant-midden";
    terms.serial = serial;
    terms.fact = identity::kFactCovenant;
    terms.in_force = in_force;
    terms.parties = {Oov().party(), Team().party()};
    terms.from = clock.Now() - absl::Hours(24);
    terms.until = clock.Now() + absl::Hours(24 * 365);
    terms.purposes = {"openbare-orde"};
    return terms;
  }
  wire::PutArrangementRequest Signed(const identity::ArrangementTerms& terms,
                                     const std::vector<Desk>& signers) {
    const identity::Arrangement arrangement = identity::Arrangement::Create(terms).value();
    wire::PutArrangementRequest request;
    request.set_statement(arrangement.statement());
    for (const Desk& desk : signers) {
      wire::ArrangementSignature& signature = *request.add_signatures();
      signature.set_organisation(desk.party().oin.str());
      signature.set_unit(desk.unit);
      signature.set_signature(identity::SignArrangement(arrangement, desk.key()));
    }
    return request;
  }
  std::optional<Session> team_session;
};

TEST_F(Mandate, N_MANDATE_StatementMustBeTheBrokersAndOfThisRequest) {
  const Ed25519PrivateKey stranger = Ed25519PrivateKey::Generate();
  const auto forged = pseudonym::DecisionStatement::Sign(TableTerms(), stranger).value();
  EXPECT_THAT(Hop1(Under(forged, *riec_session, TableDomain())), HasReason("E_SIGNATURE"));
  Call other = ToTable({Bsn(0)});
  other.statement = Sign(InsideTerms());
  EXPECT_THAT(Hop1(other), HasReason("E_MANDATE"));
  // About the very same, but not the one that the request names.
  pseudonym::StatementTerms twin = TableTerms();
  --twin.expires;
  other.statement = Sign(twin);
  EXPECT_THAT(Hop1(other), HasReason("E_MANDATE"));
  EXPECT_OK(Hop1(TableCall(twin)));
  // Signed by the broker, under the name of another key.
  Bytes wire = Sign(TableTerms()).wire();
  wire[wire.size() - kEd25519SignatureSize - 1] ^= 1;
  EXPECT_THAT(pseudonym::DecisionStatement::Verify(wire, broker.public_key()),
              HasReason("E_SIGNATURE"));
}

TEST_F(Mandate, N_MANDATE_OtherPack) {
  pseudonym::StatementTerms terms = TableTerms();
  terms.pack = Sha256("a pack of the broker's own");
  EXPECT_THAT(Hop1(TableCall(terms)), HasReason("E_MANDATE"));
  EXPECT_OK(Hop1(TableCall(TableTerms())));
}

// What the broker decided is not believed: the own pack is asked about the same bytes.
TEST_F(Mandate, N_MANDATE_OwnPackDecides) {
  using Edit = std::function<void(pseudonym::StatementTerms&)>;
  const std::vector<std::pair<const char*, Edit>> stretches = {
      {"a field in a clearer form", [](auto& terms) { terms.fields["p-naam"] = "exact"; }},
      {"a field that was not asked", [](auto& terms) { terms.fields["p-bsn"] = "exact"; }},
      {"a form of nobody's", [](auto& terms) { terms.fields["p-naam"] = "plain"; }},
      {"another basis",
       [](auto& terms) { terms.request["action"]["properties"]["basis"] = "wpg-20-3"; }},
      {"no weighing table", [](auto& terms) { terms.request["context"]["facts"].clear(); }},
      {"a decision of last week",
       [](auto& terms) { terms.request["context"]["time"] = "2026-11-16T10:00:00.000Z"; }},
      {"a decision of tomorrow",
       [](auto& terms) { terms.request["context"]["time"] = "2026-11-24T10:00:00.000Z"; }},
      {"an unknown purpose phase",
       [](auto& terms) { terms.request["resource"]["properties"]["case_phase"] = "casus"; }},
      {"no time at all", [](auto& terms) { terms.request["context"].erase("time"); }}};
  for (const auto& [what, edit] : stretches) {
    pseudonym::StatementTerms terms = TableTerms();
    edit(terms);
    EXPECT_THAT(Hop1(TableCall(terms)), HasReason("E_MANDATE")) << what;
  }
}

// What is known by pseudonym does not move to another party's case.
TEST_F(Mandate, N_MANDATE_AMoveStaysWithItsSigner) {
  TablePseudonym(Bsn(0));
  const pseudonym::DecisionStatement statement = Sign(PromotionTerms());
  const auto terms = TermsOf(RequestKind::kMove, Riec(), *riec_session, riec_session_2->context,
                             TableDomain(), CaseOf(Riec(), kCasus, "riec-casus"), statement);
  const Call move{
      pseudonym::SignRequest(terms, ItemsOf({Bsn(0)}, riec_session->key.y), Riec().key()).value(),
      statement};
  const Call to_another{Forge(move.request, Riec().key(),
                              [&](pseudonym::RequestHead& head) {
                                head.d_to = CaseOf(Oov(), kCasus, "riec-casus").bytes();
                                head.c_to = oov_session->context.bytes();
                              }),
                        statement};
  EXPECT_THAT(Hop1(to_another), HasReason("E_RECIPIENT"));
}

TEST_F(Mandate, N_MANDATE_OutstandingApproval) {
  pseudonym::StatementTerms terms = PromotionTerms();
  TablePseudonym(Bsn(0));
  terms.request["context"]["approvals"] = Json::array();
  const auto statement = Sign(terms);
  const auto request = TermsOf(RequestKind::kMove, Riec(), *riec_session, riec_session_2->context,
                               TableDomain(), CaseOf(Riec(), kCasus, "riec-casus"), statement);
  const auto items = ItemsOf({Bsn(0)}, riec_session->key.y);
  const Call call{pseudonym::SignRequest(request, items, Riec().key()).value(), statement};
  EXPECT_THAT(Hop1(call), HasReason("E_MANDATE"));
}

TEST_F(Mandate, N_MANDATE_WithoutTheArrangement) {
  // The broker says that there is a covenant; this transcryptor has seen none.
  EXPECT_THAT(Hop1(CovenantCall()), HasReason("E_MANDATE"));
  ASSERT_OK(first.process->PutArrangement(Signed(Covenant(1, true), {Oov(), Team()})));
  const Call call = CovenantCall();
  ASSERT_OK_AND_ASSIGN(const wire::Hop hop, Hop1(call));
  // The second has its own copy, and none yet.
  EXPECT_THAT(Hop2(call, hop), HasReason("E_MANDATE"));
  ASSERT_OK(second.process->PutArrangement(Signed(Covenant(1, true), {Oov(), Team()})));
  EXPECT_OK(Hop2(call, hop));
  // Withdrawn, it counts no longer.
  ASSERT_OK(first.process->PutArrangement(Signed(Covenant(2, false), {Oov(), Team()})));
  EXPECT_THAT(Hop1(CovenantCall()), HasReason("E_MANDATE"));
}

TEST_F(Mandate, N_MANDATE_ArrangementOfOtherTimePurposeOrCase) {
  using Edit = std::function<void(identity::ArrangementTerms&)>;
  const std::vector<Edit> elsewhere = {
      [&](auto& terms) { terms.until = clock.Now() - absl::Seconds(1); },
      [&](auto& terms) { terms.from = clock.Now() + absl::Seconds(61); },
      [](auto& terms) { terms.purposes = {"gebiedsaanpak"}; },
      [](auto& terms) { terms.only_case = CaseId::Parse(kCasus).value(); }};
  std::int64_t serial = 0;
  for (const Edit& edit : elsewhere) {
    identity::ArrangementTerms terms = Covenant(++serial, true);
    edit(terms);
    ASSERT_OK(first.process->PutArrangement(Signed(terms, {Oov(), Team()})));
    EXPECT_THAT(Hop1(CovenantCall()), HasReason("E_MANDATE")) << serial;
  }
}

TEST_F(Mandate, ArrangementNeedsEveryPartyAndAHigherSerial) {
  EXPECT_THAT(first.process->PutArrangement(Signed(Covenant(2, true), {Oov()})),
              HasReason("FIELD_MISSING"));
  wire::PutArrangementRequest wrong = Signed(Covenant(2, true), {Oov(), Team()});
  wrong.mutable_signatures(1)->set_signature(wrong.signatures(0).signature());
  EXPECT_THAT(first.process->PutArrangement(wrong), HasReason("E_SIGNATURE"));
  ASSERT_OK(first.process->PutArrangement(Signed(Covenant(2, true), {Oov(), Team()})));
  EXPECT_OK(first.process->PutArrangement(Signed(Covenant(2, true), {Oov(), Team()})));
  EXPECT_THAT(first.process->PutArrangement(Signed(Covenant(1, false), {Oov(), Team()})),
              HasReason("CONFLICTING_CHANGE"));
}

TEST_F(Mandate, PreviousPackCountsDuringAChangeOverOnly) {
  const Digest old_digest = Sha256("the pack before");
  pseudonym::StatementTerms terms = TableTerms();
  terms.pack = old_digest;
  EXPECT_THAT(Hop1(TableCall(terms)), HasReason("E_MANDATE"));
  Judge judge({{pack, pack_digest, pack, old_digest}, directory, {}, {}, std::nullopt, {}},
              *first.state);
  EXPECT_THAT(judge.Packs(), ::testing::ElementsAre(pack_digest, old_digest));
  EXPECT_OK(judge.Permits(Sign(terms), RequestKind::kTranscrypt, {}, clock.Now()));
  // It ends by itself, while the process goes on.
  previous = pack;
  previous_digest = old_digest;
  previous_until = clock.Now() + absl::Hours(1);
  EXPECT_OK(Hop1(TableCall(terms)));
  clock.Advance(absl::Hours(1));
  EXPECT_THAT(Hop1(TableCall(terms)), HasReason("E_MANDATE"));
}

TEST_F(Mandate, APackThatIsTooOldPermitsNothing) {
  previous = pack;
  previous_digest = Sha256("the pack before");
  previous_until = clock.Now() + absl::Hours(2);
  stale_after = clock.Now() + absl::Hours(1);
  EXPECT_OK(Hop1(TableCall(TableTerms())));
  clock.Advance(absl::Hours(1));
  pseudonym::StatementTerms terms = TableTerms();
  EXPECT_THAT(Hop1(TableCall(terms)), HasReason("E_MANDATE"));
  terms.pack = previous_digest;
  EXPECT_THAT(Hop1(TableCall(terms)), HasReason("E_MANDATE")) << "nor does the one before it";
  stale_after = absl::InfiniteFuture();
  EXPECT_OK(Hop1(TableCall(TableTerms())));
}

TEST_F(Mandate, N_MANDATE_AnotherEpochOpensNoCase) {
  const auto into = [&](std::uint32_t of) {
    const auto statement = Sign(TableTerms());
    const auto request = TermsOf(RequestKind::kTranscrypt, Oov(), *oov_session,
                                 riec_session->context, Domain::Origin(SubjectKind::kBsn),
                                 CaseOf(Riec(), kTable, "riec-signaalweging", of), statement);
    const auto items = ItemsOf({Bsn(0)}, oov_session->key.y);
    return Hop1({pseudonym::SignRequest(request, items, Oov().key()).value(), statement}).status();
  };
  const auto restart = [&](std::uint32_t with) {
    current_epoch = with;
    Start(Hop::kFirst);
  };
  EXPECT_THAT(into(2), HasReason("E_MANDATE"));
  restart(2);
  EXPECT_THAT(into(1), HasReason("E_MANDATE"));  // not opened before
  restart(1);
  EXPECT_OK(into(1));
  restart(2);
  EXPECT_OK(into(1));
  EXPECT_OK(into(2));
  restart(3);
  EXPECT_THAT(into(1), HasReason("E_MANDATE"));
  EXPECT_OK(into(2));
}

// An epoch move stays with its party and its case: no rule of the pack is about it, but a move
// elsewhere has no such freedom.
TEST_F(Mandate, MoveToAnotherEpochNeedsNoRule) {
  TablePseudonym(Bsn(0));
  pseudonym::StatementTerms terms = PromotionTerms();
  terms.request["resource"]["id"] = kTable;
  terms.request["action"]["properties"]["purpose"] = "riec-signaalweging";
  terms.request["context"]["approvals"] = Json::array();
  const auto statement = Sign(terms);
  const auto request =
      TermsOf(RequestKind::kMove, Riec(), *riec_session, riec_session_2->context, TableDomain(),
              CaseOf(Riec(), kTable, "riec-signaalweging", 2), statement);
  const auto items = ItemsOf({Bsn(0)}, riec_session->key.y);
  const Call call{pseudonym::SignRequest(request, items, Riec().key()).value(), statement};
  EXPECT_OK(Trip(call));
}

}  // namespace
}  // namespace sluis::transcryptor::testing

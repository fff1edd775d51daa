// The threats of pseudonyms.md §14 that a transcryptor meets, each under its name there. What the
// caller sees of a refusal about the cryptography is E_REFUSED; the counter tells which it was.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "lib/crypto/hash.h"
#include "lib/pseudonym/elgamal.h"
#include "tests/broker/transcryptor/forge.h"
#include "tests/broker/transcryptor/world.h"

namespace sluis::transcryptor::testing {
namespace {

using pseudonym::Domain;
using pseudonym::Hop;
using pseudonym::RequestHead;
using pseudonym::RequestItem;
using pseudonym::RequestKind;
using sluis::testing::HasReason;

class Threats : public World {
 protected:
  // Refused as E_REFUSED, and as `code` in the counters of that half.
  template <typename Result>
  void ExpectHidden(Hop hop, const Result& result, const char* code) {
    EXPECT_THAT(result, HasReason("E_REFUSED"));
    EXPECT_EQ(half(hop).process->counters().refused(code), 1) << code;
  }
  Call Edited(const Call& call, const EditHead& edit_head, const EditItems& edit_items = nullptr) {
    return {Forge(call.request, Oov().key(), edit_head, edit_items), call.statement};
  }
  // A call of kind 03 without proofs: the RIEC promotes what stands in its table.
  Call Promotion(bool verifiable) {
    const pseudonym::DecisionStatement statement = Sign(PromotionTerms());
    auto terms = TermsOf(RequestKind::kMove, Riec(), *riec_session, riec_session_2->context,
                         TableDomain(), CaseOf(Riec(), kCasus, "riec-casus"), statement);
    terms.verifiable = verifiable;
    return {
        pseudonym::SignRequest(terms, ItemsOf({Bsn(0)}, riec_session->key.y), Riec().key()).value(),
        statement};
  }
  absl::StatusOr<SecretBytes> OpenBlock(Hop from, const Call& call, const wire::Hop& hop,
                                        const PartyId& reader, const X25519PrivateKey& key) {
    const pseudonym::TranscryptorIdentity& sender = set->half(from);
    return pseudonym::OpenProofBlock(hop.sealed_proof(), call.request.digest(),
                                     pseudonym::TranscryptorParty(sender.oin), reader, key,
                                     sender.signing, clock.Now());
  }
  Bytes FirstBlock(const Call& call, const wire::Hop& hop) {
    const PartyId second_party = pseudonym::TranscryptorParty(set->half(Hop::kSecond).oin);
    return Bytes(OpenBlock(Hop::kFirst, call, hop, second_party, SecondSecrets().sealing)
                     ->Reveal(SecretAccess::ForTest()));
  }
};

TEST_F(Threats, HonestTripGivesOneStablePseudonymPerPerson) {
  const auto first_time = TablePseudonym(Bsn(1));
  EXPECT_TRUE(TablePseudonym(Bsn(1)).Equals(first_time));
  EXPECT_FALSE(TablePseudonym(Bsn(2)).Equals(first_time));
}

// A pseudonym planted in C does not come back as s*M: both hops blind it anew.
TEST_F(Threats, N_INJECT) {
  const pseudonym::DecisionStatement statement = Sign(TableTerms());
  const GroupElement planted = HashToGroup("planted");
  std::vector<wire::Hop> hops;
  for (int i = 0; i < 2; ++i) {
    SecretScalar blind = SecretScalar::Random();
    const pseudonym::Ciphertext ciphertext{MultiplyBase(blind), planted};
    std::vector<pseudonym::ItemToSend> items;
    items.push_back({{ciphertext, std::move(blind)}, {}});
    const auto terms = TermsOf(RequestKind::kTranscrypt, Oov(), *oov_session, riec_session->context,
                               Domain::Origin(SubjectKind::kBsn), TableDomain(), statement);
    const Call call{pseudonym::SignRequest(terms, items, Oov().key()).value(), statement};
    ASSERT_OK_AND_ASSIGN(const Answers answers, Trip(call));
    hops.push_back(answers.first);
    hops.push_back(answers.second);
  }
  const auto c_of = [](const wire::Hop& hop) {
    return pseudonym::BatchResponse::Decode(hop.batch_response())->items[0].c;
  };
  EXPECT_NE(c_of(hops[0]), c_of(hops[2]));  // s*M would be the same twice
  EXPECT_NE(c_of(hops[1]), c_of(hops[3]));
}

TEST_F(Threats, N_YFROM_1) {
  const SecretScalar own = SecretScalar::Random();
  const pseudonym::DecisionStatement statement = Sign(TableTerms());
  auto terms = TermsOf(RequestKind::kTranscrypt, Oov(), *oov_session, riec_session->context,
                       Domain::Origin(SubjectKind::kBsn), TableDomain(), statement);
  terms.y_from = MultiplyBase(own);
  const Call call{
      pseudonym::SignRequest(terms, ItemsOf({Bsn(0)}, terms.y_from), Oov().key()).value(),
      statement};
  ExpectHidden(Hop::kFirst, Hop1(call), "E_YFROM");
  wire::Hop any;
  ExpectHidden(Hop::kSecond, Hop2(call, any), "E_YFROM");
}

// A T1 that smuggles in a Y of its own, where there is no proof to show it.
TEST_F(Threats, N_YFROM_2) {
  TablePseudonym(Bsn(0));
  const Call call = Promotion(/*verifiable=*/false);
  ASSERT_OK_AND_ASSIGN(const wire::Hop honest, Hop1(call));
  ASSERT_OK(Hop2(call, honest));
  const Call again = Promotion(/*verifiable=*/false);
  ASSERT_OK_AND_ASSIGN(const wire::Hop other, Hop1(again));
  const wire::Hop forged = ForgeFirst(again, other, "", [](wire::Hop& hop) {
    auto response = pseudonym::BatchResponse::Decode(hop.batch_response()).value();
    response.y_to = MultiplyBase(SecretScalar::Random());
    hop.set_batch_response(response.Encode());
  });
  ExpectHidden(Hop::kSecond, Hop2(again, forged), "E_YFROM");
}

TEST_F(Threats, N_SAME) {
  const Call call = ToTable({Bsn(0)});
  const Call context = Edited(call, [](RequestHead& head) { head.c_to = head.c_from; });
  EXPECT_THAT(Hop1(context), HasReason("E_SAME_CONTEXT"));
  const Call table = Promotion(true);
  const Call domain{
      Forge(table.request, Riec().key(), [](RequestHead& head) { head.d_to = head.d_from; }),
      table.statement};
  EXPECT_THAT(Hop1(domain), HasReason("E_SAME_DOMAIN"));
}

// Ciphertexts made from another's: the sums, multiples and copies that homomorphism would allow.
TEST_F(Threats, N_MAUL) {
  const Call call = ToTable({Bsn(0), Bsn(1)});
  const std::vector<EditItems> mauls = {
      [](std::vector<RequestItem>& items) {  // M + G
        items[0].ciphertext.c = *Add(items[0].ciphertext.c, GroupElement::Generator());
      },
      [](std::vector<RequestItem>& items) {  // M1 + M2
        items[0].ciphertext = {*Add(items[0].ciphertext.b, items[1].ciphertext.b),
                               *Add(items[0].ciphertext.c, items[1].ciphertext.c)};
      },
      [](std::vector<RequestItem>& items) {  // rerandomised copy
        items[0].ciphertext = {*Add(items[1].ciphertext.b, GroupElement::Generator()),
                               items[1].ciphertext.c};
      },
      [](std::vector<RequestItem>& items) { std::swap(items[0].proof, items[1].proof); },
      [](std::vector<RequestItem>& items) { items[0].payload = Sha256("another payload"); }};
  std::int64_t refused = 0;
  for (const EditItems& maul : mauls) {
    const Call mauled = Edited(
        call, [&](RequestHead& head) { head.nonce[0] = static_cast<std::uint8_t>(refused); }, maul);
    EXPECT_THAT(Hop1(mauled), HasReason("E_REFUSED"));
    EXPECT_EQ(first.process->counters().refused("E_POK"), ++refused);
  }
}

TEST_F(Threats, N_REPLAY) {
  const Call call = ToTable({Bsn(0)});
  ASSERT_OK_AND_ASSIGN(const Answers answers, Trip(call));
  // The same bytes: the same answer, also from the second hop.
  EXPECT_EQ(Hop1(call)->SerializeAsString(), answers.first.SerializeAsString());
  EXPECT_EQ(Hop2(call, answers.first)->SerializeAsString(), answers.second.SerializeAsString());
  // The same nonce for a friend's domain: the signature covers it, and the signer himself cannot.
  const Domain other = CaseOf(Riec(), kCasus, "riec-casus");
  const EditHead to_other = [&](RequestHead& head) { head.d_to = other.bytes(); };
  const Call unsigned_change{Forge(call.request, Team().key(), to_other), call.statement};
  EXPECT_THAT(Hop1(unsigned_change), HasReason("E_SIGNATURE"));
  const Call later = Edited(call, [](RequestHead& head) { head.expires -= 1; });
  EXPECT_THAT(Hop1(later), HasReason("E_REPLAY"));
  // After its time it is refused whatever is remembered.
  clock.Advance(absl::Seconds(361));
  EXPECT_THAT(Hop1(call), HasReason("E_EXPIRED"));
}

TEST_F(Threats, N_REPLAY_DuplicateBlind) {
  const Call call = ToTable({Bsn(0), Bsn(1)});
  const Call doubled = Edited(call, nullptr, [](std::vector<RequestItem>& items) {
    items[1].ciphertext.b = items[0].ciphertext.b;
  });
  EXPECT_THAT(Hop1(doubled), HasReason("E_DUPLICATE_B"));
}

TEST_F(Threats, N_QUOTA) {
  std::vector<std::string> bsns;
  for (int i = 0; i < 100; ++i) bsns.push_back(Bsn(i));
  ASSERT_OK(Hop1(ToTable(bsns)));
  // Under another statement, as from a second broker: the count is the signer's.
  ASSERT_OK(Hop1(ToTable(bsns, "fedcba9876543210fedcba9876543210")));
  EXPECT_THAT(Hop1(ToTable({Bsn(0)})), HasReason("E_QUOTA"));
  // A restart forgets nothing; the next day counts anew.
  Start(Hop::kFirst);
  EXPECT_THAT(Hop1(ToTable({Bsn(0)})), HasReason("E_QUOTA"));
  clock.Advance(absl::Hours(24));
  EXPECT_OK(Hop1(ToTable({Bsn(0)})));
}

TEST_F(Threats, N_QUOTA_RefusedWorkCountsAndRepeatsDoNot) {
  std::vector<std::string> bsns;
  for (int i = 0; i < 199; ++i) bsns.push_back(Bsn(i));
  const Call call = ToTable(bsns);
  const Call mauled = Edited(call, nullptr, [](std::vector<RequestItem>& items) {
    std::swap(items[0].proof, items[1].proof);
  });
  EXPECT_THAT(Hop1(mauled), HasReason("E_REFUSED"));
  EXPECT_THAT(Hop1(mauled), HasReason("E_REFUSED"));
  const Call last = ToTable({Bsn(0)});
  ASSERT_OK(Hop1(last));
  ASSERT_OK(Hop1(last));
  EXPECT_THAT(Hop1(ToTable({Bsn(1)})), HasReason("E_QUOTA"));
}

TEST_F(Threats, N_QUOTA_InsideOneOrganisation) {
  std::vector<std::string> bsns;
  for (int i = 0; i < 21; ++i) bsns.push_back(Bsn(i));
  const pseudonym::DecisionStatement statement = Sign(InsideTerms());
  const auto request =
      TermsOf(RequestKind::kTranscrypt, Toezicht(), *toezicht_session, oov_session->context,
              Domain::Origin(SubjectKind::kBsn), CaseOf(Oov(), kCase, "signaal-intake"), statement);
  const Call call{
      pseudonym::SignRequest(request, ItemsOf(bsns, toezicht_session->key.y), Toezicht().key())
          .value(),
      statement};
  EXPECT_THAT(Hop1(call), HasReason("E_QUOTA"));
}

TEST_F(Threats, N_QUOTA_BulkOpensNothing) {
  std::vector<std::string> bsns;
  for (int i = 0; i < 201; ++i) bsns.push_back(Bsn(i));
  pseudonym::StatementTerms terms = TableTerms();
  terms.bulk = 100'000;
  const pseudonym::DecisionStatement statement = Sign(terms);
  const auto request = TermsOf(RequestKind::kTranscrypt, Oov(), *oov_session, riec_session->context,
                               Domain::Origin(SubjectKind::kBsn), TableDomain(), statement);
  const Call call{
      pseudonym::SignRequest(request, ItemsOf(bsns, oov_session->key.y), Oov().key()).value(),
      statement};
  EXPECT_THAT(Hop1(call), HasReason("E_MANDATE"));
}

TEST_F(Threats, N_SHUFFLE) {
  // The directory gives the desk room for so many.
  for (identity::UnitEntry& unit : town.entry.units) unit.quota = {100'000, 100'000};
  directory = identity::testing::DirectoryOf({&town, &police, &riec});
  const pseudonym::DecisionStatement statement = Sign(TableTerms());
  std::map<std::vector<std::uint32_t>, int> orders;
  constexpr int kRuns = 480;
  for (int run = 0; run < kRuns; ++run) {
    auto terms = TermsOf(RequestKind::kTranscrypt, Oov(), *oov_session, riec_session->context,
                         Domain::Origin(SubjectKind::kBsn), TableDomain(), statement);
    terms.shuffle = true;
    const auto items = ItemsOf({Bsn(0), Bsn(1), Bsn(2), Bsn(3)}, oov_session->key.y);
    const Call call{pseudonym::SignRequest(terms, items, Oov().key()).value(), statement};
    ASSERT_OK_AND_ASSIGN(const wire::Hop hop, Hop1(call));
    ++orders[pseudonym::ProofBlock::Decode(FirstBlock(call, hop))->permutation];
  }
  // 23 degrees of freedom: beyond 70 with probability below 2 in a million.
  const double expected = kRuns / 24.0;
  double chi_square = (24.0 - static_cast<double>(orders.size())) * expected;
  for (const auto& [order, count] : orders) {
    chi_square += (count - expected) * (count - expected) / expected;
  }
  EXPECT_LT(chi_square, 70.0);
}

// Who carries the answers cannot read the order: each block opens for its addressee alone.
TEST_F(Threats, N_SHUFFLE_ProofBlockIsSealed) {
  const Call call = ToTable({Bsn(0), Bsn(1)});
  ASSERT_OK_AND_ASSIGN(const Answers answers, Trip(call));
  const Bytes block = FirstBlock(call, answers.first);
  EXPECT_EQ(answers.first.SerializeAsString().find(block.substr(0, 64)), std::string::npos);
  EXPECT_FALSE(
      OpenBlock(Hop::kFirst, call, answers.first, Riec().party(), *riec.sealing.at("riec/bureau"))
          .ok());
  EXPECT_FALSE(
      OpenBlock(Hop::kSecond, call, answers.second, Oov().party(), *town.sealing.at("gemeente/oov"))
          .ok());
  EXPECT_OK(OpenBlock(Hop::kSecond, call, answers.second, Riec().party(),
                      *riec.sealing.at("riec/bureau")));
}

// Payloads travel with their items: who swaps them between the hops is caught.
TEST_F(Threats, N_SWAP) {
  const pseudonym::DecisionStatement statement = Sign(TableTerms());
  const auto terms = TermsOf(RequestKind::kTranscrypt, Oov(), *oov_session, riec_session->context,
                             Domain::Origin(SubjectKind::kBsn), TableDomain(), statement);
  auto items = ItemsOf({Bsn(0), Bsn(1)}, oov_session->key.y);
  items[0].payload = Sha256("one");
  items[1].payload = Sha256("two");
  const Call call{pseudonym::SignRequest(terms, items, Oov().key()).value(), statement};
  ASSERT_OK_AND_ASSIGN(const wire::Hop honest, Hop1(call));
  const std::string& digests = honest.payload_digests();
  // By the broker, and by T1 itself with its signature.
  wire::Hop swapped = honest;
  swapped.set_payload_digests(digests.substr(32) + digests.substr(0, 32));
  EXPECT_THAT(Hop2(call, swapped), HasReason("E_REFUSED"));
  const wire::Hop by_first = ForgeFirst(
      call, honest, FirstBlock(call, honest),
      [&](wire::Hop& hop) { hop.set_payload_digests(digests.substr(32) + digests.substr(0, 32)); });
  EXPECT_THAT(Hop2(call, by_first), HasReason("E_REFUSED"));
  EXPECT_EQ(second.process->counters().refused("E_PROOF"), 2);
  wire::Hop unsigned_hop = honest;  // all in order but the signature
  (*unsigned_hop.mutable_signature())[3] ^= 1;
  EXPECT_THAT(Hop2(call, unsigned_hop), HasReason("E_REFUSED"));
  EXPECT_EQ(second.process->counters().refused("E_PROOF"), 3);
  EXPECT_OK(Hop2(call, honest));
}

// A T1 that computes with another factor, or answers about other items, is caught by T2.
TEST_F(Threats, WrongFactorOfTheFirstIsCaughtBySecond) {
  const Call call = ToTable({Bsn(0), Bsn(1)});
  ASSERT_OK_AND_ASSIGN(const wire::Hop honest, Hop1(call));
  const Bytes block = FirstBlock(call, honest);
  const std::vector<std::function<void(wire::Hop&)>> lies = {
      [](wire::Hop& hop) {  // another C
        auto response = pseudonym::BatchResponse::Decode(hop.batch_response()).value();
        response.items[0].c = *Add(response.items[0].c, GroupElement::Generator());
        hop.set_batch_response(response.Encode());
      },
      [](wire::Hop& hop) {  // one item fewer
        auto response = pseudonym::BatchResponse::Decode(hop.batch_response()).value();
        response.items.pop_back();
        hop.set_batch_response(response.Encode());
      },
      [](wire::Hop& hop) {  // another Y
        auto response = pseudonym::BatchResponse::Decode(hop.batch_response()).value();
        response.y_to = GroupElement::Generator();
        hop.set_batch_response(response.Encode());
      },
      [](wire::Hop& hop) { hop.clear_sealed_proof(); },
      [](wire::Hop& hop) { hop.mutable_commitments()->RemoveLast(); },
      [](wire::Hop& hop) {  // a second commitment to the same domain
        const GroupElement other = MultiplyBase(SecretScalar::Random());
        const auto forged = pseudonym::SignCommitment(Hop::kFirst, hop.commitments(1).subject(),
                                                      other, FirstSecrets().signing);
        hop.mutable_commitments(1)->set_point(Bytes(other.bytes()));
        hop.mutable_commitments(1)->set_signature(forged.signature);
      }};
  // An honest trip first, so that the second holds the honest commitments.
  const Call before = ToTable({Bsn(4)});
  ASSERT_OK(Trip(before));
  std::int64_t caught = second.process->counters().refused("E_PROOF");
  for (std::size_t i = 0; i < lies.size(); ++i) {
    EXPECT_THAT(Hop2(call, ForgeFirst(call, honest, block, lies[i])), HasReason("E_REFUSED"))
        << "lie " << i;
    EXPECT_EQ(second.process->counters().refused("E_PROOF"), ++caught) << "lie " << i;
  }
  EXPECT_OK(Hop2(call, honest));
}

TEST_F(Threats, AnotherUnitOfTheSameOrganisationCannotSend) {
  const Call call = ToTable({Bsn(0)});
  // With the other unit's key under this unit's name, and under its own name with this unit's
  // session.
  const Call other_key{Forge(call.request, Toezicht().key(), nullptr), call.statement};
  EXPECT_THAT(Hop1(other_key), HasReason("E_SIGNATURE"));
  const Call other_name{Forge(call.request, Toezicht().key(),
                              [&](RequestHead& head) {
                                head.signer = Toezicht().signer();
                                head.key_id = Toezicht().key().public_key().KeyId();
                              }),
                        call.statement};
  EXPECT_THAT(Hop1(other_name), HasReason("E_SENDER"));
}

TEST_F(Threats, ToItselfIsRefused) {
  const Call call = ToTable({Bsn(0)});
  const Session own = Open(Oov());
  const Call self = Edited(call, [&](RequestHead& head) {
    head.d_to = CaseOf(Oov(), kTable, "riec-signaalweging").bytes();
    head.c_to = own.context.bytes();
  });
  EXPECT_THAT(Hop1(self), HasReason("E_SELF"));
}

TEST_F(Threats, SuspendedPartnerIsRefused) {
  const Call call = ToTable({Bsn(0)});
  town.entry.suspended = true;
  directory = identity::testing::DirectoryOf({&town, &police, &riec});
  EXPECT_THAT(Hop1(call), HasReason("E_SIGNATURE"));
}

TEST_F(Threats, HopsTakeOnlyWhatIsTheirs) {
  const Call call = ToTable({Bsn(0)});
  wire::TranscryptRequest request;
  request.set_signed_request(call.request.bytes());
  request.set_statement(call.statement.wire());
  EXPECT_THAT(second.process->Transcrypt(request), HasReason("FIELD_INVALID"));
  request.mutable_first();
  EXPECT_THAT(first.process->Transcrypt(request), HasReason("FIELD_INVALID"));
}

}  // namespace
}  // namespace sluis::transcryptor::testing

#include "lib/pseudonym/session.h"

#include <gtest/gtest.h>

#include "lib/pseudonym/sealed_parts.h"
#include "tests/lib/pseudonym/world.h"
#include "tests/support/status_matchers.h"

namespace sluis::pseudonym {
namespace {

using sluis::testing::HasReason;

const Party kSessionRiec{"00000099000000003000", "riec/bureau"};

struct Opening {
  World world;
  Context context = Context::Draw(kSessionRiec).value();
  ShareMaterial share1 = MakeShare(world.t[0].keys, context);
  ShareMaterial share2 = MakeShare(world.t[1].keys, context);
  SessionStep first = MakeSessionStep(world.t[0].keys, context, world.pinned->y);
  SessionStep second = MakeSessionStep(world.t[1].keys, context, first.y_out);
  SessionAnswer answer{MultiplyBase(world.t[0].keys.RekeyFactor(context)),
                       MultiplyBase(world.t[1].keys.RekeyFactor(context)), first, second};
  auto Open() const { return OpenSession(share1, share2, answer, *world.pinned); }
};

TEST(SessionTest, SharesMakeTheKey) {
  const Opening opening;
  ASSERT_OK_AND_ASSIGN(const SessionKey key, opening.Open());
  EXPECT_EQ(MultiplyBase(key.sk), key.y);
}

TEST(SessionTest, WhoeverLiesIsSeen) {
  const GroupElement other = MultiplyBase(SecretScalar::Random());
  {
    Opening opening;
    opening.share1.u = SecretScalar::Random();
    EXPECT_THAT(opening.Open(), HasReason("E_PROOF"));
  }
  {
    Opening opening;  // a share of another factor, with a proof of its own
    opening.share2 = MakeShare(opening.world.t[1].keys, Context::Draw(kSessionRiec).value());
    EXPECT_THAT(opening.Open(), HasReason("E_PROOF"));
  }
  {
    Opening opening;  // the shares of the two changed for each other
    std::swap(opening.share1, opening.share2);
    EXPECT_THAT(opening.Open(), HasReason("E_PROOF"));
  }
  {
    Opening opening;
    opening.answer.second.y_out = other;
    EXPECT_THAT(opening.Open(), HasReason("E_PROOF"));
  }
  {
    Opening opening;
    opening.answer.first.y_in = other;
    EXPECT_THAT(opening.Open(), HasReason("E_PROOF"));
  }
  {
    Opening opening;  // honest shares, another ceremony
    opening.world.pinned = World().pinned;
    EXPECT_THAT(opening.Open(), HasReason("E_PROOF"));
  }
}

// Of several checks that would see a liar, each sees what none of the others does.
TEST(SessionTest, EachCheckSeesWhatNoOtherSees) {
  const GroupElement other = MultiplyBase(SecretScalar::Random());
  for (ShareMaterial Opening::*share : {&Opening::share1, &Opening::share2}) {
    Opening opening;  // the right share, with the proof of another
    (opening.*share).proof = opening.first.proof;
    EXPECT_THAT(opening.Open(), HasReason("E_PROOF"));
  }
  for (SessionStep SessionAnswer::*step : {&SessionAnswer::first, &SessionAnswer::second}) {
    Opening opening;  // the right point, with the proof of another
    (opening.answer.*step).proof = opening.share1.proof;
    EXPECT_THAT(opening.Open(), HasReason("E_PROOF"));
  }
  {
    Opening opening;  // all is in order, and starts from another key than the pinned one
    opening.world.pinned->y = other;
    EXPECT_THAT(opening.Open(), HasReason("E_PROOF"));
  }
  {
    Opening opening;  // the same, carried on honestly: the shares do not fit the end
    opening.world.pinned->y = other;
    opening.answer.first = MakeSessionStep(opening.world.t[0].keys, opening.context, other);
    opening.answer.second =
        MakeSessionStep(opening.world.t[1].keys, opening.context, opening.answer.first.y_out);
    EXPECT_THAT(opening.Open(), HasReason("E_PROOF"));
  }
}

TEST(SessionTest, SignsOnlyWhatIsInOrder) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  const Context context = Context::Draw(kSessionRiec).value();
  const absl::Time later = kNow + absl::Minutes(5);
  EXPECT_OK(SignSession(context, kNow, later, kNow + absl::Hours(720), key));
  EXPECT_OK(SignSession(context, kNow, later, kNow, key));
  EXPECT_THAT(SignSession(context, kNow, later, kNow + absl::Hours(721), key),
              HasReason("E_LIFETIME"));
  EXPECT_THAT(SignSession(context, kNow, later, kNow - absl::Seconds(1), key),
              HasReason("E_LIFETIME"));
  EXPECT_THAT(SignSession(context, kNow, kNow, later, key), HasReason("E_LIFETIME"));
}

TEST(SessionTest, ReplayGivesTheKeptAnswer) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  testing::MemoryTrustList trust;
  testing::MemoryNonceCache nonces;
  trust.Add(kSessionRiec, key.public_key());
  const auto call = SignSession(Context::Draw(kSessionRiec).value(), kNow, kNow + absl::Minutes(5),
                                kNow + absl::Hours(24), key)
                        .value();
  EXPECT_FALSE(AdmitSession(call.bytes(), trust, nonces, kNow)->answered);
  nonces.Answered(call.digest());
  EXPECT_TRUE(AdmitSession(call.bytes(), trust, nonces, kNow)->answered);
}

TEST(SessionTest, ARevocationMayArriveLateAndAnOpeningMayNot) {
  const Ed25519PrivateKey key = Ed25519PrivateKey::Generate();
  testing::MemoryTrustList trust;
  testing::MemoryNonceCache nonces;
  trust.Add(kSessionRiec, key.public_key());
  const auto call = [&](absl::Duration life) {
    return SignSession(Context::Draw(kSessionRiec).value(), kNow, kNow + absl::Minutes(5),
                       kNow + life, key)
        .value()
        .bytes();
  };
  const Bytes revocation = call(absl::ZeroDuration());
  EXPECT_THAT(AdmitSession(revocation, trust, nonces, kNow - absl::Seconds(61)),
              HasReason("E_EXPIRED"));
  EXPECT_OK(AdmitSession(revocation, trust, nonces, kNow + absl::Hours(1)));
  EXPECT_OK(AdmitSession(revocation, trust, nonces, kNow + absl::Hours(24 * 40)));
  EXPECT_THAT(AdmitSession(call(absl::Seconds(1)), trust, nonces, kNow + absl::Hours(1)),
              HasReason("E_EXPIRED"));
}

struct Sealing {
  Oin oin = Oin::Parse("00000099000000007000").value();
  PartyId recipient = kSessionRiec.ToPartyId().value();
  SealedFor parties{TranscryptorParty(oin), recipient, kNow, kNow + absl::Hours(24)};
  X25519PrivateKey opening = X25519PrivateKey::Generate();
  Ed25519PrivateKey signing = Ed25519PrivateKey::Generate();
};

TEST(SealedPartsTest, ShareOpensForItsSessionAlone) {
  const Sealing s;
  const Opening opening;
  ASSERT_OK_AND_ASSIGN(const Bytes sealed, SealShare(opening.share1, opening.context, s.parties,
                                                     s.opening.public_key(), s.signing));
  const auto open = [&](const Context& context, const PartyId& sender,
                        const X25519PrivateKey& key) {
    return OpenShare(sealed, context, sender, key, s.signing.public_key(), kNow);
  };
  ASSERT_OK_AND_ASSIGN(const ShareMaterial back,
                       open(opening.context, s.parties.sender, s.opening));
  EXPECT_TRUE(back.u.Equals(opening.share1.u));
  EXPECT_THAT(open(Context::Draw(kSessionRiec).value(), s.parties.sender, s.opening),
              HasReason("E_STATEMENT"));
  const PartyId other = TranscryptorParty(Oin::Parse("00000099000000007001").value());
  EXPECT_THAT(open(opening.context, other, s.opening), HasReason("E_SIGNATURE"));
  EXPECT_THAT(open(opening.context, s.parties.sender, X25519PrivateKey::Generate()),
              HasReason("E_SIGNATURE"));
}

TEST(SealedPartsTest, ProofBlockOpensForItsRequestAlone) {
  const Sealing s;
  const Digest request{7}, another{8};
  ASSERT_OK_AND_ASSIGN(const Bytes sealed, SealProofBlock("block", request, s.parties,
                                                          s.opening.public_key(), s.signing));
  const auto open = [&](const Digest& digest) {
    return OpenProofBlock(sealed, digest, s.parties.sender, s.recipient, s.opening,
                          s.signing.public_key(), kNow);
  };
  EXPECT_EQ(open(request)->Reveal(SecretAccess::ForTest()), "block");
  EXPECT_THAT(open(another), HasReason("E_STATEMENT"));
}

}  // namespace
}  // namespace sluis::pseudonym
